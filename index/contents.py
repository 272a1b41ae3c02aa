"""The table of contents: which segments make up a commit, in Whoosh's format, with a checksum.

A commit is a file `_MAIN_<generation>.toc`, written beside the one before it and moved into place,
so that readers see either the old or the new state. Its last line is the CRC-32 of what stands
before, which stock Whoosh does not read; a table that a stock writer made has none.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC

from index.disk import sync_folder
from index.errors import DamagedIndexError, MissingIndexError, index_folder
from index.seal import seal, unseal

INDEX_NAME = "MAIN"


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder in which a table of contents is sealed, and on disk, when it is moved into place."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        source = Path(self._fpath(oldname))
        with source.open("r+b") as file:
            file.write(seal(file.read()))
            file.flush()
            os.fsync(file.fileno())
        folder = Path(self.folder)
        sync_folder(folder)  # the files that the table names are there before it is
        source.replace(self._fpath(newname))
        sync_folder(folder)


def latest_generation(folder: Path) -> int:
    """Number of the newest commit; -1 if there is none. Costs one listing of the folder."""
    with index_folder(folder):
        try:
            generation: int = TOC._latest_generation(os.listdir(folder), INDEX_NAME)  # noqa: PTH208
        except FileNotFoundError:
            return -1
    return generation


def contents_path(folder: Path, generation: int) -> Path:
    """The file of a commit's table of contents."""
    return folder / str(TOC._filename(INDEX_NAME, generation))


def read_contents(folder: Path) -> TOC:
    """The table of contents of the newest commit.

    Raises MissingIndexError, DamagedIndexError, or FileNotFoundError if it was replaced meanwhile.
    """
    generation = latest_generation(folder)
    if generation < 0:
        raise MissingIndexError(f"there is no index in {folder}")
    path = contents_path(folder, generation)
    with index_folder(folder, but=FileNotFoundError):
        content = path.read_bytes()
    inner = unseal(content)
    if inner is None:
        raise DamagedIndexError(path, "checksum mismatch")
    return _parse(path, inner, generation)


def _parse(path: Path, content: bytes, generation: int) -> TOC:
    storage = _OneFile(path.name, content)
    try:
        contents = TOC.read(storage, INDEX_NAME, generation)
    except Exception as error:  # a damaged pickle can raise anything
        raise DamagedIndexError(path, "it cannot be read") from error
    if storage.end != len(content):
        raise DamagedIndexError(path, "what follows its end is no checksum")
    return contents


class _OneFile(RamStorage):  # type: ignore[misc]
    """A storage of one file that tells how far it was read."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__()
        self.files[name] = content
        self.end = -1

    def open_file(self, name: str, **options: Any) -> Any:
        return super().open_file(name, onclose=self._note, **options)

    def _note(self, stream: Any) -> None:
        self.end = stream.tell()
