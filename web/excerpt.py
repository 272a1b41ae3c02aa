"""A snippet that begins with the heading above it goes on where the heading stops.

Leads of a collection have no title: their heading is the beginning of the text, and the snippet is
often the same beginning. Nobody wants to read it twice.
"""

from __future__ import annotations

import html
import re

ELLIPSIS = "…"
_TOKEN = re.compile(r"<[^>]*>|&[^;\s]+;|.", re.DOTALL)  # a tag, an entity or a character


def continued(snippet: str, heading: str) -> str:
    """What of `snippet` (HTML with marks) the plain `heading` does not say; may be empty."""
    said = heading.rstrip(f" {ELLIPSIS}")
    if not said or not html.unescape(re.sub(r"<[^>]*>", "", snippet)).startswith(said):
        return snippet
    mark, count = "", 0
    for token in _TOKEN.finditer(snippet):
        if token[0].startswith("<"):
            mark = "" if token[0].startswith("</") else token[0]
        elif count == len(said):
            rest = snippet[token.start() :].lstrip(" " if mark else " ,;:.")
            return f"{ELLIPSIS}{mark}{rest}" if rest.strip(ELLIPSIS) else ""
        else:
            count += 1
    return ""
