"""Which language a visitor reads: `?lang=`, the cookie that it left, or what the browser asks for.

Vietnamese is what everyone gets who asks for neither of the two.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from markupsafe import Markup

from web.formats import (
    format_day,
    format_milliseconds,
    format_moment,
    format_number,
    format_recent_day,
    format_size,
    today,
)
from web.messages import DEFAULT_LANGUAGE, LANGUAGES, Language, message
from web.reasons import reason

COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600


def register(app: Flask) -> None:
    @app.context_processor
    def in_templates() -> dict[str, Any]:
        language = current_language()
        return {
            "lang": language,
            "t": lambda key, **values: message(language, key, **values),
            "counted": lambda key, count, **values: counted(language, key, count, **values),
            "number": lambda value: format_number(language, value),
            "milliseconds": lambda value: format_milliseconds(language, value),
            "bytes": lambda value: format_size(language, value),
            "day": lambda iso: format_day(language, iso),
            "recent_day": lambda iso: format_recent_day(language, iso, today()),
            "moment": lambda iso: format_moment(language, iso),
            "reason": lambda text: reason(language, text),
        }

    @app.after_request
    def remember(response: Response) -> Response:
        if response.mimetype != "text/html":
            return response
        if chosen := _known(request.args.get("lang")):
            response.set_cookie(
                COOKIE, chosen, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax"
            )
        response.vary.update(("Accept-Language", "Cookie"))
        return response


def current_language() -> Language:
    """The language of the answer to this request."""
    chosen = _known(request.args.get("lang")) or _known(request.cookies.get(COOKIE))
    return chosen or _known(request.accept_languages.best_match(LANGUAGES)) or DEFAULT_LANGUAGE


def counted(language: Language, key: str, count: int, **values: object) -> Markup:
    """The message for so many of something, `{count}` in it; English has another one for one."""
    chosen = f"{key}_one" if count == 1 else key
    return message(language, chosen, count=format_number(language, count), **values)


def _known(name: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == name), None)
