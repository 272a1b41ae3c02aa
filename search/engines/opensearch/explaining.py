"""What makes up the score of a document found in a cluster: the query's tree again, with what each
part added, in the same shape as on one machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from whoosh import query as q

from search.engines.opensearch.scoring import PREFIX_SCORE, Scorer, TokenizedDocument
from search.engines.opensearch.statistics import Statistics
from search.executor.statistics import LENGTHS
from search.explanation import Kind, Part, TermScore
from search.queries import AtLeast


class DocumentExplainer:
    """Explains queries for one document. The `weight` of a part is the product of the boosts above
    it: 0 if its score does not count."""

    def __init__(self, statistics: Statistics, document: TokenizedDocument) -> None:
        self._statistics = statistics
        self._scorer = Scorer(statistics)
        self._document = document

    def explain(self, query: q.Query, weight: float = 1.0) -> Part:
        """What `query` adds to the score. Raises UnsupportedQueryError."""
        make = _MAKERS.get(type(query))
        return self.whole(query, weight, "other") if make is None else make(self, query, weight)

    def score(self, query: q.Query) -> float | None:
        return self._scorer.scoring(query)(self._document)

    def whole(
        self, query: q.Query, weight: float, kind: Kind, parts: tuple[Part, ...] = ()
    ) -> Part:
        """A part whose score is not taken apart."""
        score = self.score(query)
        text = "" if parts else str(query)
        scored = 0.0 if score is None else score * weight
        return Part(kind, text, score is not None, scored, parts=parts)

    def nothing(self, query: q.Query, weight: float) -> Part:
        return Part("nothing", "", matched=False, score=0.0)

    def term(self, query: q.Term, weight: float) -> Part:
        return self.term_of(query.fieldname, query.text, query.boost * weight)

    def term_of(self, field: str, text: str, boost: float) -> Part:
        """A term of a field, with all that its score is made of."""
        document, statistics = self._document, self._statistics
        frequency = document.counts(field).get(text, 0)
        if not frequency:
            return Part("term", f"{field}:{text}", matched=False, score=0.0, field=field)
        model, idf = statistics.model(field), statistics.idf(field, text)
        length = document.length_byte(field)
        tf = float(model.score(1.0, frequency, float(model.norms[length])))  # type: ignore[arg-type]
        details = TermScore(
            boost=boost,
            idf=idf,
            tf=tf,
            frequency=frequency,
            length=int(LENGTHS[length]),
            average_length=model.average,
            documents=statistics.frequency(field, text),
            collection=statistics.collection,
        )
        return Part("term", f"{field}:{text}", True, boost * idf * tf, field, term=details)

    def all(self, query: q.And, weight: float) -> Part:
        return self.compound("all", query, weight)

    def any(self, query: q.Or, weight: float) -> Part:
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
        scores = [-1.0 if (s := self.score(child)) is None else s for child in query.subqueries]
        best = scores.index(max(scores))
        parts = [
            (child, query.boost * weight if at == best else 0.0)
            for at, child in enumerate(query.subqueries)
        ]
        return self.sum("best", query, parts)

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
        matched = self.score(query) is not None
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
        field, matched = query.fieldname, self.score(query) is not None
        boost = query.boost * weight if matched else 0.0
        parts = tuple(self.term_of(field, word, boost) for word in query.words)
        score = sum(part.score for part in parts)
        return Part("phrase", str(query), matched, score, field, parts=parts)

    def pattern(self, query: q.Prefix, weight: float) -> Part:
        matched = self.score(query) is not None
        score = PREFIX_SCORE * query.boost * weight if matched else 0.0
        return Part("pattern", str(query), matched, score, query.fieldname)


_MAKERS: dict[type, Callable[[DocumentExplainer, Any, float], Part]] = {
    type(q.NullQuery): DocumentExplainer.nothing,
    q.Term: DocumentExplainer.term,
    q.And: DocumentExplainer.all,
    q.Or: DocumentExplainer.any,
    q.DisjunctionMax: DocumentExplainer.best,
    AtLeast: DocumentExplainer.at_least,
    q.AndNot: DocumentExplainer.but_not,
    q.AndMaybe: DocumentExplainer.also,
    q.Require: DocumentExplainer.required,
    q.Not: DocumentExplainer.not_,
    q.Every: DocumentExplainer.every,
    q.ConstantScoreQuery: DocumentExplainer.constant,
    q.NumericRange: DocumentExplainer.every,
    q.Phrase: DocumentExplainer.phrase,
    q.Prefix: DocumentExplainer.pattern,
}
