"""Approximate scores as a sum of parts, for all documents at once or for a few.

A node that is known to match scores the sum of its terms' impacts times their boosts, however deep
the tree; only parts that may or may not match (an And inside an Or, say) stay whole. Flattened like
this a query costs one pass over each term, whatever its shape.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.executor.bounds import EXACT
from search.executor.docset import Ids
from search.executor.layout import Row
from search.executor.layout import row as row_of
from search.executor.postings import F32, Impacts, SegmentView

if TYPE_CHECKING:
    from search.executor.nodes import Node

GATHER = 8
"""Up to one in GATHER of the documents, reading scores at them beats adding whole vectors."""
ROOM, _MORE_ROOM = (1 << 16) - 64, 1 << 24
"""What sums of two and of four bytes may come to, less what float32 may be off."""


class Sums(NamedTuple):
    """Scores of all documents in fixed point: `total` times `unit`, at most `rounding` too high.

    `total` is the caller's to change and to give back to the scratch. Whole numbers of two bytes
    add up in a fifth of the time that floats take.
    """

    total: NDArray[Any]
    unit: float
    rounding: float


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
    def count(self) -> int:
        """How many numbers a score is the sum of."""
        return len(self.lists) + sum(1 + parts.count for _, parts, _ in self.nodes)

    @property
    def slack(self) -> float:
        """How far above the truth an approximate score may be."""
        lists = sum(scored.slack * boost for scored, boost in self.lists)
        return lists + sum(parts.slack * boost for _, parts, boost in self.nodes)

    @property
    def peak(self) -> float:
        """What no approximate score exceeds."""
        lists = sum(scored.peak * boost for scored, boost in self.lists)
        nodes = sum(parts.peak * boost for _, parts, boost in self.nodes)
        return self.constant + lists + nodes

    def rows(self) -> tuple[list[Row], list[float], list[Any]]:
        """How compiled loops are told of all parts but `constant`: rows, boosts, and the arrays
        that must live while the rows are used."""
        rows = [scored.row for scored, _ in self.lists]
        boosts = [boost for _, boost in self.lists]
        kept: list[Any] = []
        for node, parts, boost in self.nodes:
            ids = node.docs.ids
            values = parts.at(ids)
            worth = (0.0, float(values.max(initial=0)), parts.slack, 0.0)
            rows.append(row_of(ids=ids, values=values, count=len(ids), worth=worth))
            boosts.append(boost)
            kept += (ids, values)
        return rows, boosts, kept

    def at(self, docs: Ids) -> F32:
        """Scores of `docs`, sorted ids that the node matches."""
        total = np.full(len(docs), self.constant, np.float32)
        coded = [(scored, boost) for scored, boost in self.lists if scored.codes is not None]
        if coded:
            total += weighted(coded, docs.astype(np.intp))
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

    def everywhere(self, kind: type[np.unsignedinteger[Any]], unit: float) -> Sums:
        """Scores of all documents, without `constant`, in a type and a unit as `unit` tells;
        those that the node does not match get nonsense."""
        scratch, rounding = self.view.scratch, unit * len(self.nodes)
        total, product = (scratch.take(kind, self.view.size) for _ in range(2))
        total.fill(0)
        for scored, boost in self.lists:
            if scored.values is not None:
                _add_at(total, scored.docs.ids, scored.values, boost / unit)
                rounding += unit
            elif scored.codes is not None and scored.highest:
                units, more = units_of(scored, boost, unit)
                np.multiply(scored.codes, kind(units), out=product)
                np.add(total, product, out=total)
                rounding += more
        scratch.give(product)
        for node, parts, boost in self.nodes:
            ids = node.docs.ids
            _add_at(total, ids, parts.at(ids), boost / unit)
        return Sums(total, unit, rounding)

    def unit(self) -> tuple[type[np.unsignedinteger[Any]], float]:
        """A type for the sums and what one unit of them stands for.

        Rounding up adds at most one unit a part, or one times its highest code.
        """
        rounded = sum(scored.highest or 1 for scored, _ in self.lists) + len(self.nodes)
        kind, room = (np.uint16, ROOM) if 2 * rounded < ROOM else (np.uint32, _MORE_ROOM)
        highest = self.peak - self.constant
        weights = {scored.step * boost for scored, boost in self.lists}
        if len(weights) == 1 and not self.nodes:
            [unit] = weights  # the same for all: nothing is rounded
            if 0 < highest <= unit * room:
                return kind, unit
        return kind, highest / (room - rounded) or 1.0


def units_of(scored: Impacts, boost: float, unit: float) -> tuple[int, float]:
    """How many units a code of `scored` stands for, and how much too high a score may become."""
    weight = scored.step * boost
    units = ceil(weight / unit * (1 - EXACT))
    return units, scored.highest * max(units * unit - weight, 0.0)


def _add_at(total: NDArray[Any], ids: Ids, scores: F32, factor: float) -> None:
    units = np.ceil(scores * np.float32(factor))
    np.add.at(total, ids, units.astype(total.dtype))


def weighted(lists: list[tuple[Impacts, float]], docs: NDArray[np.intp]) -> F32:
    """The weighted sum at `docs` of lists that are bytes."""
    units = np.empty((len(lists), len(docs)), np.uint8)
    for (scored, _), row in zip(lists, units, strict=True):
        assert scored.codes is not None
        scored.codes.take(docs, out=row, mode="clip")
    weights = np.array([scored.step * boost for scored, boost in lists], np.float32)
    total: F32 = weights @ units.astype(np.float32)
    return total
