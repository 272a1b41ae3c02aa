"""Text cut at spaces and line breaks into chunks, each distinct one numbered.

News repeats itself: among a million chunks one in fifty is new. So whatever an analysis makes of a
chunk, syllables or pyvi's tokens, it makes once (`Runs`), and a text is a gather from arrays. This
is for bulk indexing, by one thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from secrets import randbits
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from index.native import Loops

Number = TypeVar("Number", bound=np.generic)
Numbers = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]

kernels = Loops("index.analysis.kernels")

MAX_CHUNKS: Final = 500_000
MAX_CHARACTERS: Final = 16_000_000
END, BREAK, EMPTY = range(3)
"""The number that stands behind every text; a line break; nothing between two spaces, which may be
left out."""
_AT_ONCE: Final = 64  # texts that are cut together: their arrays stay in the cache


class Cut(NamedTuple):
    """Numbers of the chunks of texts, one text after another, and at which of them each ends;
    `starts` are the offsets of the chunks in characters, each in its text."""

    numbers: Numbers
    ends: Places
    starts: Numbers


class Chunks:
    """Chunks by number. It grows: when it is `full` one begins anew, between batches."""

    def __init__(self) -> None:
        native = kernels()
        self._table: _Known | _Compiled = _Compiled(native) if native else _Known()

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, number: int) -> str:
        return self._table.chunk(number)

    def several(self, numbers: Numbers) -> list[str]:
        """The chunks of these numbers, at least one, which ascend."""
        return self._table.several(numbers)

    def full(self) -> bool:
        """Whether there are so many that it is time to begin anew, or loops to do it with now."""
        late = isinstance(self._table, _Known) and kernels() is not None
        return late or len(self) > MAX_CHUNKS or self._table.characters > MAX_CHARACTERS

    def cut(self, texts: Iterable[str]) -> Cut:
        """The chunks of NFC texts."""
        parts: list[tuple[Numbers, Numbers]] = []
        some: list[str] = []
        for text in texts:
            some.append(text)
            if len(some) == _AT_ONCE:
                parts.append(self._table.cut(some))
                some = []
        parts.append(self._table.cut(some))
        numbers, starts = map(np.concatenate, zip(*parts, strict=True))
        return Cut(numbers, np.flatnonzero(numbers == END), starts)


class _Known(dict[str, int]):
    """Numbers of chunks in the order in which they first appear."""

    def __init__(self) -> None:
        super().__init__({"\n": BREAK, "": EMPTY})
        self._chunks = ["", "\n", ""]
        self.characters = 0

    def __len__(self) -> int:
        return len(self._chunks)

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = len(self._chunks)
        self._chunks.append(chunk)
        self.characters += len(chunk)
        return number

    def chunk(self, number: int) -> str:
        return self._chunks[number]

    def several(self, numbers: Numbers) -> list[str]:
        return [self._chunks[number] for number in numbers.tolist()]

    def cut(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        numbers: list[int] = []
        starts: list[Numbers] = [np.zeros(0, np.int32)]
        for text in texts:
            chunks = text.replace("\n", " \n ").split(" ")
            some = list(map(self.__getitem__, chunks))
            numbers += some
            numbers.append(END)
            starts.append(_starts(chunks, np.array(some)))
        return np.array(numbers, np.int32), np.concatenate(starts)


def _starts(chunks: Sequence[str], numbers: Places) -> Numbers:
    """The places of the chunks of a text, and of its end."""
    sizes = np.fromiter(map(len, chunks), np.int32, len(chunks))
    breaks = numbers == BREAK  # two spaces were put around each
    places = np.zeros(len(chunks) + 1, np.int32)
    places[1:] = np.cumsum(sizes + 1) - 2 * np.cumsum(breaks)
    places[:-1] += breaks
    places[-1] -= 1
    return places


class _Compiled:
    """The same in arrays: chunks end to end, and a table of their hashes."""

    def __init__(self, native: Any) -> None:
        self._native = native
        self._letters: npt.NDArray[np.uint32] = np.zeros(1 << 16, np.uint32)
        # Of each chunk in `letters`, and of the next.
        self._bounds: npt.NDArray[np.int64] = np.zeros(1 << 12, np.int64)
        self._hashes: npt.NDArray[np.uint64] = np.zeros(1 << 12, np.uint64)
        # The number of a chunk by its hash; 0 is none.
        self._slots: npt.NDArray[np.int32] = np.zeros(1 << 13, np.int32)
        self._seed = np.uint64(randbits(64))  # so that nobody can make texts that meet in a slot
        self._count = EMPTY + 1

    @property
    def characters(self) -> int:
        return int(self._bounds[self._count])

    def __len__(self) -> int:
        return self._count

    def chunk(self, number: int) -> str:
        letters = self._letters[self._bounds[number] : self._bounds[number + 1]]
        return "\n" if number == BREAK else letters.tobytes().decode("utf-32-le")

    def several(self, numbers: Numbers) -> list[str]:
        """Mostly those are asked for that came last: they are decoded together."""
        if numbers[0] <= EMPTY or numbers[-1] - numbers[0] > 4 * len(numbers):
            return [self.chunk(number) for number in numbers.tolist()]
        first, last = int(self._bounds[numbers[0]]), int(self._bounds[numbers[-1] + 1])
        letters = self._letters[first:last].tobytes().decode("utf-32-le")
        begins = (self._bounds.take(numbers) - first).tolist()
        ends = (self._bounds.take(numbers + 1) - first).tolist()
        return [letters[begin:end] for begin, end in zip(begins, ends, strict=True)]

    def cut(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        out, starts = np.empty((2, len(codes) + len(texts)), np.int32)
        at = text = written = 0
        while text < len(texts):
            at, text, self._count, written = self._native.cut(
                codes, ends, at, text, self._seed, self._slots, self._hashes,
                self._bounds, self._letters, self._count, out, starts, written,
            )  # fmt: skip
            if text < len(texts):
                self._grow(len(codes))
        return out[:written].copy(), starts[:written].copy()

    def _grow(self, room: int) -> None:
        if self.characters + room > len(self._letters):
            self._letters = _longer(self._letters, 2 * len(self._letters) + room)
        if 2 * self._count + 2 >= len(self._slots):
            self._hashes = _longer(self._hashes, 2 * len(self._hashes))
            self._bounds = _longer(self._bounds, 2 * len(self._bounds))
            self._slots = np.zeros(2 * len(self._slots), np.int32)
            self._native.fill(self._slots, self._hashes, EMPTY + 1, self._count)


class Runs:
    """What is made of each chunk, a few integers, made when it is first needed."""

    def __init__(self, chunks: Chunks, make: Callable[[str], Sequence[int]]) -> None:
        self._chunks, self._make = chunks, make
        self._starts: npt.NDArray[np.int64] = np.full(1024, -1, np.int64)
        self._lengths: npt.NDArray[np.int64] = np.zeros(1024, np.int64)
        self._values: npt.NDArray[np.int32] = np.zeros(1024, np.int32)
        self._size = 0

    def put(self, number: int, run: Sequence[int]) -> None:
        """Say what is made of a chunk."""
        self._put([number], [run])

    def _put(self, numbers: Sequence[int], runs: Sequence[Sequence[int]]) -> None:
        highest = max(numbers)
        if highest >= len(self._starts):
            more = np.full(max(len(self._starts), highest), -1, np.int64)
            self._starts = np.concatenate([self._starts, more])
            self._lengths = _longer(self._lengths, len(self._starts))
        lengths = np.fromiter(map(len, runs), np.int64, len(runs))
        ends = self._size + np.cumsum(lengths)
        end = int(ends[-1])
        if end > len(self._values):
            self._values = _longer(self._values, 2 * end)
        self._values[self._size : end] = list(chain.from_iterable(runs))
        self._starts[numbers], self._lengths[numbers] = ends - lengths, lengths
        self._size = end

    def of(self, numbers: Numbers) -> tuple[Numbers, Places]:
        """The runs of these chunks one after another, and how long each is."""
        known = numbers[numbers < len(self._starts)]
        new = known[self._starts.take(known) < 0]
        if len(known) < len(numbers):
            new = np.concatenate([new, numbers[numbers >= len(self._starts)]])
        if len(new):
            new = np.unique(new)
            self._put(new.tolist(), list(map(self._make, self._chunks.several(new))))
        starts, lengths = self._starts.take(numbers), self._lengths.take(numbers)
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        if native := kernels():
            values = np.empty(total, np.int32)
            native.gather(self._values, starts, lengths, values)
            return values, lengths
        places = np.arange(total) + np.repeat(starts - ends + lengths, lengths)
        return self._values.take(places), lengths


def _longer(array: npt.NDArray[Number], size: int) -> npt.NDArray[Number]:
    longer: npt.NDArray[Number] = np.zeros(size, array.dtype)
    longer[: len(array)] = array
    return longer
