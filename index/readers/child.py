"""The other side of `index.sync.apart`: reads the seeds that it is told to, one after the other.

Asked on standard input, answers on standard output; each message is its length and MessagePack.
Memory and CPU time are bounded by the operating system, anew for each seed.
"""

from __future__ import annotations

import logging
import os
import struct
import sys
from pathlib import Path
from typing import IO

import msgspec

from index.documents import Document
from index.errors import SeedError
from index.readers import Problem, SeedFile, SeedSettings, read_seed
from index.readers.extras import LIBRARIES, required
from index.readers.limits import Limits

LENGTH = struct.Struct("<Q")


class Question(msgspec.Struct, frozen=True):
    """A seed to read; `path` as the operating system has it."""

    path: bytes
    name: str
    stem: str
    settings: SeedSettings
    limits: Limits
    needs: str | None


class Answer(msgspec.Struct, frozen=True):
    """What a seed holds, or why it cannot be read."""

    documents: list[Document] = []
    problems: list[Problem] = []
    reason: str | None = None
    remedy: str = ""


def main() -> None:
    logging.disable(logging.WARNING)  # libraries tell of every oddity
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    while (message := receive(asked)) is not None:
        question = msgspec.msgpack.decode(message, type=Question)
        send(answers, msgspec.msgpack.encode(_answer(question)))


def send(stream: IO[bytes], message: bytes) -> None:
    stream.write(LENGTH.pack(len(message)) + message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message; None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None


def _answer(question: Question) -> Answer:
    seed = SeedFile(
        Path(os.fsdecode(question.path)),
        question.name,
        question.stem,
        question.settings,
        question.limits,
    )
    documents: list[Document] = []
    problems: list[Problem] = []
    try:
        if question.needs in LIBRARIES:
            required(question.needs)  # the size of the parser is not the seed's
        _bound(question.limits)
        for item in read_seed(seed):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                documents.append(item)
    except SeedError as error:
        return Answer(reason=error.args[0], remedy=error.remedy)
    except MemoryError:
        documents.clear()
        return Answer(reason=too_much_memory(question.limits))
    return Answer(documents, problems)


def too_much_memory(limits: Limits) -> str:
    return f"more than {limits.memory_bytes >> 20:,} MB of memory are needed to read it"


def _bound(limits: Limits) -> None:
    """From now on so much more memory, and so many more seconds of CPU; where systems can do it."""
    try:
        import resource  # noqa: PLC0415 (Unix only)
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    if memory := _address_space():
        most = memory + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def _address_space() -> int:
    """Bytes of address space that this process has; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
