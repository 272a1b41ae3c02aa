"""Readings → Whoosh query trees, the common form that every engine understands.

    (required  AndMaybe  optional)  AndNot  excluded

*Required* decides what is found: the folded syllables, so that marks never hide a document. In
exact mode they are the accented ones, so that nothing else is found. *Optional* only ranks: the
marks as typed, neighbouring syllables (`pairs`), the title.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import pairwise
from math import ceil

from whoosh.query import (
    And,
    AndMaybe,
    AndNot,
    ConstantScoreQuery,
    Every,
    NullQuery,
    NumericRange,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    TermRange,
)

from index.analysis.fold import fold_key
from index.analysis.words import segmenter
from search.parser import reading as r
from search.queries import AtLeast
from search.ranking import FIELD_WEIGHTS, FieldWeights

SHORT = 4
"""Distinct syllables of a short query: Vietnamese words are two syllables more often than not, so
this is a query of about two words. It is relaxed only when nothing has all of them."""
MOST = 0.6
"""The share of the syllables of a query that MOST requires."""
SOME, SOME_PER = 2, 4
"""SOME requires so many syllables of the shortest query that is not short, and another for every
SOME_PER more: 2 of 5, 3 of 9, 5 of 17. On judged sets (1,400 questions on law, persons, things)
this costs .003 of the mean reciprocal rank at most; a share of .6 would cost .01 to .12."""
NAME_SYLLABLES = 4
"""Plain queries of up to this many distinct syllables may also be the name of an author."""

_ACCENTED_FIELDS = ("accented", "title_accented")


class Strictness(IntEnum):
    """How many of the plain words must match. Phrases, fields, exclusions are never relaxed."""

    ALL = 0
    MOST = 1
    SOME = 2
    ANY = 3


def build(
    readings: Sequence[r.Reading],
    strictness: Strictness,
    *,
    exact: bool,
    weights: FieldWeights = FIELD_WEIGHTS,
) -> Query:
    """The tree of all alternatives together; NullQuery if there is nothing to look for."""
    builder = _Exact(weights) if exact else _Folded(weights)
    trees = [builder.tree(reading, strictness) for reading in readings if not reading.empty]
    return _joined(Or, trees) if trees else NullQuery


class _Folded:
    """How trees are built in auto mode; `_Exact` says what differs when marks are binding."""

    body, title = "folded", "title"

    def __init__(self, weights: FieldWeights) -> None:
        self.weights = weights

    def key(self, syllable: r.Syllable) -> str:
        return syllable.folded

    def strictness(self, asked: Strictness) -> Strictness:
        return asked

    def tree(self, reading: r.Reading, strictness: Strictness) -> Query:
        strictness = self.strictness(strictness)
        required = [self.sequence(sequence) for sequence in reading.required]
        required += [_days(days, scored=False) for days in reading.days]
        words = list(dict.fromkeys(s for run in reading.runs for word in run for s in word))
        optional = self.optional(reading, strictness)
        if words and strictness is Strictness.ANY and any(not s.field for s in reading.required):
            # A phrase must be there anyhow: let it find what it finds without the words.
            optional = [*self.terms(words), *optional]
        elif words:
            required.insert(0, self.words(words, reading, strictness))
        if not (words or reading.required):
            # Nothing that could score: every document of the days asked for is as good.
            required = [_days(days, scored=True) for days in reading.days] or [Every()]
        tree = _joined(And, required)
        if optional:
            tree = AndMaybe(tree, _joined(Or, optional))
        excluded = [self.sequence(sequence, scored=False) for sequence in reading.excluded]
        excluded += [_days(days, scored=False) for days in reading.excluded_days]
        return AndNot(tree, _joined(Or, excluded)) if excluded else tree

    def words(
        self, words: Sequence[r.Syllable], reading: r.Reading, strictness: Strictness
    ) -> Query:
        """What the plain words require; `words` are their distinct syllables."""
        terms = self.terms(words)
        if strictness is Strictness.ANY:
            return _joined(Or, terms)
        if strictness is not Strictness.ALL and len(terms) > 1:
            return AtLeast(terms, _minimum(len(terms), strictness))
        side_by_side = [self.pair(*pair) for pair in _tight_pairs(reading.runs)]
        return self.or_author(_joined(And, [*terms, *side_by_side]), words)

    def or_author(self, found: Query, words: Sequence[r.Syllable]) -> Query:
        if len(words) > NAME_SYLLABLES:
            return found
        names: list[Query] = [Term("author", s.folded) for s in words]
        return Or([found, _joined(And, names)])

    def terms(self, words: Sequence[r.Syllable]) -> list[Query]:
        boost = self.weights.folded
        return [Term(self.body, key, boost=boost) for key in dict.fromkeys(map(self.key, words))]

    def scored(self, field: str, keys: Iterable[str]) -> list[Query]:
        """The distinct keys as optional terms of `field`; none if it has no weight."""
        weight: float = getattr(self.weights, field)
        return [Term(field, key, boost=weight) for key in dict.fromkeys(keys)] if weight else []

    def pair(self, left: str, right: str) -> Query:
        return Term("pairs", f"{left}_{right}", boost=self.weights.pairs)

    def optional(self, reading: r.Reading, strictness: Strictness) -> list[Query]:
        """What only ranks, for the plain words and the quoted phrases alike."""
        phrases = [s.syllables for s in reading.required if not (s.field or s.prefix)]
        runs = [[s for word in run for s in word] for run in reading.runs]
        syllables = list(dict.fromkeys(s for run in (*runs, *phrases) for s in run))
        pairs = dict.fromkeys(pair for run in (*runs, *phrases) for pair in _neighbours(run))
        if strictness is Strictness.ALL:  # then these are required, and score there
            for pair in _tight_pairs(reading.runs):
                pairs.pop(pair, None)
        for pair in self.required_pairs(phrases):
            pairs.pop(pair, None)
        return [
            *self.marks(syllables),
            *self.scored("pairs", map("_".join, pairs)),
            *self.scored(self.title, map(self.key, syllables)),
            *self.compounds(reading),
        ]

    def compounds(self, reading: r.Reading) -> list[Query]:
        if not self.weights.words:
            return []
        texts = (" ".join(s.typed for word in run for s in word) for run in reading.runs)
        return self.scored("words", (key for text in texts for key in segmenter().compounds(text)))

    def required_pairs(self, phrases: Sequence[Sequence[r.Syllable]]) -> set[tuple[str, str]]:
        """The pairs that stand for whole phrases in the required part, and score there."""
        return {pair for phrase in phrases if len(phrase) == 2 for pair in _neighbours(phrase)}

    def marks(self, syllables: Sequence[r.Syllable]) -> list[Query]:
        """The spelling as typed; nothing if no mark was typed, as then marks mean nothing."""
        if all(s.accented == s.folded for s in syllables):
            return []
        keys = [s.accented for s in syllables]
        return [*self.scored("accented", keys), *self.scored("title_accented", keys)]

    def sequence(self, sequence: r.Sequence, *, scored: bool = True) -> Query:
        """Syllables side by side in a field; or any of the others that will do."""
        if sequence.others:
            any_of = (sequence.syllables, *sequence.others)
            return Or([self.sequence(r.Sequence(each), scored=scored) for each in any_of])
        field = {"": self.body, "title": self.title}.get(sequence.field, sequence.field)
        whole = sequence.syllables[:-1] if sequence.prefix else sequence.syllables
        parts: list[Query] = [self.phrase(field, whole, scored=scored)] if whole else []
        if sequence.prefix:
            last = sequence.syllables[-1]
            stems = accented_stems(last) if field in _ACCENTED_FIELDS else folded_stems(last)
            parts.append(_joined(Or, [Prefix(field, stem) for stem in stems]))
        return _joined(And, parts)

    def phrase(self, field: str, syllables: Sequence[r.Syllable], *, scored: bool) -> Query:
        if field == "folded" and len(syllables) == 2:
            # The pair is indexed as a term: the same documents, without reading positions.
            pair = self.pair(syllables[0].folded, syllables[1].folded)
            return And([*self.terms(syllables), pair]) if scored else pair
        keys = [s.accented if field in _ACCENTED_FIELDS else s.folded for s in syllables]
        return Phrase(field, keys) if len(keys) > 1 else Term(field, keys[0])


class _Exact(_Folded):
    """Marks are binding: only accented terms are required, and all of them always."""

    body, title = "accented", "title_accented"

    def key(self, syllable: r.Syllable) -> str:
        return syllable.accented

    def strictness(self, asked: Strictness) -> Strictness:
        return Strictness.ALL

    def or_author(self, found: Query, words: Sequence[r.Syllable]) -> Query:
        return found

    def marks(self, syllables: Sequence[r.Syllable]) -> list[Query]:
        return []

    def required_pairs(self, phrases: Sequence[Sequence[r.Syllable]]) -> set[tuple[str, str]]:
        return set()


def _minimum(syllables: int, strictness: Strictness) -> int:
    if strictness is Strictness.SOME and syllables > SHORT:
        return SOME + (syllables - SHORT - 1) // SOME_PER
    return ceil(MOST * syllables)


def folded_stems(syllable: r.Syllable) -> Iterable[str]:
    """What a prefix may begin with: i/y is unified in whole syllables, but `ki*` is half of one."""
    return dict.fromkeys((syllable.folded, fold_key(syllable.typed)))


def accented_stems(syllable: r.Syllable) -> Iterable[str]:
    """The same with marks, whose place `hoà*` cannot know yet."""
    return dict.fromkeys((syllable.accented, syllable.typed))


def _neighbours(run: Sequence[r.Syllable]) -> list[tuple[str, str]]:
    keys = [s.folded for s in run]
    return list(pairwise(keys))


def _tight_pairs(runs: list[list[tuple[r.Syllable, ...]]]) -> list[tuple[str, str]]:
    """Neighbours that came from one token, as in COVID-19."""
    return list(dict.fromkeys(pair for run in runs for word in run for pair in _neighbours(word)))


def _days(days: tuple[int, int], *, scored: bool) -> Query:
    """Documents published on these days, and those that tell of them."""
    first, last = days
    published = NumericRange("date", first, last)
    mentioned = TermRange("mentioned", f"{first:08}", f"{last:08}")
    return ConstantScoreQuery(Or([published, mentioned]), 1.0 if scored else 0.0)


def _joined(kind: type[And] | type[Or], queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else kind(queries)
