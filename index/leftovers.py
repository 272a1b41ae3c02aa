"""What lies in an index folder and no commit needs: of commits gone by, and of writers killed.

Swept whenever a writer begins and when it has committed, under its lock, so that files never pile
up however often a writer is killed. Readers that have a file open go on reading it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.codec.segment_file import EXTENSION
from index.contents import INDEX_NAME, contents_path
from index.disk import discard, sync_folder
from index.language import upkeep
from index.processes import is_alive

RESTORING = "restore-"
"""How the folders begin in which a backup is unpacked."""
_SEGMENT = re.compile(rf"{INDEX_NAME}_[0-9a-z]+{re.escape(EXTENSION)}")
_CONTENTS = re.compile(rf"_{INDEX_NAME}_\d+\.toc(\..*)?")  # with a suffix: a draft
_KINDS = (_SEGMENT, _CONTENTS, re.compile(r"seeds-\d+\.json"))
_MANIFEST_DRAFT = re.compile(r"seeds-\d+\.(\d+)\.tmp")


def litter(folder: Path, generation: int, segments: Iterable[Any]) -> list[str]:
    """Names of the files that the commit of this number, made of `segments`, does not need."""
    names = os.listdir(folder)  # noqa: PTH208 (names are all that is needed)
    needed = {str(segment.file_name()) for segment in segments}
    needed |= {contents_path(folder, generation).name, f"seeds-{generation}.json"}
    found = [
        name
        for name in names
        if name not in needed and any(kind.fullmatch(name) for kind in _KINDS)
    ]
    return [*found, *upkeep.unneeded(names, generation), *abandoned(names)]


def sweep(folder: Path, generation: int, segments: Iterable[Any]) -> None:
    """Remove what the commit of this number, made of `segments`, does not need."""
    _remove(folder, litter(folder, generation, segments))


def sweep_drafts(folder: Path) -> None:
    """Remove what was never finished; for a commit of which nobody knows what it needs."""
    names = os.listdir(folder)  # noqa: PTH208
    drafts = [name for name in names if (match := _CONTENTS.fullmatch(name)) and match[1]]
    _remove(folder, [*drafts, *upkeep.drafts(names), *abandoned(names)])


def _remove(folder: Path, names: list[str]) -> None:
    if names:
        sync_folder(folder)  # what takes their place is there for good before they go
    for name in names:
        discard(folder / name)


def abandoned(names: list[str]) -> Iterator[str]:
    """Drafts that are written without the writer lock, or beside it, by processes that are dead."""
    for name in names:
        match = _MANIFEST_DRAFT.fullmatch(name)
        if name.startswith(RESTORING) or (match and not is_alive(int(match[1]))):
            yield name
