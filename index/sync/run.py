"""Bring the index up to date with the seeds folder: one commit, or none if nothing is new."""

from __future__ import annotations

import logging
import time
from collections.abc import Set
from pathlib import Path

from index.analysis.normalize import nfc
from index.errors import NewerIndexError, OutdatedIndexError, SeedError
from index.readers.limits import LIMITS, Limits
from index.store import DEFAULT_MEMORY, IndexStore
from index.sync.apart import Readers
from index.sync.folder import Folder, scan
from index.sync.plan import Base, Plan
from index.sync.progress import Progress, Silent
from index.sync.reading import SpoiledSeedError
from index.sync.report import SyncReport
from index.sync.target import Change, Committed, FolderTarget, Target
from index.verification import Verification

_ATTEMPTS = 3  # for a seed that changes while it is read; then it is left to the next sync
_log = logging.getLogger(__name__)


def sync(
    seeds: Path,
    store: IndexStore | Target,
    *,
    progress: Progress | None = None,
    rebuild: bool = False,
    repair: Verification | None = None,
    processes: int | None = None,
    memory: int | None = None,
    only: Set[Path] | None = None,
    limits: Limits = LIMITS,
    timeout: float = 0.0,
) -> SyncReport:
    """Compare the folder `seeds` with the index and commit the difference.

    `rebuild` reads every seed into a fresh index, whatever state the old one is in; until the
    commit the old one answers. So is done by itself if another version of timtin made the index.
    `repair` does it with what was found damaged. What the old index has of seeds that cannot be
    read is taken over. `only` limits the look for changed files to these paths. `memory`
    (bytes) and `processes` bound the indexing, `limits` what a seed may cost; `timeout` (seconds)
    is how long to wait for another writer. Raises SeedError if there is no such folder,
    IndexLockedError, DamagedIndexError, OutdatedIndexError and IndexFolderError; what is wrong
    with a single seed is in the report.
    """
    target = FolderTarget(store) if isinstance(store, IndexStore) else store
    started = time.monotonic()
    with Readers() as readers:
        run = _Run(seeds, target, progress or Silent(), readers, limits, only)
        run.force(rebuild=rebuild, damage=repair or Verification())
        while True:
            try:
                memory = memory or DEFAULT_MEMORY
                plan, generation, committed = run.attempt(processes, memory, timeout)
            except SpoiledSeedError as spoiled:
                run.note(spoiled)
            else:
                break
    return SyncReport(
        added=plan.added,
        changed=plan.changed,
        deleted=len(plan.deleted),
        unchanged=plan.unchanged,
        failed=tuple(plan.failures),
        ignored=tuple(run.folder.ignored),
        seconds=time.monotonic() - started,
        generation=generation,
        committed=committed,
    )


