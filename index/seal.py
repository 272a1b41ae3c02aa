"""A checksum as the last line of a small file that is read whole."""

from __future__ import annotations

import re
import zlib

_SEAL = re.compile(rb"\ncrc32 ([0-9a-f]{8})\n\Z")
_BYTES = len(b"\ncrc32 01234567\n")


def seal(content: bytes) -> bytes:
    """The line that goes behind `content`."""
    return b"\ncrc32 %08x\n" % zlib.crc32(content)


def unseal(sealed: bytes) -> bytes | None:
    """What stands before the seal; `sealed` itself if it bears none, None if the seal is wrong."""
    found = _SEAL.search(sealed, max(0, len(sealed) - _BYTES))
    if not found:
        return sealed
    content = sealed[: found.start()]
    return content if zlib.crc32(content) == int(found[1], 16) else None
