"""A query's tree → a query in the cluster's language, with the documents and nearly the scores of
the tree: each term's boost makes up for what the cluster's formula has otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from whoosh import query as q

from index.cluster.mapping import MAX_TOKEN
from index.errors import TimtinError
from search.engines.opensearch.statistics import FIELDS, FieldTerm
from search.queries import AtLeast

Dsl = dict[str, Any]
Boost = Callable[[str, str], float]
"""By what the cluster's score of a term of a field is multiplied."""

DATE, MENTIONED = "date", "mentioned"


class UnsupportedQueryError(TimtinError):
    """The tree holds something that a cluster is not asked."""


def terms(query: q.Query) -> Iterator[FieldTerm]:
    """All terms whose frequencies scoring the tree needs."""
    if isinstance(query, q.Term):
        yield query.fieldname, query.text
    elif isinstance(query, q.Phrase):
        yield from ((query.fieldname, word) for word in query.words)
    else:
        for child in query.children():
            yield from terms(child)


def compiled(query: q.Query, boost: Boost) -> Dsl:
    """The query of the cluster. Raises UnsupportedQueryError."""
    make = _MAKERS.get(type(query))
    if make is None:
        raise UnsupportedQueryError(f"a cluster cannot search for {type(query).__name__}")
    return make(query, boost)


def _nothing(query: q.Query, boost: Boost) -> Dsl:
    return {"match_none": {}}


def _term(query: q.Term, boost: Boost) -> Dsl:
    field, text = _known(query.fieldname), query.text
    return {"term": {field: {"value": text[:MAX_TOKEN], "boost": query.boost * boost(field, text)}}}


def _and(query: q.And, boost: Boost) -> Dsl:
    return _compound("must", query, boost)


def _or(query: q.Or, boost: Boost) -> Dsl:
    return _compound("should", query, boost)


def _compound(kind: str, query: Any, boost: Boost) -> Dsl:
    children = [compiled(child, boost) for child in query.subqueries]
    if not children:
        return {"match_none": {}}
    if len(children) == 1:
        return children[0]  # like Whoosh, without the compound's boost
    return _bool(query.boost, **{kind: children})


def _at_least(query: AtLeast, boost: Boost) -> Dsl:
    children = [compiled(child, boost) for child in query.subqueries]
    minimum = max(query.minimum, 1)
    if len(children) < minimum:
        return {"match_none": {}}
    return _bool(query.boost, should=children, minimum_should_match=minimum)


def _best(query: q.DisjunctionMax, boost: Boost) -> Dsl:
    children = [compiled(child, boost) for child in query.subqueries]
    return {"dis_max": {"queries": children, "boost": query.boost}}


def _also(query: q.AndMaybe, boost: Boost) -> Dsl:
    return _bool(must=[compiled(query.a, boost)], should=[compiled(query.b, boost)])


def _required(query: q.Require, boost: Boost) -> Dsl:
    return _bool(must=[compiled(query.a, boost)], filter=[compiled(query.b, boost)])


def _but_not(query: q.AndNot, boost: Boost) -> Dsl:
    return _bool(must=[compiled(query.a, boost)], must_not=[compiled(query.b, boost)])


def _not(query: q.Not, boost: Boost) -> Dsl:
    return _bool(must=[{"match_all": {}}], must_not=[compiled(query.query, boost)])


def _every(query: q.Every, boost: Boost) -> Dsl:
    if query.fieldname is None:
        return {"match_all": {"boost": query.boost}}
    return _constant_score({"exists": {"field": _known(query.fieldname)}}, query.boost)


def _constant(query: q.ConstantScoreQuery, boost: Boost) -> Dsl:
    # Whoosh takes a score of 0 for "no score", which is 1.
    return _constant_score(compiled(query.child, boost), query.score or 1.0)


def _numbers(query: q.NumericRange, boost: Boost) -> Dsl:
    if query.fieldname != DATE or query.startexcl or query.endexcl:
        raise UnsupportedQueryError(f"a cluster cannot search a range of {query.fieldname}")
    bounds = {"gte": max(query.start or 1, 1)}  # 0 is unknown
    if query.end is not None:
        bounds["lte"] = query.end
    return _constant_score({"range": {DATE: bounds}}, query.boost)


def _range(query: q.TermRange, boost: Boost) -> Dsl:
    if query.fieldname != MENTIONED or query.startexcl or query.endexcl:
        raise UnsupportedQueryError(f"a cluster cannot search a range of {query.fieldname}")
    return _constant_score({"range": {MENTIONED: {"gte": query.start, "lte": query.end}}}, 1.0)


def _phrase(query: q.Phrase, boost: Boost) -> Dsl:
    if query.slop != 1:
        raise UnsupportedQueryError("a cluster cannot search a phrase with gaps")
    field = _known(query.fieldname)
    words = [word[:MAX_TOKEN] for word in query.words]
    each = [_term(q.Term(field, word), boost) for word in query.words]
    together = {"match_phrase": {field: {"query": " ".join(words), "analyzer": "whitespace"}}}
    return _bool(query.boost, filter=[together], must=each)


def _prefix(query: q.Prefix, boost: Boost) -> Dsl:
    return _constant_score({"prefix": {_known(query.fieldname): query.text}}, query.boost)


def _bool(boost: float = 1.0, **clauses: Sequence[Dsl] | int) -> Dsl:
    return {"bool": {**clauses, **({} if boost == 1.0 else {"boost": boost})}}


def _constant_score(filter: Dsl, boost: float) -> Dsl:
    return {"constant_score": {"filter": filter, "boost": boost}}


def _known(field: str) -> str:
    if field not in FIELDS:
        raise UnsupportedQueryError(f"a cluster cannot search the field {field}")
    return field


_MAKERS: dict[type, Callable[[Any, Boost], Dsl]] = {
    type(q.NullQuery): _nothing,
    q.Term: _term,
    q.And: _and,
    q.Or: _or,
    q.DisjunctionMax: _best,
    AtLeast: _at_least,
    q.AndNot: _but_not,
    q.AndMaybe: _also,
    q.Require: _required,
    q.Not: _not,
    q.Every: _every,
    q.ConstantScoreQuery: _constant,
    q.NumericRange: _numbers,
    q.TermRange: _range,
    q.Phrase: _phrase,
    q.Prefix: _prefix,
}
