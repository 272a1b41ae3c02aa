"""The first hits by our own scores, of which the cluster's are near: nothing is missed.

The cluster gives its best documents; they are scored here. A document that it has not given scores
less than the last one that it has, by the cluster's formula; by ours at most so much more as the
two can differ. If that is not enough to come before what is to be shown, nothing is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from search.engines.opensearch.dsl import Dsl
from search.engines.opensearch.scoring import Score, TokenizedDocument

EXTRA = 10
"""Documents asked for beyond those to be shown, at first."""
SCORED = 400
"""Documents that are scored for a page at most: further down it is the cluster's order that counts,
put right among neighbours."""
AROUND = 50
"""Neighbours on either side of a page further down."""
GROUPS = 10_000
"""Groups of copies among the hits that are counted."""

Ask = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Sends a search and returns the answer."""


class Ranked(NamedTuple):
    """A hit: what the cluster keeps of it, our score, and how many copies stand behind it."""

    document: TokenizedDocument
    score: float
    similar: int


class RankedPage(NamedTuple):
    """The hits of a page, how many there are in all, without `hidden` copies, and what the cluster
    counted beside."""

    hits: list[Ranked]
    total: int
    hidden: int
    counted: Mapping[str, Any]


class _Candidate(NamedTuple):
    document: TokenizedDocument
    score: float
    theirs: float
    ordinal: int
    group: str | None


class Wanted(NamedTuple):
    """What page is asked for: hits from `offset` on, `size` of them; of copies only one if `group`;
    the newest first if `by_date`."""

    offset: int
    size: int
    group: bool
    by_date: bool


def page(
    ask: Ask,
    query: Dsl,
    score: Score,
    wanted: Wanted,
    *,
    ratio: float,
    aggregations: Mapping[str, Any],
) -> RankedPage:
    """The page of hits of `query`, in the order of `score`."""
    counted = dict(aggregations)
    if wanted.group:
        counted["copies"] = {"terms": {"field": "group", "size": GROUPS, "min_doc_count": 2}}
    body = {
        "query": query,
        "sort": [*([{"date": "desc"}] if wanted.by_date else []), "_score", "ordinal"],
        "track_scores": True,
        "track_total_hits": True,
        "_source": ["document", "ordinal", "mentioned", "group"],
        "aggs": counted,
    }
    last = wanted.offset + wanted.size
    if last > SCORED:
        return _further_down(ask, body, score, wanted)
    count = last + EXTRA
    while True:
        answer = ask({**body, "size": count})
        candidates = _candidates(answer, score, wanted)
        copies = _copies(answer)
        shown = _shown(candidates, copies)
        given, total = len(candidates), answer["hits"]["total"]["value"]
        if given >= total or count >= SCORED or _enough(candidates, shown, last, ratio, wanted):
            return _page(answer, shown[wanted.offset : last], copies)
        count = min(2 * count, SCORED)


def _enough(
    candidates: Sequence[_Candidate],
    shown: Sequence[_Candidate],
    last: int,
    ratio: float,
    wanted: Wanted,
) -> bool:
    """Whether none of the documents that were not given can be among the first `last`."""
    if len(shown) < last:
        return False
    if wanted.by_date and shown[last - 1].document.date > candidates[-1].document.date:
        return True
    bound = min(candidate.theirs for candidate in candidates) * ratio
    return bound < shown[last - 1].score


def _further_down(ask: Ask, body: Mapping[str, Any], score: Score, wanted: Wanted) -> RankedPage:
    """A page that nobody leafs to: the cluster's order, put right among neighbours."""
    first = max(0, wanted.offset - AROUND)
    answer = ask({**body, "from": first, "size": wanted.offset + wanted.size + AROUND - first})
    copies = _copies(answer)
    shown = _shown(_candidates(answer, score, wanted), copies)
    start = wanted.offset - first
    return _page(answer, shown[start : start + wanted.size], copies)


def _candidates(answer: Mapping[str, Any], score: Score, wanted: Wanted) -> list[_Candidate]:
    """The documents given, in our order."""
    found = []
    for hit in answer["hits"]["hits"]:
        source = hit["_source"]
        document = TokenizedDocument(source)
        # The cluster found it, so it matches: the tokens are the same.
        ours = score(document)
        theirs = hit["_score"]
        found.append(
            _Candidate(
                document,
                theirs if ours is None else ours,
                theirs,
                source["ordinal"],
                source.get("group"),
            )
        )
    if wanted.by_date:
        return sorted(found, key=lambda c: (-c.document.date, -c.score, c.ordinal))
    return sorted(found, key=lambda c: (-c.score, c.ordinal))


def _copies(answer: Mapping[str, Any]) -> dict[str, int]:
    """How many documents found are in each group that has several."""
    counted = answer["aggregations"]["copies"] if "copies" in answer.get("aggregations", {}) else {}
    return {bucket["key"]: bucket["doc_count"] for bucket in counted.get("buckets", ())}


def _shown(candidates: Sequence[_Candidate], copies: Mapping[str, int]) -> list[_Candidate]:
    """The first of each group, and all that are in none."""
    seen: set[str] = set()
    shown = []
    for candidate in candidates:
        if candidate.group in copies:
            assert candidate.group is not None
            if candidate.group in seen:
                continue
            seen.add(candidate.group)
        shown.append(candidate)
    return shown


def _page(
    answer: Mapping[str, Any], shown: Sequence[_Candidate], copies: Mapping[str, int]
) -> RankedPage:
    hidden = sum(copies.values()) - len(copies)
    hits = [Ranked(one.document, one.score, copies.get(one.group or "", 1) - 1) for one in shown]
    total = answer["hits"]["total"]["value"] - hidden
    return RankedPage(hits, total, hidden, answer.get("aggregations", {}))
