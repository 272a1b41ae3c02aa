"""How many requests one address may send: Flask-Limiter, counting for all server processes.

What monitors ask and files that browsers keep do not count. A batch counts as its searches.
"""

from __future__ import annotations

import ipaddress
import time
from http import HTTPStatus
from math import ceil
from pathlib import Path
from urllib.parse import quote

import msgspec
from flask import Flask, Response, request
from flask_limiter import Limiter, RateLimitExceeded

from web import shared_counters
from web.errors import answer
from web.problems import Problem
from web.settings import Settings

FREE = frozenset({"assets.file", "assets.favicon", "ops.live", "ops.ready", "ops.health"})
BATCH = "api.batch"
IPV6_BITS = 64
"""Whoever has one IPv6 address has a network of them."""


def register(app: Flask, settings: Settings, folder: Path) -> None:
    """Refuse what is too much with 429; nothing, if the settings allow any number."""
    if settings.requests_allowed is None:
        return
    (scheme,) = shared_counters.SharedCounters.STORAGE_SCHEME
    limiter = Limiter(
        client,
        application_limits=[settings.requests_allowed],
        application_limits_cost=_cost,
        storage_uri=f"{scheme}://{quote(str(folder / 'rates'))}",
        strategy="fixed-window",
    )
    limiter.request_filter(lambda: request.endpoint in FREE)
    limiter.init_app(app)

    def refuse(error: RateLimitExceeded) -> Response:
        current = limiter.current_limit
        seconds = current.window.reset_time - time.time() if current else 1
        return answer(
            Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"This address may send {error.limit.limit}: wait a moment.",
                kind="too-many-requests",
                headers={"Retry-After": str(max(1, ceil(seconds)))},
            )
        )

    app.register_error_handler(RateLimitExceeded, refuse)


def client() -> str:
    """Who asks: an IPv4 address, or the network of an IPv6 address."""
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_BITS), strict=False))


def _cost() -> int:
    if request.endpoint != BATCH:
        return 1
    try:
        body = msgspec.json.decode(request.get_data())
        return max(1, len(body["searches"]))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError, KeyError):
        return 1  # it will be refused
