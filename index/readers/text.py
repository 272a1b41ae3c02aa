"""Plain text: an article (title, blank line, paragraphs, credits) or a collection of leads.

A file without a blank line is a collection: each line is a document (`stem#1`, `stem#2`, …),
unless it ends with a byline or source line, for that is how articles end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents import Document
from index.errors import SeedError
from index.metadata.bylines import Credits, agency, split_credits
from index.metadata.dates import publication_date
from index.metadata.mentions import Dated
from index.readers.seed import (
    MAX_BODY_CHARS,
    Problem,
    SeedFile,
    SeedSettings,
    check_body,
    read_decoded,
)

TITLE_CHARS = 300  # A longer first line is a paragraph, not a title.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


@dataclass(frozen=True, slots=True)
class Known:
    """What a file says of a text outside of it; None for what it does not say."""

    author: str | None = None
    source: str | None = None
    url: str | None = None
    dated: Dated | None = None


NOTHING_KNOWN = Known()


def read_text(seed: SeedFile) -> Iterator[Document | Problem]:
    """The documents of a `.txt` seed, whichever of the two it is."""
    lines = seed_lines(seed)
    if "" in lines or len(split_credits(lines)[0]) < len(lines):
        yield make_article(seed, *split_title(lines))
    else:
        yield from _collection(seed, lines)


def read_article(seed: SeedFile) -> Iterator[Document | Problem]:
    """The one document of a seed that is said to be an article."""
    yield make_article(seed, *split_title(seed_lines(seed)))


def read_collection(seed: SeedFile) -> Iterator[Document | Problem]:
    """The documents of a seed that is said to be a collection: a line each."""
    yield from _collection(seed, seed_lines(seed))


def seed_lines(seed: SeedFile) -> list[str]:
    """The lines of a seed; SeedError if there are more than the limit of documents."""
    text = read_decoded(seed)
    if text.count("\n") > seed.limits.documents:
        raise SeedError(f"more than {seed.limits.documents:,} lines", "split it")
    return text_lines(text)


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


def make_article(
    seed: SeedFile, title: str, lines: Sequence[str], known: Known = NOTHING_KNOWN
) -> Document:
    """One document with what its closing lines and dateline tell.

    `known` is what the file says outside of its text; what the text says comes first.
    """
    settings = seed.settings
    kept, credits = split_credits(lines)
    if not title and not any(kept):  # nothing but a source line: that is the text
        kept, credits = list(lines), Credits()
    body = check_body("\n\n".join(_paragraphs(kept)))
    url = credits.url or known.url
    dated = publication_date(body, title=title, url=url, year=settings.year)
    dated = dated or known.dated or declared_day(settings)
    return Document(
        id=seed.stem,
        title=title,
        body=body,
        author=settings.author or credits.author or known.author,
        source=settings.source or credits.source or agency(body) or known.source,
        url=url,
        date=dated.date if dated else None,
        date_evidence=dated.evidence if dated else None,
        path=seed.name,
    )


def _collection(seed: SeedFile, lines: Sequence[str]) -> Iterator[Document | Problem]:
    settings = seed.settings
    for number, line in enumerate(filter(None, lines), 1):
        if len(line) > MAX_BODY_CHARS:
            yield Problem(seed.name, number, f"longer than {MAX_BODY_CHARS:,} characters")
            continue
        dated = publication_date(line, year=settings.year) or declared_day(settings)
        yield Document(
            id=f"{seed.stem}#{number}",
            title="",
            body=line,
            author=settings.author,
            source=settings.source,
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


def declared_day(settings: SeedSettings) -> Dated | None:
    """The day that seeds.toml gives to what has none."""
    return Dated(settings.date, "seeds.toml") if settings.date else None
