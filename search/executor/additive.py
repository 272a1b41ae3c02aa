"""Approximate scores as a sum of parts, for all documents at once or for a few.

A node that is known to match scores the sum of its terms' impacts times their boosts, however deep
the tree; only parts that may or may not match (an And inside an Or, say) stay whole. Flattened like
this a query costs one pass over each term, whatever its shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
        scratch: F32 | None = None
        for scored, boost in self.lists:
            if scored.values is not None and len(scored.values) < 8 * len(docs):
                if scratch is None:
                    scratch = self.view.scratch.take(np.float32, self.view.size)
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

    def add_everywhere(self, total: F32) -> None:
        """Add the scores of all documents; those that the node does not match get nonsense."""
        if self.constant:
            total += np.float32(self.constant)
        groups: dict[float, list[Impacts]] = {}
        for scored, boost in self.lists:
            if scored.codes is None:
                scored.add_to(total, boost)
            else:
                groups.setdefault(boost * scored.step, []).append(scored)
        for weight, alike in groups.items():
            self._add_codes(total, alike, weight)
        for node, parts, boost in self.nodes:
            self._add_node(total, node, parts, boost)

    def _add_codes(self, total: F32, alike: list[Impacts], weight: float) -> None:
        """Add up bytes as integers, and turn only their sum into floats."""
        take, give = self.view.scratch.take, self.view.scratch.give
        product = take(np.float32, self.view.size)
        sums = take(np.uint16, self.view.size)  # 256 vectors of bytes cannot overflow it
        for start in range(0, len(alike), 256):
            for scored in alike[start : start + 256]:
                assert scored.codes is not None
                np.add(sums, scored.codes, out=sums)
            np.multiply(sums, np.float32(weight), out=product)
            np.add(total, product, out=total)
            sums.fill(0)
        give(sums)
        give(product)

    def _add_node(self, total: F32, node: Node, parts: Additive, boost: float) -> None:
        docs = node.docs
        if docs.count * GATHER < docs.size:
            ids = docs.ids
            total[ids] += parts.at(ids) * np.float32(boost)
            return
        scratch = self.view.scratch.take(np.float32, self.view.size)
        parts.add_everywhere(scratch)
        np.multiply(scratch, docs.flags(), out=scratch)
        if boost != 1.0:
            np.multiply(scratch, np.float32(boost), out=scratch)
        np.add(total, scratch, out=total)
        self.view.scratch.give(scratch)
