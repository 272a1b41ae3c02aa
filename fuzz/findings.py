"""What a run found, on disk: inputs that raised, and inputs that took too long.

In the folder of a target's corpus: `failure-HASH` and `slow-HASH` are inputs, `failure-HASH.txt`
tells what was raised. Of failures that were raised at the same place only the first is kept.
"""

from __future__ import annotations

import time
import traceback
from hashlib import blake2b
from pathlib import Path

from fuzz.target import Check, allowed_seconds

REPEATS = 5  # of an input that took too long, to exclude what else the machine did


class Findings:
    """Runs a check on inputs and keeps those that it fails on, or, if `timed`, take too long."""

    def __init__(self, folder: Path, check: Check, *, timed: bool = True) -> None:
        self.folder, self._check, self._timed = folder, check, timed
        self._places: set[str] = set()
        self.worst = 0.0  # CPU time of an input ÷ what it may take, the largest

    def run(self, data: bytes) -> None:
        began = time.process_time()
        try:
            self._check(data)
        except Exception as error:  # whatever it is, it must not come out
            self._keep_failure(data, error)
        if not self._timed:
            return
        took = time.process_time() - began
        if took > self.worst * allowed_seconds(len(data)):
            self._time_again(data, took)

    def _time_again(self, data: bytes, took: float) -> None:
        for _ in range(REPEATS):
            began = time.process_time()
            try:
                self._check(data)
            except Exception:
                return  # it is a failure, and kept as one
            took = min(took, time.process_time() - began)
        share = took / allowed_seconds(len(data))
        self.worst = max(self.worst, share)
        if share > 1:
            name = self._name("slow", data)
            name.write_bytes(data)
            name.with_name(f"{name.name}.txt").write_text(
                f"{took:.3f} s for {len(data):,} bytes\n", "utf-8"
            )

    def _keep_failure(self, data: bytes, error: Exception) -> None:
        told = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} {told[-1].filename}:{told[-1].lineno}"
        if place in self._places:
            return
        self._places.add(place)
        name = self._name("failure", data)
        name.write_bytes(data)
        name.with_name(f"{name.name}.txt").write_text(
            "".join(traceback.format_exception(error)), "utf-8", "backslashreplace"
        )

    def _name(self, kind: str, data: bytes) -> Path:
        return self.folder / f"{kind}-{blake2b(data, digest_size=6).hexdigest()}"


def found_in(folder: Path) -> list[Path]:
    """The failures and slow inputs that are kept in a corpus folder."""
    return sorted(
        path
        for kind in ("failure", "slow")
        for path in folder.glob(f"{kind}-*")
        if path.suffix != ".txt"
    )
