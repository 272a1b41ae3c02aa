"""Merging by tiers: few segments, few merges, nothing left to do when it is done."""

from __future__ import annotations

from math import log

from hypothesis import given
from hypothesis import strategies as st

from index.policy import (
    DELETED_SHARE,
    GROWTH,
    SMALLEST_TIER,
    TIER_LIMIT,
    SegmentSize,
    choose_merge,
)

SIZES = st.lists(
    st.integers(1, 2_000_000).flatmap(
        lambda count: st.builds(SegmentSize, st.just(count), st.integers(0, count))
    ),
    max_size=40,
)


def settled(sizes: list[SegmentSize]) -> tuple[list[SegmentSize], int]:
    """The sizes when nothing is left to merge, and how many documents were written for it."""
    written = 0
    while chosen := choose_merge(sizes):
        live = sum(sizes[at].live for at in chosen)
        kept = [size for at, size in enumerate(sizes) if at not in chosen]
        assert len(kept) < len(sizes) or sizes[chosen[0]].deleted, "a merge that changes nothing"
        sizes = [*kept, SegmentSize(live, 0)] if live else kept
        written += live
    return sizes, written


@given(sizes=SIZES)
def test_choices_are_segments_in_order(sizes: list[SegmentSize]) -> None:
    chosen = choose_merge(sizes)
    assert chosen == sorted(set(chosen))
    assert set(chosen) <= set(range(len(sizes)))


@given(sizes=SIZES)
def test_merging_comes_to_an_end_with_few_segments_and_loses_nothing(
    sizes: list[SegmentSize],
) -> None:
    total = sum(size.live for size in sizes)
    left, _ = settled(sizes)
    assert sum(size.live for size in left) == total
    tiers = 1 + int(log(max(total, SMALLEST_TIER) / SMALLEST_TIER, GROWTH))
    assert len(left) <= tiers * (TIER_LIMIT - 1)
    assert all(size.live > 0 for size in left)
    assert all(size.deleted <= DELETED_SHARE * size.doc_count for size in left)


def test_few_rewrites_on_the_way_to_a_large_index() -> None:
    """A hundred thousand documents that come ten at a time: most rewrites are of tiny segments."""
    sizes: list[SegmentSize] = []
    rewritten = 0
    for _ in range(10_000):
        sizes, written = settled([*sizes, SegmentSize(10, 0)])
        rewritten += written
    assert rewritten / 100_000 < 15
    assert len(sizes) <= 12


def test_one_new_document_leaves_a_large_segment_alone() -> None:
    assert choose_merge([SegmentSize(1_000_000, 5), SegmentSize(1, 0)]) == []


def test_a_segment_with_many_deleted_documents_is_rewritten_alone() -> None:
    assert choose_merge([SegmentSize(1_000_000, 400_000), SegmentSize(100, 1)]) == [0]


def test_segments_without_documents_go_first() -> None:
    assert choose_merge([SegmentSize(50, 50), SegmentSize(9, 0), SegmentSize(3, 3)]) == [0, 2]
