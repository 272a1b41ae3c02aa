"""The cache: bounded by bytes, oldest out first, scopes dropped as a whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from search.executor.cache import ENTRY_OVERHEAD, ArrayCache

LIMIT = 10 * (100 + ENTRY_OVERHEAD)
entries = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5000)), max_size=60)


@given(entries)
def test_bytes_never_exceed_the_limit_and_are_those_of_the_entries(
    stored: list[tuple[int, int]],
) -> None:
    cache = ArrayCache(LIMIT)
    sizes = {}
    for key, size in stored:
        cache.put(key, 0, f"value {key}", size)
        if size + ENTRY_OVERHEAD <= LIMIT:
            sizes[key] = size + ENTRY_OVERHEAD
        stats = cache.stats()
        assert stats.bytes <= LIMIT
        present = [key for key in sizes if cache.get(key) is not None]
        assert stats.entries == len(present)
        assert stats.bytes == sum(sizes[key] for key in present)


def test_several_are_got_as_one_by_one() -> None:
    cache = ArrayCache(LIMIT)
    for key in range(10):
        cache.put(key, 0, key, 100)
    assert cache.get_many([3, 12, 0]) == [3, None, 0]
    assert (cache.stats().hits, cache.stats().misses) == (2, 1)
    for key in (10, 11):
        cache.put(key, 0, key, 100)
    assert cache.get_many(range(4)) == [0, None, None, 3]


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache = ArrayCache(LIMIT)
    for key in range(10):
        cache.put(key, 0, key, 100)
    assert cache.get(0) == 0
    cache.put(10, 0, 10, 100)
    assert cache.get(1) is None
    assert cache.get(0) == 0
    assert cache.get(10) == 10


def test_a_value_larger_than_the_cache_is_not_stored() -> None:
    cache = ArrayCache(LIMIT)
    cache.put("small", 0, 1, 100)
    cache.put("large", 0, 2, LIMIT)
    assert cache.get("large") is None
    assert cache.get("small") == 1


def test_hits_and_misses_are_counted() -> None:
    cache = ArrayCache(LIMIT)
    cache.put("a", 0, 1, 10)
    for key in ("a", "a", "b"):
        cache.get(key)
    stats = cache.stats()
    assert (stats.hits, stats.misses, stats.limit) == (2, 1, LIMIT)


def test_scopes_that_are_not_retained_are_dropped() -> None:
    cache = ArrayCache(LIMIT)
    old, new = cache.scope("old"), cache.scope("new")
    assert cache.scope("old") == old != new
    cache.put("a", old, 1, 100)
    cache.put("b", new, 2, 100)
    cache.retain([new])
    assert cache.get("a") is None
    assert cache.get("b") == 2
    assert cache.stats().bytes == 100 + ENTRY_OVERHEAD
    assert cache.scope("new") == new
    assert cache.scope("old") not in (old, new)


def test_clearing_empties_it() -> None:
    cache = ArrayCache(LIMIT)
    cache.put("a", 0, 1, 100)
    cache.clear()
    assert cache.get("a") is None
    assert cache.stats().bytes == 0


def test_threads_leave_the_account_right() -> None:
    cache = ArrayCache(LIMIT)

    def use(seed: int) -> None:
        for step in range(2000):
            key = (seed * 7919 + step * 31) % 25
            if cache.get(key) is None:
                cache.put(key, key % 3, key, 100)
            if step % 500 == 0:
                cache.retain([0, 1])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))
    stats = cache.stats()
    assert stats.bytes == stats.entries * (100 + ENTRY_OVERHEAD) <= LIMIT