class _Run:
    """One sync: it may take several attempts if seeds change under it."""

    def __init__(
        self,
        seeds: Path,
        target: Target,
        progress: Progress,
        readers: Readers,
        limits: Limits,
        only: Set[Path] | None,
    ) -> None:
        self._seeds, self._target, self._progress = seeds, target, progress
        self._readers, self._limits = readers, limits
        self._rebuild = False
        self._damage = Verification()
        self._only = None if only is None else _names(only, seeds)
        self._spoiled: dict[str, str] = {}
        self._tries: dict[str, int] = {}
        self.folder = Folder()

    def force(self, *, rebuild: bool, damage: Verification) -> None:
        """Make the index, or what is damaged of it, anew."""
        self._rebuild = rebuild or damage.contents
        self._damage = damage

    def note(self, spoiled: SpoiledSeedError) -> None:
        """Remember a seed that failed, so that the next attempt goes without it."""
        tries = self._tries[spoiled.name] = self._tries.get(spoiled.name, 0) + 1
        if not spoiled.changed or tries >= _ATTEMPTS:
            self._spoiled[spoiled.name] = spoiled.reason

    def attempt(self, processes: int | None, memory: int, timeout: float) -> tuple[Plan, int, bool]:
        """Plan and commit; the plan, the generation the index stands at, and whether it is new."""
        base = self._base()
        plan = self._plan(base)
        if not plan.has_changes and not self._is_forced:
            return plan, self._settle(plan, base), False
        with self._transaction(processes, memory, timeout) as transaction:
            if self._target.generation() != base.generation:
                base = self._base()  # Another writer was faster; under the lock this holds.
                plan = self._plan(base)
            self._write(transaction, plan)
            if not self._is_forced and not (plan.added or plan.changed or plan.deleted):
                transaction.cancel()
                return plan, self._settle(plan, base), False
            generation = self._commit(transaction)
        plan.close()
        self._target.remember(generation, plan.entries)
        return plan, generation, True

    @property
    def _is_forced(self) -> bool:
        """Whether there is to be a commit even if no seed has changed."""
        return self._rebuild or bool(self._damage.problems)

    def _write(self, transaction: Change, plan: Plan) -> None:
        self._progress.start(plan.total, "documents")
        try:
            transaction.delete(plan.doomed)
            transaction.add(plan.stream())
        finally:
            self._progress.finish()

    def _commit(self, transaction: Change) -> int:
        size = transaction.bytes_to_merge()
        if not size:
            return transaction.commit()
        self._progress.start(size, "bytes merged")
        try:
            return transaction.commit(self._progress.advance)
        finally:
            self._progress.finish()

    def _transaction(self, processes: int | None, memory: int, timeout: float) -> Change:
        return self._target.transaction(
            rebuild=self._rebuild,
            timeout=timeout,
            memory=memory,
            processes=processes,
            progress=self._progress.advance,
            without=self._damage.segments,
            relearn=self._damage.language,
        )

    def _base(self) -> Base:
        generation = self._target.generation()
        snapshot = None if self._rebuild or generation < 0 else self._snapshot()
        if snapshot is None:
            if generation < 0:
                return Base()
            return Base(generation, last_good=self._target.last_good())
        paths: dict[str, str] = {}
        known = {id: (paths.setdefault(p, p), digest) for id, p, digest in snapshot.docs()}
        entries = self._target.entries(snapshot.generation)
        base = Base(snapshot.generation, known, entries)
        base.drop_doubtful()
        if self._damage.segments:
            base.last_good = self._target.last_good(self._damage.segments)
        return base

    def _snapshot(self) -> Committed | None:
        """The newest commit, or None if it has to be made anew, which then is to be done."""
        try:
            snapshot = self._target.snapshot(without=self._damage.segments)
            if not snapshot.is_outdated:
                return snapshot
        except NewerIndexError:
            raise
        except OutdatedIndexError:
            pass
        _log.warning("another version of timtin made the index: it is made anew")
        self._rebuild = True
        return None

    def _plan(self, base: Base) -> Plan:
        folder = self._target.path
        if folder is not None and folder.resolve() == self._seeds.resolve():
            raise SeedError(
                f"{self._seeds} is both the seeds folder and the index folder",
                "name another with --index-dir",
            )
        self.folder = scan(self._seeds, exclude=folder, limits=self._limits)
        return Plan(
            self.folder,
            base,
            spoiled=self._spoiled,
            only=self._only,
            progress=self._progress,
            read=self._readers.read,
        )

    def _settle(self, plan: Plan, base: Base) -> int:
        """Nothing to commit: see that there is an index, tidy, and with an up-to-date manifest."""
        plan.close()
        if self._target.exists():
            self._target.tidy()
        else:
            self._target.create()
        generation = self._target.generation()
        if base.generation in (generation, -1) and plan.entries != base.manifest:
            self._target.remember(generation, plan.entries)
        return generation


def _names(paths: Set[Path], seeds: Path) -> set[str]:
    """Paths as seed names, "." for the folder itself; those outside of it are left out."""
    root = seeds.resolve()
    return {
        nfc(path.resolve().relative_to(root).as_posix())
        for path in paths
        if path.resolve().is_relative_to(root)
    }
