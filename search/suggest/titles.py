"""Titles that hold what was typed, the last syllable perhaps only begun."""

from __future__ import annotations

from bisect import bisect_right

from whoosh.query import And, Or, Phrase, Prefix, Query, Term

from index.analysis.fold import fold_text
from index.analysis.syllables import syllables
from index.snapshot import Snapshot
from search.executor import Executor
from search.results import Suggestion
from search.suggest.typed import Typed

LOOKED_AT = 24
SHORTEST = 2
"""Letters that must have been typed, or half of all titles would be looked through."""
LONGEST = 200
"""Characters of a title that can be shown in two or three lines; longer ones are passed over."""
SCATTERED = 3
"""Syllables of which on a title is offered that has them all, but not side by side."""


def titles(snapshot: Snapshot, executor: Executor, typed: Typed) -> list[Suggestion]:
    """Titles that begin with what was typed, then those that go on with it further on, then, of
    many syllables, those that have them anywhere. A title comes once, however often it is there."""
    if typed.before or (not typed.whole and len(typed.begun) < SHORTEST):
        return []
    scattered = len(typed.whole) + bool(typed.begun) >= SCATTERED
    ranked: dict[str, tuple[int, Suggestion]] = {}
    for query in _queries(typed):
        for docnum in executor.top(query, LOOKED_AT).docs.tolist():
            suggestion = _suggestion(snapshot, docnum, typed)
            if suggestion is None:
                continue
            folded = fold_text(suggestion.text)
            rank = 0 if suggestion.typed else 1 if f" {typed.folded}" in f" {folded}" else 2
            if rank < 2 or scattered:
                ranked.setdefault(folded, (rank, suggestion))
    return [suggestion for _, suggestion in sorted(ranked.values(), key=lambda row: row[0])]


def _queries(typed: Typed) -> list[Query]:
    """What to look for, with the marks typed first."""
    plain = [syllable.folded for syllable in typed.whole]
    marked = [
        Term("title_accented", syllable.accented)
        for syllable in typed.whole
        if syllable.accented != syllable.folded
    ]
    parts: list[Query] = []
    if 1 < len(plain) < SCATTERED - 1 + (not typed.begun):
        parts.append(Phrase("title", plain))
    else:
        parts += [Term("title", key) for key in plain]
    if typed.begun:
        stems = [Prefix("title", stem) for stem in typed.stems]
        parts.append(stems[0] if len(stems) == 1 else Or(stems))
    query = And(parts) if len(parts) > 1 else parts[0]
    return [And([query, *marked]), query] if marked else [query]


def _suggestion(snapshot: Snapshot, docnum: int, typed: Typed) -> Suggestion | None:
    number = bisect_right(snapshot.segments, docnum, key=lambda segment: segment.base)
    segment = snapshot.segments[number - 1]
    record = segment.stored(docnum - segment.base)
    title = " ".join((record.get("title") or "").split())
    if not title or len(title) > LONGEST:
        return None
    marked = not typed.begun.isascii()
    if marked and not any(typed.may_become(syllable.accented) for syllable in syllables(title)):
        return None
    begins = fold_text(title).startswith(typed.folded)
    return Suggestion(title, "title", len(typed.folded) if begins else 0, record["id"])
