"""Errors as a program reads them: RFC 9457 `application/problem+json`, one shape everywhere."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from flask import Response
from msgspec import UNSET, Struct, UnsetType

MEDIA_TYPE = "application/problem+json"
BLANK = "about:blank"
"""The type of a problem that says no more than its HTTP status (RFC 9457, section 4.2.1)."""


class ProblemBody(Struct, rename={"kind": "type"}):
    """What went wrong (RFC 9457).

    `type` is `about:blank`, or a URN that programs can tell apart; `parameter` names the parameter
    at fault, if one is.
    """

    kind: str
    title: str
    status: int
    detail: str
    parameter: str | UnsetType = UNSET


class Problem(Exception):
    """Raised by a view to answer with an error.

    `kind` is a short name that programs can tell apart (`urn:timtin:problem:<kind>`); `parameter`
    names the request parameter at fault, if one is.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        kind: str | None = None,
        title: str | None = None,
        parameter: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.type = f"urn:timtin:problem:{kind}" if kind else BLANK
        self.title = title or status.phrase
        self.parameter = parameter
        self.headers = headers or {}

    def response(self) -> Response:
        """The problem as JSON."""
        body = ProblemBody(self.type, self.title, int(self.status), self.detail)
        if self.parameter is not None:
            body.parameter = self.parameter
        response = Response(msgspec.json.encode(body), self.status, mimetype=MEDIA_TYPE)
        response.headers.update(self.headers)
        response.headers["Cache-Control"] = "no-store"
        return response
