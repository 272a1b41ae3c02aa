"""The default engine: a Whoosh index in a folder, answered in this process by the executor."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.query import Query

from index.documents import Document
from index.errors import MissingIndexError, TimtinError
from index.store import IndexStore
from search import by_date, copies, facets, filters
from search.closeness import page_of, reordered, with_closeness, with_first
from search.deadline import SHOWING, OutOfTime, is_up, time_limit
from search.engine import HighlightedDocument
from search.engines.newest import Commit, NewestCommit
from search.engines.read_texts import SHARE, ReadTexts
from search.engines.remembered import RememberedPages
from search.executor import ArrayCache, Executor, Plan, TopDocs
from search.executor.cache import DEFAULT_LIMIT
from search.executor.docset import Ids
from search.explain import explain
from search.explanation import Explanation
from search.flat import flatten
from search.page import document_of, highlighted, hits_of
from search.parser import ParsedQuery, parse
from search.ranking import WEIGHTING, Weighting
from search.request import MAX_DEPTH, Mode, SearchRequest
from search.results import FacetValue, SearchResults, Suggestion
from search.suggest import Suggester


class _Found(NamedTuple):
    """A page of documents (number in the snapshot, score), and how many there are in all.

    `hidden` copies are not counted in `total`; `similar` tells how many of them stand behind a
    document of the page.
    """

    page: Sequence[tuple[int, float]]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    hidden: int = 0
    similar: Mapping[int, int] = {}


LITTLE = 3
"""Documents with all words as typed that make a correction a mere suggestion."""

_NOTHING = _Found((), 0, {})


class WhooshEngine:
    """A `SearchEngine` over the index in `index_dir`, which need not exist yet.

    `cache_bytes` bounds the memory for decoded postings and texts that were read, `page_bytes`
    that for pages which may be asked for again (none unless given), `query_seconds` the time for a
    query: what was not found by then is left out, and the results say so. One engine serves all
    threads.
    """

    def __init__(
        self,
        index_dir: Path,
        *,
        cache_bytes: int = DEFAULT_LIMIT,
        page_bytes: int = 0,
        query_seconds: float | None = None,
        weighting: Weighting = WEIGHTING,
    ) -> None:
        flatten("")  # so that the first visitor does not wait for its table
        self._texts = ReadTexts(cache_bytes // SHARE)
        self._cache = ArrayCache(cache_bytes - cache_bytes // SHARE)
        self._newest = NewestCommit(IndexStore(index_dir), self._cache, weighting)
        self._pages = RememberedPages(page_bytes)
        self._suggester = Suggester()
        self._query_seconds = query_seconds

    def search(self, request: SearchRequest) -> SearchResults:
        """The page of hits asked for. Raises MissingIndexError if there is no index."""
        started = time.perf_counter()
        commit = self._newest.get()
        results = self._pages.get(commit.id, request)
        if results is None:
            results = self._searched(commit, request)
            self._pages.put(commit.id, request, results)
        return replace(results, took_ms=(time.perf_counter() - started) * 1000)

    def _searched(self, commit: Commit, request: SearchRequest) -> SearchResults:
        with time_limit(self._query_seconds) as limit:
            parsed, suggestion, found = ParsedQuery((), exact=False), None, _NOTHING
            if not is_up():  # there may be a limit around this one
                parsed, suggestion = _parse(commit, request)
            if not parsed.empty:
                found = _find(commit, parsed, with_first(request))
        with time_limit(self._query_seconds and self._query_seconds * SHOWING) as showing:
            texts = self._texts.of(commit.snapshot, [docnum for docnum, _ in found.page])
            spec = parsed.weighed(commit.executor.idf) if reordered(request) else parsed.highlight
            hits = hits_of(texts, [score for _, score in found.page], spec)
        if found.similar:
            behind = [found.similar.get(docnum, 0) for docnum, _ in found.page]
            hits = tuple(replace(hit, similar=n) for hit, n in zip(hits, behind, strict=True))
        return SearchResults(
            query=request.query,
            total=found.total,
            took_ms=0.0,
            page=request.page,
            size=request.size,
            pages=-(-min(found.total, MAX_DEPTH) // request.size),
            partial=limit.passed or showing.passed,
            interpretation=parsed.interpretation,
            suggestion=suggestion,
            hits=page_of(hits, request),
            facets=found.facets or dict.fromkeys(request.facets, ()),
        )

    def document(self, document_id: str) -> Document | None:
        """The document with this id, or None. Raises MissingIndexError if there is no index."""
        place = self._newest.get().snapshot.find(document_id)
        return document_of(place[0].stored(place[1])) if place else None

    def highlighted_document(
        self, document_id: str, query: str = "", mode: Mode = "auto"
    ) -> HighlightedDocument | None:
        """The document with what `query` asks for marked, or None."""
        document = self.document(document_id)
        if document is None:
            return None
        commit = self._newest.get()
        with time_limit(self._query_seconds):
            parsed, _ = _parse(commit, SearchRequest(query, mode=mode))
        return highlighted(document, parsed.highlight)

    def explain(self, request: SearchRequest, document_id: str) -> Explanation | None:
        """Why the document has its score in this search, or is not found. Raises as `search`, and
        OutOfTime: half an explanation explains nothing."""
        commit = self._newest.get()
        with time_limit(self._query_seconds):
            parsed, _ = _parse(commit, request)
            found = explain(commit, parsed, request, document_id)
            return found and with_closeness(found, request, self.search)

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Phrases and titles that go on from what was typed. Raises as `search` does."""
        commit = self._newest.get()
        with time_limit(self._query_seconds):
            try:
                return self._suggester.suggest(commit, typed, limit)
            except OutOfTime:
                return ()

    def stats(self) -> dict[str, Any]:
        """Counts and sizes of the commit that answers now. Sizes are bytes."""
        snapshot, executor = self._newest.get()[:2]
        cache, texts, pages = self._cache.stats(), self._texts.stats(), self._pages.stats()
        return {
            "documents": snapshot.doc_count,
            "deleted": snapshot.doc_count_all - snapshot.doc_count,
            "segments": len(snapshot.segments),
            "generation": snapshot.generation,
            "index_bytes": snapshot.size(),
            "syllables": snapshot.field_length("folded"),
            "cache_bytes": cache.bytes + texts.bytes,
            "cache_limit": cache.limit + texts.limit,
            "cache_hits": cache.hits,
            "cache_misses": cache.misses,
            "fallbacks": executor.fallbacks,
            "page_bytes": pages.bytes,
            "page_hits": pages.hits,
        }

    def generation(self) -> int:
        """The number of the commit that answers now; -1 if there is no index."""
        try:
            return self._newest.get().snapshot.generation
        except MissingIndexError:
            return -1

    def commit_id(self) -> str:
        """What tells the commit that answers now from all others."""
        return self._newest.get().id

    def ready(self) -> bool:
        """Whether there is an index to answer from; a damaged one is none."""
        try:
            return self.generation() >= 0
        except TimtinError:
            return False

    def close(self) -> None:
        """Let go of the commit and of the caches."""
        self._newest.close()
        self._texts.clear()
        self._pages.clear()


