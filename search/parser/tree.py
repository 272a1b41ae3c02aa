"""Readings → Whoosh query trees, the common form that every engine understands.

    (required  AndMaybe  optional)  AndNot  excluded

*Required* decides what is found: the folded syllables, so that marks never hide a document. In
exact mode they are the accented ones, so that nothing else is found. *Optional* only ranks: the
marks as typed, neighbouring syllables (`pairs`), the title.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from enum import IntEnum
from itertools import chain, pairwise
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
from search.parser.boosts import Boosts, Pair, is_foreign, neighbours
from search.queries import AtLeast
from search.ranking import FIELD_WEIGHTS, FieldWeights

SHORT = 4
"""Distinct syllables of a short query: Vietnamese words are two syllables more often than not, so
this is a query of about two words. It is relaxed only when nothing has all of them."""
MOST = 0.6
"""The share of the syllables of a query that MOST requires."""
SOME, SOME_AT_LEAST = 0.2, 2
"""The share of the syllables and pairs that SOME requires, and how many at least. What the words
of a question are rarely all in what answers it: on judged sets .2 costs nothing, .3 up to .01 of
the mean reciprocal rank. A pair that is there counts with its syllables: three of them. A foreign
word has but one, and counts with its spelling."""
TELLING = 0.8
"""Weight of the syllables that SOME counts."""
OTHER_NAME = 0.5
"""What the pairs of another name count, beside those typed."""
NAME_SYLLABLES = 4
"""Plain queries of up to this many distinct syllables may also be the name of an author."""

Done = Set[tuple[str, str]]
"""Terms that a tree has already: fields and texts."""

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
        boosts = Boosts(self.weights, reading)
        required = [self.sequence(sequence, boosts) for sequence in reading.required]
        required += [_days(days, scored=False) for days in reading.days]
        free = strictness is Strictness.ANY and any(not s.field for s in reading.required)
        if boosts.content and not free:
            required.insert(0, self.words(reading, boosts, strictness))
        if not (boosts.words or reading.required):
            # Nothing that could score: every document of the days asked for is as good.
            required = [_days(days, scored=True) for days in reading.days] or [Every()]
        tree = _joined(And, required)
        # What is required scores there. Beside a phrase, which must be there anyhow, ANY requires
        # no word: let the phrase find what it finds without them.
        done = {(term.fieldname, term.text) for term in _terms_of(tree)}
        if optional := self.scored(reading, boosts, done):
            tree = AndMaybe(tree, _joined(Or, optional))
        excluded = [self.sequence(sequence, boosts, scored=False) for sequence in reading.excluded]
        excluded += [_days(days, scored=False) for days in reading.excluded_days]
        return AndNot(tree, _joined(Or, excluded)) if excluded else tree

    def words(self, reading: r.Reading, boosts: Boosts, strictness: Strictness) -> Query:
        """What the plain words require; those that only ask need not be there."""
        content = [s for s in boosts.words if s.folded in boosts.content]
        if strictness is Strictness.ALL:
            tight = [self.pair(pair, boosts) for pair in _tight_pairs(reading.runs)]
            whole = _joined(And, [*self.expanded(content, reading, boosts), *tight])
            return self.or_author(whole, boosts.words)
        syllables = self.terms(content, boosts)
        also = [self.other(each) for each in reading.expanded]
        if strictness is Strictness.ANY:
            return _joined(Or, [*syllables, *also])
        counted, minimum = [*syllables, *also], ceil(MOST * len(syllables))
        if strictness is Strictness.SOME:
            telling = [s for s in content if s.weight >= TELLING]
            if len(telling) >= SOME_AT_LEAST:
                syllables = self.terms(telling, boosts)
            pairs = [self.pair(pair, boosts) for pair in boosts.content_pairs]
            minimum = max(SOME_AT_LEAST, int(SOME * (len(syllables) + len(pairs))))
            minimum = min(len(syllables), minimum)
            foreign = [s for s in telling if is_foreign(s.folded)]
            spelled = [each for s in foreign for each in boosts.accented(s)]
            counted = [*syllables, *pairs, *_terms("accented", spelled), *also]
        return AtLeast(counted, minimum) if len(counted) > 1 else counted[0]

    def expanded(
        self, words: Sequence[r.Syllable], reading: r.Reading, boosts: Boosts
    ) -> list[Query]:
        """One query for each of the words, and for all those together that have another name."""
        left = {s.folded: query for s in words for query in self.terms([s], boosts)}
        together = []
        for each in reading.expanded:
            if all(key in left for key in each.folded):
                named = [left.pop(key) for key in dict.fromkeys(each.folded)]
                together.append(Or([_joined(And, named), self.other(each)]))
        return [*left.values(), *together]

    def other(self, expanded: r.Expanded) -> Query:
        """The other name: a term, which counts for all that it stands for; or the pairs of a longer
        one."""
        keys = [s.folded for s in expanded.other]
        if len(keys) == 1:
            boost = self.weights.folded * expanded.weight * len(expanded.folded)
            return Term(self.body, keys[0], boost=boost)
        boost = self.weights.pairs * expanded.weight * OTHER_NAME
        return _joined(And, [Term("pairs", f"{a}_{b}", boost=boost) for a, b in pairwise(keys)])

    def or_author(self, found: Query, words: Sequence[r.Syllable]) -> Query:
        if len(words) > NAME_SYLLABLES:
            return found
        names: list[Query] = [Term("author", s.folded) for s in words]
        return Or([found, _joined(And, names)])

    def terms(self, words: Sequence[r.Syllable], boosts: Boosts) -> list[Query]:
        """One query a syllable: its term, or whatever may have been meant by it."""
        made, keys = boosts.queries, [self.key(s) for s in words]
        fresh = [s for s, key in zip(words, keys, strict=True) if key not in made]
        if fresh:
            others = {self.key(s): s.others for s in fresh}
            for term in _terms(self.body, [(self.key(s), boosts.folded(s)) for s in fresh]):
                made[term.text] = _with_others(term, others[term.text])
        return [made[key] for key in dict.fromkeys(keys) if key in made]

    def pair(self, pair: Pair, boosts: Boosts) -> Query:
        return Term("pairs", "_".join(pair), boost=boosts.pair(pair))

    def scored(self, reading: r.Reading, boosts: Boosts, done: Done) -> list[Query]:
        """All that adds to the score, for the plain words and the quoted phrases alike."""
        words = chain(*map(_terms_of, self.terms(boosts.words, boosts)))
        pairs = [("_".join(pair), boosts.pair(pair)) for pair in boosts.pairs]
        titles = [(self.key(s), boosts.title(s)) for s in boosts.syllables]
        return [
            *(term for term in words if (term.fieldname, term.text) not in done),
            *_terms("accented", self.spellings(boosts), done),
            *_terms("pairs", pairs, done),
            *_terms(self.title, titles, done),
            *_terms("words", self.compounds(reading), done),
        ]

    def spellings(self, boosts: Boosts) -> list[tuple[str, float]]:
        return [each for s in boosts.syllables for each in boosts.accented(s)]

    def compounds(self, reading: r.Reading) -> list[tuple[str, float]]:
        if not self.weights.words:
            return []
        texts = (" ".join(s.typed for word in run for s in word) for run in reading.runs)
        keys = (key for text in texts for key in segmenter().compounds(text))
        return [(key, self.weights.words) for key in keys]

    def sequence(self, sequence: r.Sequence, boosts: Boosts, *, scored: bool = True) -> Query:
        """Syllables side by side in a field; or any of the others that will do."""
        if sequence.others:
            any_of = (sequence.syllables, *sequence.others)
            return Or([self.sequence(r.Sequence(each), boosts, scored=scored) for each in any_of])
        field = {"": self.body, "title": self.title}.get(sequence.field, sequence.field)
        whole = sequence.syllables[:-1] if sequence.prefix else sequence.syllables
        parts: list[Query] = [self.phrase(field, whole, boosts, scored=scored)] if whole else []
        if sequence.prefix:
            last = sequence.syllables[-1]
            stems = accented_stems(last) if field in _ACCENTED_FIELDS else folded_stems(last)
            parts.append(_joined(Or, [Prefix(field, stem) for stem in stems]))
        return _joined(And, parts)

    def phrase(
        self, field: str, syllables: Sequence[r.Syllable], boosts: Boosts, *, scored: bool
    ) -> Query:
        if field == "folded" and len(syllables) == 2:
            # The pair is indexed as a term: the same documents, without reading positions.
            pair = self.pair((syllables[0].folded, syllables[1].folded), boosts)
            return And([*self.terms(syllables, boosts), pair]) if scored else pair
        keys = [s.accented if field in _ACCENTED_FIELDS else s.folded for s in syllables]
        return Phrase(field, keys) if len(keys) > 1 else Term(field, keys[0])


class _Exact(_Folded):
    """Marks are binding: only accented terms are required, and all of them always."""

    body, title = "accented", "title_accented"

    def __init__(self, weights: FieldWeights) -> None:
        # Every spelling is known here, and none counts more for having marks.
        super().__init__(replace(weights, unmarked=weights.accented))

    def key(self, syllable: r.Syllable) -> str:
        return syllable.accented

    def strictness(self, asked: Strictness) -> Strictness:
        return Strictness.ALL

    def or_author(self, found: Query, words: Sequence[r.Syllable]) -> Query:
        return found

    def spellings(self, boosts: Boosts) -> list[tuple[str, float]]:
        return []


def folded_stems(syllable: r.Syllable) -> Iterable[str]:
    """What a prefix may begin with: i/y is unified in whole syllables, but `ki*` is half of one."""
    return dict.fromkeys((syllable.folded, fold_key(syllable.typed)))


def accented_stems(syllable: r.Syllable) -> Iterable[str]:
    """The same with marks, whose place `hoà*` cannot know yet."""
    return dict.fromkeys((syllable.accented, syllable.typed))


def _tight_pairs(runs: list[list[tuple[r.Syllable, ...]]]) -> list[Pair]:
    """Neighbours that came from one token, as in COVID-19."""
    return list(dict.fromkeys(pair for run in runs for word in run for pair in neighbours(word)))


def _days(days: tuple[int, int], *, scored: bool) -> Query:
    """Documents published on these days, and those that tell of them."""
    first, last = days
    published = NumericRange("date", first, last)
    mentioned = TermRange("mentioned", f"{first:08}", f"{last:08}")
    return ConstantScoreQuery(Or([published, mentioned]), 1.0 if scored else 0.0)


def _with_others(term: Term, others: Sequence[tuple[str, float]]) -> Query:
    more = [Term(term.fieldname, key, boost=term.boost * share) for key, share in others]
    return Or([term, *more]) if more else term


def _terms(field: str, keys: Iterable[tuple[str, float]], done: Done = frozenset()) -> list[Term]:
    """Terms of a field but for those done, each once and with its highest boost; none of those
    without any."""
    boosts: dict[str, float] = {}
    for key, boost in keys:
        if boost > boosts.setdefault(key, 0.0):
            boosts[key] = boost
    return [
        Term(field, key, boost=boost)
        for key, boost in boosts.items()
        if boost and (field, key) not in done
    ]


def _terms_of(tree: Query) -> list[Term]:
    if isinstance(tree, Term):
        return [tree]
    return [term for child in tree.children() for term in _terms_of(child)]


def _joined(kind: type[And] | type[Or], queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else kind(queries)
