"""Queries that stand for many terms, as Whoosh's MultiTerm evaluates them.

One term: that term, scored. In a segment of up to PRELOADED documents, or from TOO_MANY terms on,
a constant-score query scores 1 everywhere. Otherwise the terms' scores add up. Many terms are
decoded in one go and summed into one scored list, which is cached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.query import Or, Query

from index.codec.postings import FieldReader
from search.executor.additive import Additive
from search.executor.boolean import OrNode, merge_order, weighted_sum
from search.executor.docset import DocSet, Ids, flags_of
from search.executor.expand import Ordinals
from search.executor.layout import kernels
from search.executor.nodes import Constant, Node, Nothing, term_node
from search.executor.postings import Impacts, SegmentView, all_exist, narrow
from search.executor.rows import Rows
from search.executor.statistics import F64, FieldModel

PRELOADED = 5000
TOO_MANY: int = Or.TOO_MANY_CLAUSES
FEW = 32
"""Up to so many terms are looked up one by one: each may be cached already."""


def preloaded(clauses: int, size: int) -> bool:
    """Whether Whoosh evaluates an Or of so many clauses through an array (`Or._matcher`)."""
    return clauses >= TOO_MANY or (clauses > 2 and size <= PRELOADED)


def multiterm(
    view: SegmentView, query: Query, reader: FieldReader, terms: Ordinals, scored: bool
) -> Node:
    """The node of a MultiTerm query that stands for `terms` in this segment; if not `scored`, only
    its documents matter."""
    if len(terms) and terms[0] == 0 and not reader.key(0):
        terms = terms[1:]  # Whoosh skips the empty term
    if not len(terms):
        return Nothing(view, 0)
    dfs = reader.dfs(terms[0], terms[-1] + 1)[np.asarray(terms) - terms[0]]
    estimate = int(dfs.sum())
    array = preloaded(len(terms), view.size)
    field: str = query.fieldname
    if (query.constantscore and array) or (not scored and len(terms) > FEW):
        docs = _cached(view, (field, *_name(terms)), lambda: _union(view, reader, terms))
        return Constant(view, docs, 1.0, estimate)
    if len(terms) <= FEW:
        texts = [reader.key(at).decode() for at in terms]
        found = view.terms([(field, text) for text in texts])
        children = [
            term_node(view, field, text, term, query.boost)
            for text, term in zip(texts, found, strict=True)
        ]
        if len(children) == 1:
            return children[0]
        node = OrNode(view, children, 1.0, estimate)
        node.preloaded = array
        return node
    model = view.statistics.model(field)
    assert model is not None
    name = (view.numbers, field, *_name(terms))
    expansion = _cached(view, name, lambda: Expansion(view, field, model, reader, terms, array))
    return ExpansionNode(view, expansion, query.boost, estimate)


def _name(terms: Ordinals) -> tuple[Any, ...]:
    """What tells sets of terms apart in a cache key."""
    return ("range", terms.start, terms.stop) if isinstance(terms, range) else tuple(terms)


def _cached(view: SegmentView, name: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    key = (view.scope, "terms", *name)
    made = view.cache.get(key)
    if made is None:
        made = make()
        size = made.nbytes if isinstance(made, Expansion) else made.size // 8 + 64
        view.cache.put(key, view.scope, made, size)
    return made


def read_terms(reader: FieldReader, terms: Ordinals) -> tuple[Ids, NDArray[Any], NDArray[Any]]:
    """Postings of all terms, one after another: ids, freqs, and how many each term has."""
    ids, freqs, dfs = reader.postings_range(terms[0], terms[-1] + 1)
    if len(dfs) == len(terms):
        return ids, freqs, dfs
    wanted = np.zeros(len(dfs), np.bool_)
    wanted[np.asarray(terms) - terms[0]] = True
    keep = np.repeat(wanted, dfs)
    return ids[keep], freqs[keep], dfs[wanted]


def _union(view: SegmentView, reader: FieldReader, terms: Ordinals) -> DocSet:
    ids, _, _ = read_terms(reader, terms)
    docs = DocSet.of_flags(flags_of(ids, view.size))
    return DocSet(view.size, words=docs.words & view.live.words, kept=False)


def any_term(view: SegmentView, reader: FieldReader) -> DocSet:
    """Live documents with any term of a field."""
    if not reader.term_count:
        return DocSet(view.size, np.empty(0, np.int32))
    terms = range(reader.term_count)
    docs: DocSet = _cached(view, (reader.name, "any"), lambda: _union(view, reader, terms))
    return docs


class Expansion:
    """All postings of many terms with their summed impacts (without the query's boost).

    The postings of the n-th term are those from `starts[n]` on.
    """

    def __init__(
        self,
        view: SegmentView,
        field: str,
        model: FieldModel,
        reader: FieldReader,
        terms: Ordinals,
        array: bool,
    ) -> None:
        self.field = field
        self.model = model
        ids, freqs, dfs = read_terms(reader, terms)
        self.idfs = self._idfs(view, reader, terms, dfs)
        self.weights = None if array else dfs
        self.starts = np.concatenate(([0], dfs.cumsum()))
        if view.segment.live is not None:
            keep = view.segment.live[ids]
            ids, freqs = ids[keep], freqs[keep]
            self.starts = np.concatenate(([0], keep.cumsum()))[self.starts]
        self.ids, self.freqs = ids, narrow(freqs)
        self.impacts = self._sum(view)

    def _idfs(
        self, view: SegmentView, reader: FieldReader, terms: Ordinals, dfs: NDArray[Any]
    ) -> F64:
        snapshot = view.statistics.snapshot
        if len(snapshot.segments) == 1:
            frequencies: Sequence[int] = dfs.tolist()
        else:
            keys = reader.keys(terms[0], terms[-1] + 1)
            names = [keys[at - terms[0]] for at in terms]
            frequencies = [snapshot.doc_frequency(self.field, name) for name in names]
        idfs = {frequency: view.statistics.idf(frequency) for frequency in {*frequencies}}
        return np.array([idfs[frequency] for frequency in frequencies])

    def _sum(self, view: SegmentView) -> Impacts:
        native = kernels() if self.model.scorable and self.freqs.dtype == np.uint8 else None
        weights = (self.idfs * (self.model.k1 + 1)).astype(np.float32)
        if native and all_exist(self.ids, view.size):
            total, norms = np.zeros(view.size), self.model.norms.astype(np.float32)
            lengths = view.lengths(self.field)
            native.add_up(self.ids, self.freqs, self.starts, weights, lengths, norms, total)
        else:
            scores = self.freqs.astype(np.float32)
            if self.model.scorable:
                below = view.norms(self.field, self.model, self.ids)
                below += scores
                scores *= np.repeat(weights, np.diff(self.starts))
                scores /= below
            total = np.bincount(self.ids, scores, view.size).astype(np.float64, copy=False)
        return Impacts.of_sums(total, len(self.ids), native)

    @property
    def nbytes(self) -> int:
        arrays = (self.ids, self.freqs, self.starts, self.idfs, self.weights)
        return self.impacts.nbytes + sum(array.nbytes for array in arrays if array is not None)


class ExpansionNode(Node):
    exhaustive = True

    def __init__(
        self, view: SegmentView, expansion: Expansion, boost: float, estimate: int
    ) -> None:
        super().__init__(view, estimate)
        self.expansion = expansion
        self.boost = boost

    @cached_property
    def docs(self) -> DocSet:
        return self.expansion.impacts.docs

    def collect(self, parts: Additive, boost: float) -> None:
        parts.lists.append((self.expansion.impacts, boost * self.boost))

    collect_optional = collect

    def known(self, rows: Rows) -> F64:
        every, native = self.expansion, kernels()
        chosen, owners, places = self._among(rows.docs, native)
        norms = every.model.norms[self.view.lengths(every.field)[rows.docs]][places]
        freqs = every.freqs[chosen].astype(np.float64)
        scores = every.model.score(every.idfs[owners], freqs, norms)
        if self.boost != 1.0:
            scores = scores * self.boost
        total = np.zeros(len(rows.docs))
        if every.weights is None:
            np.add.at(total, places, scores)  # in the order of the terms, as Whoosh's array
        elif native:
            order = every.weights.argsort(kind="stable")
            native.tree_of_many(scores, owners, places, order, every.weights, total)
        else:
            present: dict[int, F64] = {}
            for owner in np.unique(owners).tolist():
                mine = owners == owner
                present[owner] = np.zeros(len(rows.docs))
                present[owner][places[mine]] = scores[mine]
            return weighted_sum(present, merge_order(every.weights.tolist()), len(rows.docs))
        return total

    def _among(self, docs: Ids, native: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The postings of sorted `docs`: their numbers, those of their terms, and the places of
        their documents among `docs`."""
        every, size = self.expansion, self.view.size
        if native:
            room = min(len(every.ids), len(docs) * len(every.idfs))
            chosen = np.empty(room, np.int64)
            owners, places = np.empty(room, np.int32), np.empty(room, np.int32)
            words = np.zeros((size + 63) // 64, np.uint64)
            wanted = np.require(docs, requirements=["C", "W"])  # what the loop is compiled for
            count = native.among(wanted, every.ids, every.starts, words, chosen, owners, places)
            return chosen[:count], owners[:count], places[:count]
        found = np.flatnonzero(flags_of(docs, size).take(every.ids, mode="clip"))
        terms = every.starts.searchsorted(found, side="right") - 1
        return found, terms, docs.searchsorted(every.ids[found])

    exact = known
