"""Markdown: the first level-one heading is the title, the rest is the body as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.documents import Document
from index.readers.seed import MAX_TITLE_CHARS, Problem, SeedFile
from index.readers.text import make_article, seed_lines

_HEADING = re.compile(r"#\s+(?P<title>.+?)(?:\s+#+)?")


def read_markdown(seed: SeedFile) -> Iterator[Document | Problem]:
    """The one document of a `.md` seed; its title is empty if no line begins with `# `."""
    lines = seed_lines(seed)
    title = ""
    for number, line in enumerate(lines):
        heading = _HEADING.fullmatch(line)
        if heading and len(heading["title"]) <= MAX_TITLE_CHARS:
            title = heading["title"]
            del lines[number]
            break
    yield make_article(seed, title, lines)
