"""Packing integers loses nothing, whichever mode a run takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.codec import integers
from index.codec.integers import BITS, LONG, U8X16, U8X32, U12X32, U16X32, U32, ZERO, starts_of

VALUE = st.one_of(
    st.integers(0, 3),
    st.integers(250, 260),
    st.integers(4090, 4100),
    st.integers(65530, 65540),
    st.integers(0, 2**32 - 1),
)
RUNS = st.lists(st.lists(VALUE, min_size=1, max_size=40), min_size=1, max_size=20)
MODES = st.sampled_from(
    [(ZERO, U8X32, U32, BITS), (U8X16, U12X32, U16X32, U32), (U12X32,), (U16X32,), (U8X32,)]
)
both_ways = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@both_ways
@given(runs=RUNS, modes=MODES, long=st.booleans())
def test_what_is_written_is_read(
    loops: None, runs: list[list[int]], modes: tuple[int, ...], long: bool
) -> None:
    if long:
        runs[0] = runs[0] * LONG + [0]
    counts = np.array([len(run) for run in runs])
    starts = starts_of(counts)
    values = np.array([value for run in runs for value in run], np.int64)
    plan = integers.plan(values, starts, modes)
    offsets = starts_of(plan.sizes)
    out = np.zeros(int(offsets[-1]), np.uint8)
    integers.write(out, offsets[:-1], values, starts, plan.modes)

    together, ends = integers.read(out, offsets[:-1], counts, plan.modes)
    assert together.tolist() == values.tolist()
    assert ends.tolist() == offsets[1:].tolist()
    for at, run in enumerate(runs):
        place = (memoryview(out), int(offsets[at]), len(run), int(plan.modes[at]))
        one, end = integers.read_one(*place)
        assert one.tolist() == run
        assert end == offsets[at + 1]
        assert integers.end_of(*place, lambda start, end: None) == end
        sums, end = integers.read_sums(*place, lambda start, end: None)
        assert sums.tolist() == np.cumsum(run, dtype=np.int32).tolist()
        assert end == offsets[at + 1]
        if max(run) < 2**32 - 1:
            more, end = integers.read_increased(*place, lambda start, end: None)
            assert more.tolist() == [value + 1 for value in run]
            assert end == offsets[at + 1]


@pytest.mark.parametrize(("mode", "value"), [(U8X16, 300), (BITS, 2)])
def test_of_a_run_that_is_cut_off_nothing_is_read(loops: None, mode: int, value: int) -> None:
    """Where the file ends, or a page is damaged, `check` says so before the loops run."""
    values = np.array([0] * 70 + [value] * 3, np.int64)
    starts = np.array([0, len(values)])
    (size,) = integers.plan(values, starts, (mode,)).sizes
    out = np.zeros(int(size), np.uint8)
    integers.write(out, np.zeros(1, np.int64), values, starts, np.array([mode], np.uint8))
    for end in range(len(out)):

        def check(start: int, stop: int, end: int = end) -> None:
            if stop > end:
                raise EOFError

        for read in (integers.read_one, integers.read_sums, integers.read_increased):
            with pytest.raises(EOFError):
                read(memoryview(out), 0, len(values), mode, check)


def test_small_values_take_one_byte_and_rare_large_ones_little_more() -> None:
    values = np.array([7] * 99 + [70_000], np.int64)
    plan = integers.plan(values, np.array([0, 100]), (U8X16, U8X32, U16X32, U32))
    assert plan.sizes.tolist() == [104]


def test_frequencies_of_one_take_nothing_and_mostly_one_take_bits() -> None:
    values = np.array([0] * 64 + [0] * 60 + [1, 2, 3, 4], np.int64)
    plan = integers.plan(values, np.array([0, 64, 128]), (ZERO, U8X32, U32, BITS))
    assert plan.sizes.tolist() == [0, 8 + 4]


@given(runs=RUNS, data=st.data())
def test_some_values_are_read_without_the_rest(runs: list[list[int]], data: st.DataObject) -> None:
    counts = np.array([len(run) for run in runs])
    starts = starts_of(counts)
    values = np.array([value for run in runs for value in run], np.int64)
    modes = data.draw(st.sampled_from([(U8X16, U12X32, U16X32, U32), (U12X32,), (U16X32,)]))
    plan = integers.plan(values, starts, modes)
    offsets = starts_of(plan.sizes)
    out = np.zeros(int(offsets[-1]), np.uint8)
    integers.write(out, offsets[:-1], values, starts, plan.modes)
    at = data.draw(st.integers(0, len(runs) - 1))
    wanted = sorted(data.draw(st.sets(st.integers(0, len(runs[at]) - 1))))
    checked: list[tuple[int, int]] = []
    found = integers.read_some(
        memoryview(out),
        int(offsets[at]),
        len(runs[at]),
        int(plan.modes[at]),
        np.array(wanted, np.int64),
        lambda start, end: checked.append((start, end)),
    )
    assert found.tolist() == [runs[at][index] for index in wanted]
    assert all(offsets[at] <= start <= end <= offsets[at + 1] for start, end in checked)
