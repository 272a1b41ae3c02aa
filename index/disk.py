"""Files that last: what is written is on the disk, under its name, before anything relies on it.

A file's bytes are made to last by fsync of the file, its name by fsync of its folder. What is no
longer needed is removed as far as the disk lets us: a file too many does no harm.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

_log = logging.getLogger(__name__)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last: files made, moved and removed so far."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the contents of a file last."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(path: Path) -> None:
    """Make a folder and those around it that are missing, to last."""
    missing = []
    for folder in (path, *path.parents):
        if folder.exists():
            break
        missing.append(folder)
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync_folder(folder.parent)


def discard(path: Path) -> None:
    """Remove a file or folder that nobody needs; where the disk refuses, say so and go on."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("cannot remove %s, which is no longer needed: %s", path, error.strerror)


def space(path: Path) -> str:
    """The disk that holds `path`, or will, and how much of it is free, for people."""
    while not path.exists() and path != path.parent:
        path = path.parent
    usage = shutil.disk_usage(path)
    mount = path.resolve()
    while not mount.is_mount() and mount != mount.parent:
        mount = mount.parent
    mebibyte = 1 << 20
    return f"{mount}, {usage.free / mebibyte:,.1f} of {usage.total / mebibyte:,.0f} MB free"
