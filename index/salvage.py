"""The last good versions of documents, out of an index that is about to be made anew.

A seed that cannot be read just then must not cost its documents: they are taken from the old index,
as far as their stored records can be read, whatever else of it is damaged or outdated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Any, NamedTuple

from index.codec.segment_file import DIGEST_BYTES, EXTENSION, SegmentFile
from index.contents import INDEX_NAME, read_contents
from index.documents import Document
from index.errors import DamagedIndexError, MissingIndexError, TimtinError
from index.snapshot import segment_path

_FIELDS = frozenset(Document.__slots__)


class _Place(NamedTuple):
    file: SegmentFile
    docnum: int


class LastGood:
    """Documents of segment files by id; `sources` are files and which of their documents are
    deleted. Of documents with the same id the first counts.
    """

    def __init__(self, sources: Iterable[tuple[SegmentFile, Set[int]]] = ()) -> None:
        self._places: dict[str, _Place] = {}
        self.known: dict[str, tuple[str, str]] = {}
        """id → (path, digest), as `Snapshot.docs` gives them."""
        for file, deleted in sources:
            for docnum, id, path, digest in _listed(file):
                if docnum not in deleted and id not in self._places:
                    self._places[id] = _Place(file, docnum)
                    self.known[id] = path, digest

    def document(self, id: str) -> Document | None:
        """The document with this id, None if it cannot be read any more."""
        file, docnum = self._places[id]
        try:
            return _document(file.stored.record(docnum))
        except (TimtinError, TypeError):
            return None


NOTHING = LastGood()


def salvage(folder: Path, only: Set[str] | None = None) -> LastGood:
    """What can be read of the newest commit, or of its segments with ids in `only`.

    If its table of contents is damaged, of all segment files, the newest first. Then nobody knows
    which of the documents had been deleted.
    """
    try:
        entries = read_contents(folder).segments
    except MissingIndexError:
        return LastGood()
    except (DamagedIndexError, FileNotFoundError):
        files = folder.glob(f"{INDEX_NAME}_*{EXTENSION}")
        newest = sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return LastGood((file, set()) for path in newest for file in _opened(path))
    wanted = [entry for entry in entries if only is None or entry.segment_id() in only]
    return LastGood(
        (file, set(entry.deleted_docs()))
        for entry in wanted
        for file in _opened(segment_path(folder, entry))
    )


def _opened(path: Path) -> Iterator[SegmentFile]:
    """The file, or nothing if it does not open."""
    try:
        yield SegmentFile(path)
    except (TimtinError, OSError):
        return


def _listed(file: SegmentFile) -> Iterator[tuple[int, str, str, str]]:
    """(number, id, path, digest) of documents: as the columns say, or if these are damaged as the
    records do, where they can be read.
    """
    try:
        keys, digests = file.document_keys(), file.digests()
        ordinals, paths = file.ordinals("path")
    except TimtinError:
        yield from _read_one_by_one(file)
        return
    for docnum, key in enumerate(keys):
        id = key
        if key.startswith("\0"):  # its term is only a digest of it
            try:
                id = file.stored.record(docnum)["id"]
            except TimtinError:
                continue
        digest = digests[docnum * DIGEST_BYTES : (docnum + 1) * DIGEST_BYTES]
        yield docnum, id, paths[ordinals[docnum]], digest.hex()


def _read_one_by_one(file: SegmentFile) -> Iterator[tuple[int, str, str, str]]:
    for docnum in range(file.doc_count):
        try:
            document = _document(file.stored.record(docnum))
        except (TimtinError, TypeError):
            continue
        yield docnum, document.id, document.path, document.digest()


def _document(record: Mapping[str, Any]) -> Document:
    """A stored record as a document; fields that are no more are left out. Raises TypeError."""
    return Document(**{name: value for name, value in record.items() if name in _FIELDS})
