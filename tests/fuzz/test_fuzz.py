"""The fuzzing itself: it finds what raises and what is slow, keeps it, and counts on."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from fuzz.findings import Findings, found_in
from fuzz.mutation import Mutation
from fuzz.table import TARGETS
from fuzz.tally import Tally

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", TARGETS)
def test_good_examples_pass_their_own_check(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    check = target.prepare(tmp_path)
    make = Mutation(target.examples, target.tokens, target.max_bytes, Random(name)).make
    for data in (b"", *target.examples, *(make() for _ in range(20))):
        check(data[: target.max_bytes])


def test_mutations_are_the_same_for_the_same_seed_and_fit() -> None:
    def some(seed: int) -> list[bytes]:
        make = Mutation([b"gap go dau xuan"], [b"ab", b"\xff"], 300, Random(seed)).make
        return [make() for _ in range(3_000)]

    assert some(1) == some(1)
    assert some(1) != some(2)
    assert len(set(some(1))) > 2_000
    assert 150 < max(map(len, some(1))) <= 300


def test_what_raises_is_kept_once_with_its_traceback(tmp_path: Path) -> None:
    def check(data: bytes) -> None:
        if b"bad" in data:
            raise ValueError("found \ud800")

    findings = Findings(tmp_path, check)
    for data in (b"good", b"bad", b"also bad"):
        findings.run(data)
    (kept,) = found_in(tmp_path)
    assert kept.read_bytes() == b"bad"
    assert "ValueError: found" in kept.with_name(f"{kept.name}.txt").read_text("utf-8")


def test_what_is_slow_is_kept_and_a_single_delay_is_not(tmp_path: Path) -> None:
    delays = iter([True, *[False] * 99])

    def check(data: bytes) -> None:
        if data == b"slow" or (data == b"delayed" and next(delays)):
            until = time.process_time() + 0.08
            while time.process_time() < until:
                pass

    findings = Findings(tmp_path, check)
    for data in (b"fast", b"delayed", b"slow", b"s" * 4096):
        findings.run(data)
    (kept,) = found_in(tmp_path)
    assert kept.read_bytes() == b"slow"
    assert findings.worst > 1


def test_the_tally_outlives_its_worker(tmp_path: Path) -> None:
    path = tmp_path / "tally"
    tally = Tally(path, 100)
    for data in (b"one", b"two"):
        tally.begin(data)
        tally.done(0.5)
    tally.begin(b"the last one")
    again = Tally(path, 100)  # as if the worker had crashed
    assert (again.count, again.worst, again.current) == (2, 0.5, b"the last one")
    tally.close()
    again.close()


def test_a_run_goes_on_from_the_one_before(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fuzz", "--plain", "--target", "times", "--inputs", "50"]
    for total in ("50 inputs in this run, 50 in all", "50 inputs in this run, 100 in all"):
        done = subprocess.run(
            [*command, "--corpus", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert total in done.stdout
