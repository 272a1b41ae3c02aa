"""Clauses → readings: what one alternative of a query asks for, in syllables.

The same `syllables()` that cut the documents cuts the query, so a token such as `COVID-19` or
`2500/QĐ-BGDĐT` becomes several syllables, remembered as standing side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from index.analysis import syllables as analysis
from index.analysis.syllables import syllables
from index.metadata.provinces import widened
from search.parser.dates import day_range
from search.parser.lexer import Clause

MAX_SYLLABLES = 64
"""Syllables read from one query; the rest is ignored, as it would hardly change the ranking."""
MAX_PREFIXES = 8
"""Prefixes expanded in one query; further ones are read as plain words."""


class Syllable(NamedTuple):
    """A syllable of the query as the index spells it, without marks and with; and as typed.

    An interpreted one has `spellings`: accented keys of the same letters that were meant, with
    their probabilities; and `others`: other folded keys that may have been meant. `weight` is less
    than 1 for the most common syllables of all, which say little.
    """

    folded: str
    accented: str
    typed: str
    spellings: tuple[tuple[str, float], ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    weight: float = 1.0


class Sequence(NamedTuple):
    """Syllables that must stand side by side, in the text or in one field of it.

    With `prefix`, the last one is only the beginning of a syllable. Any of `others` will do as
    well.
    """

    syllables: tuple[Syllable, ...]
    field: str = ""
    prefix: bool = False
    others: tuple[tuple[Syllable, ...], ...] = ()


class Expanded(NamedTuple):
    """Plain words, by their folded keys, and what they may also be called; `weight` is up to 1."""

    folded: tuple[str, ...]
    other: tuple[Syllable, ...]
    weight: float


@dataclass(slots=True)
class Reading:
    """One alternative of a query.

    `runs` are the plain words: each run is a stretch of words next to each other in the query, each
    word its syllables. `days` are ranges of YYYYMMDD numbers, every one of which must hold.
    `expanded` are other names for some of the plain words.
    """

    runs: list[list[tuple[Syllable, ...]]] = field(default_factory=list)
    required: list[Sequence] = field(default_factory=list)
    excluded: list[Sequence] = field(default_factory=list)
    days: list[tuple[int, int]] = field(default_factory=list)
    excluded_days: list[tuple[int, int]] = field(default_factory=list)
    expanded: list[Expanded] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.runs or self.required or self.excluded or self.days or self.excluded_days)


class Supply:
    """The syllables of one query, dealt out to its clauses in order, within the limits."""

    def __init__(
        self, found: Iterable[analysis.Syllable], understood: Mapping[int, Syllable]
    ) -> None:
        """`understood` replaces syllables, by where they start in the text."""
        self.prefixes = MAX_PREFIXES
        self._syllables = list(found)
        self._understood = understood
        self._next = 0

    def take(self, clause: Clause) -> tuple[Syllable, ...]:
        """The syllables of `clause`; clauses come in the order of the query."""
        taken = []
        for at in range(self._next, len(self._syllables)):
            s = self._syllables[at]
            if s.end > clause.end:
                break
            self._next = at + 1
            if s.start >= clause.start:
                taken.append(self._understood.get(s.start) or _typed(s))
        return tuple(taken)


def is_plain(clause: Clause) -> bool:
    """Whether it is a word of no special meaning."""
    return not (clause.quoted or clause.excluded or clause.field or clause.prefix)


def read(clauses: list[Clause], supply: Supply) -> Reading:
    """Sort the clauses of one alternative by what they ask for."""
    reading = Reading()
    in_run = False
    for clause in clauses:
        days = day_range(clause.text) if clause.field == "date" else None
        if days is not None:
            (reading.excluded_days if clause.excluded else reading.days).append(days)
            in_run = False
            continue
        word = supply.take(clause)
        if not word:  # punctuation alone, as in "Hà Giang – Việt Nam", does not part its neighbours
            continue
        field_name = clause.field if clause.field != "date" else ""
        prefix = clause.prefix and supply.prefixes > 0
        if clause.quoted or clause.excluded or field_name or prefix or clause.widened:
            supply.prefixes -= prefix
            others = _merged(clause) if clause.widened else ()
            sequence = Sequence(word, field_name, prefix, others)
            (reading.excluded if clause.excluded else reading.required).append(sequence)
            in_run = False
        elif in_run:
            reading.runs[-1].append(word)
        else:
            reading.runs.append([word])
            in_run = True
    return reading


def _merged(clause: Clause) -> tuple[tuple[Syllable, ...], ...]:
    """What the province that `clause` names was merged with in 2025; nothing for other words."""
    return tuple(tuple(map(_typed, syllables(name))) for name in widened(clause.text)[1:])


def _typed(syllable: analysis.Syllable) -> Syllable:
    return Syllable(syllable.folded, syllable.accented, syllable.surface.lower())
