"""Where in a text times may begin: to look there alone is many times as fast.

Text is cut at spaces and line breaks into chunks, and what a chunk tells is found once. A *sign* of
a time is a chunk such as `25/2` or `2024,`, or two such as `tháng` and `tư,`. A time holds one, and
begins not far before it, with one of a few words or with figures. There are more signs than times,
but no time is without: a new way to name times in `mentions` or `units` needs its sign here, and
the word that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis.chunks import EMPTY, END, Chunks, Cut, Numbers, Places, Runs
from index.analysis.syllables import CLOSING, OPENING
from index.metadata import words

REACH: Final = 72
"""Characters from the beginning of a time to its sign, at most."""
NEAR_CHARS: Final = 80
"""A day this near behind a full date takes its year from there."""
_MOST_REMEMBERED: Final = 1 << 16
_AT_ONCE: Final = 64  # texts that are looked at together: their arrays stay in the cache

_MONTHS = (*{name.split()[0] for name in words.MONTH_NAMES}, *map(str, range(1, 13)))
_SIDES = ("này", "trước", "sau", "tới", "vừa", "qua", "rồi", "nay")
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật", *"234567")
_PAIRS: Final = (
    (("tháng", "nửa", "đầu", "cuối", "sang"), ("năm",)),
    (("tháng",), (*_MONTHS, *(f"0{month}" for month in range(1, 10)), *_SIDES)),
    (("quý", "quí"), ("i", "ii", "iii", "iv", *"1234")),
    (("năm",), ("nay", "ngoái", "trước", "sau", "tới", "kia")),
    (("hôm", "ngày", "sớm", "muộn", *words.PARTS_OF_DAY), ("nay", "qua", "mai", "kia")),
    ((*_WEEKDAYS, "tuần"), _SIDES),
    (("cách",), ("đây", "nay")),
    (("ngày", "tuần", "tháng", "năm"), ("trước", "nữa")),
    (("năm", "niên", "kỷ"), (*(f"{n}0" for n in range(10)), *map(str, range(100, 1000)))),
)
"""Words that chunks end with, and those that the next one then begins with; in lower case."""
_FIRST_WORDS: Final = frozenset(
    (
        *("nửa", "tháng", "ngày", "quý", "quí", "năm", "giai", "nhiệm", "niên", "mùa", "vụ", "từ"),
        *("xuân", "hè", "thu", "đông", "tết", "thập", "những", "tầm", "đến", "sang", "ngay"),
        *("hôm", "thứ", "chủ", "tuần", "cách", *words.PARTS_OF_DAY),
        *("một", "hai", "ba", "bốn", "sáu", "bảy", "tám", "chín", "mười"),
        *(name.split()[0] for name in (*words.YEARLY, *words.LAWS)),
    )
)
"""What times that are no days in figures begin with, but for figures and parentheses."""

_OF_PAIRS = (1 << len(_PAIRS)) - 1
_TENS = 1 << len(_PAIRS) - 1
# More pairs: figures before "tháng", before a stroke, and behind one.
_COUNTED, _STROKE, _BEHIND = (1 << at for at in range(len(_PAIRS), len(_PAIRS) + 3))
_BITS_OF_PAIRS: Final = len(_PAIRS) + 3
# What a chunk may hold, and whether times may begin in it.
_YEAR, _OF_YEAR, _MONTH, _DAY, _DATE, _ISO, _FIGURES, _WORDS = (
    1 << at for at in range(_BITS_OF_PAIRS, _BITS_OF_PAIRS + 8)
)
_PATTERNS: Final = (
    (_YEAR, re.compile(r"(?:^|\()(?:1\d|20)\d\d(?!\d)")),
    (_OF_YEAR, re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")),
    (_MONTH | _WORDS, re.compile(r"\bT\d")),
    (_DAY, re.compile(r"(?<!\d)\d\d?[/.\-]\d\d?(?!\d)")),
    (_DATE, re.compile(r"(?<!\d)\d\d?[/.\-]\d\d?[/.\-]\d\d(?!\d)")),
    (_ISO, re.compile(r"\d{4}-\d\d-\d\d")),
    (_WORDS, re.compile(r"\b\d{1,3}\b")),
)
_DAYS = _COUNTED | _STROKE | _BEHIND | _DAY
_DATES = _STROKE | _BEHIND | _OF_YEAR | _DATE
_UNITS = _OF_PAIRS | _YEAR | _MONTH
_YEARS = _TENS | _OF_YEAR
_EVERY_PAIR = (1 << _BITS_OF_PAIRS) - 1

Span = tuple[int, int]


class Signs(NamedTuple):
    """Start and end of the chunks of a text in which times may begin.

    `days` in figures, and `dates`, those of them that may have a year; `units` of other sizes, and
    `years`, those that may say of which year they are. `iso`: whether there may be ISO dates.
    """

    days: list[Span]
    dates: list[Span]
    units: list[Span]
    years: list[Span]
    iso: bool


def _by_word(side: int) -> dict[str, int]:
    bits: dict[str, int] = {}
    for at, pair in enumerate(_PAIRS):
        for word in pair[side]:
            bits[word] = bits.get(word, 0) | 1 << at
    return bits


_BEGINNING, _ENDING = _by_word(0), _by_word(1)
_ENDING["tháng"] = _COUNTED
_BEGUN = dict.fromkeys(_FIRST_WORDS, _WORDS)
_WORD, _FIGURE = map(re.compile, (r"\w+", r"\d"))
_STROKE_FIRST, _STROKE_LAST = map(re.compile, (r"[/.\-](?:\d|$)", r"\d[/.\-]$"))


def _told(chunk: str) -> int:
    """What a chunk may be a sign of in 32 bits: with the one after it, with the one before it, and
    by itself."""
    lowered = chunk.lower()
    if chunk.isalpha():
        return _packed(*(of.get(lowered, 0) for of in (_BEGINNING, _ENDING, _BEGUN)))
    tail = lowered.lstrip(OPENING)
    core = tail.rstrip(CLOSING)
    if core.isalpha():
        begins = _BEGINNING.get(core, 0) if core == tail else 0
        ends = _ENDING.get(core, 0) if tail == lowered else 0
        return _packed(begins, ends, _WORDS if "(" in chunk else _BEGUN.get(core, 0))
    if chunk.split() != [chunk]:  # other white space, which is no end of a chunk
        return -1
    found = list(_WORD.finditer(lowered))
    begins = ends = 0
    if found and found[-1].end() == len(lowered):
        begins = _BEGINNING.get(found[-1][0], 0)
    if found and not found[0].start():
        ends = _ENDING.get(found[0][0], 0)
    if _STROKE_FIRST.match(chunk):
        ends |= _STROKE
    alone = _WORDS if "(" in chunk or any(word[0] in _FIRST_WORDS for word in found) else 0
    if _FIGURE.search(chunk):
        if chunk[-1].isdecimal():
            begins |= _COUNTED | _STROKE
        elif _STROKE_LAST.search(chunk):
            begins |= _BEHIND
        if chunk[0].isdecimal():
            ends |= _BEHIND
        for bits, pattern in _PATTERNS:
            if pattern.search(chunk):
                alone |= bits
        alone |= _FIGURES
    return _packed(begins, ends, alone)


def _packed(begins: int, ends: int, alone: int) -> int:
    """As an integer of 32 bits, the highest of which is the sign's."""
    bits = begins | (ends | alone) << _BITS_OF_PAIRS
    return bits - (bits >> 31 << 32)


