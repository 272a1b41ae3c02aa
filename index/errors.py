"""The errors timtin raises on purpose: each says what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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

    remedy = "run 'timtin index --rebuild'"

    def __init__(self, path: Path | str, what: str) -> None:
        super().__init__(f"index file {path} is damaged: {what}")
        self.path = str(path)


class OutdatedIndexError(TimtinError):
    """The index was written with another schema, analyzer or format version."""

    remedy = "run 'timtin index --rebuild'"


class SeedError(TimtinError):
    """A seed cannot be read; the message gives the reason without the path."""


class WorkerError(TimtinError):
    """A worker process came to an end before its work did."""

    remedy = "if memory ran out, set a lower --memory or fewer --processes"


class IndexFolderError(TimtinError):
    """The operating system will not let the index folder be read or written."""

    remedy = "see to its permissions and to free space, or name another with --index-dir"


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
        reason = error.strerror or str(error)
        raise IndexFolderError(f"cannot use the index folder {path}: {reason.lower()}") from error
