"""A copy of the newest commit, taken while others write, and put back in one step.

A backup is a folder, or a `.tar` of one, with the commit's segment files and `backup.json`: which
of their documents are deleted, and the digest of each file. (The language model is learnt anew.)
Nothing of it is ever executed, and nothing used before it has been checked, so that a backup from
elsewhere can do no harm.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from index import making
from index.codec.segment_file import SegmentFile
from index.contents import INDEX_NAME
from index.disk import discard, make_folder, space, sync_file
from index.errors import FULL, BackupError, TimtinError, index_folder
from index.leftovers import RESTORING
from index.packing import Packer, pack, unpack
from index.snapshot import Snapshot
from index.store import IndexStore
from index.verification import WRONG, check_segment

FORMAT = 1
LISTING = "backup.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: documents, bytes, and when it was made (ISO 8601)."""

    documents: int
    size: int
    made: str


def backup(store: IndexStore, target: Path) -> Backup:
    """Copy the newest commit to `target`, a new folder or `.tar`: it is there whole or not at all.

    Raises BackupError, and DamagedIndexError if what is to be copied is not what was written.
    """
    snapshot = store.snapshot(language=False)  # its files stay readable whatever is committed
    if target.exists() or target.is_symlink():
        raise BackupError(f"{target} is there already", "name another file or folder")
    with _refusals(target), pack(target) as packer:
        return _write(snapshot, packer)


def _write(snapshot: Snapshot, packer: Packer) -> Backup:
    segments = []
    size = 0
    for segment in snapshot.segments:
        container = segment.file.container
        container.check_all()
        name = f"{segment.segid}.tim"
        packer.add(name, container.data)
        size += len(container.data)
        live = segment.live
        deleted = [] if live is None else (~live).nonzero()[0].tolist()
        digest = _digest(container.data)
        segments.append({"file": name, "deleted": deleted, "digest": digest})
    made = datetime.now(UTC).isoformat(timespec="seconds")
    listing = {
        "format": FORMAT,
        "made": made,
        "documents": snapshot.doc_count,
        "segments": segments,
    }
    packer.add(LISTING, memoryview(json.dumps(listing).encode()))
    return Backup(snapshot.doc_count, size, made)


def restore(store: IndexStore, source: Path, *, timeout: float = 0.0) -> tuple[Backup, int]:
    """Put a backup in the place of the index, as one commit; returns it and the new generation.

    Raises BackupError if it is not one, or not sound: then the index is as it was.
    """
    if not source.exists():
        raise BackupError(
            f"there is no backup {source}", "name a file or folder of 'timtin backup'"
        )
    with store.transaction(rebuild=True, timeout=timeout) as transaction:
        with index_folder(store.path):
            folder = Path(tempfile.mkdtemp(prefix=RESTORING, dir=store.path))
        try:
            with index_folder(store.path):
                found, segments = _read(source, folder)
            for path, deleted in segments:
                with index_folder(store.path):
                    sync_file(path)
                transaction.adopt(path, deleted)
            return found, transaction.commit()
        finally:
            discard(folder)


def _read(source: Path, folder: Path) -> tuple[Backup, list[tuple[Path, list[int]]]]:
    """Unpack a backup into a folder and check everything about it."""
    try:
        unpack(source, folder, _is_wanted)
        listing = json.loads((folder / LISTING).read_bytes())
        if listing["format"] != FORMAT:
            raise BackupError(f"{source} is of another version of timtin", "restore it with that")
        segments = [_checked(folder, entry) for entry in listing["segments"]]
        seen: set[str] = set()
        for _, deleted, ids in segments:
            gone = set(deleted)
            live = [id for docnum, id in enumerate(ids) if docnum not in gone]
            if len(set(live) | seen) != len(live) + len(seen):
                raise ValueError("documents are in it twice")
            seen.update(live)
        size = sum(len(file.container.data) for file, _, _ in segments)
        found = Backup(len(seen), size, str(listing["made"]))
        return found, [(file.path, deleted) for file, deleted, _ in segments]
    except BackupError:
        raise
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        raise BackupError(f"{source} is no backup: it has no {missing}") from error
    except (TimtinError, RecursionError, *WRONG) as error:
        raise BackupError(
            f"{source} cannot be restored: {error}".replace(f"{folder}/", "")
        ) from error


def _checked(folder: Path, entry: Any) -> tuple[SegmentFile, list[int], list[str]]:
    """A segment of a backup, its deleted documents, and the ids of all of them."""
    name, deleted = str(entry["file"]), [int(number) for number in entry["deleted"]]
    if not _is_wanted(name) or name == LISTING:
        raise ValueError(f"it lists {name!r}")
    file = SegmentFile(folder / name)
    if _digest(file.container.data) != entry["digest"]:
        raise ValueError(f"{name} is not what was backed up")
    making.check_readable(file.meta, name)
    if any(not 0 <= number < file.doc_count for number in deleted):
        raise ValueError(f"{name} has not the documents that are deleted from it")
    return file, deleted, check_segment(file)


def _is_wanted(name: str) -> bool:
    """Whether a file of this name belongs to a backup."""
    stem = name.removesuffix(".tim").removeprefix(f"{INDEX_NAME}_")
    return name == LISTING or (f"{INDEX_NAME}_{stem}.tim" == name and stem.isalnum())


def _digest(data: memoryview) -> str:
    digest = blake2b(digest_size=16)
    for start in range(0, len(data), _CHUNK):
        digest.update(data[start : start + _CHUNK])
    return digest.hexdigest()


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """What the operating system refuses becomes a BackupError that names the place."""
    try:
        make_folder(path.absolute().parent)
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        where = f" (disk {space(path.absolute().parent)})" if error.errno in FULL else ""
        raise BackupError(f"cannot write {path}: {reason}{where}") from error
