"""Vietnamese words: compounds of syllables, exactly as pyvi 0.1.1 segments them.

`segmenter()` decodes pyvi's own model files, many times faster than pyvi, with offsets, and in
linear time whatever the text. If the installed pyvi has other files than it knows, it says so and
calls pyvi itself.

Words name things (suggestions, related words); finding never depends on them, since pyvi segments
the same pair of syllables now one way, now the other.
"""

from __future__ import annotations

import unicodedata
import warnings
from abc import ABC, abstractmethod
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis.normalize import MAX_KEY_BYTES
from index.analysis.pyvi_decoder import Numbers, PyviDecoder
from index.analysis.pyvi_model import PyviModel, UnknownModelError, load_model
from index.analysis.pyvi_tokens import token_spans
from index.analysis.pyvi_vocabulary import BREAK, GLUED, PyviVocabulary
from index.analysis.syllables import syllables

MAX_WORDS: Final = 200_000
"""How many words' keys a segmenter remembers."""


class Compound(NamedTuple):
    """A word of two and more syllables: its key, and where it stands in the NFC text."""

    key: str
    start: int
    end: int


class WordSegmenter(ABC):
    """Cuts text into words. Threads may share one."""

    @abstractmethod
    def tokenize(self, text: str) -> str:
        """What `pyvi.ViTokenizer.tokenize(text)` returns: words apart by spaces, their syllables
        joined by `_`. A lone surrogate, on which pyvi fails, is a token of its own."""

    @abstractmethod
    def _tokens(self, text: str) -> list[tuple[int, int, bool]]:
        """(start, end, whether pyvi joins it to the one before) of each pyvi token."""

    def word_spans(self, text: str) -> list[tuple[int, int, int]]:
        """(start, end, number of pyvi tokens) of the words of NFC `text`.

        They are those of `tokenize`, except that a line break is always a word of its own.
        """
        words: list[tuple[int, int, int]] = []
        for start, end, joined in self._tokens(text):
            if joined and "\n" not in (text[start], text[words[-1][0]]):
                words[-1] = (words[-1][0], end, words[-1][2] + 1)
            else:
                words.append((start, end, 1))
        return words

    def compound_spans(self, text: str) -> list[Compound]:
        """The compounds of NFC `text` in order: pyvi joins them, and they have a key."""
        found = []
        for start, end, tokens in self.word_spans(text):
            if tokens > 1:
                key = _compound_key([s.accented for s in syllables(text[start:end])])
                if key:
                    found.append(Compound(key, start, end))
        return found

    def compounds(self, text: str) -> list[str]:
        """The keys of `compound_spans(text)`, and nothing else: what bulk indexing reads."""
        return [compound.key for compound in self.compound_spans(text)]


class FileSegmenter(WordSegmenter):
    """Decodes pyvi's model files itself; remembers tokens and words, within bounds."""

    def __init__(self, model: PyviModel) -> None:
        self._model = model
        self._decoder = PyviDecoder(model)
        self._memory = _Memory(model, self._decoder)

    def tokenize(self, text: str) -> str:
        """See `WordSegmenter`. `text` need not be NFC; the result is, as pyvi's."""
        memory = self._bounded_memory()
        numbers = memory.numbers(unicodedata.normalize("NFC", text))
        if not len(numbers):
            return text
        joined = self._decoder.joined(numbers, memory.vocabulary)
        surfaces = memory.vocabulary.surfaces
        pairs = zip(joined.tolist(), numbers.tolist(), strict=True)
        return "".join([("_" if join else " ") + surfaces[i] for join, i in pairs])[1:]

    def compounds(self, text: str) -> list[str]:
        """See `WordSegmenter`."""
        memory = self._bounded_memory()
        numbers = memory.numbers(text)
        if not len(numbers):
            return []
        joined = self._decoder.joined(numbers, memory.vocabulary)
        flags = memory.vocabulary.flags.take(numbers)
        if flags.max() >= BREAK:  # rare: most texts have neither line breaks nor cut syllables
            if (joined & (flags & GLUED > 0)).any():
                return super().compounds(text)
            breaks = flags & BREAK > 0
            joined[breaks] = False
            joined[1:] &= ~breaks[:-1]
        return [key for key in memory.words.keys_of(numbers, joined) if key]

    def _tokens(self, text: str) -> list[tuple[int, int, bool]]:
        memory = self._bounded_memory()
        joined = self._decoder.joined(memory.numbers(text), memory.vocabulary)
        spans: list[tuple[int, int]] = []
        place = 0
        for chunk in text.split(" "):
            spans += [(place + start, place + end) for start, end in token_spans(chunk)]
            place += len(chunk) + 1
        return [(start, end, j) for (start, end), j in zip(spans, joined.tolist(), strict=True)]

    def _bounded_memory(self) -> _Memory:
        memory = self._memory
        if memory.vocabulary.full():
            memory = self._memory = _Memory(self._model, self._decoder)
        return memory


