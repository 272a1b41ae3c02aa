"""Runs Whoosh query trees over a snapshot with NumPy: same documents, scores and order as Whoosh's
own searcher gives with `limit=None`, a hundred times sooner.

    query → plan (a tree of nodes for each segment) → matching documents, counted
          → candidates by approximate scores → exact scores of those → merged page
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as q

from index.snapshot import Snapshot
from search.deadline import check
from search.executor.cache import ArrayCache
from search.executor.docset import DocSet, Flags, Ids, intersect
from search.executor.explain import Explainer
from search.executor.fallback import WhooshFallback
from search.executor.nodes import Node, exact_scores
from search.executor.plan import Planner
from search.executor.postings import Scratch, SegmentView
from search.executor.statistics import Statistics
from search.executor.topk import TopDocs, best, merge
from search.explanation import Part
from search.ranking import WEIGHTING, Weighting

Filter = Sequence[Flags | None]
"""One boolean a document for each segment of the snapshot in order; None lets all through."""

CHAMPIONS = 64
"""So many best hits are kept of each term, so that a query of one term is a look-up."""
KEPT = 1 << 12
"""Terms whose inverse document frequency is kept."""
_LEAVES = (q.Term, q.Prefix, q.Wildcard, q.TermRange, q.FuzzyTerm)


class Plan(NamedTuple):
    """A query made ready by an executor, to be asked several things; kept no longer than that."""

    query: q.Query
    nodes: list[Node]


class Executor:
    """Answers queries on one snapshot. Safe to share between threads.

    Making one drops from `cache` what belongs to segments that `snapshot` does not have.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        weighting: Weighting = WEIGHTING,
        cache: ArrayCache | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.cache = cache or ArrayCache()
        self._fallback = WhooshFallback(snapshot, weighting)
        statistics = Statistics(snapshot, weighting)
        # Nothing of this refers to the executor: it is gone as soon as its commit is.
        self._idf = lru_cache(KEPT)(partial(_idf, statistics))
        scratch = Scratch()
        self._views = [
            SegmentView(segment, statistics, self.cache, scratch) for segment in snapshot.segments
        ]
        self._planners = [Planner(view, self._fallback) for view in self._views]
        self._scope = self.cache.scope((statistics.identity, *(view.scope for view in self._views)))
        numbers = self.cache.scope(statistics.identity)
        self.cache.retain([numbers, self._scope, *(view.scope for view in self._views)])

    @property
    def fallbacks(self) -> int:
        """How often a query or a part of one had to run on Whoosh's matchers."""
        return self._fallback.count

    def plan(self, query: q.Query) -> Plan:
        """`query` with its terms looked up, for those who ask more than one thing about it."""
        return Plan(query, [planner.plan(query) for planner in self._planners])

    def top(
        self, query: q.Query | Plan, k: int, *, mask: Filter | None = None, offset: int = 0
    ) -> TopDocs:
        """Hits `offset` … `offset + k - 1`, best first, ties by document number; and how many
        documents match in all. With `mask` only documents that it lets through count."""
        last = offset + k
        leaf = query.query if type(query) is Plan else query
        if mask is None and last <= CHAMPIONS and type(leaf) in _LEAVES:
            found = self._champions(leaf)
        else:
            found = self._search(query, last, mask)
        if offset or len(found.docs) > last:
            return TopDocs(found.docs[offset:last], found.scores[offset:last], found.total)
        return found

    def matching(self, query: q.Query | Plan, mask: Filter | None = None) -> list[Ids]:
        """For each segment the sorted numbers, within it, of the documents that match."""
        return [_masked(node, mask, at).ids for at, node in enumerate(self._nodes(query))]

    def which(
        self, query: q.Query | Plan, docs: Sequence[Ids], mask: Filter | None = None
    ) -> list[Ids]:
        """For each segment those of `docs` (its own sorted numbers) that match."""
        found = []
        for at, (node, some) in enumerate(zip(self._nodes(query), docs, strict=True)):
            allowed = None if mask is None else mask[at]
            among = some if allowed is None else some[allowed[some]]
            found.append(among[node.docs.contains(among)])
        return found

    def count(self, query: q.Query | Plan, mask: Filter | None = None) -> int:
        """How many documents match."""
        return sum(_masked(node, mask, at).count for at, node in enumerate(self._nodes(query)))

    def scores(
        self, query: q.Query | Plan, docs: Sequence[int] | NDArray[np.int64]
    ) -> NDArray[Any]:
        """Exact scores of global document numbers, 0 for those that do not match."""
        wanted = np.asarray(docs, np.int64)
        scores = np.zeros(len(wanted))
        for node in self._nodes(query):
            base, size = node.view.base, node.view.size
            here = np.flatnonzero((wanted >= base) & (wanted < base + size))
            check()
            local, back = np.unique((wanted[here] - base).astype(np.int32), return_inverse=True)
            scores[here] = exact_scores(node, local, known=False)[back]
        return scores

    def idf(self, field: str, text: str) -> float:
        """The inverse document frequency of a term over all segments, for which no postings are
        decoded; 0 if no document has it."""
        return self._idf(field, text)

    def explain(self, query: q.Query, doc: int) -> Part:
        """What makes up the score of a global document number, part by part; IndexError if there
        is no such document."""
        for planner in self._planners:
            local = doc - planner.view.base
            if 0 <= local < planner.view.size:
                return Explainer(planner, local).explain(query)
        raise IndexError(f"there is no document {doc}")

    def _nodes(self, query: q.Query | Plan) -> list[Node]:
        return query.nodes if type(query) is Plan else self.plan(query).nodes

    def _champions(self, query: Any) -> TopDocs:
        """The best CHAMPIONS hits of a leaf query, from the cache or computed for it."""
        key: tuple[Any, ...]
        if type(query) is q.Term:
            key = (self._scope, query.fieldname, query.text, query.boost)
        else:
            key = (self._scope, type(query), query)
        found: TopDocs | None = self.cache.get(key)
        if found is None:
            found = self._search(query, CHAMPIONS, None)
            self.cache.put(key, self._scope, found, found.docs.nbytes + found.scores.nbytes)
        return found

    def _search(self, query: q.Query | Plan, count: int, mask: Filter | None) -> TopDocs:
        total = 0
        parts: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
        floor = 0.0
        for at, node in enumerate(self._nodes(query)):
            matches = _masked(node, mask, at)
            total += matches.count
            docs, scores = best(node, matches, count, floor)
            parts.append((docs.astype(np.int64) + node.view.base, scores))
            if count and len(scores) == count:
                floor = max(floor, float(scores[-1]))
        docs_of_all, scores_of_all = merge(parts, count)
        return TopDocs(docs_of_all, scores_of_all, total)


def _idf(statistics: Statistics, field: str, text: str) -> float:
    model = statistics.model(field)
    if model is None:
        return 0.0
    frequency = statistics.snapshot.doc_frequency(field, model.to_bytes(text))
    return statistics.idf(frequency) if frequency else 0.0


def _masked(node: Node, mask: Filter | None, at: int) -> DocSet:
    allowed = None if mask is None else mask[at]
    if allowed is None:
        return node.docs
    return intersect([node.docs, DocSet.of_flags(allowed)])
