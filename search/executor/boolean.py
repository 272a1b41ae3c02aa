"""Compound nodes: how documents and scores combine, as in Whoosh's matchers.

In five places Whoosh's matchers do not do what Whoosh documents, and these nodes do what is
documented: a DisjunctionMax takes the maximum over the subqueries that match the document (not over
wherever they happen to stand); an AndNot never lets its first document through unchecked; a Not
never returns a deleted document; an AndMaybe inside another query keeps its optional scores; a
union of many terms does not go back to a document that was passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from search.executor.additive import Additive
from search.executor.docset import DocSet, at_least, intersect, unite
from search.executor.layout import kernels
from search.executor.nodes import Node
from search.executor.postings import Impacts, SegmentView
from search.executor.rows import Rows, Weighed
from search.executor.statistics import F64


def merge_order(weights: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs that `whoosh.util.make_weighted_tree` combines, one after another.

    Inputs are numbered from 0; the result of the n-th merge gets the number len(weights) + n.
    """
    # Sums come in ascending order, behind what weighs as much: two lists, each of them sorted, do
    # what Whoosh does by sorting each sum in among the rest.
    count = len(weights)
    leaves = sorted(range(count), key=weights.__getitem__)
    sums: list[int] = []
    merges: list[tuple[int, int]] = []
    leaf = used = 0
    for _ in range(count - 1):
        pair, total = [], 0
        for _ in range(2):
            if leaf < count and (used == len(sums) or weights[leaves[leaf]] <= sums[used]):
                pair.append(leaves[leaf])
                total += weights[leaves[leaf]]
                leaf += 1
            else:
                pair.append(count + used)
                total += sums[used]
                used += 1
        sums.append(total)
        merges.append((pair[0], pair[1]))
    return merges


def weighted_sum(rows: dict[int, F64], merges: Sequence[tuple[int, int]], width: int) -> F64:
    """Sum rows by number in the given order; a row that is absent is zeros."""
    rows = dict(rows)
    number = len(merges) + 1
    for left, right in merges:
        first, second = rows.pop(left, None), rows.pop(right, None)
        if first is not None and second is not None:
            rows[number] = first + second
        elif first is not None or second is not None:
            rows[number] = first if second is None else second  # type: ignore[assignment]
        number += 1
    return rows.get(number - 1, np.zeros(width))


def weighted_tree(rows: Sequence[F64], weights: Sequence[int]) -> F64:
    """Sum rows in the order of `whoosh.util.make_weighted_tree`: the two lightest first."""
    native = kernels()
    if native and len(rows) > 2:
        sums = np.array(rows)
        total: F64 = sums[native.tree(sums, np.array(weights, np.int64))]
        return total
    return weighted_sum(dict(enumerate(rows)), merge_order(weights), len(rows[0]))


def halved_tree(rows: Sequence[F64]) -> F64:
    """Sum rows in the order of `whoosh.util.make_binary_tree`."""
    if len(rows) == 1:
        return rows[0]
    half = len(rows) // 2
    return halved_tree(rows[:half]) + halved_tree(rows[half:])


class Compound(Node):
    def __init__(
        self, view: SegmentView, children: Sequence[Node], boost: float, estimate: int
    ) -> None:
        super().__init__(view, estimate)
        self.children = children
        self.boost = boost

    def terms(self) -> Iterable[Weighed]:
        return [each for child in self.children for each in child.terms()]

    def boosted(self, scores: F64) -> F64:
        return scores if self.boost == 1.0 else scores * self.boost


class AndNode(Compound):
    @cached_property
    def docs(self) -> DocSet:
        return intersect([child.docs for child in self.children])

    def collect(self, parts: Additive, boost: float) -> None:
        for child in self.children:
            child.collect(parts, boost * self.boost)

    def known(self, rows: Rows) -> F64:
        weights = [-child.estimate for child in self.children]
        return self.boosted(weighted_tree([child.known(rows) for child in self.children], weights))


class OrNode(Compound):
    """`preloaded`: Whoosh sums many subqueries over a small segment one after another, each with
    the boost, instead of as a tree."""

    preloaded = False

    @cached_property
    def docs(self) -> DocSet:
        return unite([child.docs for child in self.children], self.view.size)

    @property
    def exhaustive(self) -> bool:
        return all(child.exhaustive for child in self.children)

    def collect(self, parts: Additive, boost: float) -> None:
        for child in self.children:
            child.collect_optional(parts, boost * self.boost)

    collect_optional = collect

    def known(self, rows: Rows) -> F64:
        scores = [child.exact(rows) for child in self.children]
        if not self.preloaded:
            return self.boosted(weighted_tree(scores, [child.estimate for child in self.children]))
        total = np.zeros(len(rows.docs))
        for score in scores:
            total += self.boosted(score)
        return total

    exact = known  # where no child matches the sum is 0


class AtLeastNode(Compound):
    minimum = 1

    @cached_property
    def docs(self) -> DocSet:
        return at_least([child.docs for child in self.children], self.minimum, self.view.size)

    def collect(self, parts: Additive, boost: float) -> None:
        for child in self.children:
            child.collect_optional(parts, boost * self.boost)

    def known(self, rows: Rows) -> F64:
        total = np.zeros(len(rows.docs))
        for child in self.children:
            total += child.exact(rows)
        return self.boosted(total)


class MaxNode(Compound):
    """DisjunctionMax: the best of the subqueries' scores."""

    @cached_property
    def docs(self) -> DocSet:
        return unite([child.docs for child in self.children], self.view.size)

    @cached_property
    def _impacts(self) -> Impacts:
        ids = self.docs.ids
        best = np.zeros(len(ids), np.float32)
        slack = 0.0
        for child in self.children:
            parts = Additive.of(child)
            hit = child.docs.contains(ids)
            best[hit] = np.maximum(best[hit], parts.at(ids[hit]))
            slack = max(slack, parts.slack)
        return Impacts(self.view.size, ids, best, slack)

    def collect(self, parts: Additive, boost: float) -> None:
        parts.lists.append((self._impacts, boost * self.boost))

    def known(self, rows: Rows) -> F64:
        return self.boosted(np.maximum.reduce([child.exact(rows) for child in self.children]))


class Binary(Node):
    """A node whose first child says what matches or scores, and the second modifies it."""

    def __init__(self, view: SegmentView, first: Node, second: Node, estimate: int) -> None:
        super().__init__(view, estimate)
        self.first = first
        self.second = second

    def collect(self, parts: Additive, boost: float) -> None:
        self.first.collect(parts, boost)

    def terms(self) -> Iterable[Weighed]:
        return self.first.terms()

    def known(self, rows: Rows) -> F64:
        return self.first.known(rows)


class AndNotNode(Binary):
    @cached_property
    def docs(self) -> DocSet:
        return self.first.docs.minus(self.second.docs)


class RequireNode(Binary):
    @cached_property
    def docs(self) -> DocSet:
        return intersect([self.first.docs, self.second.docs])


class AndMaybeNode(Binary):
    @cached_property
    def docs(self) -> DocSet:
        return self.first.docs

    def collect(self, parts: Additive, boost: float) -> None:
        self.first.collect(parts, boost)
        self.second.collect_optional(parts, boost)

    def terms(self) -> Iterable[Weighed]:
        return [*self.first.terms(), *self.second.terms()]

    def known(self, rows: Rows) -> F64:
        return self.first.known(rows) + self.second.exact(rows)