class PyviSegmenter(WordSegmenter):
    """Calls pyvi. Slow (and quadratic on long lines): for a pyvi whose files are not known."""

    def __init__(self) -> None:
        from pyvi.ViTokenizer import ViTokenizer  # noqa: PLC0415 (heavy, and rarely needed)

        self._pyvi = ViTokenizer

    def tokenize(self, text: str) -> str:
        """See `WordSegmenter`."""
        return str(self._pyvi.tokenize(text))

    def _tokens(self, text: str) -> list[tuple[int, int, bool]]:
        tokens: list[str] = self._pyvi.sylabelize(text)[1]
        output = self.tokenize(text)
        found: list[tuple[int, int, bool]] = []
        start = place = 0
        for token in tokens:
            start = text.index(token, start)
            found.append((start, start + len(token), place > 0 and output[place - 1] == "_"))
            start += len(token)
            place += len(token) + 1
        return found


@cache
def segmenter() -> WordSegmenter:
    """The one of this process, loaded at the first call (about 50 ms)."""
    try:
        model = load_model()
    except UnknownModelError as error:
        warnings.warn(f"{error}; words are segmented by pyvi itself, slowly", stacklevel=2)
        return PyviSegmenter()
    return FileSegmenter(model)


class _Memory:
    """What a FileSegmenter remembers. It is replaced as a whole, never in the middle of a text."""

    def __init__(self, model: PyviModel, decoder: PyviDecoder) -> None:
        self.vocabulary = PyviVocabulary(model, decoder.lexicon)
        self.words = _Words(self.vocabulary)

    def numbers(self, text: str) -> Numbers:
        """The vocabulary numbers of the tokens of NFC `text`."""
        chunks = map(self.vocabulary.chunks.__getitem__, text.split(" "))
        return np.frombuffer(b"".join(chunks), np.int32)


class _Words(dict[tuple[int, ...], str]):
    """Vocabulary numbers of a word's tokens → its key, or "" if it has none."""

    def __init__(self, vocabulary: PyviVocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def keys_of(self, numbers: Numbers, joined: npt.NDArray[np.bool_]) -> list[str]:
        """The key, or "", of each word of two and more tokens."""
        starts = ~joined
        starts[:-1] &= joined[1:]
        ends = joined.copy()
        ends[:-1] &= ~joined[1:]
        starts[-1] = False
        firsts, lasts = np.flatnonzero(starts), np.flatnonzero(ends)
        pairs = zip(numbers.take(firsts).tolist(), numbers.take(firsts + 1).tolist(), strict=True)
        keys = list(map(self.__getitem__, pairs))
        for word in np.flatnonzero(lasts - firsts > 1).tolist():
            keys[word] = self[tuple(numbers[firsts[word] : lasts[word] + 1].tolist())]
        return keys

    def __missing__(self, numbers: tuple[int, ...]) -> str:
        keys = self._vocabulary.keys
        key = _compound_key([part for i in numbers for part in keys[i].split("_") if part])
        if len(self) >= MAX_WORDS:
            self.clear()
        self[numbers] = key
        return key


def _compound_key(keys: list[str]) -> str:
    """The key of the word of these syllables; "" if it is none: one syllable, numbers, too long."""
    if len(keys) < 2 or all(key.isdigit() for key in keys):
        return ""
    key = "_".join(keys)
    return key if len(key.encode()) <= MAX_KEY_BYTES else ""
