"""Bearer tokens: who may do what is not for everybody."""

from __future__ import annotations

import hmac
from http import HTTPStatus

from flask import request

from web.problems import Problem


def bearer() -> str | None:
    """The token that came in the header of this request."""
    given = request.authorization
    return given.token if given and given.type == "bearer" else None


def demand(token: str, offered: str | None) -> None:
    """Raise 401 unless what was offered is the token."""
    # Compared in constant time: how long it takes tells nothing about the token.
    if offered is not None and hmac.compare_digest(_bytes(offered), _bytes(token)):
        return
    challenge = 'Bearer realm="timtin"'
    if offered is not None:
        challenge += ', error="invalid_token"'
    raise Problem(
        HTTPStatus.UNAUTHORIZED,
        "Send the header 'Authorization: Bearer <token>' with the server's token.",
        kind="bad-token" if offered is not None else "token-needed",
        headers={"WWW-Authenticate": challenge},
    )


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")
