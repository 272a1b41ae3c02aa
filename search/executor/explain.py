"""What makes up the score of one document: the query's tree again, with what each part added.

Every part is planned for itself and asked about the one document, so that the numbers are those of
the nodes that score it in a search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from whoosh import query as q

from search.deadline import check
from search.executor.boolean import OrNode
from search.executor.nodes import Node, Nothing, TermNode
from search.executor.phrase import PhraseNode
from search.executor.plan import MULTITERMS, Planner, is_positive
from search.executor.postings import Absent
from search.executor.rows import Rows
from search.executor.statistics import LENGTHS
from search.explanation import Kind, Part, TermScore
from search.queries import AtLeast


class Explainer:
    """Explains queries for one document, `local` being its number in the planner's segment.

    The `weight` of a part is the product of the boosts above it: 0 if its score does not count.
    """

    def __init__(self, planner: Planner, local: int) -> None:
        self.planner = planner
        self.view = planner.view
        self.local = local
        self.docs = np.array([local], np.int32)

    def explain(self, query: q.Query, weight: float = 1.0) -> Part:
        """What `query` adds to the score of the document."""
        check()
        make = _MAKERS.get(type(query))
        if make is None or not is_positive(getattr(query, "boost", 1.0)):
            return self.whole(query, weight, "other")
        return make(self, query, weight)

    def whole(
        self, query: q.Query, weight: float, kind: Kind, parts: tuple[Part, ...] = ()
    ) -> Part:
        """A part whose score is not taken apart."""
        score = self.score(self.planner.plan(query))
        scored = 0.0 if score is None else score * weight
        text = "" if parts else _text(query)
        return Part(kind, text, score is not None, scored, parts=parts)

    def score(self, node: Node) -> float | None:
        """The exact score by `node`; None if it does not match."""
        rows = Rows(self.view, self.docs, list(node.terms()))
        return float(node.exact(rows)[0]) if node.docs.contains(self.docs)[0] else None

    def matches(self, query: q.Query) -> bool:
        return bool(self.planner.unscored(query).docs.contains(self.docs)[0])

    def nothing(self, query: q.Query, weight: float) -> Part:
        return Part("nothing", "", matched=False, score=0.0)

    def term(self, query: q.Term, weight: float) -> Part:
        return self.term_of(query.fieldname, query.text, query.boost * weight)

    def term_of(self, field: str, text: Any, boost: float) -> Part:
        """A term of a field, with all that its score is made of."""
        what = f"{field}:{text}"
        term = self.view.term(field, text)
        if isinstance(term, Absent) or not term.docs.contains(self.docs)[0]:
            return Part("term", what, matched=False, score=0.0, field=field)
        score = float(Rows(self.view, self.docs, [(term, 1.0)]).of(term)[0])
        idf = term.idf if term.model.scorable else 1.0
        snapshot = self.view.statistics.snapshot
        details = TermScore(
            boost=boost,
            idf=idf,
            tf=score / idf,
            frequency=int(term.freqs[term.docs.places(self.docs)][0]),
            length=int(LENGTHS[self.view.lengths(field)[self.local]]),
            average_length=term.model.average,
            documents=snapshot.doc_frequency(field, term.model.to_bytes(text)),
            collection=snapshot.doc_count_all,
        )
        return Part("term", what, True, score * boost, field, term=details)

    def and_(self, query: q.And, weight: float) -> Part:
        return self.compound("all", query, weight)

    def or_(self, query: q.Or, weight: float) -> Part:
        if query.scale or query.matcher_type != q.Or.AUTO_MATCHER:
            return self.whole(query, weight, "other")
        return self.compound("any", query, weight)

    def compound(self, kind: Kind, query: Any, weight: float) -> Part:
        children = query.subqueries
        if not children:
            return self.nothing(query, weight)
        if len(children) == 1:
            return self.explain(children[0], weight)  # like Whoosh, without the boost
        return self.sum(kind, query, [(child, query.boost * weight) for child in children])

    def at_least(self, query: AtLeast, weight: float) -> Part:
        parts = [(child, query.boost * weight) for child in query.subqueries]
        return self.sum("at-least", query, parts, minimum=max(query.minimum, 1))

    def best(self, query: q.DisjunctionMax, weight: float) -> Part:
        children = query.subqueries
        if len(children) < 2:
            return self.compound("best", query, weight)
        found = [self.score(self.planner.plan(child)) for child in children]
        scores = [-1.0 if score is None else score for score in found]
        best = scores.index(max(scores))
        weights = [query.boost * weight if at == best else 0.0 for at in range(len(scores))]
        return self.sum("best", query, list(zip(children, weights, strict=True)))

    def also(self, query: q.AndMaybe, weight: float) -> Part:
        return self.sum("also", query, [(query.a, weight), (query.b, weight)])

    def required(self, query: q.Require, weight: float) -> Part:
        return self.sum("required", query, [(query.a, weight), (query.b, 0.0)])

    def but_not(self, query: q.AndNot, weight: float) -> Part:
        return self.sum("but-not", query, [(query.a, weight), (query.b, 0.0)])

    def sum(
        self,
        kind: Kind,
        query: q.Query,
        weighted: Sequence[tuple[q.Query, float]],
        minimum: int | None = None,
    ) -> Part:
        """A part that scores the sum of parts, each with its weight, if it matches."""
        matched = self.matches(query)
        parts = tuple(self.explain(child, own if matched else 0.0) for child, own in weighted)
        score = sum(part.score for part in parts)
        return Part(kind, "", matched, score, minimum=minimum, parts=parts)

    def not_(self, query: q.Not, weight: float) -> Part:
        return self.whole(query, weight, "not", (self.explain(query.query, 0.0),))

    def constant(self, query: q.ConstantScoreQuery, weight: float) -> Part:
        return self.whole(query, weight, "constant", (self.explain(query.child, 0.0),))

    def every(self, query: q.Query, weight: float) -> Part:
        return self.whole(query, weight, "constant")

    def phrase(self, query: q.Phrase, weight: float) -> Part:
        node = self.planner.plan(query)
        if self.score(node) is not None and not isinstance(node, PhraseNode):
            return self.whole(query, weight, "phrase")
        field, boost = query.fieldname, query.boost * weight
        matched = self.score(node) is not None
        parts = [self.term_of(field, word, boost if matched else 0.0) for word in query.words]
        score = sum(part.score for part in parts)
        return Part("phrase", _text(query), matched, score, field, parts=tuple(parts))

    def pattern(self, query: Any, weight: float) -> Part:
        """A prefix, a wildcard and the like, with those of its terms that the document holds."""
        node = self.planner.plan(query)
        nodes = node.children if isinstance(node, OrNode) else [node]
        if not all(isinstance(one, TermNode | Nothing) for one in nodes):
            return self.whole(query, weight, "pattern")
        terms = [one for one in nodes if isinstance(one, TermNode)]
        found = [self.term_of(one.field, one.text, one.boost * weight) for one in terms]
        parts = tuple(part for part in found if part.matched)
        score = sum(part.score for part in parts)
        return Part("pattern", _text(query), bool(parts), score, query.fieldname, parts=parts)


def _text(query: q.Query) -> str:
    try:
        return str(query)
    except NotImplementedError:  # some of Whoosh's classes have no text form
        return repr(query)


_MAKERS: dict[type, Callable[[Explainer, Any, float], Part]] = {
    type(q.NullQuery): Explainer.nothing,
    q.Term: Explainer.term,
    q.And: Explainer.and_,
    q.Or: Explainer.or_,
    q.DisjunctionMax: Explainer.best,
    AtLeast: Explainer.at_least,
    q.AndNot: Explainer.but_not,
    q.AndMaybe: Explainer.also,
    q.Require: Explainer.required,
    q.Not: Explainer.not_,
    q.Every: Explainer.every,
    q.ConstantScoreQuery: Explainer.constant,
    q.NumericRange: Explainer.every,
    q.Phrase: Explainer.phrase,
    **dict.fromkeys(MULTITERMS, Explainer.pattern),
}
