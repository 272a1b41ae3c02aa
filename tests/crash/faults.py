"""A file layer that fails on purpose: what is done to the files of a folder is counted, and one
operation, or all from it on, is refused.

It stands where Python meets the operating system (`os` and `io`), so that nothing that writes can
go around it.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

Step = Callable[[str, str], None]
"""Called with the kind of an operation and the name of the file before it is done."""
WRITING = frozenset("wax+")


@dataclass
class Fault:
    """What to do at operation number `at` (from 0): raise `code`, for good if it `lasts`.

    `torn`: half of the bytes of a write are written before. `short`: they are, and nothing is
    raised, as the operating system may do. `kinds` are the operations that can fail; when a disk is
    full, files can still be removed.
    """

    at: int
    code: int = errno.EIO
    lasts: bool = False
    torn: bool = False
    short: bool = False
    kinds: frozenset[str] = frozenset({"open", "write", "fsync", "replace", "unlink", "mkdir"})


@dataclass
class Disk:
    """The operations so far, and whether the fault has struck."""

    folder: Path
    fault: Fault | None = None
    done: list[tuple[str, str]] = field(default_factory=list)
    struck: bool = False
    before: Step = lambda kind, name: None

    def step(self, kind: str, name: str, tear: Callable[[], None] = lambda: None) -> None:
        """One operation is about to be done; OSError if it is to fail. `tear` does half of it."""
        self.before(kind, name)
        number = len(self.done)
        self.done.append((kind, name))
        fault = self.fault
        if fault is None or kind not in fault.kinds:
            return
        if number == fault.at or (fault.lasts and number > fault.at):
            self.struck = True
            if fault.torn:
                tear()
            raise OSError(fault.code, os.strerror(fault.code), name)

    def is_short(self) -> bool:
        """Whether the write that is about to be done writes less than it was asked to."""
        return self.fault is not None and self.fault.short

    def name(self, path: Any) -> str | None:
        """A path's name within the folder, None if it is elsewhere."""
        if isinstance(path, int):
            path = Path(f"/proc/self/fd/{path}").readlink()
        path = Path.cwd() / os.fspath(path)
        return str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else None


class _File(io.FileIO):
    def __init__(self, disk: Disk, name: str, path: Any, mode: str) -> None:
        self._disk, self._within = disk, name
        super().__init__(path, mode)

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        half = view[: len(view) // 2]
        if self._disk.is_short() and len(view) > 1:
            return super().write(half) or 0
        self._disk.step("write", self._within, lambda: None if not half else self._tear(half))
        return super().write(view) or 0

    def _tear(self, half: memoryview) -> None:
        super().write(half)


@contextmanager
def watched(folder: Path, fault: Fault | None = None) -> Iterator[Disk]:
    """While the context lasts, operations on files in `folder` go through a `Disk`."""
    disk = Disk(folder.absolute(), fault)
    with patch("io.open", _opening(disk)), patch.object(builtins, "open", _opening(disk)):
        patches = [
            patch.object(os, name, _stepping(disk, kind, getattr(os, name)))
            for name, kind in {
                "fsync": "fsync",
                "replace": "replace",
                "rename": "replace",
                "unlink": "unlink",
                "remove": "unlink",
                "rmdir": "unlink",
                "mkdir": "mkdir",
            }.items()
        ]
        for each in patches:
            each.start()
        try:
            yield disk
        finally:
            for each in patches:
                each.stop()


def _stepping(disk: Disk, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def step(path: Any, *arguments: Any, **options: Any) -> Any:
        name = disk.name(path)
        if name is not None:
            disk.step(kind, name)
        return call(path, *arguments, **options)

    return step


def _opening(disk: Disk) -> Callable[..., Any]:
    plain = io.open

    def open_(path: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        name = None if isinstance(path, int) else disk.name(path)
        if name is None or not WRITING & set(mode):
            return plain(path, mode, *arguments, **options)
        disk.step("open", name)
        raw = _File(disk, name, path, mode.replace("b", "").replace("t", ""))
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffered
        encoding = options.get("encoding") or (arguments[1] if len(arguments) > 1 else None)
        return io.TextIOWrapper(buffered, encoding or "utf-8")

    return open_
