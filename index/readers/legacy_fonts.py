"""Text that a program took from a document whose font, not its letters, made it Vietnamese.

Documents typed in `.VnTime` or `VNI-Times` hold cp1252 letters, and so does what is extracted from
them: `C«ng an tØnh`. The letters are turned back into bytes, and these are detected as any. A
document may be so in parts: which lines are is told one by one, in which set by all of them.
"""

from __future__ import annotations

import re

from index.readers.detection import decoded, detect, judge

_HIGH = re.compile(r"[\x80-\xff]")
_WRONG = 0.2  # of the words of a line that is no Vietnamese as it stands, at least
_BYTES = {bytes([code]).decode("cp1252", "ignore"): code for code in range(0x80, 0xA0)}
_TO_BYTES = str.maketrans({letter: chr(code) for letter, code in _BYTES.items() if letter})


def respelled(text: str) -> str:
    """NFC `text` as its font showed it; the same string if its letters say it already."""
    if len(_HIGH.findall(text)) < 3 or not judge(text).bad:
        return text
    lines = text.split("\n")
    legacy = [number for number, line in enumerate(lines) if _is_strange(line)]
    found = detect(b"\n".join(_bytes(lines[number]) for number in legacy))
    if found is None:
        return text
    for number in legacy:
        lines[number] = _better(lines[number], found.encoding)
    return "\n".join(lines)


def _is_strange(line: str) -> bool:
    """Whether a line is no Vietnamese as it stands, and holds nothing but what bytes can hold."""
    if not _HIGH.search(line):
        return False
    if any(ord(letter) > 0xFF for letter in line.translate(_TO_BYTES)):
        return False
    seen = judge(line)
    return seen.bad > _WRONG * (seen.good + seen.bad)


def _better(line: str, encoding: str) -> str:
    """A line in a character set, if that leaves fewer wrong words in it."""
    read = decoded(_bytes(line), encoding)
    return read if read is not None and judge(read).bad < judge(line).bad else line


def _bytes(line: str) -> bytes:
    """The bytes that a font made letters of: those of cp1252, and controls as they are."""
    return line.translate(_TO_BYTES).encode("latin-1")
