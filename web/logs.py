"""What the server writes down: lines for people, or JSON objects for programs, on stderr.

Each line of a request carries its id, which is also the header X-Request-ID of the answer: the one
that a reverse proxy sent, or a new one. What was searched for is never written down.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

import msgspec
from flask import Flask, Response, g, has_request_context, request

from web.setting_values import LogForm
from web.settings import Settings

HEADER = "X-Request-ID"
QUIET = frozenset({"assets", "ops"})
"""Blueprints whose requests say nothing unless they fail: files, and what monitors ask."""
_GIVEN = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")

requests = logging.getLogger("timtin.request")


def configure(form: LogForm) -> None:
    """Send all logs of this process to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_AsJson() if form == "json" else _AsText())
    handler.addFilter(_of_request)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # The file watcher says at every step that nothing happened.
    logging.getLogger("watchfiles").setLevel(logging.WARNING)


def register(app: Flask, settings: Settings) -> None:
    """Give every request an id, and log it."""

    @app.before_request
    def begin() -> None:
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        g.request_began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        failed = response.status_code >= 500
        if failed or (settings.log_requests and request.blueprint not in QUIET):
            milliseconds = (time.perf_counter() - g.request_began) * 1000
            requests.log(
                logging.WARNING if failed else logging.INFO,
                "%s %s %d %.1f ms",
                request.method,
                request.path,
                response.status_code,
                milliseconds,
                extra={
                    "request": {
                        "method": request.method,
                        "path": request.path,
                        "status": response.status_code,
                        "ms": round(milliseconds, 1),
                        "client": request.remote_addr,
                    }
                },
            )
        return response


def _of_request(record: logging.LogRecord) -> bool:
    """Tells a record which request it belongs to."""
    record.request_id = g.get("request_id", "") if has_request_context() else ""
    return True


class _AsText(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        # One record is one line, whatever an address or a file name holds.
        line = line.encode("unicode_escape").decode() if not line.isprintable() else line
        request_id = getattr(record, "request_id", "")
        return f"{line} [{request_id}]" if request_id else line


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if request_id := getattr(record, "request_id", ""):
            line["request_id"] = request_id
        line |= getattr(record, "request", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode({name: _clean(value) for name, value in line.items()}).decode()


def _clean(value: object) -> object:
    """Names of files may hold bytes that are no text."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return value
