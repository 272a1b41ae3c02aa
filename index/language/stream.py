"""The text of an index as one long row of syllables, numbered by how common they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.builder import Vocabulary
from index.codec.integers import Ints
from index.codec.segment_file import SegmentFile
from index.snapshot import Segment

Int32s = npt.NDArray[np.int32]

MAX_SYLLABLES = 60_000_000
"""Syllables read at most, 120,000 news articles; of a larger index every second, third, …
document."""
MAX_KEYS = 65_535
"""Distinct syllables kept, the most common ones: what is rarer has no neighbours to learn from."""
LONGEST = 8
"""Letters of the longest syllable kept. The longest Vietnamese one, *nghiêng*, has seven."""
_BATCH = 2_000  # documents analysed at a time


NUMBER = "0"
"""The key under which all syllables with a digit in them count as one: neighbours of numbers are
alike."""


class Stream(NamedTuple):
    """`numbers` are indexes into `keys`, the accented keys from the most common on; -1 stands
    between documents and for whatever is not among the keys. `frequencies`: how often each occurs.
    """

    keys: list[str]
    frequencies: npt.NDArray[np.int64]
    numbers: Int32s


def read(segments: Sequence[Segment], limit: int = MAX_SYLLABLES) -> Stream:
    """The stream of the live documents, or of a sample of them."""
    total = sum(segment.file.field_lengths.get("folded", 0) for segment in segments)
    step = -(-total // limit) or 1
    vocabulary = Vocabulary()
    parts: list[Int32s] = []
    before = 0
    for segment in segments:
        live = np.arange(segment.doc_count_all)
        if segment.live is not None:
            live = live[segment.live]
        chosen = live[-before % step :: step]
        before += len(live)
        if segment.file.tokens() is None:
            parts += _parts(_texts(segment, chosen), vocabulary)
        else:
            parts.append(_known_part(segment.file, chosen, vocabulary))
    return _by_frequency(list(vocabulary.accented), parts)


def of_texts(texts: Iterable[str]) -> Stream:
    """The stream of these texts."""
    vocabulary = Vocabulary()
    parts = list(_parts(texts, vocabulary))
    return _by_frequency(list(vocabulary.accented), parts)


def _parts(texts: Iterable[str], vocabulary: Vocabulary) -> Iterator[Int32s]:
    for batch in _batches(texts):
        accented, _ = vocabulary.analyze(batch)
        yield _ended(accented.terms, accented.counts)


def _known_part(file: SegmentFile, chosen: Ints, vocabulary: Vocabulary) -> Int32s:
    """The part of documents whose tokens the segment has kept."""
    tokens, field = file.tokens(), file.field("accented")
    assert tokens is not None and field is not None
    terms, counts = tokens
    if len(chosen) < len(counts):
        taken = np.zeros(len(counts), bool)
        taken[chosen] = True
        terms, counts = terms[np.repeat(taken, counts)], counts[chosen]
    first = np.full(field.term_count, -1)
    first[terms[::-1]] = np.arange(len(terms))[::-1]  # of several the last one stays: the first
    used = np.flatnonzero(first >= 0)
    used = used[np.argsort(first[used])]  # numbered as the analysis of the texts would
    keys = field.keys(0, field.term_count)
    numbers = np.zeros(field.term_count, np.int32)
    numbers[used] = [vocabulary.accented[keys[term].decode()] for term in used.tolist()]
    return _ended(numbers[terms], counts)


def _ended(numbers: npt.NDArray[np.integer], counts: npt.NDArray[np.integer]) -> Int32s:
    """The numbers of documents one after another, with -1 behind each document."""
    return np.insert(numbers, np.cumsum(counts, dtype=np.int64), -1).astype(np.int32)


def _texts(segment: Segment, docs: Ints) -> Iterator[str]:
    for docnum in docs.tolist():
        record = segment.stored(docnum)
        yield "\n".join(filter(None, (record.get("title"), record.get("body"))))


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    texts = iter(texts)
    while batch := list(islice(texts, _BATCH)):
        yield batch


def model_key(key: str) -> str:
    """The key under which the model knows an accented key, if it does."""
    return NUMBER if not key.isalpha() and any(map(str.isdigit, key)) else key


def _by_frequency(keys: list[str], parts: list[Int32s]) -> Stream:
    """The stream of `parts`, which are used up, so that nothing is held twice."""
    known: dict[str, int] = {}
    merged = np.array([known.setdefault(model_key(key), len(known)) for key in keys], np.int32)
    frequencies = np.zeros(len(known), np.int64)
    for part in parts:
        counts = np.bincount(part + 1, minlength=len(keys) + 1)[1:]
        np.add.at(frequencies, merged, counts)
    names = list(known)
    wordlike = np.array([key == NUMBER or _is_wordlike(key) for key in names], bool)
    chosen = np.flatnonzero(wordlike & (frequencies > 0))
    chosen = chosen[np.argsort(-frequencies[chosen], kind="stable")][:MAX_KEYS]
    rank = np.full(len(names), -1, np.int32)
    rank[chosen] = np.arange(len(chosen))
    renumbered = np.append(rank[merged], np.int32(-1))  # the last is for -1
    numbers = np.empty(sum(map(len, parts)), np.int32)
    end = len(numbers)
    while parts:
        part = parts.pop()
        numbers[end - len(part) : end] = renumbered[part]
        end -= len(part)
    return Stream([names[at] for at in chosen.tolist()], frequencies[chosen], numbers)


def _is_wordlike(key: str) -> bool:
    return len(key) <= LONGEST and key.isalpha()
