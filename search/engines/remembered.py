"""Pages of results that were made before, for whoever asks for the same again.

People do: on the way back from a document, by reloading, letter by letter while typing, and the
same few words as everybody else. A page holds until the next commit; then all are forgotten.
"""

from __future__ import annotations

from search.executor import ArrayCache
from search.executor.cache import CacheStats
from search.request import SearchRequest
from search.results import SearchResults

DEFAULT_LIMIT = 16 << 20
"""Bytes: a thousand pages of ten hits or more."""

_PAGE_BYTES, _HIT_BYTES, _VALUE_BYTES, _CHARACTER_BYTES = 1_000, 800, 200, 2
"""What a page, a hit, a value of a facet and a character of text take, about."""


class RememberedPages:
    """Pages by commit and request, at most `limit` bytes of them (0: none), those that were not
    asked for longest making room. Safe to share between threads."""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._cache = ArrayCache(limit)
        self._commit = ""

    def get(self, commit: str, request: SearchRequest) -> SearchResults | None:
        """What the commit of this name answered to the request, if that is still known."""
        found: SearchResults | None = self._cache.get((commit, request))
        return found

    def put(self, commit: str, request: SearchRequest, results: SearchResults) -> None:
        """Remember an answer, unless it was cut short: next time there may be more."""
        if results.partial or not self._limit:
            return
        if commit != self._commit:
            self._commit = commit
            self._cache.clear()
        self._cache.put((commit, request), 0, results, size_of(results))

    def stats(self) -> CacheStats:
        return self._cache.stats()

    def clear(self) -> None:
        self._cache.clear()


def size_of(results: SearchResults) -> int:
    """Bytes that a page takes, about."""
    characters = 4 * len(results.query)  # as typed, as understood, in the request, as suggested
    for hit in results.hits:
        highlights = hit.highlights
        characters += len(hit.title) + len(highlights.title) + sum(map(len, highlights.snippets))
        characters += sum(
            len(text or "") for text in (hit.id, hit.source, hit.author, hit.url, hit.path)
        )
    values = sum(map(len, results.facets.values()))
    return (
        _PAGE_BYTES
        + _HIT_BYTES * len(results.hits)
        + _VALUE_BYTES * values
        + _CHARACTER_BYTES * characters
    )
