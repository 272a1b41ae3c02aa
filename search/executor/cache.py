"""A byte-bounded, least-recently-used cache of decoded arrays, shared by threads and by snapshots.

Every entry belongs to a *scope*: a segment with its deletions, or one commit's statistics. A new
snapshot keeps the scopes it shares with the one before and drops the rest, so that a small commit
leaves the big segments warm and nothing of a dropped segment stays in memory.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

DEFAULT_LIMIT = 304 << 20
ENTRY_OVERHEAD = 400
"""Bytes charged for an entry beside its arrays: key, object and array headers, the dict's slot."""


@dataclass(frozen=True, slots=True)
class CacheStats:
    bytes: int
    entries: int
    hits: int
    misses: int
    limit: int


class ArrayCache:
    """Values are immutable once stored, so the lock guards the bookkeeping only.

    Two threads that miss the same key both compute it and the later store wins; that costs less
    than making one wait for the other.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, tuple[Any, int, int]] = OrderedDict()
        self._scopes: dict[Hashable, int] = {}
        self._next_scope = 0
        self._bytes = 0
        self._hits = 0
        self._misses = 0

    def scope(self, identity: Hashable) -> int:
        """A small number that stands for `identity` in keys: the same for equal identities."""
        with self._lock:
            if identity not in self._scopes:
                self._scopes[identity] = self._next_scope
                self._next_scope += 1
            return self._scopes[identity]

    def get(self, key: Hashable) -> Any:
        """The value stored under `key`, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                self._misses += 1
                return None
            self._entries.move_to_end(key)
            self._hits += 1
            return entry[0]

    def get_many(self, keys: Sequence[Hashable]) -> list[Any]:
        """What `get` gives for each of the keys, in one go."""
        found: list[Any] = []
        with self._lock:
            for key in keys:
                entry = self._entries.get(key)
                if entry is None:
                    found.append(None)
                else:
                    self._entries.move_to_end(key)
                    found.append(entry[0])
            misses = found.count(None)
            self._misses += misses
            self._hits += len(found) - misses
        return found

    def put(self, key: Hashable, scope: int, value: Any, nbytes: int) -> None:
        """Store `value` of `nbytes` bytes, unless too big; entries unused for longest make room."""
        size = nbytes + ENTRY_OVERHEAD
        if size > self._limit:
            return
        with self._lock:
            old = self._entries.pop(key, None)
            if old is not None:
                self._bytes -= old[2]
            self._entries[key] = (value, scope, size)
            self._bytes += size
            while self._bytes > self._limit:
                _, (_, _, freed) = self._entries.popitem(last=False)
                self._bytes -= freed

    def retain(self, scopes: Iterable[int]) -> None:
        """Drop every entry whose scope is not among `scopes`."""
        kept = set(scopes)
        with self._lock:
            self._scopes = {name: number for name, number in self._scopes.items() if number in kept}
            for key in [key for key, entry in self._entries.items() if entry[1] not in kept]:
                self._bytes -= self._entries.pop(key)[2]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._bytes = 0

    def stats(self) -> CacheStats:
        with self._lock:
            return CacheStats(
                self._bytes, len(self._entries), self._hits, self._misses, self._limit
            )
