"""A small folder of seeds, and what an index says of it."""

from __future__ import annotations

import json
from pathlib import Path

from index.store import IndexStore
from index.sync import sync
from index.sync.report import SyncReport

BROKEN = b"\xff\xfe\x00 no text \x9c"


def write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def jsonl(**texts: str) -> str:
    return "".join(json.dumps({"id": id, "text": text}) + "\n" for id, text in texts.items())


def run(seeds: Path, store: IndexStore, rebuild: bool = False) -> SyncReport:
    return sync(seeds, store, processes=1, rebuild=rebuild)


def docs(store: IndexStore) -> dict[str, tuple[str, str]]:
    return {id: (path, digest) for id, path, digest in store.snapshot().docs()}


def stored(store: IndexStore, id: str, field: str) -> object:
    found = store.snapshot().find(id)
    assert found is not None
    segment, docnum = found
    return segment.stored(docnum).get(field)


def counts(report: SyncReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.deleted, report.unchanged
