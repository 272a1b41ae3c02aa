"""The tokens seen so far, numbered, with all that decoding needs of each in arrays.

News repeats itself: a token's features are looked up once, a chunk of text between two spaces is
cut once. Chunks are forgotten when there are many; numbers stay good for as long as the vocabulary
lives, and `PyviVocabulary.full` says when to begin a new one.
"""

from __future__ import annotations

import re
import string
from array import array
from bisect import bisect_left
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from index.analysis.normalize import accented_key
from index.analysis.pyvi_model import PyviModel
from index.analysis.pyvi_tokens import token_spans
from index.analysis.syllables import CLOSING, OPENING, surfaces, syllable_spans

MAX_TOKENS: Final = 200_000
MAX_CHUNKS: Final = 200_000
MAX_CHARACTERS: Final = 8_000_000
_CACHED_LENGTH = 40  # of a chunk: longer ones do not come again
_CACHED_MARKS = 6  # of punctuation

TITLE, APART, BREAK, GLUED, PROPER = 1, 2, 4, 8, 16
"""Of a token: begins in title case; is never joined (digits, punctuation); is a line break; begins
inside one of our syllables, which pyvi's pattern has cut in two; is a word in title case."""


END: Final = 0
"""The number of a token that stands behind every text, so that many can be decoded at once."""


class PyviVocabulary:
    """Token numbers for text, and their features by number. Threads may share one.

    `weights` is float64 [3, n]: what a token adds to its own score of being inside a word, to that
    of the next token and to that of the previous one. `lexicon_ids` is int32 [n]: the number of its
    lower-case form in `lexicon`, or `len(lexicon)`. `flags` is uint8 [n]. `surfaces`, `keys` (the
    accented keys of its syllables joined by `_`) and `lengths` (int32, characters) are its text.
    """

    def __init__(self, model: PyviModel, lexicon: dict[str, int]) -> None:
        self.surfaces: list[str] = [""]  # of END, which has no weight
        self.keys: list[str] = [""]
        self.weights: npt.NDArray[np.float64] = np.zeros((3, 1024))
        self.lexicon_ids: npt.NDArray[np.int32] = np.zeros(1024, np.int32)
        self.lengths: npt.NDArray[np.int32] = np.zeros(1024, np.int32)
        self.flags: npt.NDArray[np.uint8] = np.zeros(1024, np.uint8)
        self.lexicon_ids[END] = len(lexicon)
        self.flags[END] = APART | BREAK
        self.chunks = _Chunks(self)
        """Chunk without spaces → the numbers of its tokens, as the bytes of an int32 array."""
        self._model = model
        self._lexicon = lexicon
        self._marks = _Marks(self)
        self._numbers: tuple[dict[str, int], dict[str, int]] = {}, {}  # by whether it is glued
        self._characters = 0
        self._lock = Lock()

    def full(self) -> bool:
        """Whether the memory is used up. Never true of a new one."""
        return len(self.surfaces) > MAX_TOKENS or self._characters > MAX_CHARACTERS

    def number(self, token: str, *, glued: bool) -> int:
        """The number of `token`; a new one if it is new."""
        numbers = self._numbers[glued]
        known = numbers.get(token)
        if known is None:
            with self._lock:
                known = numbers.get(token)
                if known is None:
                    known = numbers[token] = self._append(token, glued)
        return known

    def cut(self, chunk: str) -> list[int]:
        """The numbers of the tokens of a chunk."""
        if chunk.isalnum():
            return [self.number(chunk, glued=False)]
        if (found := _PLAIN.fullmatch(chunk)) and not _SHORTENED.match(chunk, found.start(2)):
            before, word, after = found.groups()
            return [*self._marks[before], self.number(word, glued=False), *self._marks[after]]
        return self._cut(chunk)

    def _cut(self, chunk: str) -> list[int]:
        """The same of any chunk, slowly."""
        spans = token_spans(chunk)
        glued = _inside_syllables(chunk, spans)
        return [
            self.number(chunk[start:end], glued=inside)
            for (start, end), inside in zip(spans, glued, strict=True)
        ]

    def _append(self, token: str, glued: bool) -> int:
        number = len(self.surfaces)
        if number == len(self.flags):
            self._grow()
        lowered = token.lower()
        self.weights[:, number] = self._token_weights(token, lowered)
        self.lexicon_ids[number] = self._lexicon.get(lowered, len(self._lexicon))
        self.flags[number] = _token_flags(token) | (GLUED if glued else 0)
        self.lengths[number] = len(token)
        self.keys.append(_token_key(token))
        self.surfaces.append(token)
        self._characters += len(token)
        return number

    def _grow(self) -> None:
        size = 2 * len(self.flags)
        self.weights = np.concatenate([self.weights, np.zeros_like(self.weights)], axis=1)
        self.lexicon_ids = np.resize(self.lexicon_ids, size)
        self.lengths = np.resize(self.lengths, size)
        self.flags = np.resize(self.flags, size)

    def _token_weights(self, token: str, lowered: str) -> tuple[float, float, float]:
        """Sums over the features of `ViTokenizer.word2features` that depend on this token alone."""
        weight = self._model.weights.get
        form = "word.lower():" + lowered.partition("\0")[0]  # CRFsuite's strings end at a NUL
        names = [form]
        if token.isupper():
            names.append("word.isupper()")
        if token.istitle():
            names.append("word.istitle()")
        on_next = sum(weight("-1:" + name, 0.0) for name in names)
        on_previous = sum(weight("+1:" + name, 0.0) for name in names)
        if token.isdigit():
            names.append("word.isdigit()")
        return sum(weight(name, 0.0) for name in [*names, "bias"]), on_next, on_previous


