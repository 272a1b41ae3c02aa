"""A seed while a sync reads it: what it holds, what is wanted of it and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.sync.folder import Found
from index.sync.manifest import Entry
from index.sync.report import Failure

MAX_PROBLEMS = 100  # of one seed that are reported one by one


class SpoiledSeedError(Exception):
    """A seed turned out to be unreadable, or not what it was, after documents of it went in."""

    def __init__(self, name: str, reason: str, *, changed: bool) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason, self.changed = name, reason, changed


@dataclass(slots=True)
class Reading:
    """A seed that is read: its digest, about how many documents it holds, and what came of it.

    `documents` gives digests by id; `wanted` are those of them that have to go into the index.
    """

    found: Found
    digest: str
    estimate: int
    checked_ns: int
    documents: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    problems: int = 0
    shared: bool = False
    kept: int | None = None  # documents that stay in the index because the seed cannot be read

    @property
    def name(self) -> str:
        return self.found.name

    def add_problem(self, reason: str, line: int | None = None) -> None:
        self.problems += 1
        if self.problems <= MAX_PROBLEMS:
            self.failures.append(Failure(self.name, reason, line))

    def give_up(self, reason: str, kept: int) -> None:
        """The seed cannot be read; nothing of it goes in."""
        self.documents.clear()
        self.wanted.clear()
        self.failures = [Failure(self.name, reason)]
        self.problems, self.kept = 0, kept

    def entry(self) -> Entry:
        if self.problems > MAX_PROBLEMS:
            more = self.problems - MAX_PROBLEMS
            self.failures.append(Failure(self.name, f"and {more:,} more problems"))
            self.problems = 0
        count = len(self.documents) if self.kept is None else self.kept
        return Entry(
            self.digest,
            self.found.stamp,
            self.checked_ns,
            count,
            tuple(self.failures),
            self.shared,
            self.found.seed.key,
        )