class _Remembered(dict[str, int]):
    """Chunks and what they tell."""

    def __missing__(self, chunk: str) -> int:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        told = self[chunk] = _told(chunk) if chunk else 0
        return told


_remembered = _Remembered()


def find_signs(text: str) -> Signs:
    """The signs in NFC `text`; spans are offsets in characters."""
    chunks = text.replace("\n", " ").split(" ")
    sizes = np.fromiter(map(len, chunks), np.int32, len(chunks))
    told = np.fromiter(map(_remembered.__getitem__, chunks), np.int32, len(chunks))
    starts = np.cumsum(sizes + 1, dtype=np.int32) - sizes - 1
    kept = np.flatnonzero(sizes)
    last = np.array([len(kept)])
    starts = np.append(starts.take(kept), np.int32(len(text)))
    [signs] = _signs(starts, np.append(told.take(kept), np.int32(0)), last)
    return signs


class BulkSigns:
    """A form of `find_signs` for one thread that goes through many texts, which `chunks` has
    cut."""

    def __init__(self, chunks: Chunks) -> None:
        self._told = Runs(chunks, lambda chunk: (_told(chunk),))
        self._told.put(END, (0,))

    def of(self, cut: Cut) -> Iterator[Signs]:
        """The signs of each text."""
        bounds = [0, *(cut.ends + 1)[_AT_ONCE - 1 : -1 : _AT_ONCE].tolist(), len(cut.numbers)]
        for first, last in pairwise(bounds):
            yield from self._of(cut.numbers[first:last], cut.starts[first:last])

    def _of(self, numbers: Numbers, starts: Numbers) -> list[Signs]:
        kept = np.flatnonzero((numbers == END) | (numbers > EMPTY))
        numbers = numbers.take(kept)
        told, _ = self._told.of(numbers)
        return _signs(starts.take(kept), told, np.flatnonzero(numbers == END))


def _signs(starts: Numbers, told: Numbers, last: Places) -> list[Signs]:
    """The signs of texts, given where their chunks start and what these tell; `last` are those
    that stand for the ends of texts."""
    bits = told.view(np.uint32)
    kinds = bits >> _BITS_OF_PAIRS
    alone = kinds & ~np.uint32(_EVERY_PAIR)
    kinds[1:] &= bits[:-1] | ~np.uint32(_EVERY_PAIR)
    kinds[:1] = alone[:1]
    found = np.flatnonzero(kinds)
    kinds, alone, texts = kinds.take(found), alone.take(found), last.searchsorted(found)
    starts, ends = starts.take(found), starts.take(found + 1)
    # Places in all texts, put so far apart that no time goes from one to the next.
    places = starts + (texts << 40)
    figures, others = np.flatnonzero(alone & _FIGURES), np.flatnonzero(alone & _WORDS)
    columns: list[list[list[Span]]] = []
    for begun, wanted, behind in (
        (figures, _DAYS, 0),
        (figures, _DATES, REACH + NEAR_CHARS),
        (others, _UNITS, 0),
        (others, _YEARS, 0),
    ):
        near = _is_near(places.take(begun), places[kinds & wanted > 0], behind)
        chosen = begun[near]
        spans = list(zip(starts.take(chosen).tolist(), ends.take(chosen).tolist(), strict=True))
        bounds = texts.take(chosen).searchsorted(np.arange(len(last) + 1)).tolist()
        columns.append([spans[first:end] for first, end in pairwise(bounds)])
    iso = np.bincount(texts[kinds & _ISO > 0], minlength=len(last)) > 0
    return list(map(Signs, *columns, iso.tolist()))


def _is_near(places: Places, signs: Places, behind: int) -> npt.NDArray[np.bool_]:
    """Whether there is a sign in reach of each place, or `behind` before it."""
    padded = np.concatenate([[-1 << 50], signs, [1 << 60]])
    after = signs.searchsorted(places)
    near: npt.NDArray[np.bool_] = padded[after + 1] - places <= REACH
    near |= places - padded[after] < behind
    return near
