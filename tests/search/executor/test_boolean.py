"""The order in which terms' scores add up is Whoosh's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.executor.boolean import merge_order


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
