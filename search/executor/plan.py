"""Whoosh query → node of one segment. A query of a class not named here goes to `fallback`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress
from math import inf
from typing import Any

from whoosh import query as q
from whoosh.query.qcore import QueryError

from search.deadline import check
from search.executor.boolean import (
    AndMaybeNode,
    AndNode,
    AndNotNode,
    AtLeastNode,
    Compound,
    MaxNode,
    OrNode,
    RequireNode,
)
from search.executor.docset import DocSet, intersect
from search.executor.expand import ordinals
from search.executor.multiterm import any_term, multiterm, preloaded
from search.executor.nodes import Constant, Node, Nothing, term_node
from search.executor.phrase import PhraseNode
from search.executor.postings import Absent, SegmentView
from search.queries import AtLeast

Fallback = Callable[[q.Query, SegmentView], Node]
DATE_FIELD = "date"
"""The numeric field whose values the segments keep as an array."""
MULTITERMS = (q.Prefix, q.Wildcard, q.Regex, q.TermRange, q.FuzzyTerm, q.Variations)
"""Queries that stand for many terms."""


class Planner:
    """Plans queries for one segment."""

    def __init__(self, view: SegmentView, fallback: Fallback) -> None:
        self.view = view
        self.fallback = fallback

    def plan(self, query: q.Query) -> Node:
        check()
        make = _MAKERS.get(type(query))
        if make is None or not is_positive(getattr(query, "boost", 1.0)):
            return self.fallback(query, self.view)
        return make(self, query)

    def each(self, queries: Sequence[q.Query]) -> list[Node]:
        """What `plan` makes of each; terms, as most of them are, are looked up together."""
        check()
        view = self.view
        plain = [type(query) is q.Term and is_positive(query.boost) for query in queries]
        names = [(query.fieldname, query.text) for query in compress(queries, plain)]
        terms = iter(view.terms(names))
        return [
            term_node(view, query.fieldname, query.text, next(terms), query.boost)
            if is_plain
            else self.plan(query)
            for query, is_plain in zip(queries, plain, strict=True)
        ]

    def unscored(self, query: q.Query) -> Node:
        """A node whose documents are asked for and whose scores are not."""
        if type(query) in MULTITERMS:
            return self.multiterm(query, scored=False)
        return self.plan(query)

    def nothing(self, query: Any = None) -> Node:
        return Nothing(self.view, 0)

    def term(self, query: q.Term) -> Node:
        term = self.view.term(query.fieldname, query.text)
        return term_node(self.view, query.fieldname, query.text, term, query.boost)

    def and_(self, query: q.And) -> Node:
        return self.compound(query, AndNode, min)

    def or_(self, query: q.Or) -> Node:
        if query.scale or query.matcher_type != q.Or.AUTO_MATCHER:
            return self.fallback(query, self.view)
        node = self.compound(query, OrNode, self.capped)
        if isinstance(node, OrNode):
            node.preloaded = preloaded(len(query.subqueries), self.view.size)
        return node

    def dismax(self, query: q.DisjunctionMax) -> Node:
        return self.compound(query, MaxNode, self.capped)

    def compound(
        self, query: Any, kind: type[Compound], estimate: Callable[[list[int]], int]
    ) -> Node:
        children = self.each(query.subqueries)
        if not children:
            return self.nothing()
        if len(children) == 1:
            return children[0]  # like Whoosh, without the compound's boost
        size = estimate([child.estimate for child in children])
        return kind(self.view, children, query.boost, size)

    def capped(self, sizes: list[int]) -> int:
        return min(sum(sizes), self.view.live.count)

    def at_least(self, query: AtLeast) -> Node:
        children = self.each(query.subqueries)
        minimum = max(query.minimum, 1)
        size = self.capped([sum(child.estimate for child in children) // minimum])
        if not children:
            return self.nothing()
        node = AtLeastNode(self.view, children, query.boost, size)
        node.minimum = minimum
        return node

    def and_not(self, query: q.AndNot) -> Node:
        first, second = self.plan(query.a), self.unscored(query.b)
        return AndNotNode(self.view, first, second, self.capped([first.estimate, second.estimate]))

    def and_maybe(self, query: q.AndMaybe) -> Node:
        first, second = self.plan(query.a), self.plan(query.b)
        size = self.capped([first.estimate, second.estimate])
        return AndMaybeNode(self.view, first, second, size)

    def require(self, query: q.Require) -> Node:
        first, second = self.plan(query.a), self.unscored(query.b)
        return RequireNode(self.view, first, second, second.estimate)

    def not_(self, query: q.Not) -> Node:
        live = self.view.live
        return Constant(self.view, live.minus(self.unscored(query.query).docs), 1.0, live.count)

    def every(self, query: q.Every) -> Node:
        view, field = self.view, query.fieldname
        docs = view.live
        if field is not None:
            model, reader = view.statistics.model(field), view.segment.field(field)
            if model is None or reader is None:
                return Nothing(view, docs.count)
            if model.scorable:
                docs = intersect([docs, DocSet.of_flags(view.lengths(field) > 0)])
            else:
                docs = any_term(view, reader)
        return Constant(view, docs, query.boost, view.live.count)

    def constant(self, query: q.ConstantScoreQuery) -> Node:
        if query.score < 0:
            return self.fallback(query, self.view)
        child = self.unscored(query.child)
        # Whoosh's ListMatcher takes a score of 0 for "no score", which is 1.
        return Constant(self.view, child.docs, query.score or 1.0, child.estimate)

    def numeric_range(self, query: q.NumericRange) -> Node:
        bounds = (query.start, query.end)
        if (
            query.fieldname != DATE_FIELD
            or not query.constantscore
            or not all(bound is None or type(bound) is int for bound in bounds)
        ):
            return self.fallback(query, self.view)
        first = 1 if query.start is None else max(query.start + query.startexcl, 1)
        last = 2**31 - 1 if query.end is None else min(query.end - query.endexcl, 2**31 - 1)
        dates = self.view.segment.dates()
        inside = (dates >= min(first, 2**31 - 1)) & (dates <= max(last, 0))
        found = DocSet.of_flags(inside)
        docs = intersect([self.view.live, found])
        return Constant(self.view, docs, query.boost, min(found.count, self.view.live.count))

    def phrase(self, query: q.Phrase) -> Node:
        view, field = self.view, query.fieldname
        if field not in view.statistics.snapshot.schema:
            return self.nothing()
        postings = view.statistics.snapshot.schema[field].format
        if not postings or not postings.supports("positions"):
            if not query.degrade:
                raise QueryError(f"field {field!r} has no positions, so it cannot find phrases")
            return self.plan(q.And([q.Term(field, word) for word in query.words]))
        words = []
        absent = []
        for word in query.words:
            term = view.term(field, word)
            if isinstance(term, Absent):
                absent.append(term.df)
            else:
                words.append((word, term))
        if absent or not words:
            sizes = [*absent, *(term.df for _, term in words)]
            return Nothing(view, min(sizes, default=0))
        return PhraseNode(view, field, words, query.slop, query.boost)

    def multiterm(self, query: Any, scored: bool = True) -> Node:
        view, field = self.view, query.fieldname
        text = getattr(query, "text", None)
        model, reader = view.statistics.model(field), view.segment.field(field)
        if (type(query), text) in _EVERYTHING:
            every = self.every(q.Every(field, boost=query.boost))
            if reader is not None:  # Whoosh guesses as of all other such queries
                every.estimate = int(reader.dfs(0, reader.term_count).sum())
            return every
        if model is None or reader is None:
            return self.nothing()
        if not model.textual:
            return self.fallback(query, view)
        try:
            terms = ordinals(query, reader, model)
        except ValueError:  # a text that the field cannot hold
            return self.nothing()
        if terms is None:
            return self.fallback(query, view)
        return multiterm(view, query, reader, terms, scored)


def is_positive(boost: Any) -> bool:
    """Whether a boost is one that nodes know how to apply."""
    return isinstance(boost, int | float) and 0 < boost < inf


_EVERYTHING = {(q.Prefix, ""), (q.Wildcard, "*"), (q.Regex, ".*")}
_MAKERS: dict[type, Callable[[Planner, Any], Node]] = {
    type(q.NullQuery): Planner.nothing,
    q.Term: Planner.term,
    q.And: Planner.and_,
    q.Or: Planner.or_,
    q.DisjunctionMax: Planner.dismax,
    AtLeast: Planner.at_least,
    q.AndNot: Planner.and_not,
    q.AndMaybe: Planner.and_maybe,
    q.Require: Planner.require,
    q.Not: Planner.not_,
    q.Every: Planner.every,
    q.ConstantScoreQuery: Planner.constant,
    q.NumericRange: Planner.numeric_range,
    q.Phrase: Planner.phrase,
    **dict.fromkeys(MULTITERMS, Planner.multiterm),
}
