"""Bodies of requests that come slowly must not hold all the threads that answer.

A server thread waits for a body as long as the client likes, and nothing can call it back: a few
clients that send one byte and no more would silence the server for good. So only some requests may
wait for their bodies at a time, and the server has a thread more for each of them. A reverse proxy
that takes bodies up before it passes them on does without the waiting.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from werkzeug.exceptions import RequestEntityTooLarge

from web.problems import Problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WAITING = 2
"""How many requests may wait for their bodies at a time."""


class Readable(Protocol):
    """What a server gives as the body."""

    def read(self, size: int = -1, /) -> bytes: ...


class BoundedBodies:
    """WSGI middleware: reading a body raises a `Problem` if too many are being read already, or if
    it has more than `limit` bytes. A body that the application does not read is not waited for."""

    def __init__(self, application: WSGIApplication, limit: int, waiting: int = WAITING) -> None:
        self._application = application
        self._limit = limit
        self._waiting = threading.BoundedSemaphore(waiting)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        source: Readable = environ["wsgi.input"]
        environ["wsgi.input"] = _Lazy(lambda: self._read(source))
        return self._application(environ, start)

    def _read(self, source: Readable) -> bytes:
        if not self._waiting.acquire(blocking=False):
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many requests are still being sent: try again.",
                kind="busy",
                headers={"Retry-After": "1"},
            )
        try:
            return _up_to(source, self._limit)
        finally:
            self._waiting.release()


def _up_to(source: Readable, limit: int) -> bytes:
    parts, left = [], limit + 1
    while left and (part := source.read(left)):
        parts.append(part)
        left -= len(part)
    if not left:
        raise RequestEntityTooLarge
    return b"".join(parts)


class _Lazy(io.RawIOBase):
    """A stream of what `fetch` gives, which is called when it is first read."""

    def __init__(self, fetch: Callable[[], bytes]) -> None:
        self._fetch = fetch
        self._body: io.BytesIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        if self._body is None:
            self._body = io.BytesIO(self._fetch())
        return self._body.readinto(buffer)
