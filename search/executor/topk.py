"""The best few documents of one segment, without scoring or sorting all matches exactly.

Approximate float32 scores give a lower bound of the k-th best score; the few documents that reach
it, within the rounding error, are scored exactly and sorted: by score, then by document number.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.deadline import check
from search.executor import bounds
from search.executor.additive import GATHER, Additive, units_of
from search.executor.bounds import Worst, bound, kth_best
from search.executor.docset import DocSet, Ids
from search.executor.layout import kernels, row, table
from search.executor.nodes import Node, exact_scores
from search.executor.postings import F32
from search.executor.statistics import F64

NATIVE = 256
"""Up to so many hits are looked for by the compiled loop: it keeps them in a short list."""


class TopDocs(NamedTuple):
    """A page of hits: global document numbers (int64) and scores, best first, and the exact number
    of matches."""

    docs: NDArray[np.int64]
    scores: F64
    total: int


def best(node: Node, matches: DocSet, count: int, floor: float) -> tuple[Ids, F64]:
    """Up to `count` of `matches` with their exact scores, best first.

    `matches` are documents that the node matches; those that score less than `floor` may be left
    out.
    """
    if not count or not matches.count:
        return np.empty(0, np.int32), np.empty(0)
    check()
    parts = Additive.of(node)
    worst = Worst(1 - 1e-5 - 2e-7 * parts.count, parts.slack, floor)
    if matches.count <= count:
        docs = matches.ids
    elif parts.flat:
        docs = matches.ids[:count]
    elif matches.count * GATHER < matches.size or matches.size < 4 * bounds.COLUMNS:
        docs = matches.ids
        docs = docs[_reaching(parts.at(docs), count, worst)]
    else:
        docs = _sift(node, matches, parts, count, worst)
    scores = exact_scores(node, docs, known=True)
    order = np.lexsort((docs, -scores))[:count]
    return docs[order], scores[order]


def _sift(node: Node, matches: DocSet, parts: Additive, count: int, worst: Worst) -> Ids:
    """The same candidates from scores of all documents at once."""
    native = kernels()
    kind, unit = parts.unit()
    if native and count <= NATIVE and kind is np.uint16:
        return _sift_natively(native, node, matches, parts, unit, count, worst)
    sums = parts.everywhere(kind, unit)
    total, worst = sums.total, worst.looser(sums.rounding)
    if not (node.exhaustive and matches is node.docs):
        np.multiply(total, matches.flags().view(np.uint8), out=total)
    reached = worst.below(bound(total, count) * sums.unit + parts.constant) - parts.constant
    if reached <= 0:
        docs = matches.ids
    else:
        docs = np.flatnonzero(total >= ceil(reached / sums.unit)).astype(np.int32)
    scores = total.take(docs) * np.float32(sums.unit) + np.float32(parts.constant)
    node.view.scratch.give(total)
    return docs[_reaching(scores, count, worst)]


def _sift_natively(
    native: Any,
    node: Node,
    matches: DocSet,
    parts: Additive,
    unit: float,
    count: int,
    worst: Worst,
) -> Ids:
    """What `_sift` does, in one call, with sums that fit two bytes."""
    rounding = unit * len(parts.nodes)
    coded, listed = [], []
    kept = []  # arrays live as long as their addresses are used
    for scored, boost in parts.lists:
        if scored.codes is not None:
            units, more = units_of(scored, boost, unit)
            coded.append((units * scored.highest, units, scored.row))
        else:
            more = unit
            if scored.docs.listed:
                listed.append((boost / unit, scored.row))
            else:
                kept.append((boost, scored.docs.ids, scored.values))
        rounding += more
    for inner, few, boost in parts.nodes:
        ids = inner.docs.ids
        kept.append((boost, ids, few.at(ids)))
    for boost, ids, values in kept:
        listed.append((boost / unit, row(ids=ids, values=values, count=len(ids))))
    coded.sort(key=itemgetter(0), reverse=True)
    worst = worst.looser(rounding)
    scratch, words = node.view.scratch, np.require(matches.words, requirements="W")
    total = scratch.take(np.uint16, 64 * len(words))
    found = scratch.take(np.int32, matches.size)
    taken = native.sift(
        total,
        table([*(each for *_, each in coded), *(each for _, each in listed)]),
        np.array([weight for weight, _ in listed], np.float64),
        np.array([units for _, units, _ in coded], np.uint16),
        np.array([peak for peak, *_ in coded], np.int64),
        words,
        count,
        unit,
        parts.constant,
        worst.slack,
        worst.floor,
        worst.margin,
        found,
    )
    docs = matches.ids if taken < 0 else found[:taken].copy()
    scratch.give(total)
    scratch.give(found)
    return docs


def _reaching(scores: F32, count: int, worst: Worst) -> NDArray[np.intp]:
    """Places of the scores that may be among the `count` best."""
    places = np.flatnonzero(scores >= worst.below(bound(scores, count)))
    if len(places) > 4 * count:  # the bound was loose
        fewer = scores[places]
        places = places[fewer >= worst.below(kth_best(fewer, count))]
    return places


def merge(
    parts: Iterable[tuple[NDArray[np.int64], F64]], count: int
) -> tuple[NDArray[np.int64], F64]:
    """The best of several lists of (global document numbers, scores), each best first."""
    lists = [part for part in parts if len(part[0])]
    if len(lists) == 1:
        docs, scores = lists[0]
        return docs[:count], scores[:count]
    if not lists:
        return np.empty(0, np.int64), np.empty(0)
    docs = np.concatenate([docs for docs, _ in lists])
    scores = np.concatenate([scores for _, scores in lists])
    order = np.lexsort((docs, -scores))[:count]
    return docs[order], scores[order]
