"""What a query becomes within one segment: a tree of nodes that know their documents and scores.

Each node answers three questions apart, so that each can be answered the cheapest way: which
documents match (`docs`), roughly how they score (`collect`, float32 parts for `additive`), and how
a few of them score exactly (`exact`, float64 in the order of operations of Whoosh's matchers).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from search.executor.additive import Additive
from search.executor.docset import DocSet, Ids
from search.executor.postings import Absent, Impacts, SegmentView, TermPostings
from search.executor.rows import Rows, Weighed
from search.executor.statistics import F64

AT_ONCE = 2048
"""Documents that are scored exactly at once."""


class Node:
    """A query in one segment. `estimate` is Whoosh's `estimate_size` there, which decides in what
    order Whoosh adds floats up."""

    def __init__(self, view: SegmentView, estimate: int) -> None:
        self.view = view
        self.estimate = estimate

    @cached_property
    def docs(self) -> DocSet:
        """The live documents that match."""
        raise NotImplementedError

    @property
    def exhaustive(self) -> bool:
        """Whether just the matches have parts that are not 0: then a sum over all documents needs
        no mask."""
        return False

    def collect(self, parts: Additive, boost: float) -> None:
        """Add the parts of the score times `boost`, for a document known to match."""
        raise NotImplementedError

    def collect_optional(self, parts: Additive, boost: float) -> None:
        """The same for a document that may or may not match."""
        parts.add_node(self, boost)

    def terms(self) -> Iterable[Weighed]:
        """All that `exact` will ask rows for."""
        return ()

    def known(self, rows: Rows) -> F64:
        """Scores of `rows.docs`, all of which match."""
        raise NotImplementedError

    def exact(self, rows: Rows) -> F64:
        """Scores of `rows.docs`, 0 for those that do not match."""
        return np.where(self.docs.contains(rows.docs), self.known(rows), 0.0)


def exact_scores(node: Node, docs: Ids, *, known: bool) -> F64:
    """Exact scores of sorted `docs`, 0 for those that do not match unless all are `known` to; some
    at a time, so that many terms need no large arrays."""
    terms = list(node.terms())
    of = node.known if known else node.exact
    if len(docs) <= AT_ONCE:
        return of(Rows(node.view, docs, terms))
    starts = range(0, len(docs), AT_ONCE)
    return np.concatenate([of(Rows(node.view, docs[at : at + AT_ONCE], terms)) for at in starts])


class Nothing(Node):
    """Matches no document."""

    exhaustive = True

    @cached_property
    def docs(self) -> DocSet:
        return DocSet(self.view.size, np.empty(0, np.int32))

    def collect(self, parts: Additive, boost: float) -> None:
        pass

    def collect_optional(self, parts: Additive, boost: float) -> None:
        pass

    def known(self, rows: Rows) -> F64:
        return np.zeros(len(rows.docs))

    exact = known


class TermNode(Node):
    exhaustive = True

    def __init__(
        self, view: SegmentView, field: str, text: Any, term: TermPostings, boost: float
    ) -> None:
        self.view = view
        self.estimate = term.df
        self.field = field
        self.text = text
        self.term = term
        self.boost = boost

    @property
    def docs(self) -> DocSet:
        return self.term.docs

    def collect(self, parts: Additive, boost: float) -> None:
        parts.lists.append((self.term, boost * self.boost))

    collect_optional = collect

    def terms(self) -> Iterable[Weighed]:
        return ((self.term, self.boost),)

    def known(self, rows: Rows) -> F64:
        return rows.of(self.term, self.boost)

    exact = known


def term_node(
    view: SegmentView, field: str, text: Any, term: TermPostings | Absent, boost: float
) -> Node:
    """The node of a term that was looked up."""
    if isinstance(term, Absent):
        return Nothing(view, term.df)
    return TermNode(view, field, text, term, boost)


class Constant(Node):
    """A set of documents that all score the same."""

    def __init__(self, view: SegmentView, docs: DocSet, score: float, estimate: int) -> None:
        super().__init__(view, estimate)
        self._docs = docs
        self.score = score

    @cached_property
    def docs(self) -> DocSet:
        return self._docs

    def collect(self, parts: Additive, boost: float) -> None:
        parts.constant += self.score * boost

    def known(self, rows: Rows) -> F64:
        return np.full(len(rows.docs), self.score, np.float64)


class Scored(Node):
    """Documents with scores that something else has computed, Whoosh's own matcher for one."""

    def __init__(self, view: SegmentView, ids: Ids, scores: F64, estimate: int) -> None:
        super().__init__(view, estimate)
        self._docs = DocSet(view.size, ids)
        self._scores = scores

    @cached_property
    def docs(self) -> DocSet:
        return self._docs

    @cached_property
    def _impacts(self) -> Impacts:
        return Impacts(self.view.size, self._docs.ids, self._scores.astype(np.float32))

    def collect(self, parts: Additive, boost: float) -> None:
        parts.lists.append((self._impacts, boost))

    def known(self, rows: Rows) -> F64:
        if not self._docs.count:
            return np.zeros(len(rows.docs))
        places = self._docs.ids.searchsorted(rows.docs)
        return self._scores.take(places, mode="clip")
