"""One target in a process of its own: `python -m fuzz.worker TARGET CORPUS SECONDS INPUTS [SEED]`.

Runs what the corpus holds, then mutations of it. With "guided" in place of a seed atheris makes the
inputs, by the code that they reach, and keeps those in the corpus that reach new code. Memory is
bounded: a target that takes more fails with MemoryError.
"""

from __future__ import annotations

import logging
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from fuzz.findings import Findings
from fuzz.mutation import Mutation
from fuzz.tally import Tally

MAX_MEMORY = 4 << 30
TALLY, INPUTS = "tally", "inputs"


def main(argv: list[str]) -> int:
    logging.disable(logging.WARNING)  # readers tell of every oddity
    name, corpus, seconds, inputs, *rest = argv
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    folder = Path(corpus) / name
    (folder / INPUTS).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as own:
        if rest == ["guided"]:
            _guided(name, folder, Path(own), float(seconds), int(inputs))
        else:
            _plain(name, folder, Path(own), float(seconds), int(inputs), *map(int, rest))
    return 0


def _plain(
    name: str, folder: Path, own: Path, seconds: float, inputs: int, seed: int | None = None
) -> None:
    from fuzz.table import TARGETS

    target = TARGETS[name]
    findings = Findings(folder, target.prepare(own))
    tally = Tally(folder / TALLY, target.max_bytes)
    kept = [path.read_bytes() for path in sorted((folder / INPUTS).iterdir())]
    examples = [data for data in (*target.examples, *kept) if len(data) <= target.max_bytes]
    make = Mutation(examples, target.tokens, target.max_bytes, Random(seed)).make
    run = _counted(findings, tally)
    for data in examples[:inputs]:
        run(data)
    until = time.monotonic() + seconds
    for _ in range(inputs - len(examples)):
        if time.monotonic() >= until:
            break
        run(make())


def _counted(findings: Findings, tally: Tally) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        tally.begin(data)
        findings.run(data)
        tally.done(findings.worst)

    return run


def _guided(name: str, folder: Path, own: Path, seconds: float, inputs: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["index", "search"], enable_loader_override=False):
        from fuzz.table import TARGETS

    target = TARGETS[name]
    check = target.prepare(own)
    tally = Tally(folder / TALLY, target.max_bytes)
    findings = Findings(folder, check, timed=False)  # watching the code takes most of the time
    run = _counted(findings, tally)
    for number, example in enumerate(target.examples):
        (folder / INPUTS / f"example-{number}").write_bytes(example)
    dictionary = own / "tokens"
    dictionary.write_text(
        "\n".join(
            '"' + "".join(f"\\x{byte:02x}" for byte in token) + '"' for token in target.tokens
        )
    )
    atheris.Setup(
        [
            "fuzz",
            str(folder / INPUTS),
            f"-runs={inputs}",
            f"-max_total_time={max(1, int(seconds))}",
            f"-max_len={target.max_bytes}",
            f"-dict={dictionary}",
            "-timeout=120",
            f"-rss_limit_mb={MAX_MEMORY >> 20}",
            "-verbosity=0",
            f"-artifact_prefix={folder}/failure-",
        ],
        run,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
