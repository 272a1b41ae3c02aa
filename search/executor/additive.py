"""Approximate scores as a sum of parts, for all documents at once or for a few.

A node that is known to match scores the sum of its terms' impacts times their boosts, however deep
the tree; only parts that may or may not match (an And inside an Or, say) stay whole. Flattened like
this a query costs one pass over each term, whatever its shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from search.executor.docset import Ids
from search.executor.postings import F32, Impacts, SegmentView

if TYPE_CHECKING:
    from search.executor.nodes import Node

GATHER = 8
"""Up to one in GATHER of the documents, reading scores at them beats adding whole vectors."""


class Additive:
    """`constant` plus weighted lists plus nodes that count only where they match."""

    __slots__ = ("constant", "lists", "nodes", "view")

    def __init__(self, view: SegmentView) -> None:
        self.view = view
        self.constant = 0.0
        self.lists: list[tuple[Impacts, float]] = []
        self.nodes: list[tuple[Node, Additive, float]] = []

    @classmethod
    def of(cls, node: Node) -> Additive:
        """The parts of a node, valid for documents that it matches."""
        parts = cls(node.view)
        node.collect(parts, 1.0)
        return parts

    def add_node(self, node: Node, boost: float) -> None:
        """A part that counts for the documents that it matches only."""
        self.nodes.append((node, Additive.of(node), boost))

    @property
    def flat(self) -> bool:
        """Whether all matches score the same."""
        return not (self.lists or self.nodes)

    @property
    def slack(self) -> float:
        """How far above the truth an approximate score may be."""
        lists = sum(scored.slack * boost for scored, boost in self.lists)
        return lists + sum(parts.slack * boost for _, parts, boost in self.nodes)

    def at(self, docs: Ids) -> F32:
        """Scores of `docs`, sorted ids that the node matches."""
        total = np.full(len(docs), self.constant, np.float32)
        coded = [(scored, boost) for scored, boost in self.lists if scored.codes is not None]
        if coded:
            total += _weighted(coded, docs.astype(np.intp))
        scratch: F32 | None = None
        for scored, boost in self.lists:
            if scored.values is None:
                continue
            if len(scored.values) < 8 * len(docs):
                if scratch is None:
                    scratch = self.view.scratch.zeros(np.float32, self.view.size)
                scored.add_to(scratch, boost)
            else:
                found = scored.at(docs)
                total += found if boost == 1.0 else found * np.float32(boost)
        if scratch is not None:
            total += scratch.take(docs)
            self.view.scratch.give(scratch)
        for node, parts, boost in self.nodes:
            hit = node.docs.contains(docs)
            total[hit] += parts.at(docs[hit]) * np.float32(boost)
        return total

    def everywhere(self) -> tuple[NDArray[Any], float]:
        """Scores of all documents as a vector and the unit to multiply it by.

        Documents that the node does not match get nonsense. The vector is the caller's to change
        and to give back to the scratch.
        """
        groups: dict[tuple[float, int], list[Impacts]] = {}
        rest = []
        for at, (scored, boost) in enumerate(self.lists):
            if scored.codes is None:
                rest.append((scored, boost))
            else:
                groups.setdefault((boost * scored.step, at >> 8), []).append(scored)
        if len(groups) == 1 and not (rest or self.nodes or self.constant):
            [((unit, _), lists)] = groups.items()
            return _add_bytes(lists, self.view), unit
        total = self._add_groups([(unit, lists) for (unit, _), lists in groups.items()])
        if self.constant:
            total += np.float32(self.constant)
        for scored, boost in rest:
            scored.add_to(total, boost)
        for node, parts, boost in self.nodes:
            self._add_node(total, node, parts, boost)
        return total, 1.0

    def _add_groups(self, groups: list[tuple[float, list[Impacts]]]) -> F32:
        """Bytes of one unit are added as integers; only their sum becomes floats."""
        scratch, size = self.view.scratch, self.view.size
        total: F32 = scratch.take(np.float32, size)
        if not groups:
            total.fill(0)
        for at, (unit, lists) in enumerate(groups):
            sums = _add_bytes(lists, self.view)
            product = scratch.take(np.float32, size) if at else total
            np.multiply(sums, np.float32(unit), out=product)
            scratch.give(sums)
            if at:
                np.add(total, product, out=total)
                scratch.give(product)
        return total

    def _add_node(self, total: F32, node: Node, parts: Additive, boost: float) -> None:
        docs = node.docs
        if docs.count * GATHER < docs.size:
            ids = docs.ids
            total[ids] += parts.at(ids) * np.float32(boost)
            return
        scores, unit = parts.everywhere()
        np.multiply(scores, docs.flags().view(np.uint8), out=scores)
        total += scores * np.float32(unit * boost)
        self.view.scratch.give(scores)


def _weighted(lists: list[tuple[Impacts, float]], docs: NDArray[np.intp]) -> F32:
    """The weighted sum at `docs` of lists that are bytes."""
    units = np.empty((len(lists), len(docs)), np.uint8)
    for (scored, _), row in zip(lists, units, strict=True):
        assert scored.codes is not None
        scored.codes.take(docs, out=row, mode="clip")
    weights = np.array([scored.step * boost for scored, boost in lists], np.float32)
    total: F32 = weights @ units.astype(np.float32)
    return total


def _add_bytes(lists: list[Impacts], view: SegmentView) -> NDArray[Any]:
    """The sum of up to 256 vectors of bytes, as uint8 if it fits, else as uint16.

    They are added as bytes as long as these cannot overflow: that takes a third of the time.
    """
    batch: NDArray[np.uint8] = view.scratch.take(np.uint8, view.size)
    sums: NDArray[np.uint16] | None = None
    highest = 0
    for at, scored in enumerate(sorted(lists, key=lambda scored: scored.highest)):
        assert scored.codes is not None
        if at and highest + scored.highest <= 255:
            np.add(batch, scored.codes, out=batch)
            highest += scored.highest
            continue
        if at:
            sums = _widened(sums, batch, view)
        np.copyto(batch, scored.codes)
        highest = scored.highest
    if sums is None:
        return batch
    sums = _widened(sums, batch, view)
    view.scratch.give(batch)
    return sums


def _widened(
    sums: NDArray[np.uint16] | None, batch: NDArray[np.uint8], view: SegmentView
) -> NDArray[np.uint16]:
    if sums is not None:
        return np.add(sums, batch, out=sums)
    wide: NDArray[np.uint16] = view.scratch.take(np.uint16, view.size)
    np.copyto(wide, batch)
    return wide
