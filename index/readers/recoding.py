"""The encoding of a file that is read line by line, told from its beginning.

JSON lines ought to be UTF-8. UTF-16 and UTF-32, where a line end is no byte, are recoded as they
stream; a legacy set is named, for lines that are not UTF-8. A file that has one line of UTF-8 with
marks is UTF-8, and lines of it that are not are damaged.
"""

from __future__ import annotations

import codecs
import io
from typing import Any, BinaryIO, cast

from index.errors import SeedError
from index.readers import detection
from index.readers.decoding import MARKS

SAMPLE_BYTES = 1 << 18
_CHUNK = 1 << 18
_WIDE = ("utf-16", "utf_16", "utf16", "utf-32", "utf_32", "utf32")


def recoded(stream: io.BufferedReader, declared: str | None) -> tuple[BinaryIO, str | None]:
    """The stream in UTF-8, or in the character set that comes with it; None stands for UTF-8."""
    sample = stream.peek(SAMPLE_BYTES)[:SAMPLE_BYTES]
    wide = _wide(sample) if declared is None else declared if declared.startswith(_WIDE) else None
    if wide is not None:
        reader = io.BufferedReader(cast(Any, _Recoded(stream, wide)), _CHUNK)
        return cast(BinaryIO, reader), None
    return stream, declared or _legacy(sample)


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32, by its mark or its zeros."""
    for mark, codec, _ in MARKS:
        if sample.startswith(mark) and not codec.startswith("utf-8"):
            return codec.removesuffix("-le").removesuffix("-be")  # which reads the mark itself
    if 0 not in sample:
        return None
    found = detection.detect_utf16(sample[: len(sample) // 4 * 4])
    return found.encoding if found else None


def _legacy(sample: bytes) -> str | None:
    """The character set of lines with marks, none of which is UTF-8."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    if not lines or any(map(_is_utf8, lines)):
        return None
    found = detection.detect(b"\n".join(lines))
    return found.encoding if found else None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Recoded(io.RawIOBase):
    """Bytes of another encoding as UTF-8, a chunk at a time."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._ended:
            chunk = self._stream.read(_CHUNK)
            self._ended = not chunk
            try:
                text = self._decoder.decode(chunk, self._ended)
            except UnicodeDecodeError:
                raise SeedError(f"not {self._encoding.upper()} text all through") from None
            self._ready = text.encode("utf-8", "replace")
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
