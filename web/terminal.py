"""Colours and lines for a terminal; plain text where there is none, or where NO_COLOR is set."""

from __future__ import annotations

import html
import os
import re
import shutil
import sys
from typing import TextIO

RESET = "\x1b[0m"
BOLD = "\x1b[1m"
DIM = "\x1b[2m"
EXACT = "\x1b[1;33m"  # bold yellow: spelt as typed
FOLDED = "\x1b[4;33m"  # underlined yellow: the same syllable with other marks
MAX_WIDTH = 100

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]+")
_WORD = re.compile(r"[^ ]+")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_MARKS = re.compile(r'<mark(?P<folded> class="folded")?>(?P<text>.*?)</mark>', re.DOTALL)


class Terminal:
    """Paints text for a stream, or leaves it plain."""

    def __init__(self, stream: TextIO | None = None, environ: dict[str, str] | None = None) -> None:
        stream = stream or sys.stdout
        environ = dict(os.environ) if environ is None else environ
        self.interactive = stream.isatty() and environ.get("TERM") != "dumb"
        # https://no-color.org: any value but an empty one
        self.coloured = self.interactive and not environ.get("NO_COLOR")
        self.width = min(shutil.get_terminal_size().columns, MAX_WIDTH)

    def paint(self, text: str, style: str) -> str:
        """The text in a style; controls in it become spaces: no text steers the terminal."""
        text = _CONTROLS.sub(" ", text)
        return f"{style}{text}{RESET}" if self.coloured else text

    def marked(self, markup: str, style: str = "") -> str:
        """HTML of a highlight: its words in `style`, the marked ones in their own."""
        parts, at = [], 0
        for match in _MARKS.finditer(markup):
            parts.append(self._words(markup[at : match.start()], style))
            parts.append(self._words(match["text"], FOLDED if match["folded"] else EXACT))
            at = match.end()
        return "".join([*parts, self._words(markup[at:], style)])

    def wrapped(self, text: str, indent: str) -> str:
        """Painted text in lines of the terminal's width, all but the first indented."""
        lines: list[list[str]] = [[]]
        room = self.width
        for word in text.split(" "):
            columns = len(_ESCAPES.sub("", word)) + 1
            if columns > room and lines[-1]:
                lines.append([])
                room = self.width - len(indent)
            lines[-1].append(word)
            room -= columns
        return f"\n{indent}".join(" ".join(line) for line in lines)

    def _words(self, markup: str, style: str) -> str:
        """Each word painted by itself, so that a line can be broken between any two."""
        text = _CONTROLS.sub(" ", html.unescape(markup))
        return _WORD.sub(lambda word: self.paint(word[0], style), text) if style else text
