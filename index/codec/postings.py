"""Postings of one field: for every term the documents, frequencies and positions.

A term's run is `[document gaps][frequencies - 1][position gaps]`, each part packed as `integers`
describes; the first gap of a term is its first document number, the first position gap of a
document its first position. The packing modes of the three parts share one byte of the dictionary:
bits 0-1 for the gaps, 2-3 for the frequencies, 4-5 for the positions.

A field may *share* the positions of another, its parent, whose terms are coarser: every token of
the term `đường` is a token of the term `duong`. Where a document holds as many of the one as of the
other, they stand at the same places and only the parent keeps them. Such a field packs
`2 * (frequency - 1) + own` in place of `frequency - 1`, where own = 1 if the document's positions
follow here; its dictionary names each term's parent term. This halves what the second field costs.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec import integers
from index.codec.container import Container, ContainerWriter
from index.codec.dictionary import Dictionary, DictionaryWriter, Keys
from index.codec.integers import BITS, U8X16, U8X32, U12X32, U16X32, U32, ZERO, Ints, starts_of
from index.errors import DamagedIndexError

Int32s = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Octets = npt.NDArray[np.uint8]
Frequencies = npt.NDArray[np.integer]  # in the smallest unsigned type that fits, or larger

_GAP_MODES = (U8X16, U12X32, U16X32, U32)
_FREQUENCY_MODES = (ZERO, U8X32, U32, BITS)
_GAP_CODE = np.zeros(8, np.uint8)
_GAP_CODE[list(_GAP_MODES)] = range(4)
_FREQUENCY_CODE = np.zeros(8, np.uint8)
_FREQUENCY_CODE[list(_FREQUENCY_MODES)] = range(4)
_GAPS = np.array(_GAP_MODES, np.uint8)
_FREQUENCIES = np.array(_FREQUENCY_MODES, np.uint8)
_USUAL = int(_GAP_CODE[U8X16] | _FREQUENCY_CODE[BITS] << 2)
"""The modes of most terms that many documents hold."""


class Postings(NamedTuple):
    """Postings of consecutive terms, one term after another.

    `dfs` [terms]; `ids` and `freqs` [postings], ids ascending within a term; `positions` [sum of
    freqs], ascending within a document, or None if the field keeps none. In a field that shares
    positions, `own` [postings] tells whose positions are here; the others' are the parent's.
    """

    dfs: Ints
    ids: Ints
    freqs: Ints
    positions: Ints | None
    own: Flags | None = None

    def position_counts(self) -> Ints:
        """How many of `positions` belong to each posting, shape [postings]."""
        return self.freqs if self.own is None else self.freqs * self.own


class FieldWriter:
    """Writes one field into a container: `add` terms in byte order of their keys, then `close`."""

    def __init__(
        self, out: ContainerWriter, field: str, *, has_positions: bool, shares: bool = False
    ) -> None:
        self._out = out
        self._field = field
        self._has_positions = has_positions
        self._shares = shares
        self._parents: list[Ints] = []
        self._dictionary = DictionaryWriter(field)
        out.begin(f"{field}/post")

    def add(
        self, keys: list[bytes] | Keys, postings: Postings, parents: Ints | None = None
    ) -> None:
        """Append the terms `keys` (each at most 255 bytes, each with at least one document).

        If the field shares positions, `parents` are the ordinals of the parent terms, [len(keys)].
        """
        if not len(keys):
            return
        dfs, ids, freqs, positions, own = postings
        starts = starts_of(dfs)
        codes = freqs - 1
        if self._shares:
            if own is None or parents is None:
                raise ValueError("a field that shares positions needs to know whose")
            codes = codes * 2 + own
            self._parents.append(parents)
        gaps = _gaps(ids, starts)
        parts = [
            (gaps, starts, integers.plan(gaps, starts, _GAP_MODES)),
            (codes, starts, integers.plan(codes, starts, _FREQUENCY_MODES)),
        ]
        modes = _GAP_CODE[parts[0][2].modes] | _FREQUENCY_CODE[parts[1][2].modes] << 2
        if self._has_positions:
            if positions is None:
                raise ValueError("this field keeps positions, and none were given")
            ends = starts_of(postings.position_counts())
            steps = _gaps(positions, ends)
            bounds = ends[starts]
            parts.append((steps, bounds, _plan_gaps(steps, bounds)))
            modes = modes | _GAP_CODE[parts[2][2].modes] << 4
        sizes = np.sum([part[2].sizes for part in parts], axis=0)
        offsets = starts_of(sizes)
        out = np.zeros(int(offsets[-1]), np.uint8)
        at = offsets[:-1].copy()
        for values, bounds, plan in parts:
            integers.write(out, at, values, bounds, plan.modes)
            at += plan.sizes
        self._out.write(out.data)
        self._dictionary.add(keys, dfs, sizes, modes.astype(np.uint8))

    def close(self) -> None:
        self._dictionary.write(self._out)
        if self._shares:
            parents = np.concatenate(self._parents) if self._parents else np.zeros(0, np.int64)
            self._out.section(f"{self._field}/parent", parents.astype("<u4"))


class FieldReader:
    """One field of a segment. Arrays returned are fresh or read-only; nothing here changes
    state.
    """

    def __init__(
        self,
        container: Container,
        field: str,
        *,
        has_positions: bool,
        parent: FieldReader | None = None,
    ) -> None:
        self.name = field
        self.has_positions = has_positions
        self.parent = parent
        if parent:
            self._parents = container.array(f"{field}/parent", "<u4")
        self._container = container
        self._dictionary = Dictionary(container, field)
        self.term_count = self._dictionary.term_count
        self.find = self._dictionary.find
        self.lower_bound = self._dictionary.lower_bound
        self.prefix_range = self._dictionary.prefix_range
        self.key = self._dictionary.key
        self.keys = self._dictionary.keys
        self.df = self._dictionary.df
        self.dfs = self._dictionary.dfs

    def postings(self, ordinal: int) -> tuple[Int32s, Frequencies]:
        """Document numbers, ascending, and frequencies; both shape [df]."""
        ids, freqs, _, _ = self._read(ordinal)
        return ids, freqs

    def positions(self, ordinal: int) -> Int32s:
        """Token positions grouped by document in order of `postings(ordinal)`; shape [sum of
        freqs].
        """
        ids, freqs, own, at = self._read(ordinal, with_positions=True)
        if own is None or self.parent is None:
            return self._positions_at(ordinal, at, freqs)
        here = self._positions_at(ordinal, at, freqs[own])
        if own.all():
            return here
        parent = int(self._parents[ordinal])
        there, counts = self.parent.postings(parent)
        shared = np.zeros(len(there), bool)
        shared[np.searchsorted(there, ids[~own])] = True
        flat = np.empty(int(freqs.sum(dtype=np.int64)), np.int32)
        is_own = np.repeat(own, freqs)
        flat[is_own] = here
        flat[~is_own] = self.parent.positions(parent)[np.repeat(shared, counts)]
        return flat

    def positions_in(self, ordinal: int, places: Ints, freqs: Frequencies) -> Int32s:
        """The part of `positions(ordinal)` that belongs to the postings numbered `places`
        (ascending), in much less time if these are few. `freqs` are those of `postings(ordinal)`.
        """
        data, check = self._container.data, self._container.check
        at, _ = self._dictionary.extent(ordinal)
        modes = int(self._dictionary.modes[ordinal])
        at = integers.end_of(data, at, len(freqs), int(_GAPS[modes & 3]), check)
        at = integers.end_of(data, at, len(freqs), int(_FREQUENCIES[modes >> 2 & 3]), check)
        return self._some_positions(ordinal, at, places, freqs)

    def within(self, ordinal: int, docs: Int32s) -> tuple[Int32s, Frequencies, Int32s]:
        """Those of `docs` (ascending) that hold the term, its frequencies there, and its positions
        grouped by document."""
        ids, freqs, _, at = self._read(ordinal, with_positions=True)
        places = ids.searchsorted(docs)
        places = places[ids.take(places, mode="clip") == docs]
        return ids[places], freqs[places], self._some_positions(ordinal, at, places, freqs)

    def _some_positions(self, ordinal: int, at: int, places: Ints, freqs: Frequencies) -> Int32s:
        """Positions of the postings numbered `places`; those of all begin at `at`."""
        if not len(places):
            return np.zeros(0, np.int32)
        counts = freqs[places].astype(np.int64)
        before = freqs[: places[0]].sum(dtype=np.int64)
        starts = before + starts_of(np.add.reduceat(freqs, places, dtype=np.int64))
        wanted = _ranges(starts[:-1], counts)
        if self.parent:
            return self.positions(ordinal)[wanted]
        mode = int(_GAPS[self._dictionary.modes[ordinal] >> 4 & 3])
        data, check = self._container.data, self._container.check
        steps = integers.read_some(data, at, int(starts[-1]), mode, wanted, check)
        return _undo_gaps(steps.astype(np.int64), counts).astype(np.int32)

    def parents(self, low: int, high: int) -> Ints:
        """Ordinals of the parent terms of the terms [low, high), for a field that shares
        positions.
        """
        return self._parents[low:high].astype(np.int64)

    def _positions_at(self, ordinal: int, at: int, freqs: Frequencies) -> Int32s:
        total = int(freqs.sum(dtype=np.int64))
        mode = int(_GAPS[self._dictionary.modes[ordinal] >> 4 & 3])
        data, check = self._container.data, self._container.check
        steps, _ = integers.read_one(data, at, total, mode, check)
        return _undo_gaps(steps.astype(np.int32), freqs)

    def postings_range(self, low: int, high: int) -> tuple[Int32s, Frequencies, Ints]:
        """Postings of the terms [low, high): ids and freqs one term after another, and the dfs.

        Long runs are read one by one, by faster means and without the pages of their positions.
        """
        dfs = self.dfs(low, high)
        starts = starts_of(dfs)
        ids = np.empty(int(starts[-1]), np.int32)
        freqs: Frequencies
        freqs = octets = np.empty(int(starts[-1]), np.uint8)
        is_long = dfs > integers.LONG
        long = np.flatnonzero(is_long)
        for at in long.tolist():
            here = slice(int(starts[at]), int(starts[at + 1]))
            room = ids[here], octets[here]
            these, theirs, _, _ = self._read(low + at, room=room)
            if these is not room[0] or freqs is not octets:
                freqs = _fitting(freqs, theirs)
                ids[here], freqs[here] = these, theirs
        short = np.flatnonzero(~is_long)
        if len(short):
            bounds = self._dictionary.extents(low, high)
            edges = np.concatenate(([-1], long, [len(dfs)])).tolist()
            for before, after in pairwise(edges):
                self._container.check(int(bounds[before + 1]), int(bounds[after]))
            found = self._read_runs(low, bounds, dfs, short, with_positions=False)
            freqs = _fitting(freqs, found.freqs)
            places = np.flatnonzero(np.repeat(~is_long, dfs))
            ids[places], freqs[places] = found.ids, found.freqs
        return ids, freqs, dfs

    def all_of(self, low: int, high: int) -> Postings:
        """Everything about the terms [low, high), with positions where the field keeps them."""
        return self._read_range(low, high, with_positions=self.has_positions)

    def run_sizes(self) -> Ints:
        """Bytes of each term's run, shape [term_count]; for planning reads of bounded size."""
        return np.diff(self._dictionary.extents(0, self.term_count))

    def _read(
        self,
        ordinal: int,
        *,
        with_positions: bool = False,
        room: tuple[Int32s, Octets] | None = None,
    ) -> tuple[Int32s, Frequencies, Flags | None, int]:
        """Document numbers, frequencies, whose positions are here, and where these begin; the
        first two in `room` [df], if it is given and the run's modes let them be read into it."""
        if with_positions and not self.has_positions:
            raise ValueError(f"field {self.name!r} keeps no positions")
        at, size = self._dictionary.extent(ordinal)
        data, check = self._container.data, self._container.check
        df, modes = self.df(ordinal), int(self._dictionary.modes[ordinal])
        native = integers.kernels()
        if native and modes & 15 == _USUAL and not self.parent:
            ids, freqs = room or (np.empty(df, np.int32), np.empty(df, np.uint8))
            end = self._run(native, at, at + size, ids, freqs)
            if end:
                return ids, freqs, None, end
        ids, at = integers.read_sums(data, at, df, int(_GAPS[modes & 3]), check)
        mode = int(_FREQUENCIES[modes >> 2 & 3])
        if not self.parent:
            freqs, at = integers.read_increased(data, at, df, mode, check)
            return ids, freqs, None, at
        codes, at = integers.read_one(data, at, df, mode, check)
        own = (codes & 1).astype(bool)
        codes = codes >> 1
        return ids, codes + codes.dtype.type(1), own, at

    def _run(self, native: Any, at: int, limit: int, ids: Int32s, freqs: Octets) -> int:
        """Read documents and frequencies [df] of a run of `_USUAL` modes; returns where they end,
        or 0 if they do not fit the arrays."""
        file, df = self._container, len(ids)
        file.check(at, min(at + df + df // 2, limit))  # all of it, mostly
        while (end := native.run(file.octets, file.checked, at, df, ids, freqs)) < 0:
            file.check_page(-1 - end)
        return int(end)

    def _read_range(self, low: int, high: int, *, with_positions: bool) -> Postings:
        if low >= high:
            none = np.zeros(0, np.int64)
            return Postings(none, none, none, none if with_positions else None)
        bounds = self._dictionary.extents(low, high)
        self._container.check(int(bounds[0]), int(bounds[-1]))
        every = np.arange(high - low)
        return self._read_runs(
            low, bounds, self.dfs(low, high), every, with_positions=with_positions
        )

    def _read_runs(
        self, low: int, bounds: Ints, dfs: Ints, chosen: Ints, *, with_positions: bool
    ) -> Postings:
        """The runs numbered `chosen` of those from the term `low` on, whose pages are checked."""
        first = int(bounds[0])
        data = np.frombuffer(self._container.data, np.uint8, int(bounds[-1]) - first, first)
        dfs, modes = dfs[chosen], self._dictionary.modes[low + chosen]
        gaps, at = integers.read(data, bounds[chosen] - first, dfs, _GAPS[modes & 3])
        ids = _undo_gaps(gaps, dfs)
        codes, at = integers.read(data, at, dfs, _FREQUENCIES[modes >> 2 & 3])
        own = (codes & 1).astype(bool) if self.parent else None
        found = Postings(dfs, ids, (codes >> 1 if self.parent else codes) + 1, None, own)
        if with_positions:
            counts = found.position_counts()
            per_term = np.add.reduceat(counts, starts_of(dfs)[:-1])
            steps, at = integers.read(data, at, per_term, _GAPS[modes >> 4 & 3])
            found = found._replace(positions=_undo_gaps(steps, counts[counts > 0]))
        if with_positions == self.has_positions and (at + first != bounds[chosen + 1]).any():
            raise DamagedIndexError(
                self._container.path, f"a run of field {self.name!r} is not as long as it should be"
            )
        return found


def _fitting(freqs: Frequencies, more: Frequencies) -> Frequencies:
    """`freqs` in an unsigned type that is wide enough for `more` too."""
    kind = np.result_type(freqs, np.min_scalar_type(more.max(initial=0)))
    return freqs.astype(kind, copy=False)


def _plan_gaps(values: Ints, starts: Ints) -> integers.Plan:
    """`integers.plan` for runs some of which are empty; these take no bytes."""
    filled = np.diff(starts) > 0
    modes, sizes = np.full(len(filled), U8X16, np.uint8), np.zeros(len(filled), np.int64)
    found = integers.plan(values, np.append(starts[:-1][filled], starts[-1]), _GAP_MODES)
    modes[filled], sizes[filled] = found
    return integers.Plan(modes, sizes)


def _gaps(values: Ints, starts: Ints) -> Ints:
    """Differences to the value before; where a group starts the value itself."""
    gaps = np.empty(len(values), np.int64)
    if native := integers.kernels():
        native.distances(values, starts, gaps)
        return gaps
    heads = starts[:-1][np.diff(starts) > 0]
    gaps[:1] = values[:1]
    np.subtract(values[1:], values[:-1], out=gaps[1:])
    gaps[heads] = values[heads]
    return gaps


def _undo_gaps(gaps: npt.NDArray[Any], counts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The inverse of `_gaps` for groups of the given sizes (none empty).

    Sums may wrap around in 32 bits; differences of them come out right all the same.
    """
    native = integers.kernels()
    if native and gaps.dtype == counts.dtype == np.int64 and gaps.flags.writeable:
        native.undo(gaps, counts)
        return gaps
    values = np.cumsum(gaps, dtype=gaps.dtype)
    heads = starts_of(counts)[:-1]
    values -= np.repeat(values[heads] - gaps[heads], counts)
    return values


def _ranges(starts: Ints, counts: npt.NDArray[Any]) -> Ints:
    """The integers start … start + count - 1 of every range, one after another."""
    ends = starts_of(counts)
    return np.arange(ends[-1]) + np.repeat(starts - ends[:-1], counts)
