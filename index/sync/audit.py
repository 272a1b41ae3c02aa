"""Is the index sound, and is it that of the seeds as they are now?

Damage is one thing: bytes are not what was written. Out of date is another: seeds were added,
changed or deleted since the last sync, which the next one takes in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import DamagedIndexError, SeedError
from index.readers.limits import LIMITS, Limits
from index.store import IndexStore
from index.sync import manifest
from index.sync.apart import Readers
from index.sync.folder import scan
from index.sync.plan import Base, Plan
from index.sync.progress import Progress, Silent
from index.sync.report import Failure
from index.verification import Verification


@dataclass(frozen=True, slots=True)
class Comparison:
    """Documents that the seeds have and the index has not, that differ, and that only the index
    has; and seeds that cannot be read, of whose documents nothing can be said.
    """

    added: int
    changed: int
    deleted: int
    unchanged: int
    failures: tuple[Failure, ...]

    @property
    def is_current(self) -> bool:
        return not (self.added or self.changed or self.deleted)

    def __str__(self) -> str:
        return (
            f"{self.added:,} documents of the seeds are not in it, {self.changed:,} differ, of"
            f" {self.deleted:,} the seed is gone"
        )


def audit(store: IndexStore) -> Verification:
    """Check the newest commit and its manifest. Raises MissingIndexError and IndexFolderError."""
    found = store.verify()
    try:
        manifest.check(store.path, store.generation())
    except DamagedIndexError as error:
        return replace(found, problems=(*found.problems, str(error)))
    return found


def compare(
    seeds: Path,
    store: IndexStore,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> Comparison:
    """Read all seeds and hold them against the documents of the index. Raises SeedError if there
    is no such folder, and what `IndexStore.snapshot` does.
    """
    if store.path.resolve() == seeds.resolve():
        raise SeedError(f"{seeds} is both the seeds folder and the index folder")
    known = {id: (path, digest) for id, path, digest in store.snapshot(language=False).docs()}
    folder = scan(seeds, exclude=store.path, limits=limits)
    with Readers() as readers:
        plan = Plan(
            folder,
            Base(known=known),
            spoiled={},
            only=None,
            progress=progress or Silent(),
            read=readers.read,
        )
        if not known:
            for _ in plan.stream():  # only counts them
                pass
        plan.close()
    return Comparison(
        plan.added, plan.changed, len(plan.deleted), plan.unchanged, tuple(plan.failures)
    )
