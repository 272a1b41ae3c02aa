"""The best hits in order of how close together they have the words of the query, besides the rest.

BM25 does not see whether words stand in one sentence or at both ends of a text. For the first hits,
whose texts are read for their snippets anyway, the best window of a few syllables and the best of a
few dozen count, too (after Tao and Zhai, 2007: the closer, the likelier one answer). So a page
costs little more; further down it hardly matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from search.columns import kernels
from search.explanation import Explanation, Part
from search.flat import Indexes
from search.highlight import Highlighted
from search.request import SearchRequest
from search.results import Hit, SearchResults
from search.windows import sums_of_distinct

FIRST = 10
"""So many of the best hits are put in order anew, whatever the size of the page."""
WINDOWS = {12: 1.2, 60: 1.2}
"""Syllables of a window, and the share of its words' weights that counts."""


def reordered(request: SearchRequest) -> bool:
    """Whether closeness may change the order of the page that is asked for."""
    return request.sort != "date" and request.offset < FIRST


def with_first(request: SearchRequest) -> SearchRequest:
    """The search for the page asked for and all hits that it may change places with."""
    if not reordered(request) or (request.page == 1 and request.size >= FIRST):
        return request
    return replace(request, page=1, size=max(FIRST, request.offset + request.size))


def page_of(hits: Sequence[Hit], request: SearchRequest) -> tuple[Hit, ...]:
    """The page asked for, of the hits that `with_first` finds."""
    if not reordered(request):
        return tuple(hits)
    first = sorted(hits[:FIRST], key=lambda hit: -hit.score)
    return (*first, *hits[FIRST:])[request.offset : request.offset + request.size]


def with_closeness(
    explanation: Explanation,
    request: SearchRequest,
    search: Callable[[SearchRequest], SearchResults],
) -> Explanation:
    """The explanation of a document's score with what closeness adds, if it is among the first
    hits of the request."""
    first = replace(request, page=1, size=FIRST, facets=())
    if not (explanation.found and reordered(first)):
        return explanation
    scores = {hit.id: hit.score for hit in search(first).hits}
    score = scores.get(explanation.document, 0.0)
    added = score - explanation.score
    if added <= 0:
        return explanation
    parts = (explanation.part, Part("closeness", "", matched=True, score=added))
    whole = Part("also", "", matched=True, score=score, parts=parts)
    return replace(explanation, score=score, part=whole)


def closeness(page: Highlighted) -> list[float]:
    """For each text of the page what its best windows add to its score."""
    added = np.zeros(len(page.texts.offsets))
    weights = np.array(page.spec.weights)
    if np.count_nonzero(weights) < 2:
        return added.tolist()
    if loops := kernels():
        added = loops.closeness(page.found.firsts, page.found.needles, page.bounds, weights)
        return [*map(float, added)]
    gains = weights.take(page.found.needles)
    telling = np.flatnonzero(gains)
    if not len(telling):
        return added.tolist()
    needles, places = page.found.needles.take(telling), page.found.firsts.take(telling)
    bounds = places.searchsorted(page.texts.syllables.bounds)
    texts = np.flatnonzero(np.diff(bounds))
    heads = bounds[texts]
    of_text = np.repeat(heads, np.diff(bounds)[texts])
    for length, share in WINDOWS.items():
        firsts: Indexes = np.maximum(places.searchsorted(places - length + 1), of_text)
        sums = sums_of_distinct(needles, np.arange(len(places)), gains.take(telling), firsts)
        added[texts] += share * np.maximum.reduceat(sums, heads)
    return added.tolist()
