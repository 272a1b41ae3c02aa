"""Titles that hold what was typed, the last syllable perhaps only begun."""

from __future__ import annotations

from whoosh.query import And, Or, Prefix, Term

from index.analysis.fold import fold_text
from index.snapshot import Snapshot
from search.executor import Executor
from search.results import Suggestion
from search.suggest.typed import Typed

LOOKED_AT = 24
SHORTEST = 2
"""Letters that must have been typed, or half of all titles would be looked through."""
LONGEST = 200
"""Characters of a title that can be shown in two or three lines; longer ones are passed over."""


def titles(snapshot: Snapshot, executor: Executor, typed: Typed) -> list[Suggestion]:
    """Titles, those first that begin with what was typed."""
    if typed.before or (not typed.whole and len(typed.begun) < SHORTEST):
        return []
    parts = [Term("title", syllable.folded) for syllable in typed.whole]
    marked = [
        Term("title_accented", syllable.accented)
        for syllable in typed.whole
        if syllable.accented != syllable.folded
    ]
    if typed.begun:
        stems = [Prefix("title", stem) for stem in typed.stems]
        parts.append(stems[0] if len(stems) == 1 else Or(stems))
    query = And(parts) if len(parts) > 1 else parts[0]
    found: dict[str, Suggestion] = {}
    with_marks = [And([query, *marked])] if marked else []
    for wanted in (*with_marks, query):
        for docnum in executor.top(wanted, LOOKED_AT).docs.tolist():
            suggestion = _suggestion(snapshot, docnum, typed)
            if suggestion is not None:
                found.setdefault(suggestion.text, suggestion)
    return sorted(found.values(), key=lambda suggestion: not suggestion.typed)


def _suggestion(snapshot: Snapshot, docnum: int, typed: Typed) -> Suggestion | None:
    segment = next(s for s in reversed(snapshot.segments) if s.base <= docnum)
    record = segment.stored(docnum - segment.base)
    title = " ".join((record.get("title") or "").split())
    if not title or len(title) > LONGEST:
        return None
    begins = fold_text(title).startswith(typed.folded)
    return Suggestion(title, "title", len(typed.folded) if begins else 0, record["id"])
