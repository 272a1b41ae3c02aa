"""What a query asks for: query text → clauses (lexer) → readings → a Whoosh query tree.

No text is an error. What is malformed is searched as plain words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from whoosh.query import Query

from index.analysis.normalize import nfc
from search.occurrences import HighlightSpec, Needle, Stem
from search.parser import tree
from search.parser.lexer import alternatives
from search.parser.reading import Reading, Sequence, Supply, read
from search.parser.tree import Strictness
from search.request import Mode

__all__ = ["ENOUGH", "ParsedQuery", "parse"]

ENOUGH = 10
"""Hits with all words of a longer query that are taken for all that matters: a page of them."""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query understood. `highlight` says what to mark in the documents found."""

    readings: tuple[Reading, ...]
    exact: bool
    highlight: HighlightSpec

    @property
    def empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not self.readings

    @property
    def only_filters(self) -> bool:
        """Whether it holds fields, days or exclusions, but nothing to look for in the text."""
        return not any(
            reading.runs or any(not s.field for s in reading.required) for reading in self.readings
        )

    @property
    def tree(self) -> Query:
        """The strictest tree: all words required."""
        return next(self.trees())

    def trees(self, *, by_date: bool = False) -> Iterator[Query]:
        """Trees to try in turn, ever looser in the plain words, until one finds enough.

        In exact mode, and without plain words, there is only one. By date the best hits do not
        come first, so there a loose tree would bury them: it is the last resort.
        """
        for strictness in self._ladder(by_date):
            yield tree.build(self.readings, strictness, exact=self.exact)

    def choose(
        self, total: Callable[[Query], int], *, by_date: bool = False
    ) -> tuple[Strictness, Query]:
        """The first of `trees` that finds enough, `total` being how many hits a tree has; the last
        if none does.
        """
        enough = self.enough(by_date=by_date)
        for strictness in self._ladder(by_date):
            chosen = strictness, tree.build(self.readings, strictness, exact=self.exact)
            if total(chosen[1]) >= enough:
                break
            enough = 1
        return chosen

    def enough(self, *, by_date: bool = False) -> int:
        """How many hits of the first of `trees` make the others unnecessary; of those, one does.

        One is enough for a short query. A longer one is rarely matched in full by what answers it
        best, unless many documents do: then the ranking is theirs, and so is the total.
        """
        return 1 if by_date or self._short else ENOUGH

    def _ladder(self, by_date: bool) -> tuple[Strictness, ...]:
        if self.exact or not any(reading.runs for reading in self.readings):
            return (Strictness.ALL,)
        middle = Strictness.MOST if by_date or self._short else Strictness.SOME
        return (Strictness.ALL, middle, Strictness.ANY)

    @property
    def _short(self) -> bool:
        plain = ([s.folded for run in r.runs for word in run for s in word] for r in self.readings)
        return self.exact or all(len(set(keys)) <= tree.SHORT for keys in plain)


def parse(text: str, mode: Mode = "auto") -> ParsedQuery:
    """Read `text` in the query language. Modes `auto` and `raw` differ only in interpretation."""
    text = nfc(text)
    supply = Supply(text)
    readings = [read(clauses, supply) for clauses in alternatives(text)]
    readings = [reading for reading in readings if not reading.empty]
    exact = mode == "exact"
    return ParsedQuery(tuple(readings), exact, _highlight(readings, exact=exact))


def _highlight(readings: list[Reading], *, exact: bool) -> HighlightSpec:
    """What to mark: words, phrases and prefixes wherever they stand, `title:` in titles."""
    sequences = [
        sequence
        for reading in readings
        for sequence in (
            *(Sequence(word) for run in reading.runs for word in run),
            *(s for s in reading.required if s.field in ("", "title")),
            *(Sequence(other) for s in reading.required for other in s.others),
        )
    ]
    return HighlightSpec(tuple(dict.fromkeys(map(_needle, sequences))), exact=exact)


def _needle(sequence: Sequence) -> Needle:
    stems = [Stem((s.folded,), (s.accented,)) for s in sequence.syllables]
    if sequence.prefix:
        last = sequence.syllables[-1]
        stems[-1] = Stem(
            tuple(tree.folded_stems(last)), tuple(tree.accented_stems(last)), prefix=True
        )
    return Needle(tuple(stems), title_only=sequence.field == "title")
