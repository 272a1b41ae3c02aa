"""The language model of a large change, learnt by a process of its own while segments are merged.

It reads the segments as they were before, and says when it has opened them, so that they may go.
Whatever keeps it from its work, the model is learnt as if there were no such process.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from index.codec.segment_file import SegmentFile
from index.errors import TimtinError
from index.language import stream
from index.language.ngrams import Ngrams, learn
from index.processes import end_with_parent
from index.snapshot import Segment

MEMORY_PER_SYLLABLE: Final = 18
"""Bytes of memory that must be allowed for each syllable it reads: it needs about as much, and the
merge beside it as much again at most: less than 2 GB together for 100,000 articles."""


class Learnt(NamedTuple):
    """A model, and the keys and frequencies of the text that it was learnt from."""

    text: stream.Stream
    ngrams: Ngrams


class Learning:
    """A process that learns from `segments`; to be closed."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        context = get_context("spawn")  # a server's threads do not survive a fork
        self._answers, answers = context.Pipe(duplex=False)
        files = [_File(s.file.path, s.segid, _deleted(s)) for s in segments]
        self._process = context.Process(target=_learn, args=(answers, files), daemon=True)
        self._process.start()
        answers.close()
        self._has_opened = False

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.join()
        self._answers.close()

    def wait_until_opened(self) -> None:
        """Wait until the segment files may be removed."""
        if not self._has_opened:
            self._receive()
            self._has_opened = True

    def result(self) -> Learnt | None:
        """What was learnt; None if it could not be."""
        self.wait_until_opened()
        found: Learnt | None = self._receive()
        return found

    def _receive(self) -> Any:
        try:
            return self._answers.recv()
        except (EOFError, OSError):
            return None


class _File(NamedTuple):
    path: Path
    segid: str
    deleted: list[int]


def learn_from(segments: Sequence[Segment]) -> Learnt:
    """The model of the live documents of `segments`."""
    text = stream.read(segments)
    return Learnt(text, learn(text))


def _learn(answers: Connection, files: Sequence[_File]) -> None:
    end_with_parent()
    with suppress(TimtinError, OSError):
        segments = [Segment(SegmentFile(path), segid, 0, gone) for path, segid, gone in files]
        answers.send(None)
        text, ngrams = learn_from(segments)
        answers.send(Learnt(text._replace(numbers=text.numbers[:0]), ngrams))


def _deleted(segment: Segment) -> list[int]:
    return [] if segment.live is None else np.flatnonzero(~segment.live).tolist()
