"""What a query asks for: query text → clauses (lexer) → readings → a Whoosh query tree.

No text is an error. What is malformed is searched as plain words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whoosh.query import Query

from index.analysis.normalize import nfc
from search.occurrences import HighlightSpec, Needle, Stem
from search.parser import tree
from search.parser.lexer import alternatives
from search.parser.reading import Reading, Sequence, Supply, read
from search.parser.tree import Strictness
from search.request import Mode

__all__ = ["ParsedQuery", "Strictness", "parse"]


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
        """The tree to search first; a short query must match in full, a longer one for the most."""
        return tree.build(self.readings, self._first(), exact=self.exact)

    def trees(self, *, all_words: bool = False) -> Iterator[Query]:
        """`tree`, then ever looser ones to try when nothing is found.

        With `all_words` the first one requires every word, however many they are: right for
        an order in which the best hits do not come first.
        """
        first = Strictness.ALL if all_words else self._first()
        last = Strictness.ANY if any(reading.runs for reading in self.readings) else first
        for strictness in Strictness if not self.exact else (Strictness.ALL,):
            if first <= strictness <= last or strictness == first:
                yield tree.build(self.readings, strictness, exact=self.exact)

    def _first(self) -> Strictness:
        distinct = max(
            (
                len({s.folded for run in r.runs for word in run for s in word})
                for r in self.readings
            ),
            default=0,
        )
        short = self.exact or distinct <= tree.ALL_REQUIRED_UP_TO
        return Strictness.ALL if short else Strictness.MOST


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
