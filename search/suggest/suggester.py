"""Suggestions for what is being typed, phrases before titles, remembered for the newest commit."""

from __future__ import annotations

import threading
from collections import OrderedDict

from search.engines.newest import Commit
from search.results import Suggestion
from search.suggest.meant import readings
from search.suggest.phrases import Phrase, phrases
from search.suggest.titles import titles
from search.suggest.typed import Typed, read
from search.suggest.words import Words

REMEMBERED = 2_000
"""Beginnings whose suggestions are kept: many visitors type the same."""
TITLES = 3
"""Places kept for titles, if there are any."""


class Suggester:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._commit = ""
        self._words: Words | None = None
        self._known: OrderedDict[tuple[str, int], tuple[Suggestion, ...]] = OrderedDict()

    def suggest(self, commit: Commit, text: str, limit: int) -> tuple[Suggestion, ...]:
        """At most `limit` suggestions for `text`, the likeliest first."""
        key = (text, limit)
        with self._lock:
            if self._words is None or self._commit != commit.id:
                self._known.clear()
                self._commit, self._words = commit.id, Words(commit)
            found, words = self._known.get(key), self._words
        if found is None:
            found = _suggest(commit, words, text, limit)
            with self._lock:
                if self._commit == commit.id:
                    self._known[key] = found
                    while len(self._known) > REMEMBERED:
                        self._known.popitem(last=False)
        return found


def _suggest(commit: Commit, words: Words, text: str, limit: int) -> tuple[Suggestion, ...]:
    typed = read(text)
    if typed is None:
        return ()
    meant, found = _understood(commit, words, typed)
    named = titles(commit.snapshot, commit.executor, meant)
    # A title that spells it as the phrases do is more likely meant than one of the same letters.
    spelt = [phrase.text.casefold() for _, phrase in found]
    named.sort(key=lambda title: not any(text in title.text.casefold() for text in spelt))
    queries = [
        Suggestion(context.before + phrase.text, "query", len(context.before) + phrase.typed)
        for context, phrase in found
    ]
    room = limit - min(len(named), TITLES, limit // 2)
    chosen: dict[str, Suggestion] = {}
    for suggestion in (*queries[:room], *named, *queries[room:]):
        chosen.setdefault(suggestion.text.casefold(), suggestion)
    whole = " ".join(text.split()).casefold()
    return tuple(s for folded, s in chosen.items() if folded != whole)[:limit]


def _understood(
    commit: Commit, words: Words, typed: Typed
) -> tuple[Typed, list[tuple[Typed, Phrase]]]:
    """What was typed as it is understood, and phrases that go on from it, each with the context
    that it follows: all of it if any document has that, or else as much as one has."""
    for meant in readings(commit.interpreter, typed):
        found = phrases(commit, words, meant)
        if found:
            return meant, [(meant, phrase) for phrase in _varied(found)]
    context = typed.shortened()
    while context is not None:
        found = phrases(commit, words, context)
        if found:
            return typed, [(context, phrase) for phrase in _varied(found)]
        context = context.shortened()
    return typed, []


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
