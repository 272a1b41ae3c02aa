"""What lies in an index folder and no commit needs: of commits gone by, and of writers killed.

Swept whenever a writer begins and when it has committed, under its lock, so that files never pile
up however often a writer is killed. Readers that have a file open go on reading it.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Sequence
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
_log = logging.getLogger(__name__)
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
    return [*found, *upkeep.unneeded(names, generation), *_half_done(names)]


def sweep(folder: Path, generation: int, segments: Iterable[Any]) -> None:
    """Remove what the commit of this number, made of `segments`, does not need."""
    _remove(folder, litter(folder, generation, segments))


def sweep_drafts(folder: Path) -> None:
    """Remove what was never finished; for a commit of which nobody knows what it needs."""
    names = os.listdir(folder)  # noqa: PTH208
    drafts = [name for name in names if (match := _CONTENTS.fullmatch(name)) and match[1]]
    _remove(folder, [*drafts, *upkeep.drafts(names), *_half_done(names)])


def _remove(folder: Path, names: list[str]) -> None:
    if not names:
        return
    try:
        sync_folder(folder)  # what takes their place is there for good before they go
    except OSError as error:
        _log.warning("leaving what is no longer needed in %s: %s", folder, error.strerror)
        return
    for name in names:
        discard(folder / name)


def abandoned(names: Sequence[str]) -> list[str]:
    """Of the names in a folder: drafts of manifests, which need no lock, of processes now dead."""
    drafts = [match for match in map(_MANIFEST_DRAFT.fullmatch, names) if match]
    return [match[0] for match in drafts if not is_alive(int(match[1]))]


def _half_done(names: Sequence[str]) -> list[str]:
    """What is nobody's for who holds the lock: backups half unpacked, drafts of dead processes."""
    return [name for name in names if name.startswith(RESTORING)] + abandoned(names)
