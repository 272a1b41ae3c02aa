"""What a sync did: the numbers, and every seed that could not be taken in with the reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from index.sync.progress import duration

MAX_LISTED = 20  # files of one kind that `lines` names


@dataclass(frozen=True, slots=True)
class Failure:
    """A seed, or a line of one, that is not in the index as it stands in the folder."""

    path: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line is not None else ""
        return f"{printable(self.path)}{line}: {printable(self.reason)}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file in the folder that is no seed."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{printable(self.path)}: {printable(self.reason)}"


@dataclass(frozen=True, slots=True)
class SyncReport:
    """Documents added, changed, deleted and unchanged; seeds failed and ignored.

    `generation` is the commit that the index stands at; `committed` says whether this sync made it.
    """

    added: int
    changed: int
    deleted: int
    unchanged: int
    failed: tuple[Failure, ...]
    ignored: tuple[Ignored, ...]
    seconds: float
    generation: int
    committed: bool

    def lines(self) -> list[str]:
        """The report for people; the last line sums it up."""
        lines = _listed("failed", self.failed) + _listed("ignored", self.ignored)
        took = duration(self.seconds)
        if not self.committed:
            nothing = "nothing new" if not self.failed else "nothing new could be taken in"
            return [*lines, f"{nothing}: {self.unchanged:,} unchanged{self._rest()}; {took}"]
        counts = (
            f"added {self.added:,}, changed {self.changed:,}, deleted {self.deleted:,},"
            f" unchanged {self.unchanged:,}{self._rest()}"
        )
        return [*lines, f"{counts}; {took}"]

    def to_json(self) -> dict[str, Any]:
        """The report for programs."""
        return asdict(self)

    def _rest(self) -> str:
        ignored = f", ignored {len(self.ignored):,}" if self.ignored else ""
        return f", failed {len(self.failed):,}{ignored}"


def printable(text: str) -> str:
    """`text` on one line that any terminal can take: control and unencodable characters escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text.encode("utf-8", "replace").decode()
    )


def _listed(kind: str, entries: tuple[Failure, ...] | tuple[Ignored, ...]) -> list[str]:
    lines = [f"{kind}: {entry}" for entry in entries[:MAX_LISTED]]
    more = len(entries) - MAX_LISTED
    return [*lines, f"{kind}: and {more:,} more"] if more > 0 else lines
