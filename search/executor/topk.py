"""The best few documents of one segment, without scoring or sorting all matches exactly.

Approximate float32 scores give a lower bound of the k-th best score; the few documents that reach
it, within the rounding error, are scored exactly and sorted: by score, then by document number.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.deadline import check
from search.executor import additive, bounds
from search.executor.additive import GATHER, Additive
from search.executor.bounds import Worst, bound, kth_best
from search.executor.docset import DocSet, Ids
from search.executor.layout import kernels, table
from search.executor.nodes import Node, exact_scores
from search.executor.postings import F32, SegmentView
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
    if matches.count <= count:
        docs = matches.ids
    elif parts.flat:
        docs = matches.ids[:count]
    else:
        docs = _likely(node, matches, parts, count, floor)
    scores = exact_scores(node, docs, known=True)
    order = np.lexsort((docs, -scores))[:count]
    return docs[order], scores[order]


def _likely(node: Node, matches: DocSet, parts: Additive, count: int, floor: float) -> Ids:
    """The matches that may be among the `count` best, and few others."""
    margin = 1 - 1e-5 - 2e-7 * parts.count
    few = matches.count * GATHER < matches.size or matches.size < 4 * bounds.COLUMNS
    native = kernels()
    if native and count <= NATIVE:
        docs = _natively(native, node.view, matches, parts, count, floor, margin, few)
        if docs is not None:
            return docs
    worst = Worst(margin, parts.slack, floor)
    if few:
        return matches.ids[_reaching(parts.at(matches.ids), count, worst)]
    return _sift(node, matches, parts, count, worst)


def _sift(node: Node, matches: DocSet, parts: Additive, count: int, worst: Worst) -> Ids:
    """The likely ones from scores of all documents at once."""
    kind, unit = parts.unit()
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


def _natively(
    native: Any,
    view: SegmentView,
    matches: DocSet,
    parts: Additive,
    count: int,
    floor: float,
    margin: float,
    few: bool,
) -> Ids | None:
    """What `_likely` gives, in one call; None if two bytes are too few for the sums."""
    rows, boosts, kept = parts.rows()
    terms = table(rows), np.array(boosts)
    limits = parts.constant, floor, margin
    scratch = view.scratch
    found = scratch.take(np.int32, view.size)
    if few:
        taken = native.choose(matches.ids, *terms, count, *limits, found)
    else:
        sums = scratch.take(np.uint16, view.size)
        room = additive.ROOM, view.size, found, sums
        taken = native.sift(*terms, matches.words, count, *limits, *room)
        scratch.give(sums)
    del kept
    docs = found[:taken].copy() if taken >= 0 else None
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
