"""The order in which terms' scores add up is Whoosh's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index import native
from search.executor.boolean import merge_order, weighted_sum
from search.executor.layout import kernels

PLACES = st.integers(0, 3)


def in_turn(weights: list[int]) -> list[tuple[int, int]]:
    """The two lightest are combined again and again; of equals who has been there longest."""
    rest = [(weight, number) for number, weight in enumerate(weights)]
    merges = []
    for number in range(len(weights), 2 * len(weights) - 1):
        rest.sort(key=lambda entry: entry[0])
        (first, left), (second, right), *rest = rest
        rest.append((first + second, number))
        merges.append((left, right))
    return merges


@given(st.lists(st.integers(1, 12) | st.integers(1, 10**6), max_size=40))
def test_the_two_lightest_are_combined_first(weights: list[int]) -> None:
    assert merge_order(weights) == in_turn(weights)


@given(st.lists(st.integers(1, 12) | st.integers(1, 10**6), min_size=1, max_size=40), st.data())
def test_compiled_sums_of_many_are_in_that_order(weights: list[int], data: st.DataObject) -> None:
    """To the last bit: sums of other pairs would round otherwise."""
    assert native.load()
    held = data.draw(st.dictionaries(st.sampled_from(range(len(weights))), st.sets(PLACES)))
    values = st.floats(0.001, 50)
    entries = [(owner, at, data.draw(values)) for owner in sorted(held) for at in held[owner]]
    rows = {owner: np.zeros(4) for owner, _, _ in entries}
    for owner, at, value in entries:
        rows[owner][at] = value
    total = np.zeros(4)
    kernels().tree_of_many(
        np.array([value for _, _, value in entries], np.float64),
        np.array([owner for owner, _, _ in entries], np.int32),
        np.array([at for _, at, _ in entries], np.int32),
        np.array(weights).argsort(kind="stable"),
        np.array(weights),
        total,
    )
    assert total.tolist() == weighted_sum(rows, merge_order(weights), 4).tolist()
