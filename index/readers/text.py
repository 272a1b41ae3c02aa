"""Plain text: an article (title, blank line, paragraphs, credits) or a collection of leads.

A file without a blank line is a collection: each line is a document (`stem#1`, `stem#2`, …),
unless it ends with a byline or source line, for that is how articles end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.documents import Document
from index.errors import SeedError
from index.metadata.bylines import agency, split_credits
from index.metadata.dates import publication_date
from index.readers.decoding import decode
from index.readers.seed import MAX_BODY_CHARS, Problem, SeedFile, check_body, read_whole

TITLE_CHARS = 300  # A longer first line is a paragraph, not a title.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def read_text(seed: SeedFile) -> Iterator[Document | Problem]:
    """The documents of a `.txt` seed."""
    lines = text_lines(decode(read_whole(seed)))
    if "" in lines or len(split_credits(lines)[0]) < len(lines):
        title, rest = split_title(lines)
        yield make_article(seed, title, rest)
    else:
        yield from _collection(seed, lines)


def text_lines(text: str) -> list[str]:
    """The lines of `text`, trimmed, without blank ones at either end; SeedError if none is left."""
    lines = [line.strip() for line in text.split("\n")]
    lines = ["" if not line.strip(_INVISIBLE) else line for line in lines]
    filled = [number for number, line in enumerate(lines) if line]
    if not filled:
        raise SeedError("no text in it")
    return lines[filled[0] : filled[-1] + 1]


def split_title(lines: Sequence[str]) -> tuple[str, list[str]]:
    """The title, "" if the first line is none, and the lines of the body."""
    first, *rest = lines
    stands_alone = bool(rest) and not rest[0]
    if len(first) > TITLE_CHARS or not (stands_alone or first[-1] not in ".;,:…"):
        return "", list(lines)
    return first, rest


def make_article(seed: SeedFile, title: str, lines: Sequence[str]) -> Document:
    """One document with what its closing lines and dateline tell."""
    kept, credits = split_credits(lines)
    body = check_body("\n\n".join(_paragraphs(kept)))
    dated = publication_date(body, title=title, url=credits.url)
    return Document(
        id=seed.stem,
        title=title,
        body=body,
        author=credits.author,
        source=credits.source or agency(body),
        url=credits.url,
        date=dated.date if dated else None,
        date_evidence=dated.evidence if dated else None,
        path=seed.name,
    )


def _collection(seed: SeedFile, lines: Sequence[str]) -> Iterator[Document | Problem]:
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_BODY_CHARS:
            yield Problem(seed.name, number, f"longer than {MAX_BODY_CHARS:,} characters")
            continue
        dated = publication_date(line)
        yield Document(
            id=f"{seed.stem}#{number}",
            title="",
            body=line,
            date=dated.date if dated else None,
            date_evidence=dated.evidence if dated else None,
            path=seed.name,
        )


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Lines between blank lines belong together; any number of blank lines is one break."""
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line:
            paragraph.append(line)
        elif paragraph:
            yield "\n".join(paragraph)
            paragraph = []
