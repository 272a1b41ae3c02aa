"""The errors timtin raises on purpose: each says what is wrong and what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.disk import space


class TimtinError(Exception):
    """Base of all expected errors. `str()` is one line; `remedy` says what to do, or is empty."""

    remedy = ""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        if remedy:
            self.remedy = remedy

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}; {self.remedy}" if self.remedy else message


class MissingIndexError(TimtinError):
    """There is no index in the folder."""

    remedy = "run 'timtin index' first"


class IndexLockedError(TimtinError):
    """Another process is writing to the index."""

    remedy = "wait for it to finish, or stop it"


class DamagedIndexError(TimtinError):
    """An index file is truncated or fails its checksum."""

    remedy = "run 'timtin verify --repair'"

    def __init__(self, path: Path | str, what: str) -> None:
        super().__init__(f"index file {path} is damaged: {what}")
        self.path = str(path)


class OutdatedIndexError(TimtinError):
    """The index was written with another schema or format version than this code can read."""

    remedy = "run 'timtin index', which makes it anew"


class NewerIndexError(OutdatedIndexError):
    """A newer version of timtin made the index: to make it anew is for its operator to decide."""

    remedy = "use that version, or run 'timtin index --rebuild'"


class SeedError(TimtinError):
    """A seed cannot be read; the message gives the reason without the path."""


class WorkerError(TimtinError):
    """A worker process came to an end before its work did."""

    remedy = "if memory ran out, set a lower --memory or fewer --processes"


class IndexFolderError(TimtinError):
    """The operating system will not let the index folder be read or written."""

    remedy = "see to its permissions, or name another with --index-dir"


class DiskFullError(IndexFolderError):
    """There is no space left for what is to be written; the last commit still answers."""

    remedy = "free some space there: the last commit still answers, the next sync does the rest"


class BackupError(TimtinError):
    """A backup cannot be written, or is not one that can be restored."""


FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the operating system says when a disk, or the share of one user, is full."""
_FAILING = "look into the system's log: the disk may be failing"


@contextmanager
def index_folder(path: Path, *, but: type[OSError] | tuple[()] = ()) -> Iterator[None]:
    """What is refused while working in the index folder `path` becomes an IndexFolderError.

    Errors of the kind `but` are left as they are.
    """
    try:
        yield
    except but:
        raise
    except OSError as error:
        raise _explained(path, error) from error


def _explained(path: Path, error: OSError) -> IndexFolderError:
    reason = (error.strerror or str(error)).lower()
    message = f"cannot use the index folder {path}: {reason}"
    if error.errno in FULL:
        try:
            return DiskFullError(f"{message} (disk {space(path)})")
        except OSError:
            return DiskFullError(message)
    return IndexFolderError(message, _FAILING if error.errno == errno.EIO else "")
