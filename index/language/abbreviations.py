"""What abbreviations stand for in an index: those that its documents define, and common ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from index.analysis.abbreviations import Definition, parse_term
from index.analysis.fold import fold_key
from index.analysis.syllables import syllables
from index.codec.postings import FieldReader
from index.language.common_abbreviations import DOCUMENT_TYPES, OFFICES

FIELD: Final = "abbreviations"
"""The field whose terms are the definitions that a document holds."""

COMMON: Final = 10.0
"""A common abbreviation counts as much as being defined in so many documents."""

_DOUBT = 1.0  # documents that may define it otherwise: one alone gives a weight of a half
_LEAST_WEIGHT = 0.05


class Expansion(NamedTuple):
    """The other form, as accented keys, and how sure it is: between 0 and 1."""

    syllables: tuple[str, ...]
    weight: float


class Abbreviations:
    """Abbreviations both ways. Immutable; threads may share one."""

    def __init__(self, documents: Mapping[Definition, float]) -> None:
        """`documents`: in how many documents each definition stands."""
        self._longs = _by_key((d.short, d.long, count) for d, count in documents.items())
        self._shorts = _by_key((d.long, d.short, count) for d, count in documents.items())
        forms = [*self._longs, *self._shorts]
        self._longest: dict[str, int] = {}
        for form in forms:
            first, size = form.partition(" ")[0], form.count(" ") + 1
            self._longest[first] = max(size, self._longest.get(first, 0))

    def longest(self, first: str) -> int:
        """Syllables of the longest form, short or long, whose first one has this folded key."""
        return self._longest.get(first, 0)

    def longs(self, short: str) -> list[Expansion]:
        """What the abbreviation with these folded keys stands for (`hdnd`, `tp hcm`), the likeliest
        first.
        """
        return self._longs.get(short, [])

    def shorts(self, long: str) -> list[Expansion]:
        """How these folded keys are abbreviated (`hoi dong nhan dan`), the usual way first."""
        return self._shorts.get(long, [])


def read_abbreviations(fields: Iterable[FieldReader | None]) -> Abbreviations:
    """The abbreviations of an index: its segments' `FIELD` (None where a segment has none), and the
    common ones."""
    return count_abbreviations(
        (key.decode(), field.df(ordinal))
        for field in fields
        if field
        for ordinal, key in enumerate(field.keys(0, field.term_count))
    )


def count_abbreviations(terms: Iterable[tuple[str, int]]) -> Abbreviations:
    """The same from terms of `FIELD`, each with how many documents hold it.

    A definition in a single document counts only if the abbreviation has three letters or more:
    two letters fit too many words by chance.
    """
    documents: defaultdict[Definition, float] = defaultdict(float)
    for term, holding in terms:
        documents[parse_term(term)] += holding
    confirmed = {d: n for d, n in documents.items() if n > 1 or _letters(d.short) > 2}
    for definition, count in common().items():
        confirmed[definition] = confirmed.get(definition, 0.0) + count
    return Abbreviations(confirmed)


def common() -> dict[Definition, float]:
    """The abbreviations that need no definition, each with `COMMON`."""
    return {_definition(line): COMMON for line in (DOCUMENT_TYPES + OFFICES).split("\n") if line}


def _definition(line: str) -> Definition:
    short, _, long = line.partition(" ")
    return Definition(_keys(short), _keys(long))


def _keys(text: str) -> tuple[str, ...]:
    return tuple(syllable.accented for syllable in syllables(text))


def _letters(short: tuple[str, ...]) -> int:
    return sum(map(len, short))


def _by_key(
    pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...], float]],
) -> dict[str, list[Expansion]]:
    counts: defaultdict[str, defaultdict[tuple[str, ...], float]]
    counts = defaultdict(lambda: defaultdict(float))
    for form, other, count in pairs:
        counts[" ".join(map(fold_key, form))][other] += count
    return {key: _expansions(others) for key, others in counts.items()}


def _expansions(counts: Mapping[tuple[str, ...], float]) -> list[Expansion]:
    total = sum(counts.values()) + _DOUBT
    found = [Expansion(form, count / total) for form, count in counts.items()]
    found.sort(key=lambda expansion: (-expansion.weight, expansion.syllables))
    return [expansion for expansion in found if expansion.weight >= _LEAST_WEIGHT]
