"""Some files as one: a folder, or a tar of one, that appears whole or not at all.

What is unpacked are plain files of names that are asked for; whatever else a tar may hold, links
and paths that lead elsewhere among it, is passed over.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from index.disk import discard, sync_file, sync_folder

TAR = ".tar"
_PARTIAL = ".partial"


class Packer(Protocol):
    """Takes files, one after another."""

    def add(self, name: str, data: memoryview) -> None: ...


class _FolderPacker:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, data: memoryview) -> None:
        with (self._folder / name).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


class _TarPacker:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive

    def add(self, name: str, data: memoryview) -> None:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        self._archive.addfile(member, _Stream(data))  # type: ignore[arg-type]


class _Stream:
    """Bytes that are read front to back, without a copy of them all."""

    def __init__(self, data: memoryview) -> None:
        self._rest = data

    def read(self, size: int) -> memoryview:
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


@contextmanager
def pack(target: Path) -> Iterator[Packer]:
    """A packer of files into `target`, a tar if that is its suffix, else a folder.

    It is in place when the context is left without an error; else nothing is. Raises OSError.
    """
    draft = target.with_name(target.name + _PARTIAL)
    discard(draft)  # of a process that was killed
    try:
        if target.suffix == TAR:
            with tarfile.open(draft, "w") as archive:
                yield _TarPacker(archive)
            sync_file(draft)
        else:
            draft.mkdir()
            yield _FolderPacker(draft)
            sync_folder(draft)
        draft.rename(target)
        sync_folder(target.absolute().parent)
    except BaseException:
        discard(draft)
        raise


def unpack(source: Path, into: Path, is_wanted: Callable[[str], bool]) -> None:
    """Copy the wanted files of a packed folder or tar. Raises OSError, and ValueError if it is
    neither.
    """
    for name, file in _files(source):
        with file:
            if is_wanted(name):
                with (into / name).open("xb") as copy:
                    shutil.copyfileobj(file, copy, 1 << 20)


def _files(source: Path) -> Iterator[tuple[str, BinaryIO]]:
    if source.is_dir():
        for path in sorted(source.iterdir()):
            if path.is_file() and not path.is_symlink():
                yield path.name, path.open("rb")
        return
    try:
        with tarfile.open(source, "r:") as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isreg() else None
                if file:
                    yield member.name, file  # type: ignore[misc]
    except (tarfile.TarError, EOFError) as error:
        raise ValueError(f"it is neither a folder nor a tar that can be read: {error}") from error
