"""What the seeds were like when a commit was made: an unchanged file need not be read again.

The manifest lies in the index folder and is named after the commit's generation. It is only a
cache: the index itself says which documents it holds, and without a manifest every seed is read
and compared with that.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.disk import discard
from index.errors import DamagedIndexError
from index.leftovers import abandoned
from index.readers import readers_key
from index.seal import seal, unseal
from index.sync.folder import Stamp
from index.sync.report import Failure

FORMAT = 3
# A file written within this time of its stamp may be written again without the stamp showing it.
RACY_NS = 2_000_000_000
_NAME = re.compile(r"seeds-\d+\.json")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A seed as it was read: its digest, stamp and settings, and what was wrong with it.

    `settings` is the key of what `seeds.toml` said of it. `documents` is how many of the index are
    from it, `checked_ns` when the stamp was taken. A seed is `shared` if some of its ids belong to
    others: their fate matters to it too.
    """

    digest: str
    stamp: Stamp
    checked_ns: int
    documents: int
    failures: tuple[Failure, ...] = ()
    shared: bool = False
    settings: str = ""

    @classmethod
    def of_failures(cls, failures: tuple[Failure, ...]) -> Entry:
        """What was wrong with something that was not read at all; nothing is like it next time."""
        return cls("", Stamp(-1, -1, -1), 0, 0, failures)

    def is_current(self, stamp: Stamp) -> bool:
        """Whether a file with this stamp surely is the one that was read."""
        return stamp == self.stamp and stamp.newest_ns < self.checked_ns - RACY_NS


def unread(path: str) -> str:
    """The name of the entry for what is at `path` and was not read: no seed has such a name."""
    return f"\0{path}"


def is_of_seed(name: str) -> bool:
    """Whether an entry is that of a seed that was read."""
    return not name.startswith("\0")


def load(folder: Path, generation: int) -> dict[str, Entry]:
    """The entries by seed name; empty if there is no manifest of this generation, or a bad one."""
    try:
        return decode(_content(folder / file_name(generation)))
    except (OSError, DamagedIndexError):
        return {}


def decode(content: bytes) -> dict[str, Entry]:
    """The entries that `encode` wrote; none if it was another version, or something else."""
    try:
        table = json.loads(content)
        if (table["format"], table["readers"]) != (FORMAT, readers_key()):
            return {}
        return {name: _entry(name, row) for name, row in table["seeds"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def encode(entries: Mapping[str, Entry]) -> bytes:
    """Entries as they are kept."""
    table = {
        "format": FORMAT,
        "readers": readers_key(),
        "seeds": {name: _row(entry) for name, entry in entries.items()},
    }
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def check(folder: Path, generation: int) -> None:
    """DamagedIndexError if there is a manifest of this generation and it is not what was saved."""
    try:
        _content(folder / file_name(generation))
    except FileNotFoundError:
        return


def _content(path: Path) -> bytes:
    sealed = path.read_bytes()
    content = unseal(sealed)
    if content is None or content is sealed:
        raise DamagedIndexError(path, "checksum mismatch")
    return content


def save(folder: Path, generation: int, entries: dict[str, Entry]) -> None:
    """Write the manifest of a generation in one step and remove those of others.

    A disk that will not take it costs the next sync some time, and is no reason to fail this one.
    """
    try:
        _save(folder, generation, entries)
    except OSError as error:
        _log.warning("cannot write the manifest of the seeds: %s", error)


def _save(folder: Path, generation: int, entries: dict[str, Entry]) -> None:
    content = encode(entries)
    target = folder / file_name(generation)
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(content + seal(content))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        discard(draft)
    names = os.listdir(folder)  # noqa: PTH208 (names are all that is needed)
    old = [name for name in names if _NAME.fullmatch(name) and name != target.name]
    for name in (*old, *abandoned(names)):
        discard(folder / name)


def saved_ns(folder: Path, generation: int) -> int | None:
    """When the manifest of a generation was saved; None if there is none."""
    try:
        return (folder / file_name(generation)).stat().st_mtime_ns
    except OSError:
        return None


def file_name(generation: int) -> str:
    """Name of the manifest of a commit within the index folder."""
    return f"seeds-{generation}.json"


def _row(entry: Entry) -> dict[str, Any]:
    stamp = entry.stamp
    row: dict[str, Any] = {
        "digest": entry.digest,
        "stamp": [stamp.size, stamp.mtime_ns, stamp.ctime_ns],
        "checked": entry.checked_ns,
        "documents": entry.documents,
    }
    if entry.failures:
        row["failures"] = [[failure.line, failure.reason] for failure in entry.failures]
    if entry.shared:
        row["shared"] = True
    if entry.settings:
        row["settings"] = entry.settings
    return row


def _entry(name: str, row: dict[str, Any]) -> Entry:
    size, mtime_ns, ctime_ns = (int(value) for value in row["stamp"])
    return Entry(
        digest=str(row["digest"]),
        stamp=Stamp(size, mtime_ns, ctime_ns),
        checked_ns=int(row["checked"]),
        documents=int(row["documents"]),
        failures=tuple(
            Failure(name.removeprefix("\0"), str(reason), None if line is None else int(line))
            for line, reason in row.get("failures", [])
        ),
        shared=bool(row.get("shared")),
        settings=str(row.get("settings", "")),
    )
