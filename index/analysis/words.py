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
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, takewhile
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import chunks
from index.analysis.chunks import Chunks, Cut, Runs
from index.analysis.normalize import MAX_KEY_BYTES
from index.analysis.pyvi_decoder import Numbers, PyviDecoder
from index.analysis.pyvi_model import PyviModel, UnknownModelError, load_model
from index.analysis.pyvi_tokens import token_spans
from index.analysis.pyvi_vocabulary import BREAK, END, GLUED, PROPER, PyviVocabulary, is_proper
from index.analysis.syllables import syllables

MAX_WORDS: Final = 200_000
"""How many words a segmenter remembers."""
_AT_ONCE: Final = 64  # texts that are decoded together: their arrays stay in the cache
_END: Final = np.array([END], np.int32).tobytes()


class Compound(NamedTuple):
    """A word of two and more syllables: its key, and where it stands in the NFC text."""

    key: str
    start: int
    end: int


class Words(NamedTuple):
    """What the words of a text name: keys of all compounds, and the runs of words in title case.

    A run is words next to each other, together more than one syllable, each as it is written; of a
    compound that only begins in title case that part, for pyvi joins names with verbs: *Đàm Vĩnh
    Hưng* of `Đàm_Vĩnh_Hưng_đấu_giá`. `Công_an`, of which one syllable is capital, ends a run.
    """

    compounds: list[str]
    runs: list[tuple[str, ...]]


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
        """The keys of `compound_spans(text)`, and nothing else."""
        return [compound.key for compound in self.compound_spans(text)]

    def words(self, text: str) -> Words:
        """Compounds and runs in title case of NFC `text` in their order: what indexing reads."""
        proper = [
            (place, _proper(text[start:end].split()))
            for place, (start, end, _) in enumerate(self.word_spans(text))
        ]
        keys = [compound.key for compound in self.compound_spans(text)]
        return Words(keys, _runs([found for found in proper if found[1]]))

    def words_of(self, texts: Iterable[str]) -> Iterator[Words]:
        """The `words` of each text."""
        return map(self.words, texts)

    def in_bulk(self, chunks: Chunks) -> Callable[[Sequence[str], Cut], Iterator[Words]]:
        """A form of `words_of` for one thread that goes through many texts, given as `chunks` has
        cut them too."""
        return lambda texts, cut: self.words_of(texts)


class FileSegmenter(WordSegmenter):
    """Decodes pyvi's model files itself; remembers tokens and words, within bounds."""

    def __init__(self, model: PyviModel) -> None:
        self._model = model
        self._decoder = PyviDecoder(model)
        self._memory = _Memory(model, self._decoder)

    def tokenize(self, text: str) -> str:
        """See `WordSegmenter`. `text` need not be NFC; the result is, as pyvi's."""
        memory = self.bounded_memory()
        numbers = memory.numbers([unicodedata.normalize("NFC", text)])
        if len(numbers) == 1:
            return text
        joined = self._decoder.joined(numbers, memory.vocabulary)
        surfaces = memory.vocabulary.surfaces
        pairs = zip(joined[:-1].tolist(), numbers[:-1].tolist(), strict=True)
        return "".join([("_" if join else " ") + surfaces[i] for join, i in pairs])[1:]

    def words(self, text: str) -> Words:
        """See `WordSegmenter`."""
        return self._words_of([text])[0]

    def words_of(self, texts: Iterable[str]) -> Iterator[Words]:
        """See `WordSegmenter`."""
        texts = iter(texts)
        while some := list(islice(texts, _AT_ONCE)):
            yield from self._words_of(some)

    def _words_of(self, texts: Sequence[str]) -> list[Words]:
        memory = self.bounded_memory()
        return self.words_in(texts, memory, memory.numbers(texts))

    def words_in(self, texts: Sequence[str], memory: _Memory, numbers: Numbers) -> list[Words]:
        """The words of texts of which these are the tokens, with `END` behind each."""
        joined = self._decoder.joined(numbers, memory.vocabulary)
        flags = memory.vocabulary.flags.take(numbers)
        cut = np.flatnonzero(joined & (flags & GLUED > 0))  # inside a syllable of ours
        breaks = flags & BREAK > 0
        joined[breaks] = False
        joined[1:] &= ~breaks[:-1]
        found = memory.words.of(numbers, joined, flags & PROPER > 0)
        for at in np.unique(np.searchsorted(np.flatnonzero(numbers == END), cut)).tolist():
            found[at] = super().words(texts[at])
        return found

    def in_bulk(self, chunks: Chunks) -> Callable[[Sequence[str], Cut], Iterator[Words]]:
        """See `WordSegmenter`."""
        return _Bulk(self, chunks).words_of

    def compounds(self, text: str) -> list[str]:
        """See `WordSegmenter`."""
        return self.words(text).compounds

    def _tokens(self, text: str) -> list[tuple[int, int, bool]]:
        memory = self.bounded_memory()
        joined = self._decoder.joined(memory.numbers([text]), memory.vocabulary)[:-1]
        spans: list[tuple[int, int]] = []
        place = 0
        for chunk in text.split(" "):
            spans += [(place + start, place + end) for start, end in token_spans(chunk)]
            place += len(chunk) + 1
        return [(start, end, j) for (start, end), j in zip(spans, joined.tolist(), strict=True)]

    def bounded_memory(self) -> _Memory:
        """What is remembered, begun anew where that is too much."""
        memory = self._memory
        if memory.vocabulary.full():
            memory = self._memory = _Memory(self._model, self._decoder)
        return memory


