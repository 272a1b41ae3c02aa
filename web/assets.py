"""Static files: addresses carry a digest of the content, so browsers may keep them for good."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, request, url_for

YEAR_SECONDS = 365 * 24 * 3600
HOUR_SECONDS = 3600


def register(app: Flask) -> None:
    folder = Path(app.static_folder or "")

    @cache
    def version(name: str) -> str:
        return blake2b((folder / name).read_bytes(), digest_size=6).hexdigest()

    def asset(name: str) -> str:
        """The address of a static file, for templates."""
        return url_for("static", filename=name, v=version(name))

    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code < 400:
            response.cache_control.no_cache = None
            response.cache_control.public = True
            name = (request.view_args or {}).get("filename", "")
            if request.args.get("v") == version(name):
                response.cache_control.max_age = YEAR_SECONDS
                response.cache_control.immutable = True
            else:
                response.cache_control.max_age = HOUR_SECONDS
        return response

    app.jinja_env.globals["asset"] = asset
    app.after_request(keep)
