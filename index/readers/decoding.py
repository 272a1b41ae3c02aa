"""Bytes to text. Encodings are tried in the order of `DECODERS`; a new one is a line there."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from index.analysis.normalize import nfc
from index.errors import SeedError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


def decode(data: bytes) -> str:
    """Text in NFC with `\\n` between lines, without a byte order mark.

    Raises SeedError, with the place of the first offending byte, for anything that is not text in
    an encoding that is known here.
    """
    for decoder in DECODERS:
        text = decoder(data)
        if text is not None:
            return nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    raise SeedError("not text in any known encoding")


def _marked(data: bytes) -> str | None:
    """Text that a byte order mark announces; None without a mark."""
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec, name, len(mark))
    return None


def _utf8(data: bytes) -> str:
    return _strictly(data, "utf-8", "UTF-8", 0)


def _strictly(data: bytes, codec: str, name: str, start: int) -> str:
    if codec == "utf-8" and (nul := data.find(0)) >= 0:
        raise SeedError(f"not text: binary data (NUL byte at offset {nul})")
    try:
        text = data[start:].decode(codec)
    except UnicodeDecodeError as error:
        offset = start + error.start
        raise SeedError(f"not {name} text (byte 0x{data[offset]:02x} at offset {offset})") from None
    if "\0" in text:
        raise SeedError("not text: binary data (NUL characters)")
    return text


DECODERS: tuple[Callable[[bytes], str | None], ...] = (_marked, _utf8)
