"""Bytes to text: declared, marked, UTF-8, or a legacy character set that detection finds."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from index.analysis.normalize import nfc
from index.errors import SeedError
from index.readers import charsets, detection, mojibake

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_REMEDY = "if it is text, name its encoding in seeds.toml"


class Decoded(NamedTuple):
    """Text in NFC with `\\n` between lines, without a byte order mark; and its encoding."""

    text: str
    encoding: str


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of a file; see `decode_named`."""
    return decode_named(data, encoding).text


def decode_named(data: bytes, encoding: str | None = None) -> Decoded:
    """The text of a file in the declared `encoding`, or in the one that its bytes tell.

    A byte order mark decides; then UTF-8, if it decodes; then the legacy set in which it makes the
    best Vietnamese. Text that was decoded wrongly before it was written as UTF-8 is mended. Raises
    SeedError, with the place of the first offending byte, for anything else.
    """
    found = _declared(data, encoding) if encoding else _marked(data) or _unmarked(data)
    text = mojibake.mended(found.text.replace("\r\n", "\n").replace("\r", "\n"))
    return Decoded(nfc(text), found.encoding)


def known(encoding: str) -> bool:
    """Whether `encoding` names one that can be declared."""
    charsets.register()
    try:
        return codecs.lookup(encoding)._is_text_encoding
    except LookupError:
        return False


def _declared(data: bytes, encoding: str) -> Decoded:
    for mark, codec, _ in MARKS:
        if data.startswith(mark) and encoding.lower().replace("_", "-").startswith(codec[:6]):
            return Decoded(_strictly(data, codec, encoding, len(mark)), encoding)
    text = detection.decoded(data, encoding.lower())
    if text is None:
        return Decoded(_strictly(data, encoding, encoding, 0), encoding)
    if "\0" in text:
        raise SeedError("not text: binary data (NUL characters)")
    return Decoded(text, encoding)


def _marked(data: bytes) -> Decoded | None:
    """Text that a byte order mark announces; None without a mark."""
    for mark, codec, name in MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data, codec, name, len(mark)), codec)
    return None


def _unmarked(data: bytes) -> Decoded:
    if 0 in data:
        found = detection.detect_utf16(data)
        if found is None:
            raise SeedError(f"not text: binary data (NUL byte at offset {data.find(0)})")
        return Decoded(*found)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        found = detection.detect(data)
        if found is None:
            raise _refused(data, error, "UTF-8") from None
        return Decoded(*found)
    if text.isascii() and (viqr := detection.detect_viqr(text)):
        return Decoded(viqr, "viqr")
    return Decoded(text, "utf-8")


def _strictly(data: bytes, codec: str, name: str, start: int) -> str:
    try:
        text = data[start:].decode(codec)
    except UnicodeDecodeError as error:
        raise _refused(data, error, name, start) from None
    if "\0" in text:
        raise SeedError("not text: binary data (NUL characters)")
    return text


def _refused(data: bytes, error: UnicodeDecodeError, name: str, start: int = 0) -> SeedError:
    offset = start + error.start
    return SeedError(f"not {name} text (byte 0x{data[offset]:02x} at offset {offset})", _REMEDY)
