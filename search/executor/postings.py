"""Terms of one segment as arrays ready for scoring.

A term's *impact* on a document is its whole BM25F contribution. Impacts are kept approximately, to
find the candidates for the first page; the candidates are then scored exactly, in Whoosh's order of
operations. A term in more than one of DENSE documents has its impacts as a vector of bytes over all
documents, which is smaller than a list of ids and scores, and adds faster.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Segment
from search.deadline import check
from search.executor.cache import ArrayCache
from search.executor.docset import DocSet, Ids, Words
from search.executor.layout import Row, field_row, kernels
from search.executor.statistics import FieldModel, Statistics

F32 = NDArray[np.float32]

DENSE = 10
"""A vector of bytes is not much larger than a list of a tenth of the documents, and adds faster."""
STEP = 1 / 16
"""What one unit of such a byte stands for, if that is enough for the term's highest impact. A
coarser step lets more vectors be added before a byte overflows, and more documents be rescored."""


class Impacts:
    """A scored list: `docs` and a score for each, as float32 `values` or as `codes`, one byte a
    document times `step`. Approximate scores are never below the true ones (but for float32's
    rounding) and at most `slack` above.
    """

    __slots__ = ("_row", "codes", "docs", "highest", "peak", "slack", "step", "values")
    idf = 0.0

    def __init__(self, size: int, ids: Ids, values: F32, slack: float = 0.0) -> None:
        self._row: Row | None = None
        self.slack = slack
        self.step = 0.0
        self.values: F32 | None = None
        self.codes: NDArray[np.uint8] | None = None
        self.highest = 0
        self.peak = float(values.max(initial=0))
        if len(ids) * DENSE <= size:
            self.docs = DocSet.listing(size, ids)
            self.values = values
            return
        self.step = step_for(self.peak)
        units = np.ceil(values * np.float32(1 / self.step)).astype(np.uint8)
        self.codes = np.zeros(size, np.uint8)
        self.codes[ids.astype(np.intp)] = units
        self.slack += self.step
        self.highest = int(units.max())
        self.peak = self.highest * self.step
        self.docs = DocSet.compact(size, ids, self.codes)

    def _room(self, size: int, bound: float) -> tuple[Words, Ids]:
        """Make room for codes of scores up to `bound`; and for a bitmap and its counts."""
        slots = (size + 63) // 64
        self.step = step_for(bound)
        self.codes = np.zeros(size, np.uint8)
        return np.empty(slots, np.uint64), np.empty(slots, np.int32)

    def _settle(self, docs: DocSet) -> None:
        """Set what follows from the codes, which are those of `docs`."""
        self._row = self.values = None
        self.slack, self.peak = self.step, self.highest * self.step
        self.docs = docs

    @classmethod
    def of_sums(cls, total: NDArray[np.float64], most: int, native: Any) -> Impacts:
        """Those of a score for each document, 0 for all but at most so many."""
        size = len(total)
        if native and most * DENSE > size:
            made = cls.__new__(cls)
            peak = float(total.max(initial=0))
            words, before = made._room(size, peak)
            made.highest = native.encode_sums(total, 1 / made.step, made.codes, words, before)
            count = int(before[-1]) + int(words[-1]).bit_count()
            if count * DENSE > size:
                made._settle(DocSet.bitmap(size, count, words, before))
                return made
        ids = np.flatnonzero(total > 0).astype(np.int32)  # by far faster than of floats
        return cls(size, ids, total[ids].astype(np.float32))

    @property
    def nbytes(self) -> int:
        arrays = (self.values, self.codes)
        return self.docs.nbytes + sum(array.nbytes for array in arrays if array is not None)

    @property
    def row(self) -> Row:
        """How compiled loops are told of it, see `layout`; made when one asks."""
        if self._row is None:
            self._row = self._laid_out()
        return self._row

    def _laid_out(self, **more: Any) -> Row:
        worth = (self.step, self.peak, self.slack, self.idf)
        arrays = {"codes": self.codes, "values": self.values}
        return self.docs.row(**arrays, **more, highest=self.highest, worth=worth)

    def at(self, docs: Ids) -> F32:
        """Scores of `docs` (sorted), 0 for those not in the list."""
        if self.codes is not None:
            return self.codes.take(docs) * np.float32(self.step)
        assert self.values is not None
        ids = self.docs.ids
        scores: F32
        if len(ids) * 4 < len(docs):
            scores = np.zeros(len(docs), np.float32)
            places = docs.searchsorted(ids)
            hit = docs.take(places, mode="clip") == ids
            scores[places[hit]] = self.values[hit]
            return scores
        places = ids.searchsorted(docs)
        hit = ids.take(places, mode="clip") == docs
        scores = self.values.take(places, mode="clip")
        scores *= hit
        return scores

    def add_to(self, total: F32, boost: float) -> None:
        """Add a list of values to a vector over all documents."""
        assert self.values is not None
        values = self.values if boost == 1.0 else self.values * np.float32(boost)
        np.add.at(total, self.docs.ids, values)


def step_for(peak: float) -> float:
    """What a unit of bytes stands for that reach to `peak`."""
    step = STEP
    while peak > 255 * step:
        step *= 2
    return step


class TermPostings(Impacts):
    """One term in one segment: the live documents that hold it.

    `ordinal` is its number in the dictionary; `df` counts deleted documents too (Whoosh's estimates
    use it); `freqs` has the smallest integer type that fits; `statistics` names the numbers that
    the impacts were computed from. All arrays are made of what `read` gives, ids and frequencies,
    when one of them is first asked for; then `keep` is told.
    """

    __slots__ = (
        "_keep", "_read", "_view", "df", "field", "freqs", "idf", "model", "ordinal", "statistics"
    )  # fmt: skip

    def __init__(
        self,
        view: SegmentView,
        field: str,
        ordinal: int,
        df: int,
        idf: float,
        model: FieldModel,
        read: Callable[[], tuple[Ids, NDArray[Any]]],
        keep: Callable[[TermPostings], None] = lambda term: None,
    ) -> None:
        self._view: SegmentView | None = view
        self._read, self._keep = read, keep
        self.field = field
        self.ordinal = ordinal
        self.df = df
        self.idf = idf
        self.model = model
        self.statistics = view.numbers

    def __getattr__(self, name: str) -> Any:
        if name not in _MADE_WHEN_ASKED_FOR or self._view is None:
            raise AttributeError(name)
        check()
        view, self._view = self._view, None  # what is kept must not hold a snapshot
        self._make(view, *self._read())
        self._keep(self)
        del self._read, self._keep
        return getattr(self, name)

    @property
    def is_decoded(self) -> bool:
        return self._view is None

    def _make(self, view: SegmentView, ids: Ids, freqs: NDArray[Any]) -> None:
        self.freqs = freqs = narrow(freqs)
        model = self.model
        native = kernels() if model.scorable and freqs.dtype == np.uint8 else None
        if native and len(ids) * DENSE > view.size and all_exist(ids, view.size):
            self._encode(native, ids, view.lengths(self.field))
            return
        impacts = freqs.astype(np.float32)
        if model.scorable:
            below = view.norms(self.field, model, ids)
            below += impacts
            impacts *= np.float32(self.idf * (model.k1 + 1))
            impacts /= below
        super().__init__(view.size, ids, impacts)

    def _encode(self, native: Any, ids: Ids, lengths: NDArray[np.uint8]) -> None:
        """What `Impacts` does with many documents, in one call."""
        bound = self.idf * (self.model.k1 + 1)
        words, before = self._room(len(lengths), bound)
        norms = self.model.norms.astype(np.float32)
        every = ids.view(np.uint32), self.freqs, lengths, norms, bound, 1 / self.step
        self.highest = native.encode(*every, self.codes, words, before)
        self._settle(DocSet.bitmap(len(lengths), len(ids), words, before))

    def _laid_out(self, **more: Any) -> Row:
        return super()._laid_out(freqs=self.freqs, **more)

    @property
    def nbytes(self) -> int:
        return super().nbytes + self.freqs.nbytes


_MADE_WHEN_ASKED_FOR = frozenset((*Impacts.__slots__, "freqs"))


class Absent:
    """A term without live documents in the segment."""

    nbytes = 0

    def __init__(self, df: int) -> None:
        self.df = df


class Scratch(threading.local):
    """Vectors kept per thread, as they were left: allocating 400 kB costs more than an addition."""

    def __init__(self) -> None:
        self._free: dict[tuple[type, int], list[NDArray[Any]]] = {}

    def take(self, kind: type[np.generic], size: int) -> NDArray[Any]:
        free = self._free.get((kind, size))
        return free.pop() if free else np.empty(size, kind)

    def zeros(self, kind: type[np.generic], size: int) -> NDArray[Any]:
        vector = self.take(kind, size)
        vector.fill(0)
        return vector

    def give(self, vector: NDArray[Any]) -> None:
        self._free.setdefault((vector.dtype.type, len(vector)), []).append(vector)


class SegmentView:
    """A segment with its cached terms, as one executor sees it."""

    def __init__(
        self, segment: Segment, statistics: Statistics, cache: ArrayCache, scratch: Scratch
    ) -> None:
        self.segment = segment
        self.statistics = statistics
        self.cache = cache
        self.scratch = scratch
        self.size: int = segment.doc_count_all
        self.base: int = segment.base
        self.numbers = cache.scope(statistics.identity)
        live = segment.live
        everyone = np.ones(self.size, np.bool_) if live is None else live
        self.live = DocSet.of_flags(everyone)
        deletions = "" if live is None else blake2b(self.live.words.tobytes()).hexdigest()
        self.scope = cache.scope((segment.segid, deletions))
        self._lengths: dict[str, NDArray[np.uint8]] = {}
        self._rows: dict[str, Row] = {}

    def row(self, field: str) -> Row:
        """How compiled loops are told of a field that there are terms of, see `layout`."""
        row = self._rows.get(field)
        if row is None:
            model = self.statistics.model(field)
            assert model is not None
            factor = model.k1 + 1 if model.scorable else 0.0
            row = self._rows[field] = field_row(self.lengths(field), model.norms, factor)
        return row

    def lengths(self, field: str) -> NDArray[np.uint8]:
        """Length byte of every document."""
        lengths = self._lengths.get(field)
        if lengths is None:
            lengths = np.ascontiguousarray(self.segment.lengths(field))
            self._lengths[field] = lengths
        return lengths

    def norms(self, field: str, model: FieldModel, docs: Ids) -> F32:
        """Length normalization of `docs`, float32."""
        norms: F32 = model.norms.astype(np.float32).take(self.lengths(field).take(docs))
        return norms

    def term(self, field: str, text: Any) -> TermPostings | Absent:
        """The postings of a term given as the query gives it (text, or a number's value)."""
        return self.terms([(field, text)])[0]

    def terms(self, names: Iterable[tuple[str, Any]]) -> list[TermPostings | Absent]:
        """The same for several, given by field and text."""
        scope, numbers = self.scope, self.numbers
        keys = [(scope, field, text) for field, text in names]
        terms = self.cache.get_many(keys)
        for at, found in enumerate(terms):
            if found is None or (type(found) is not Absent and found.statistics != numbers):
                terms[at] = self._made(keys[at], found)
        return terms

    def _made(self, key: tuple[int, str, Any], old: TermPostings | None) -> TermPostings | Absent:
        made = self._load(key, old)
        if isinstance(made, Absent):
            self.cache.put(key, self.scope, made, made.nbytes)
        return made

    def _load(self, key: tuple[int, str, Any], old: TermPostings | None) -> TermPostings | Absent:
        """Look a term up, or take the decoded arrays of `old`, to be scored with other
        statistics."""
        _, field, text = key
        model = self.statistics.model(field)
        reader = self.segment.field(field)
        if model is None or reader is None:
            return Absent(0)
        try:
            term: bytes = model.to_bytes(text)
        except (ValueError, TypeError):
            return Absent(0)
        read: Callable[[], tuple[Ids, NDArray[Any]]]
        if old is not None:
            ordinal, df = old.ordinal, old.df
            read = lambda: (old.docs.ids, old.freqs)  # noqa: E731
        else:
            ordinal = reader.find(term)
            if ordinal < 0:
                return Absent(0)
            df, read = reader.df(ordinal), lambda: reader.postings(ordinal)
            if self.segment.live is not None:
                ids, freqs = self.living(*read())
                if not len(ids):
                    return Absent(df)
                read = lambda: (ids, freqs)  # noqa: E731
        idf = self.statistics.idf(self._frequency(field, term, df))

        def keep(made: TermPostings) -> None:
            self.cache.put(key, self.scope, made, made.nbytes)

        made = TermPostings(self, field, ordinal, df, idf, model, read, keep)
        assert self.segment.live is None or made.docs.count  # decoded by now, so it is kept
        return made

    def _frequency(self, field: str, term: bytes, here: int) -> int:
        """Documents of all segments that hold a term, `here` of which are in this one."""
        snapshot = self.statistics.snapshot
        if len(snapshot.segments) == 1:
            return here
        key = (self.numbers, "frequency", field, term)
        frequency: int | None = self.cache.get(key)
        if frequency is None:
            frequency = snapshot.doc_frequency(field, term)
            self.cache.put(key, self.numbers, frequency, 0)
        return frequency

    def living(self, ids: Ids, freqs: NDArray[Any]) -> tuple[Ids, NDArray[Any]]:
        """Postings without those of deleted documents."""
        if self.segment.live is None:
            return ids, freqs
        keep = self.segment.live[ids]
        return ids[keep], freqs[keep]


def narrow(freqs: NDArray[Any]) -> NDArray[Any]:
    """The same in the smallest unsigned type that fits."""
    if freqs.dtype == np.uint8:
        return freqs
    top = int(freqs.max(initial=0))
    return freqs.astype(np.uint8 if top < 256 else np.uint16 if top < 65536 else np.uint32)


def all_exist(ids: Ids, size: int) -> bool:
    """Whether there is a document for each of `ids`: loops that are compiled do not look."""
    return bool(ids.view(np.uint32).max(initial=0) < size)
