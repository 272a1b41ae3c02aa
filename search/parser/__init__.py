"""What a query asks for: query text → clauses (lexer) → readings → a Whoosh query tree.

No text is an error. What is malformed is searched as plain words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from whoosh.query import Query

from index.analysis.fold import fold_key
from index.analysis.normalize import nfc
from index.analysis.syllables import Syllable, syllables
from search.interpret.expansion import expansions
from search.interpret.interpreter import Interpreter
from search.occurrences import HighlightSpec
from search.parser import marking, tree
from search.parser.freshness import favoured
from search.parser.lexer import Clause, alternatives
from search.parser.marking import Idf
from search.parser.reading import MAX_SYLLABLES, Expanded, Reading, Supply, is_plain, read
from search.parser.reading import Syllable as Meant
from search.parser.tree import Strictness
from search.parser.understanding import literal, understand
from search.request import Mode

__all__ = ["ParsedQuery", "parse"]


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query understood.

    `interpretation` is the query as it was understood, if not as typed. `corrected` is what was
    probably meant if there is a slip in it: to be searched when the query as typed finds little.
    With `newest`, the day of the newest text, newer texts are favoured.
    """

    readings: tuple[Reading, ...]
    exact: bool
    interpretation: str | None = None
    corrected: ParsedQuery | None = None
    newest: date | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not self.readings

    @property
    def highlight(self) -> HighlightSpec:
        """What to mark in the documents found."""
        return marking.highlight(self.readings, exact=self.exact)

    def weighed(self, idf: Idf) -> HighlightSpec:
        """The same, with what each of the plain words counts for how close together they stand."""
        return marking.weighed(self.readings, idf, exact=self.exact)

    @property
    def only_filters(self) -> bool:
        """Whether it holds fields, days or exclusions, but nothing to look for in the text."""
        return not any(
            reading.runs or any(not s.field for s in reading.required) for reading in self.readings
        )

    @property
    def tree(self) -> Query:
        """The strictest tree: all words required."""
        return tree.build(self.readings, Strictness.ALL, exact=self.exact)

    def trees(self, *, by_date: bool = False) -> Iterator[Query]:
        """Trees to try in turn, ever looser in the plain words, until one finds something.

        In exact mode, and without plain words, there is only one. A long query starts loose: texts
        that answer a question rarely have all its words, and long texts have them all by chance. By
        date the best hits do not come first, so there a loose tree would bury them: it is the last
        resort.
        """
        for strictness in self._ladder(by_date):
            yield self._tree(strictness)

    def choose(
        self, total: Callable[[Query], int], *, by_date: bool = False
    ) -> tuple[Strictness, Query]:
        """The first of `trees` that finds something, `total` being how many hits a tree has; the
        last if none does.
        """
        for strictness in self._ladder(by_date):
            chosen = strictness, self._tree(strictness)
            if total(chosen[1]):
                break
        return chosen

    def _tree(self, strictness: Strictness) -> Query:
        built = tree.build(self.readings, strictness, exact=self.exact)
        if self.newest is None or not self.readings:
            return built
        words = max(sum(map(len, chain(*reading.runs))) for reading in self.readings)
        return favoured(built, self.newest, words)

    def _ladder(self, by_date: bool) -> tuple[Strictness, ...]:
        if self.exact or not any(reading.runs for reading in self.readings):
            return (Strictness.ALL,)
        if by_date or self._short:
            return (Strictness.ALL, Strictness.MOST, Strictness.ANY)
        return (Strictness.SOME, Strictness.ANY)

    @property
    def _short(self) -> bool:
        plain = ([s.folded for run in r.runs for word in run for s in word] for r in self.readings)
        return self.exact or all(len(set(keys)) <= tree.SHORT for keys in plain)


def parse(text: str, mode: Mode = "auto", interpreter: Interpreter | None = None) -> ParsedQuery:
    """Read `text` in the query language; in mode `auto`, as `interpreter` understands it."""
    text = nfc(text)
    clauses = alternatives(text)
    found = syllables(text)[:MAX_SYLLABLES]
    if interpreter is None or mode == "exact":
        return ParsedQuery(_readings(clauses, found, {}), exact=mode == "exact")
    if mode == "raw":
        return ParsedQuery(_readings(clauses, found, literal(found, interpreter)), exact=False)
    flat = [clause for some in clauses for clause in some if not clause.prefix]
    words = _within(flat, found)
    asked = list(filter(is_plain, flat))
    plain = {s.start for s in (words if len(asked) == len(flat) else _within(asked, words))}
    as_typed, meant = understand(text, words, plain, interpreter)
    corrected = None
    if meant is not None:
        readings = _readings(clauses, found, meant.syllables)
        _expand(readings, interpreter)
        corrected = ParsedQuery(readings, exact=False, interpretation=meant.text)
    readings = _readings(clauses, found, as_typed.syllables)
    _expand(readings, interpreter)
    return ParsedQuery(readings, False, as_typed.text, corrected)


def _within(clauses: Iterable[Clause], found: list[Syllable]) -> list[Syllable]:
    """The syllables that begin within one of the clauses; both come in the order of the query."""
    starts = [syllable.start for syllable in found]
    places = ((bisect_left(starts, c.start), bisect_left(starts, c.end)) for c in clauses)
    return [syllable for first, last in places for syllable in found[first:last]]


def _readings(
    clauses: list[list[Clause]], found: list[Syllable], understood: Mapping[int, Meant]
) -> tuple[Reading, ...]:
    supply = Supply(found, understood)
    return tuple(reading for some in clauses if not (reading := read(some, supply)).empty)


def _expand(readings: Iterable[Reading], interpreter: Interpreter) -> None:
    """Add the other names of its words to the readings of a query that were just made."""
    for reading in readings:
        for run in reading.runs:
            row = [syllable for word in run for syllable in word]
            for start, end, other, weight in expansions([s.accented for s in row], interpreter):
                covered = tuple(syllable.folded for syllable in row[start:end])
                meant = tuple(Meant(fold_key(key), key, key) for key in other)
                reading.expanded.append(Expanded(covered, meant, weight))