class _Bulk:
    """Remembers the tokens of each chunk."""

    def __init__(self, segmenter: FileSegmenter, chunks: Chunks) -> None:
        self._segmenter, self._chunks = segmenter, chunks
        self._memory: _Memory | None = None

    def words_of(self, texts: Sequence[str], cut: Cut) -> Iterator[Words]:
        """The words of each text."""
        bounds = [0, *(cut.ends + 1).tolist()]
        for first in range(0, len(texts), _AT_ONCE):
            some = texts[first : first + _AT_ONCE]
            memory = self._segmenter.bounded_memory()
            if memory is not self._memory:
                self._memory = memory
                self._tokens = Runs(self._chunks, memory.vocabulary.cut)
                self._tokens.put(chunks.END, [END])
            part = cut.numbers[bounds[first] : bounds[first + len(some)]]
            numbers, _ = self._tokens.of(part)
            yield from self._segmenter.words_in(some, memory, numbers)


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

    def numbers(self, texts: Iterable[str]) -> Numbers:
        """The vocabulary numbers of the tokens of NFC `texts`, with `END` behind each text."""
        chunks = self.vocabulary.chunks
        parts: list[bytes] = []
        for text in texts:
            # A line break is a token of its own, and what stands around it does not come again.
            parts += map(chunks.__getitem__, text.replace("\n", " \n ").split(" "))
            parts.append(_END)
        return np.frombuffer(b"".join(parts), np.int32)


class _Word(NamedTuple):
    """A compound's key, and what it has in title case at its beginning; "" for none."""

    key: str
    proper: str


class _Words(dict[int | tuple[int, ...], _Word]):
    """Vocabulary numbers of a word's tokens → the word. Two are one integer: most words are so."""

    def __init__(self, vocabulary: PyviVocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def of(
        self, numbers: Numbers, joined: npt.NDArray[np.bool_], proper: npt.NDArray[np.bool_]
    ) -> list[Words]:
        """The words of each text; `joined` and `proper` tell of each token whether it belongs to
        the word of the token before, and whether it is in title case."""
        firsts = np.flatnonzero(~joined)
        sizes = np.diff(firsts, append=len(numbers))
        several = np.flatnonzero(sizes > 1)
        found = self._compounds(numbers, firsts.take(several), sizes.take(several))
        heads = numbers.take(firsts)
        places = np.flatnonzero(proper.take(firsts))
        among = np.where(sizes.take(places) > 1, np.searchsorted(several, places), -1)
        surfaces = self._vocabulary.surfaces
        named = [
            surfaces[head] if at < 0 else found[at].proper
            for head, at in zip(heads.take(places).tolist(), among.tolist(), strict=True)
        ]
        kept = np.fromiter(map(bool, named), np.bool_, len(named))
        places, single = places[kept], among[kept] < 0
        proper_names = tuple(filter(None, named))
        bounds = np.append(np.flatnonzero(np.diff(places, prepend=-2) > 1), len(places))
        begin, end = bounds[:-1], bounds[1:]
        long = (end - begin > 1) | ~single.take(begin)
        begin, end = begin[long], end[long]
        runs = [
            proper_names[first:last]
            for first, last in zip(begin.tolist(), end.tolist(), strict=True)
        ]
        keys = [word.key for word in found]
        ends = np.flatnonzero(heads == END)
        words: list[Words] = []
        first = first_run = 0
        for last, last_run in zip(
            np.searchsorted(several, ends).tolist(),
            np.searchsorted(places[begin], ends).tolist(),
            strict=True,
        ):
            words.append(Words(list(filter(None, keys[first:last])), runs[first_run:last_run]))
            first, first_run = last, last_run
        return words

    def _compounds(
        self, numbers: Numbers, begin: npt.NDArray[np.intp], sizes: npt.NDArray[np.intp]
    ) -> list[_Word]:
        """The words that begin at these tokens, of so many each."""
        pairs = numbers.take(begin).astype(np.int64) << 32 | numbers.take(begin + 1)
        tokens: list[int | tuple[int, ...]] = pairs.tolist()
        for at in np.flatnonzero(sizes > 2).tolist():
            tokens[at] = tuple(numbers[begin[at] : begin[at] + sizes[at]].tolist())
        return list(map(self.__getitem__, tokens))

    def __missing__(self, tokens: int | tuple[int, ...]) -> _Word:
        keys, surfaces = self._vocabulary.keys, self._vocabulary.surfaces
        numbers = divmod(tokens, 1 << 32) if isinstance(tokens, int) else tokens
        key = _compound_key([part for i in numbers for part in keys[i].split("_") if part])
        word = _Word(key, _proper([surfaces[i] for i in numbers]))
        if len(self) >= MAX_WORDS:
            self.clear()
        self[tokens] = word
        return word


def _proper(tokens: list[str]) -> str:
    """A word in title case; of a compound at least two syllables that it begins with; else ""."""
    proper = list(takewhile(is_proper, tokens))
    if len(proper) < min(len(tokens), 2):
        return ""
    return unicodedata.normalize("NFC", " ".join(proper))


def _runs(placed: list[tuple[int, str]]) -> list[tuple[str, ...]]:
    """Words, each with its place in the text, as runs of neighbours."""
    runs: list[list[str]] = []
    last = -2
    for place, word in placed:
        if place == last + 1:
            runs[-1].append(word)
        else:
            runs.append([word])
        last = place
    return [tuple(run) for run in runs if len(run) > 1 or " " in run[0]]


def _compound_key(keys: list[str]) -> str:
    """The key of the word of these syllables; "" if it is none: one syllable, numbers, too long."""
    if len(keys) < 2 or all(key.isdigit() for key in keys):
        return ""
    key = "_".join(keys)
    return key if len(key.encode()) <= MAX_KEY_BYTES else ""
