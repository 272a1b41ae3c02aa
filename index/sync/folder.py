"""The seeds folder: which files are seeds, and the digest of each.

Hidden files and folders are passed over. A symbolic link is followed only if it leads to a file
within the folder, so that a seeds folder cannot publish what lies outside of it.
"""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from index.analysis.normalize import nfc
from index.errors import SeedError
from index.readers import SeedFile, seed_file, suffix_of
from index.readers.limits import LIMITS, Limits
from index.readers.opening import open_regular
from index.sync.declared import FILE_NAME, Declarations
from index.sync.report import Failure, Ignored

MAX_DEPTH = 100  # folders within folders
_OUTSIDE = "a link that leads out of the folder"
_CHUNK = 1 << 20
_SAMPLED_BYTES = 4 << 20
_BY_LINES = (".jsonl", ".ndjson", ".csv", ".tsv")  # about a document a line


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of a file; as long as it is the same, so are the contents.

    The time of the last status change is part of it: unlike the modification time, nobody sets it.
    """

    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def newest_ns(self) -> int:
        """When the file was last touched in any way."""
        return max(self.mtime_ns, self.ctime_ns)


@dataclass(frozen=True, slots=True)
class Found:
    """A seed file and its stamp at the time of the scan."""

    seed: SeedFile
    stamp: Stamp

    @property
    def name(self) -> str:
        return self.seed.name


@dataclass(slots=True)
class Folder:
    """What a scan found: seeds in the order of their names, and what is not taken in and why.

    `unseen` are folders (names ending in "/") that could not be listed: nothing is known of them.
    """

    seeds: list[Found] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)

    def may_hold(self, name: str) -> bool:
        """Whether the seed `name` may be there although the scan did not find it."""
        return any(name.startswith(folder) for folder in self.unseen)


def scan(root: Path, *, exclude: Path | None = None, limits: Limits = LIMITS) -> Folder:
    """List the seeds under `root`, leaving out the folder `exclude`; SeedError if it is missing."""
    if not root.is_dir():
        raise SeedError(f"there is no seeds folder {root}", "make it, or name another one")
    folder = Folder()
    by_name: dict[str, Found] = {}
    place = _Place(str(root.resolve()), str(exclude.resolve()) if exclude else None)
    for name, entry, declared in sorted(_files(place, folder), key=_by_name):
        outcome = _judge(name, entry, declared, place, limits)
        if isinstance(outcome, Ignored):
            folder.ignored.append(outcome)
        elif isinstance(outcome, Failure):
            folder.failures.append(outcome)
        elif outcome.name in by_name:
            reason = "another file has the same name in NFC"
            folder.failures.append(Failure(outcome.name, reason))
        else:
            by_name[outcome.name] = outcome
    folder.seeds = [by_name[name] for name in sorted(by_name)]
    return folder


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file as it is now."""
    return _stamp(path.stat())


def digest_of(path: Path, size: int) -> tuple[str, int]:
    """BLAKE2b (32 hex digits) of the first `size` bytes of a file, and about how many documents it
    holds. What is written behind them in the meantime changes its stamp.
    """
    digest = blake2b(digest_size=16)
    lines, left = 0, size
    paragraphs = False
    last = b"\n"
    with open_regular(path, 0) as file:
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            digest.update(chunk)
            lines += chunk.count(b"\n")
            last = chunk[-1:]
            paragraphs = paragraphs or b"\n\n" in chunk or b"\n\r\n" in chunk
    suffix = suffix_of(path.name) or ""
    if suffix.endswith(".gz"):
        return digest.hexdigest(), _estimated_lines(path, size)
    if suffix in _BY_LINES or (suffix == ".txt" and not paragraphs):
        return digest.hexdigest(), max(1, lines + (last != b"\n"))
    return digest.hexdigest(), 1


def _estimated_lines(path: Path, size: int) -> int:
    """Lines of a gzipped file, from how far its beginning reaches."""
    with open_regular(path) as packed, gzip.open(packed) as stream:
        try:
            lines = stream.read(_SAMPLED_BYTES).count(b"\n")
        except (OSError, EOFError, zlib.error):
            return 1
        return max(1, round(lines * size / max(1, min(size, packed.tell()))))


@dataclass(frozen=True, slots=True)
class _Place:
    """The folder that is scanned and the one in it that is left out, links resolved."""

    root: str
    exclude: str | None


_Entry = tuple[str, os.DirEntry[str], Declarations]


def _by_name(found: _Entry) -> str:
    return found[0]


def _files(place: _Place, folder: Folder) -> Iterator[_Entry]:
    """Names relative to the root, and entries, of all that is not hidden and not a folder, and what
    is declared there.
    """
    left = [("", Declarations())]
    while left:
        prefix, declared = left.pop()
        try:
            if prefix.count("/") > MAX_DEPTH:
                raise OSError(f"nested deeper than {MAX_DEPTH} folders")
            with os.scandir(f"{place.root}/{prefix}") as listing:
                entries = [entry for entry in listing if not entry.name.startswith(".")]
        except OSError as error:
            folder.unseen.append(nfc(prefix))
            folder.failures.append(Failure(nfc(prefix) or ".", error.strerror or str(error)))
            continue
        declarations = [entry for entry in entries if entry.name == FILE_NAME]
        for entry in declarations:
            try:
                if _leads_out(entry, place):
                    raise SeedError(_OUTSIDE)
                declared = declared.within(nfc(prefix), Path(entry.path))
            except SeedError as error:
                folder.failures.append(Failure(nfc(prefix) + FILE_NAME, str(error)))
        for entry in entries:
            name = prefix + entry.name
            if entry in declarations:
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield name, entry, declared
            elif f"{place.root}/{name}" != place.exclude:
                left.append((f"{name}/", declared))


def _leads_out(entry: os.DirEntry[str], place: _Place) -> bool:
    """Whether it is a link to something outside of the seeds folder."""
    return entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(place.root)


def _judge(
    raw: str, entry: os.DirEntry[str], declared: Declarations, place: _Place, limits: Limits
) -> Found | Failure | Ignored:
    """Whether a file is a seed, and if not, why."""
    name = nfc(raw)
    is_link = entry.is_symlink()
    settings = declared.of(name)
    is_read = suffix_of(name) is not None or settings.format is not None
    if not is_read and not is_link:
        return Ignored(name, "not a kind of file that is read")
    try:
        raw.encode()
        if _leads_out(entry, place):
            return Ignored(name, _OUTSIDE)
        status = entry.stat()
    except UnicodeEncodeError:
        return Failure(name, "its name is not UTF-8 text")
    except (OSError, RuntimeError) as error:  # RuntimeError: links that go round in a circle
        return Failure(name, getattr(error, "strerror", None) or str(error))
    if not stat.S_ISREG(status.st_mode) or not is_read:
        return Ignored(name, "not a file that is read")
    return Found(seed_file(Path(entry.path), name, settings, limits), _stamp(status))


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
