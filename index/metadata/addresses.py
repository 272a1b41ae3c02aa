"""Web addresses as texts and records give them."""

from __future__ import annotations

import re

MAX_URL_CHARS = 2_048
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


def web_address(written: str) -> str | None:
    """The http(s) address, without the invisible characters that copying leaves; None if it is
    none, or too long for one."""
    address = "".join(filter(str.isprintable, written))
    return address if len(address) <= MAX_URL_CHARS and _WEB.fullmatch(address) else None
