"""Text that a program took from a document whose font, not its letters, made it Vietnamese.

Documents typed in `.VnTime` or `VNI-Times` hold cp1252 letters, and so does what is extracted from
them: `C«ng an tØnh`. The letters are turned back into bytes, and these are detected as any.
"""

from __future__ import annotations

import re

from index.readers.detection import detect, judge

_HIGH = re.compile(r"[\x80-\xff]")


def respelled(text: str) -> str:
    """NFC `text` as its font showed it; the same string if its letters say it already."""
    if len(_HIGH.findall(text)) < 3 or judge(text).vietnamese:
        return text
    try:
        data = text.encode("cp1252")
    except UnicodeEncodeError:
        return text
    found = detect(data)
    return found.text if found else text
