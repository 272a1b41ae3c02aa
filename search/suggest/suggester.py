"""Suggestions for what is being typed, phrases before titles, remembered for the newest commit."""

from __future__ import annotations

import threading
from collections import OrderedDict

from search.engines.newest import Commit
from search.results import Suggestion
from search.suggest.phrases import Phrase, phrases
from search.suggest.titles import titles
from search.suggest.typed import Typed, read

REMEMBERED = 2_000
"""Beginnings whose suggestions are kept: many visitors type the same."""
TITLES = 3
"""Places kept for titles, if there are any."""


class Suggester:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._commit = ""
        self._known: OrderedDict[tuple[str, int], tuple[Suggestion, ...]] = OrderedDict()

    def suggest(self, commit: Commit, text: str, limit: int) -> tuple[Suggestion, ...]:
        """At most `limit` suggestions for `text`, the likeliest first."""
        key = (text, limit)
        with self._lock:
            if self._commit != commit.id:
                self._known.clear()
                self._commit = commit.id
            found = self._known.get(key)
        if found is None:
            found = _suggest(commit, text, limit)
            with self._lock:
                if self._commit == commit.id:
                    self._known[key] = found
                    while len(self._known) > REMEMBERED:
                        self._known.popitem(last=False)
        return found


def _suggest(commit: Commit, text: str, limit: int) -> tuple[Suggestion, ...]:
    typed = read(text)
    if typed is None:
        return ()
    named = titles(commit.snapshot, commit.executor, typed)
    queries = _queries(commit, typed)
    room = limit - min(len(named), TITLES, limit // 2)
    chosen: dict[str, Suggestion] = {}
    for suggestion in (*queries[:room], *named, *queries[room:]):
        chosen.setdefault(suggestion.text.casefold(), suggestion)
    whole = " ".join(text.split()).casefold()
    return tuple(s for folded, s in chosen.items() if folded != whole)[:limit]


def _queries(commit: Commit, typed: Typed) -> list[Suggestion]:
    """Phrases after as much of what was typed as any document holds."""
    context: Typed | None = typed
    while context is not None:
        found = phrases(commit.snapshot, commit.executor, context)
        if found:
            before = context.before
            return [
                Suggestion(before + phrase.text, "query", len(before) + phrase.typed)
                for phrase in _varied(found)
            ]
        context = context.shortened()
    return []


def _varied(found: list[Phrase]) -> list[Phrase]:
    """The same phrases, but first those that say something else: of those that one phrase begins,
    or that begin one, the first alone stays where it is."""
    first: list[Phrase] = []
    rest: list[Phrase] = []
    for phrase in found:
        alike = any(
            a.syllables[: len(b.syllables)] == b.syllables
            for other in first
            for a, b in ((phrase, other), (other, phrase))
        )
        (rest if alike else first).append(phrase)
    return first + rest
