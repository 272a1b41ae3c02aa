"""Percentiles and interleaving: what the figures of the speed bench rest on."""

from hypothesis import given
from hypothesis import strategies as st

from bench.timing import Spread, Timings, interleave, percentile


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.001, 1))
def test_percentile_is_a_value_that_the_share_does_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(v <= found for v in values) >= share * len(values) - 1e-6
    assert sum(v < found for v in values) <= share * len(values)


def test_the_first_round_only_warms_up() -> None:
    timings: Timings[str] = Timings()
    for seconds in (9.0, 0.001, 0.003, 0.002):
        timings.add("a", "q", seconds)
    timings.add("a", "once", 0.004)
    assert timings.spread("a") == Spread(2.0, 4.0, 2)


def test_ratios_use_the_queries_that_both_answered() -> None:
    timings: Timings[str] = Timings()
    timings.add("slow", "q1", 0.4)
    timings.add("fast", "q1", 0.1)
    timings.add("fast", "q2", 50.0)
    p50, p99 = timings.ratios("slow", "fast")
    assert (round(p50, 6), round(p99, 6)) == (4.0, 4.0)


def test_systems_take_turns_and_answer_everything() -> None:
    calls: list[tuple[str, int]] = []
    systems = {name: lambda q, name=name: calls.append((name, q)) for name in ("a", "b")}
    timings = interleave(systems, [1, 2], rounds=2)
    assert calls == [(n, q) for n in ("a", "b", "b", "a") for q in (1, 2)]
    assert timings.spread("a").count == timings.spread("b").count == 2


def test_a_system_stops_when_its_budget_is_used_up() -> None:
    asked: list[int] = []
    interleave({"slow": asked.append}, [1, 2, 3], rounds=5, budget=0.0)
    assert asked == []