class _Marks(dict[str, list[int]]):
    """Punctuation before or after a word → the numbers of its tokens."""

    def __init__(self, vocabulary: PyviVocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, marks: str) -> list[int]:
        spans = token_spans(marks)
        numbers = [self._vocabulary.number(marks[start:end], glued=False) for start, end in spans]
        if len(marks) <= _CACHED_MARKS:
            self[marks] = numbers
        return numbers


class _Chunks(dict[str, bytes]):
    def __init__(self, vocabulary: PyviVocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, chunk: str) -> bytes:
        numbers = array("i", self._vocabulary.cut(chunk)).tobytes()
        if len(chunk) <= _CACHED_LENGTH:
            if len(self) >= MAX_CHUNKS:
                self.clear()
            self[chunk] = numbers
        return numbers


# A word in punctuation that is never part of a token with it; but see the shortened ones of
# `pyvi_tokens`, which have their full stop with them.
_PLAIN: Final = re.compile(rf"([{OPENING}]*)([^\W_]+)([{CLOSING}]*)")
_SHORTENED: Final = re.compile(r"(?:[A-ZĐ]+|Tp|Mr|Mrs|Ms|Dr|ThS)\.")


def _inside_syllables(chunk: str, spans: list[tuple[int, int]]) -> list[bool]:
    """Whether each token begins inside one of our syllables."""
    if not any(_may_join(chunk[start - 1], chunk[start]) for start, _ in spans[1:]):
        return [False] * len(spans)
    starts, ends = (offsets.tolist() for offsets in syllable_spans(chunk))
    before = [bisect_left(starts, start) - 1 for start, _ in spans]
    return [i >= 0 and start < ends[i] for i, (start, _) in zip(before, spans, strict=True)]


def _may_join(before: str, after: str) -> bool:
    """Whether neighbours can be in one syllable: letters, digits, or ignorable (not in ASCII)."""
    return (before.isalnum() or not before.isascii()) and (after.isalnum() or not after.isascii())


def _token_key(token: str) -> str:
    if token.isalnum():
        return accented_key(token)
    return "_".join([accented_key(surface) for surface in surfaces(token)])


def _token_flags(token: str) -> int:
    """pyvi's rules after the CRF; it asks whether the token is a substring of all punctuation."""
    apart = token in string.punctuation or token[0].isdigit()
    return (
        (TITLE if token[0].istitle() else 0)
        | (APART if apart else 0)
        | (BREAK if token == "\n" else 0)
        | (PROPER if is_proper(token) else 0)
    )


def is_proper(token: str) -> bool:
    """Whether a token looks like a syllable of a name: `Hà`, `K'Brêu`, but not `UBND` or `X`."""
    return len(token) > 1 and token.istitle()
