"""Query nodes that Whoosh lacks, as Whoosh queries, so that any Whoosh searcher can run them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from whoosh.matching import NullMatcher
from whoosh.matching.mcore import Matcher, ReadTooFar
from whoosh.query import And, NullQuery, Or, Query
from whoosh.query.compound import CompoundQuery


class AtLeast(CompoundQuery):  # type: ignore[misc]
    """Documents that match at least `minimum` of the subqueries; those that match add their scores.

    `minimum=1` is Or, `minimum=len(subqueries)` is And. A subquery given twice counts twice.
    """

    JOINT = " AT-LEAST "

    def __init__(self, subqueries: Sequence[Query], minimum: int, boost: float = 1.0) -> None:
        CompoundQuery.__init__(self, subqueries, boost=boost)
        self.minimum = minimum

    def __repr__(self) -> str:
        boost = f", boost={self.boost}" if self.boost != 1.0 else ""
        return f"{type(self).__name__}({self.subqueries!r}, minimum={self.minimum}{boost})"

    def __str__(self) -> str:
        return f"({' '.join(str(query) for query in self.subqueries)})>={self.minimum}"

    def __eq__(self, other: object) -> bool:
        return (
            type(self) is type(other)
            and isinstance(other, AtLeast)
            and list(self.subqueries) == list(other.subqueries)
            and self.minimum == other.minimum
            and self.boost == other.boost
        )

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.minimum, self.boost, *self.subqueries))

    def apply(self, fn: Callable[[Query], Query]) -> AtLeast:
        return type(self)([fn(query) for query in self.subqueries], self.minimum, self.boost)

    def requires(self) -> set[Query]:
        if self.minimum < len(self.subqueries):
            return set()
        return set().union(*(query.requires() for query in self.subqueries))

    def normalize(self) -> Query:
        """The simplest query with the same documents and scores.

        Unlike Whoosh's compounds it neither merges nested nodes of its class nor drops repeated
        subqueries: both would change what `minimum` counts.
        """
        queries = [query.normalize() for query in self.subqueries]
        queries = [query for query in queries if query != NullQuery]
        if not queries or len(queries) < self.minimum:
            return NullQuery
        distinct = len(set(queries)) == len(queries)
        if distinct and (self.minimum <= 1 or len(queries) == 1):
            return Or(queries, boost=self.boost).normalize()
        if distinct and self.minimum == len(queries):
            return And(queries, boost=self.boost).normalize()
        return type(self)(queries, self.minimum, self.boost)

    def simplify(self, ixreader: Any) -> Query:
        simple = [query.simplify(ixreader) for query in self.subqueries]
        return type(self)(simple, self.minimum, self.boost).normalize()

    def estimate_size(self, ixreader: Any) -> int:
        """An upper bound: every match uses up `minimum` postings at least."""
        postings = sum(query.estimate_size(ixreader) for query in self.subqueries)
        bound: int = min(postings // max(self.minimum, 1), ixreader.doc_count())
        return bound

    def estimate_min_size(self, ixreader: Any) -> int:
        return 0

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        matchers = [query.matcher(searcher, context) for query in self.subqueries]
        return AtLeastMatcher(matchers, self.minimum, self.boost).replace()


class AtLeastMatcher(Matcher):  # type: ignore[misc]
    """Steps through the documents on which at least `minimum` of the sub-matchers stand."""

    def __init__(self, matchers: Sequence[Matcher], minimum: int, boost: float = 1.0) -> None:
        self._matchers = list(matchers)
        self._minimum = max(minimum, 1)
        self._boost = boost
        self._id: int | None = None
        self._find()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._matchers!r}, {self._minimum}, boost={self._boost})"

    def _find(self) -> None:
        """Move to the first match at or after the sub-matchers' positions.

        No document before the `minimum`-th smallest position can match: fewer than `minimum`
        sub-matchers can still reach it.
        """
        while True:
            active = [matcher for matcher in self._matchers if matcher.is_active()]
            if len(active) < self._minimum:
                self._id = None
                return
            target = sorted(matcher.id() for matcher in active)[self._minimum - 1]
            for matcher in active:
                if matcher.id() < target:
                    matcher.skip_to(target)
            here = sum(matcher.is_active() and matcher.id() == target for matcher in active)
            if here >= self._minimum:
                self._id = target
                return

    def _here(self) -> Iterator[Matcher]:
        for matcher in self._matchers:
            if matcher.is_active() and matcher.id() == self._id:
                yield matcher

    def is_active(self) -> bool:
        return self._id is not None

    def id(self) -> int:
        if self._id is None:
            raise ReadTooFar
        return self._id

    def next(self) -> None:
        if self._id is None:
            raise ReadTooFar
        for matcher in list(self._here()):
            matcher.next()
        self._find()

    def skip_to(self, id: int) -> None:
        if self._id is None:
            raise ReadTooFar
        if id <= self._id:
            return
        for matcher in self._matchers:
            if matcher.is_active() and matcher.id() < id:
                matcher.skip_to(id)
        self._find()

    def score(self) -> float:
        return float(sum(matcher.score() for matcher in self._here()) * self._boost)

    def weight(self) -> float:
        return float(sum(matcher.weight() for matcher in self._here()) * self._boost)

    def spans(self) -> list[Any]:
        return sorted({span for matcher in self._here() for span in matcher.spans()})

    def children(self) -> list[Matcher]:
        return list(self._matchers)

    def depth(self) -> int:
        return 1 + max((matcher.depth() for matcher in self._matchers), default=0)

    def supports(self, astype: str) -> bool:
        return all(matcher.supports(astype) for matcher in self._matchers)

    def supports_block_quality(self) -> bool:
        return False

    def max_quality(self) -> float:
        active = [matcher for matcher in self._matchers if matcher.is_active()]
        return float(sum(matcher.max_quality() for matcher in active) * self._boost)

    def block_quality(self) -> float:
        return self.max_quality()

    def copy(self) -> AtLeastMatcher:
        copies = [matcher.copy() for matcher in self._matchers]
        return type(self)(copies, self._minimum, self._boost)

    def reset(self) -> None:
        for matcher in self._matchers:
            matcher.reset()
        self._find()

    def replace(self, minquality: float = 0) -> Matcher:
        if not self.is_active() or (minquality and self.max_quality() < minquality):
            return NullMatcher()
        return self
