"""`timtin verify`: is the index sound, and is it that of the seeds? `--repair` makes it so."""

from __future__ import annotations

import sys

from index.errors import MissingIndexError
from index.store import IndexStore
from index.sync import sync
from index.sync.audit import audit, compare
from index.verification import Verification
from web.cli_index import SOME_FAILED, progress
from web.cli_parser import Options
from web.engines import target_of
from web.settings import Settings

DAMAGED = 1
WRITER_SECONDS = 60.0  # to wait for another writer before a repair


def run(options: Options, settings: Settings) -> int:
    if settings.cluster is not None:
        return _cluster(settings)
    store = IndexStore(settings.index_folder)
    if not store.exists():
        raise MissingIndexError(f"there is no index in {settings.index_folder}")
    found = audit(store)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if found.problems:
        return _repair(store, found, options, settings) if options.repair else DAMAGED
    print(f"OK: {settings.index_folder}, commit {store.generation()}")
    _compare(store, settings)
    return 0


def _cluster(settings: Settings) -> int:
    """Bytes are the cluster's to check; documents are compared with their digests."""
    target = target_of(settings)
    if not target.exists():
        raise MissingIndexError(f"there is no index at {settings.cluster}")
    wrong = [document.id for document, digest in target.documents() if document.digest() != digest]
    for id in wrong:
        print(f"document {id!r} is not what was written", file=sys.stderr)
    if wrong:
        return DAMAGED
    print(f"OK: {settings.cluster}, commit {target.generation()}")
    return 0


def _repair(store: IndexStore, found: Verification, options: Options, settings: Settings) -> int:
    """Make what is damaged anew; says what that did, and verifies once more."""
    report = sync(
        settings.seeds,
        store,
        repair=found,
        memory=options.memory_bytes,
        processes=options.processes,
        limits=settings.limits,
        timeout=WRITER_SECONDS,
        progress=progress(),
    )
    for line in report.lines():
        print(line)
    left = audit(store)
    for problem in left.problems:
        print(problem, file=sys.stderr)
    if left.problems:
        return DAMAGED
    print(f"repaired: {settings.index_folder}, commit {report.generation}")
    return SOME_FAILED if report.failed else 0


def _compare(store: IndexStore, settings: Settings) -> None:
    """Say whether the seeds are other than the index has them; that is no damage."""
    if not settings.seeds.is_dir():
        print(f"not compared with the seeds: there is no folder {settings.seeds}")
        return
    compared = compare(settings.seeds, store, progress(), settings.limits)
    for failure in compared.failures:
        print(f"not compared: {failure}")
    if compared.is_current:
        print(f"up to date: {compared.unchanged:,} documents are those of {settings.seeds}")
    else:
        print(f"out of date: {compared}; run 'timtin index'")
