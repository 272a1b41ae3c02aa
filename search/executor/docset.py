"""Sets of documents of one segment: sorted ids when few, a bitmap of 64-bit words when many.

Set algebra decides *which* documents match and how many, exactly; scores are a separate matter
(see `additive`). On a hundred thousand documents a bitmap is 12.5 kB, so an intersection of common
terms costs a microsecond and counting it four.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.executor.layout import Row, kernels, row, table

Ids = NDArray[np.int32]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

SPARSE = 32
"""A set with fewer than one in SPARSE of the documents is handled by its ids, others by words."""
COMPACT = 10
"""From one in COMPACT of the documents on a cached set has no ids: words and counts are smaller."""


def pack(flags: Flags | NDArray[np.uint8]) -> Words:
    """A bitmap, one bit a document, of the entries that are not 0; zeros fill up the last word."""
    packed = np.packbits(flags, bitorder="little")
    words = np.zeros((len(flags) + 63) // 64 * 8, np.uint8)
    words[: len(packed)] = packed
    return words.view(np.uint64)


def unpack(words: Words, size: int) -> Flags:
    """One boolean a document."""
    bits = np.unpackbits(words.view(np.uint8), count=size, bitorder="little")
    return bits.view(np.bool_)


def flags_of(ids: Ids, size: int) -> Flags:
    flags = np.zeros(size, np.bool_)
    flags[ids.astype(np.intp)] = True  # by far faster than with 32-bit numbers
    return flags


class DocSet:
    """An immutable set of documents out of `size`.

    A set that is made for one query keeps each form once it was asked for; a set that lives in the
    cache (`kept=False`) keeps only what it was made of, so that its size is known.
    """

    __slots__ = ("_before", "_count", "_form", "_ids", "_kept", "_words", "size")

    def __init__(
        self,
        size: int,
        ids: Ids | None = None,
        words: Words | None = None,
        count: int | None = None,
        kept: bool = True,
    ) -> None:
        self.size = size
        self._ids = ids
        self._words = words
        self._count = len(ids) if ids is not None else count
        self._kept = kept
        self._before: Ids | None = None
        self._form: Row | None = None

    @classmethod
    def of_flags(cls, flags: Flags) -> DocSet:
        return cls(len(flags), words=pack(flags))

    @classmethod
    def compact(cls, size: int, ids: Ids, flags: NDArray[np.uint8] | None = None) -> DocSet:
        """The form to cache: ids, words, or both for sets of middling size. `flags` say the same
        as `ids` do, by not being 0, if at hand."""
        if len(ids) * COMPACT > size:
            bitmap = pack(flags_of(ids, size) if flags is None else flags)
            docs = cls(size, words=bitmap, count=len(ids), kept=False)
            assert len(docs.before)  # part of what is cached
            return docs
        return cls.listing(size, ids)

    @classmethod
    def listing(cls, size: int, ids: Ids) -> DocSet:
        """The form to cache that has its ids, and words as well if they are not few."""
        words = None if len(ids) * SPARSE < size else pack(flags_of(ids, size))
        return cls(size, ids, words, kept=False)

    @classmethod
    def bitmap(cls, size: int, count: int, words: Words, before: Ids) -> DocSet:
        """The form to cache for many documents, of what it keeps."""
        docs = cls(size, words=words, count=count, kept=False)
        docs._before = before
        return docs

    @property
    def nbytes(self) -> int:
        return sum(
            array.nbytes for array in (self._ids, self._words, self._before) if array is not None
        )

    def row(self, **more: Any) -> Row:
        """How compiled loops are told of a set that lives in the cache, and of what else there is
        of a term."""
        return row(ids=self._ids, words=self._words, before=self._before, **more, count=self.count)

    @property
    def form(self) -> Row:
        """How compiled loops are told of its ids, if they are few, or of its bitmap."""
        if self._form is None:
            few = self.sparse
            self._form = row(ids=self.ids, count=self.count) if few else row(words=self.words)
        return self._form

    @property
    def count(self) -> int:
        if self._count is None:
            assert self._words is not None
            self._count = int(np.bitwise_count(self._words).sum(dtype=np.int64))
        return self._count

    @property
    def sparse(self) -> bool:
        return self._words is None or self.count * SPARSE < self.size

    @property
    def ids(self) -> Ids:
        """Sorted ids."""
        if self._ids is not None:
            return self._ids
        assert self._words is not None
        ids = np.flatnonzero(unpack(self._words, self.size)).astype(np.int32)
        if self._kept:
            self._ids = ids
        return ids

    @property
    def words(self) -> Words:
        if self._words is not None:
            return self._words
        assert self._ids is not None
        words = pack(flags_of(self._ids, self.size))
        if self._kept:
            self._words = words
        return words

    def flags(self) -> Flags:
        """One boolean a document; a new array."""
        if self._words is None:
            return flags_of(self.ids, self.size)
        return unpack(self._words, self.size)

    def contains(self, docs: Ids) -> Flags:
        """Which of `docs` (sorted) are in the set."""
        if self._words is not None:
            octets = self._words.view(np.uint8)
            bits: NDArray[np.uint8] = octets.take(docs >> 3) >> (docs & 7).astype(np.uint8)
            return (bits & np.uint8(1)).view(np.bool_)
        ids = self.ids
        if not len(ids):
            return np.zeros(len(docs), np.bool_)
        if len(ids) * 4 < len(docs):
            return self._contains_few(docs)
        return np.equal(ids.take(ids.searchsorted(docs), mode="clip"), docs)

    def _contains_few(self, docs: Ids) -> Flags:
        places = docs.searchsorted(self.ids)
        hit = docs.take(places, mode="clip") == self.ids
        flags = np.zeros(len(docs), np.bool_)
        flags[places[hit]] = True
        return flags

    @property
    def listed(self) -> bool:
        """Whether the set has its ids; otherwise it has a bitmap with `before`."""
        return self._ids is not None

    def places(self, docs: Ids) -> NDArray[np.integer]:
        """How many members come before each of `docs`: for a member its place in `ids`."""
        if self._ids is not None:
            return self._ids.searchsorted(docs)
        slots = docs >> 6
        below = (np.uint64(1) << (docs & 63).astype(np.uint64)) - np.uint64(1)
        return self.before.take(slots) + np.bitwise_count(self.words.take(slots) & below)

    @property
    def before(self) -> Ids:
        """How many members come before each word of the bitmap."""
        if self._before is None:
            counts = np.bitwise_count(self.words)
            before = np.zeros(len(counts), np.int32)
            np.cumsum(counts[:-1], out=before[1:])
            self._before = before
        return self._before

    def minus(self, other: DocSet) -> DocSet:
        if self.sparse:
            ids = self.ids
            return DocSet(self.size, ids=ids[~other.contains(ids)])
        return DocSet(self.size, words=self.words & ~other.words)


def intersect(sets: Sequence[DocSet]) -> DocSet:
    """Documents in all of `sets` (at least one): smallest first."""
    ordered = sorted(sets, key=lambda docs: docs.count)
    first = ordered[0]
    if len(ordered) == 1:
        return first
    if not first.sparse:
        words = first.words & ordered[1].words
        for other in ordered[2:]:
            words &= other.words
        return DocSet(first.size, words=words)
    ids = first.ids
    for other in ordered[1:]:
        if not len(ids):
            break
        ids = ids[other.contains(ids)]
    return DocSet(first.size, ids=ids)


def unite(sets: Sequence[DocSet], size: int) -> DocSet:
    """Documents in any of `sets`."""
    sets = [docs for docs in sets if docs.count]
    if len(sets) == 1:
        return sets[0]
    few = [docs for docs in sets if docs.sparse]
    many = [docs for docs in sets if not docs.sparse]
    if not many and sum(docs.count for docs in few) * SPARSE < size:
        ids, _ = _counted([docs.ids for docs in few])
        return DocSet(size, ids=ids)
    flags = np.zeros(size, np.bool_)
    for docs in few:
        flags[docs.ids] = True
    words = pack(flags)
    for docs in many:
        words |= docs.words
    return DocSet(size, words=words)


def at_least(sets: Sequence[DocSet], minimum: int, size: int) -> DocSet:
    """Documents in `minimum` or more of `sets`."""
    sets = [docs for docs in sets if docs.count]
    if len(sets) < minimum:
        return DocSet(size, ids=np.empty(0, np.int32))
    if minimum <= 1:
        return unite(sets, size)
    if minimum == len(sets):
        return intersect(sets)
    if sum(docs.count for docs in sets) * SPARSE < size:
        ids, counts = _counted([docs.ids for docs in sets])
        return DocSet(size, ids=ids[counts >= minimum])
    native = kernels()
    if native:
        return DocSet(size, words=_enough_natively(native, sets, minimum, size))
    return DocSet(size, words=_enough([docs.words for docs in sets], minimum))


def _enough_natively(native: Any, sets: Sequence[DocSet], minimum: int, size: int) -> Words:
    words = np.empty((size + 63) // 64, np.uint64)
    counters = np.empty((_bits(minimum), len(words)), np.uint64)
    native.enough(table([docs.form for docs in sets]), minimum, counters, words)
    return words


def _enough(bitmaps: Sequence[Words], minimum: int) -> Words:
    """Where at least `minimum` bits are set: binary counters, one bit of each to a bitmap, which
    begin with what lets them run over at the minimum."""
    missing = (1 << _bits(minimum)) - minimum
    every = ~np.uint64(0)
    counters = [
        np.full_like(bitmaps[0], every if missing >> place & 1 else 0)
        for place in range(_bits(minimum))
    ]
    found = np.zeros_like(bitmaps[0])
    for bitmap in bitmaps:
        carry = bitmap
        for counter in counters:
            over = counter & carry
            np.bitwise_xor(counter, carry, out=counter)
            carry = over
        found |= carry
    return found


def _bits(minimum: int) -> int:
    """Of a counter that runs over at `minimum` at the latest."""
    return (minimum - 1).bit_length()


def _counted(lists: Sequence[Ids]) -> tuple[Ids, NDArray[np.intp]]:
    """The distinct ids of all lists, sorted, and how many lists hold each."""
    merged = np.concatenate([np.empty(0, np.int32), *lists])
    merged.sort()
    starts = np.flatnonzero(np.diff(merged, prepend=-1))
    return merged[starts], np.diff(starts, append=len(merged))