def _parse(commit: Commit, request: SearchRequest) -> tuple[ParsedQuery, str | None]:
    """The query as it is to be searched, and another to suggest.

    A correction is searched only if the query as typed finds next to nothing that has all of it.
    """
    parsed = parse(request.query, request.mode, commit.interpreter)
    suggestion = None
    corrected = parsed.corrected
    if corrected is not None:
        if _finds_little(commit, parsed):
            parsed = corrected
        else:
            suggestion = corrected.interpretation
    if request.sort == "fresh":
        parsed = replace(parsed, newest=commit.snapshot.newest_day())
    return parsed, suggestion


def _finds_little(commit: Commit, parsed: ParsedQuery) -> bool:
    try:
        return commit.executor.count(parsed.tree) < LITTLE
    except OutOfTime:  # what is so common that this takes long is found often
        return False


def _find(commit: Commit, parsed: ParsedQuery, request: SearchRequest) -> _Found:
    """What the first of the query's trees finds that finds something; see `ParsedQuery.trees`.

    Which tree that is depends on neither the page nor the size asked for.
    """
    masks = filters.masks(commit.snapshot, request)
    found = _NOTHING

    def total(tree: Query) -> int:
        nonlocal found
        found = _find_tree(commit, tree, masks, request)
        return found.total + found.hidden

    with suppress(OutOfTime):
        parsed.choose(total, by_date=request.sort == "date")
    return found


def _find_tree(
    commit: Commit, tree: Query, masks: list[filters.Flags] | None, request: SearchRequest
) -> _Found:
    executor = commit.executor
    plan = executor.plan(tree)
    hits = None
    if request.facets or request.sort == "date":
        hits = executor.matching(plan, masks)
    found = _page(executor, plan, masks, hits, request)
    if hits is not None and request.facets:
        with suppress(OutOfTime):  # the hits are worth showing without
            found = found._replace(facets=facets.counted(executor, plan, hits, request))
    return found


def _page(
    executor: Executor,
    plan: Plan,
    masks: list[filters.Flags] | None,
    hits: list[Ids] | None,
    request: SearchRequest,
) -> _Found:
    """The page asked for; `hits` are the documents found, if they had to be known."""
    offset, size = request.offset, request.size
    if request.sort == "date" and hits is not None:
        if request.group:
            shown = copies.newest_first(executor, plan, hits, offset, size)
            return _Found(shown.page, shown.total, {}, shown.hidden, shown.similar)
        page = by_date.page(executor, plan, hits, offset, size)
        return _Found(page, sum(map(len, hits)), {})
    if request.group:
        shown = copies.by_relevance(executor, plan, masks, offset, size)
        return _Found(shown.page, shown.total, {}, shown.hidden, shown.similar)
    top = executor.top(plan, size, mask=masks, offset=offset)
    return _Found(_pairs(top), top.total, {})


def _pairs(top: TopDocs) -> list[tuple[int, float]]:
    return list(zip(top.docs.tolist(), top.scores.tolist(), strict=True))
