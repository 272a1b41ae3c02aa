"""Text that was decoded wrongly before it was written: `HÃ\xa0 Ná»™i` is *Hà Nội*.

UTF-8 that somebody read as cp1252 leaves pairs of letters that no Vietnamese text has; only where
they are is ftfy asked, which knows how to undo it, several times over if need be.
"""

from __future__ import annotations

import re

import ftfy.bad_codecs  # noqa: F401 (registers sloppy-windows-1252)
from ftfy import fix_encoding

# What the first bytes of UTF-8 (C2 C3 C4 C6 E1 E2) look like in cp1252, and what can follow them:
# no Vietnamese word ends in Â, and after Ã only what no closing quotation mark looks like.
_TRACES = re.compile("á[º»]|Ä[‘ƒ]|Æ[°¡]|Ã[\xa0-\xbf‚Š]|Â[\xa0-\xbf]|â€")
_LINE = re.compile(r"[^\n]+")
_RUN = re.compile("[\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2,}")


def mended(text: str) -> str:
    """`text` as it was meant, line by line; the same string if nothing is wrong with it."""
    if not _TRACES.search(text):
        return text
    return _LINE.sub(lambda line: _mended_line(line[0]), text)


def _mended_line(line: str) -> str:
    if not _TRACES.search(line):
        return line
    fixed = fix_encoding(line)
    return _RUN.sub(_mended_run, fixed) if _TRACES.search(fixed) else fixed


def _mended_run(match: re.Match[str]) -> str:
    """Letters that are UTF-8 read as cp1252, between others that are not."""
    try:
        return match[0].encode("sloppy-windows-1252").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return match[0]
