"""An OpenSearch cluster as a search engine: any number of front ends may each have one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from whoosh.query import Query

from index.builder import stored_record
from index.cluster import commits
from index.cluster.address import Cluster
from index.cluster.connection import Connection
from index.cluster.mapping import document_key
from index.documents import Document
from index.errors import MissingIndexError, TimtinError
from search.closeness import page_of, reordered, with_closeness, with_first
from search.engine import HighlightedDocument
from search.engines.opensearch import dsl, facets, filters, ranking
from search.engines.opensearch.commit import ClusterCommit, NewestClusterCommit
from search.engines.opensearch.explaining import DocumentExplainer
from search.engines.opensearch.ranking import RankedPage, Wanted
from search.engines.opensearch.scoring import TokenizedDocument
from search.engines.opensearch.suggesting import ClusterSuggester
from search.engines.whoosh_engine import LITTLE
from search.explain import explained
from search.explanation import Explanation, UnmetRequirement
from search.flat import flatten
from search.page import Stored, highlighted, hits_of
from search.parser import ParsedQuery, parse
from search.ranking import WEIGHTING, Weighting
from search.request import MAX_DEPTH, Mode, SearchRequest
from search.results import SearchResults, Suggestion

_NOTHING = RankedPage([], 0, 0, {})


class OpenSearchEngine:
    """A `SearchEngine` over the index of a cluster, which need not exist yet.

    It keeps nothing but what it has read of the newest commit. One engine serves all threads.
    """

    def __init__(self, cluster: Cluster, *, weighting: Weighting = WEIGHTING) -> None:
        flatten("")  # so that the first visitor does not wait for its table
        self._connection = Connection(cluster)
        self._newest = NewestClusterCommit(self._connection, weighting)
        self._alias = cluster.index
        self._suggester = ClusterSuggester(self._searched)

    def search(self, request: SearchRequest) -> SearchResults:
        """The page of hits asked for. Raises MissingIndexError, ClusterError."""
        started = time.perf_counter()
        commit = self._newest.get()
        parsed, suggestion = self._parse(commit, request)
        found = _NOTHING if parsed.empty else self._find(commit, parsed, with_first(request))
        records = [stored_record(hit.document.document) for hit in found.hits]
        spec = parsed.weighed(commit.statistics.idf) if reordered(request) else parsed.highlight
        hits = hits_of([*map(Stored, records)], [hit.score for hit in found.hits], spec)
        similar = [one.similar for one in found.hits]
        hits = tuple(replace(hit, similar=n) for hit, n in zip(hits, similar, strict=True))
        counted = facets.values(request.facets, found.counted) if found.counted else {}
        return SearchResults(
            query=request.query,
            total=found.total,
            took_ms=(time.perf_counter() - started) * 1000,
            page=request.page,
            size=request.size,
            pages=-(-min(found.total, MAX_DEPTH) // request.size),
            interpretation=parsed.interpretation,
            suggestion=suggestion,
            hits=page_of(hits, request),
            facets=counted or dict.fromkeys(request.facets, ()),
        )

    def document(self, document_id: str) -> Document | None:
        """The document with this id, or None. Raises as `search`."""
        found = self._tokenized(document_id)
        return found.document if found else None

    def highlighted_document(
        self, document_id: str, query: str = "", mode: Mode = "auto"
    ) -> HighlightedDocument | None:
        """The document with what `query` asks for marked, or None."""
        document = self.document(document_id)
        if document is None:
            return None
        parsed, _ = self._parse(self._newest.get(), SearchRequest(query, mode=mode))
        return highlighted(document, parsed.highlight)

    def explain(self, request: SearchRequest, document_id: str) -> Explanation | None:
        """Why the document has its score in this search, or is not found. Raises as `search`."""
        commit = self._newest.get()
        document = self._tokenized(document_id)
        if document is None:
            return None
        parsed, _ = self._parse(commit, request)

        def total(tree: Query) -> int:
            commit.statistics.learn(dsl.terms(tree))
            return self._count(commit, tree, request)

        found = explained(
            parsed,
            request,
            document_id,
            total=total,
            part=DocumentExplainer(commit.statistics, document).explain,
            filtered=self._filtered(request, document),
        )
        return with_closeness(found, request, self.search)

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Phrases and titles that go on from what was typed. Raises as `search` does."""
        return self._suggester.suggest(self._newest.get(), typed, limit)

    def stats(self) -> dict[str, Any]:
        """Counts and sizes of the commit that answers now. Sizes are bytes, without replicas."""
        commit = self._newest.get()
        index = commit.record.index
        found = self._connection.ask(
            lambda client: client.indices.stats(index=index, metric="docs,store,segments")
        )["_all"]["primaries"]
        return {
            "documents": commit.record.documents,
            "deleted": found["docs"]["deleted"],
            "segments": found["segments"]["count"],
            "generation": commit.record.generation,
            "index_bytes": found["store"]["size_in_bytes"],
            "syllables": commit.statistics.tokens("folded"),
        }

    def generation(self) -> int:
        """The number of the commit that answers now; -1 if there is no index."""
        try:
            return self._newest.get().record.generation
        except MissingIndexError:
            return -1

    def commit_id(self) -> str:
        """What tells the commit that answers now from all others."""
        return self._newest.get().record.id

    def ready(self) -> bool:
        """Whether there is an index to answer from, and the cluster answers at this moment."""
        try:
            commits.newest(self._connection)
            return self.generation() >= 0
        except TimtinError:
            return False

    def close(self) -> None:
        """Close the connections to the cluster."""
        self._connection.close()

    def _parse(
        self, commit: ClusterCommit, request: SearchRequest
    ) -> tuple[ParsedQuery, str | None]:
        """The query as it is to be searched, and another to suggest."""
        parsed = parse(request.query, request.mode, commit.interpreter)
        suggestion = None
        corrected = parsed.corrected
        if corrected is not None:
            if self._count(commit, parsed.tree, most=LITTLE) < LITTLE:
                parsed = corrected
            else:
                suggestion = corrected.interpretation
        if request.sort == "fresh":
            parsed = replace(parsed, newest=commit.newest_day)
        return parsed, suggestion

    def _find(
        self, commit: ClusterCommit, parsed: ParsedQuery, request: SearchRequest
    ) -> RankedPage:
        """What the first of the query's trees finds that finds something."""
        found = _NOTHING

        def total(tree: Query) -> int:
            nonlocal found
            found = self._page(commit, tree, request)
            return found.total + found.hidden

        parsed.choose(total, by_date=request.sort == "date")
        return found

    def _page(self, commit: ClusterCommit, tree: Query, request: SearchRequest) -> RankedPage:
        commit.statistics.learn(dsl.terms(tree))
        query = dsl.compiled(tree, commit.statistics.boost)
        counted = facets.aggregations(request, query)
        if allowed := filters.clauses(request):
            query = {"bool": {"must": [query], "filter": allowed}}
        wanted = Wanted(request.offset, request.size, request.group, request.sort == "date")
        return ranking.page(
            self._ask,
            query,
            commit.scorer.scoring(tree),
            wanted,
            ratio=commit.ratio,
            aggregations=counted,
        )

    def _ask(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._searched(body, search_type="dfs_query_then_fetch")

    def _searched(self, body: Mapping[str, Any], **params: str) -> dict[str, Any]:
        """The answer of the index that the alias names; if that goes meanwhile, of the one that has
        come in its place."""
        try:
            return self._connection.search(self._alias, body, **params)
        except MissingIndexError:
            commits.newest(self._connection)  # raises if there is none
            return self._connection.search(self._alias, body, **params)

    def _count(
        self,
        commit: ClusterCommit,
        tree: Query,
        request: SearchRequest | None = None,
        most: int | None = None,
    ) -> int:
        """How many documents match, at least if there are more than `most`."""
        matched = {"must": [dsl.compiled(tree, lambda field, text: 1.0)]}
        if request:
            matched["must"] += filters.clauses(request)
        body = {
            "query": {"bool": {"filter": {"bool": matched}}},
            "size": 0,
            "track_total_hits": most or True,
        }
        total: int = self._searched(body)["hits"]["total"]["value"]
        return total

    def _tokenized(self, document_id: str) -> TokenizedDocument | None:
        self._newest.get()  # that there is an index
        body = {"query": {"ids": {"values": [document_key(document_id)]}}, "size": 1}
        hits = self._searched(body)["hits"]["hits"]
        return TokenizedDocument(hits[0]["_source"]) if hits else None

    def _filtered(
        self, request: SearchRequest, document: TokenizedDocument
    ) -> list[UnmetRequirement]:
        """The kinds of filters that the document does not pass."""
        kinds = {
            "date": filters.by_date(request),
            "source": filters.by_source(request),
            "name": filters.by_name(request),
            "place": filters.by_place(request),
        }
        return [
            UnmetRequirement("filtered", name)
            for name, allowed in kinds.items()
            if allowed and not self._passes(document, allowed)
        ]

    def _passes(self, document: TokenizedDocument, allowed: list[dsl.Dsl]) -> bool:
        key = {"ids": {"values": [document_key(document.document.id)]}}
        body = {"query": {"bool": {"filter": [key, *allowed]}}, "size": 0}
        return bool(self._searched(body)["hits"]["total"]["value"])
