"""Reading seeds, those that a library parses in a process of its own.

A page, Word file or PDF can be built so that its parser takes hours, or all memory, or crashes. The
process has bounds of memory and CPU time; when it ends or hangs the seed is reported, and the next
one gets a new process. What comes back is decoded by its types: no code comes with it.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from index.documents import Document
from index.errors import SeedError
from index.readers import Problem, SeedFile, format_of, read_seed
from index.readers.child import LENGTH, Answer, Question, send
from index.readers.extras import needed_by

WAIT = 10  # times the seconds of CPU that a seed may take: on a busy machine these are longer
_ROOT = Path(__file__).parents[2]


class Readers:
    """Reads seeds; a context manager that ends the process, if there is one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._end()

    def read(self, seed: SeedFile) -> Iterator[Document | Problem]:
        """What a seed holds. Raises SeedError, also for what the file system refuses."""
        if os.name != "posix" or not format_of(seed).apart:
            yield from read_seed(seed)
            return
        answer = self._ask(seed)
        if answer.reason is not None:
            raise SeedError(answer.reason, answer.remedy)
        yield from answer.problems
        yield from answer.documents

    def _ask(self, seed: SeedFile) -> Answer:
        process = self._running()
        question = Question(
            os.fsencode(seed.path),
            seed.name,
            seed.stem,
            seed.settings,
            seed.limits,
            needed_by(format_of(seed).name),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        deadline = time.monotonic() + WAIT * seed.limits.seconds
        try:
            send(process.stdin, msgspec.msgpack.encode(question))
            message = _received(process.stdout, deadline)
        except BrokenPipeError:
            message = None
        except TimeoutError:
            self._end()
            raise SeedError(_too_long(seed)) from None
        if message is None:
            raise SeedError(self._end_of(process, seed))
        return msgspec.msgpack.decode(message, type=Answer)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "index.readers.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={**os.environ, "PYTHONPATH": _path()},
            )
        return self._process

    def _end_of(self, process: subprocess.Popen[bytes], seed: SeedFile) -> str:
        """Why a process came to an end while it was reading."""
        code = process.wait()
        self._end()
        if code == -signal.SIGXCPU:
            return _too_long(seed)
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        return f"its reader came to an end ({how})"

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _received(stream: IO[bytes], deadline: float) -> bytes | None:
    """The next message; None if the process has ended. Raises TimeoutError."""
    head = _exactly(stream, LENGTH.size, deadline)
    return None if head is None else _exactly(stream, LENGTH.unpack(head)[0], deadline)


def _exactly(stream: IO[bytes], size: int, deadline: float) -> bytes | None:
    poll = select.poll()  # select() knows no descriptor above 1,023
    poll.register(stream, select.POLLIN)
    parts = bytearray()
    while len(parts) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(1000 * left):
            raise TimeoutError
        part = os.read(stream.fileno(), min(size - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _path() -> str:
    """Where Python finds this package, whatever the working directory is."""
    return os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))


def _too_long(seed: SeedFile) -> str:
    return f"more than {seed.limits.seconds} s are needed to read it"
