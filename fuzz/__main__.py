"""`python -m fuzz`: hostile input for every target, round after round; failures and slow inputs are
kept with the inputs that caused them.

A round gives each target its share of the inputs, in a process of its own; then guided rounds and
plain ones take turns. `--corpus` keeps what was learnt, and the count of all inputs, from one run
to the next.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import SystemRandom

from fuzz.findings import found_in
from fuzz.table import TARGETS
from fuzz.tally import Tally
from fuzz.target import MS_PER_KILOBYTE
from fuzz.worker import TALLY

ROOT = Path(__file__).parents[1]
GRACE_SECONDS = 180  # after a round's time; then a worker hangs
ROUND_INPUTS = 12_000  # of a target of share 1
MOST_SECONDS = 120.0  # of a target in a round
GUIDED_EVERY = 8  # rounds


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of what: inputs and seconds of the whole run; `seed` makes plain rounds the same."""

    corpus: Path
    names: tuple[str, ...]
    inputs: int
    seconds: float
    guided: bool
    seed: int


def main(argv: list[str]) -> int:
    """Returns 1 if anything was found, also by earlier runs with the same corpus."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="in all (default: 100,000)")
    parser.add_argument("--minutes", type=float, default=10.0, help="at most (default: 10)")
    parser.add_argument("--target", action="append", choices=TARGETS, help="these (default: all)")
    parser.add_argument("--corpus", type=Path, help="kept from run to run (default: nothing is)")
    parser.add_argument("--plain", action="store_true", help="without atheris")
    parser.add_argument("--seed", type=int, help="to repeat a run of plain rounds")
    options = parser.parse_args(argv)
    seed = SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
    with tempfile.TemporaryDirectory() as temporary:
        plan = Plan(
            corpus=(options.corpus or Path(temporary)).resolve(),
            names=tuple(options.target or TARGETS),
            inputs=options.inputs,
            seconds=60 * options.minutes,
            guided=not options.plain and find_spec("atheris") is not None,
            seed=seed,
        )
        before = _total(plan)
        _run(plan, before)
        return _report(plan, before)


def _run(plan: Plan, before: int) -> None:
    until = time.monotonic() + plan.seconds
    shares = sum(TARGETS[name].share for name in plan.names)
    number = 0
    while (left := plan.inputs - (_total(plan) - before)) > 0 and time.monotonic() < until:
        guided = plan.guided and number % GUIDED_EVERY == GUIDED_EVERY - 1
        for name in plan.names:
            share = TARGETS[name].share
            quota = min(share * ROUND_INPUTS, -(-left * share // shares))
            seconds = min(until - time.monotonic(), MOST_SECONDS)
            if seconds > 0:
                _work(plan, name, seconds, quota, "guided" if guided else str(plan.seed + number))
        number += 1


def _work(plan: Plan, name: str, seconds: float, inputs: int, how: str) -> None:
    """A worker for one target; what it leaves undone by crashing or hanging is a failure."""
    command = [sys.executable, "-m", "fuzz.worker", name, str(plan.corpus)]
    try:
        ended = subprocess.run(
            [*command, str(seconds), str(inputs), how],
            cwd=ROOT,
            capture_output=True,
            timeout=seconds + GRACE_SECONDS,
            check=False,
        )
        told = "" if ended.returncode == 0 else ended.stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        told = f"no end after {seconds + GRACE_SECONDS:.0f} s"
    if told:
        folder = plan.corpus / name
        folder.mkdir(parents=True, exist_ok=True)
        with closing(_tally(plan, name)) as tally:
            (folder / "failure-of-the-process").write_bytes(tally.current)
        (folder / "failure-of-the-process.txt").write_text(told, "utf-8")


def _tally(plan: Plan, name: str) -> Tally:
    return Tally(plan.corpus / name / TALLY, TARGETS[name].max_bytes)


def _total(plan: Plan) -> int:
    """The inputs that the corpus knows of, over all runs, of the targets of this one."""
    return sum(count for count, _ in _figures(plan).values())


def _figures(plan: Plan) -> dict[str, tuple[int, float]]:
    """Inputs and the worst share of the allowed time, by target."""
    figures = {}
    for name in plan.names:
        if (plan.corpus / name / TALLY).exists():
            with closing(_tally(plan, name)) as tally:
                figures[name] = tally.count, tally.worst
    return figures


def _report(plan: Plan, before: int) -> int:
    print(f"{'target':12}{'inputs':>14}{'slowest, ms/kB':>16}{'found':>7}")
    found = 0
    for name, (count, worst) in _figures(plan).items():
        here = found_in(plan.corpus / name)
        found += len(here)
        print(f"{name:12}{count:14,}{worst * MS_PER_KILOBYTE:16.1f}{len(here):7}")
        for path in here:
            told = path.with_name(f"{path.name}.txt")
            last = told.read_text("utf-8", "replace").strip().splitlines() if told.exists() else []
            print(f"    {path}: {last[-1] if last else 'atheris'}")
    total = _total(plan)
    print(f"{total - before:,} inputs in this run, {total:,} in all; seed {plan.seed}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
