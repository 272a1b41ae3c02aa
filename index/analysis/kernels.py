"""The loops over the texts of a batch, compiled by Numba: see `chunks`."""

from __future__ import annotations

from numba import njit, types

from index.analysis.chunks import BREAK, END

_CODES = types.Array(types.uint32, 1, "C", readonly=True)
_SPACE, _LINE = ord(" "), ord("\n")
_PRIME = 0x9E3779B97F4A7C15


@njit(
    types.UniTuple(types.int64, 4)(
        _CODES,
        types.int64[::1],
        types.int64,
        types.int64,
        types.uint64,
        types.int32[::1],
        types.uint64[::1],
        types.int64[::1],
        types.uint32[::1],
        types.int64,
        types.int32[::1],
        types.int32[::1],
        types.int64,
    ),
    cache=True,
    nogil=True,
)
def cut(  # type: ignore[no-untyped-def]
    codes, ends, at, text, seed, slots, hashes, bounds, letters, count, out, starts, written
):
    """Write the numbers of the chunks from `at` on, in text number `text`, and where in it they
    start; a new one is put into the tables. Returns place, text, count of chunks and of what is
    written: before all is done if the tables have no room.
    """
    mask = types.uint64(len(slots) - 1)
    while text < len(ends):
        end = ends[text]
        begin = ends[text - 1] if text else 0
        while at < end:
            code = codes[at]
            if code == _SPACE:
                at += 1
                continue
            if code == _LINE:
                out[written], starts[written] = BREAK, at - begin
                written += 1
                at += 1
                continue
            start, mixed = at, seed
            while at < end:
                code = codes[at]
                if code in (_SPACE, _LINE):
                    break
                mixed = (mixed ^ types.uint64(code)) * types.uint64(_PRIME)
                mixed ^= mixed >> types.uint64(29)
                at += 1
            size = at - start
            slot = mixed & mask
            number = slots[slot]
            while number:
                if hashes[number] == mixed and bounds[number + 1] - bounds[number] == size:
                    place, same = bounds[number], 0
                    while same < size and letters[place + same] == codes[start + same]:
                        same += 1
                    if same == size:
                        break
                slot = (slot + types.uint64(1)) & mask
                number = slots[slot]
            if not number:
                place = bounds[count]
                if 2 * count + 2 >= len(slots) or place + size > len(letters):
                    return start, text, count, written
                letters[place : place + size] = codes[start:at]
                number = count
                slots[slot], hashes[number] = number, mixed
                count += 1
                bounds[count] = place + size
            out[written], starts[written] = number, start - begin
            written += 1
        out[written], starts[written] = END, end - begin
        written += 1
        text += 1
    return at, text, count, written


@njit(
    types.void(types.int32[::1], types.uint64[::1], types.int64, types.int64),
    cache=True,
    nogil=True,
)
def fill(slots, hashes, first, count):  # type: ignore[no-untyped-def]
    """Put the chunks from `first` on into an empty table."""
    mask = types.uint64(len(slots) - 1)
    for number in range(first, count):
        slot = hashes[number] & mask
        while slots[slot]:
            slot = (slot + types.uint64(1)) & mask
        slots[slot] = number


@njit(
    types.void(types.int32[::1], types.int64[::1], types.int64[::1], types.int32[::1]),
    cache=True,
    nogil=True,
)
def gather(values, starts, lengths, out):  # type: ignore[no-untyped-def]
    """The runs that begin at these places, of these lengths, one after another."""
    written = 0
    for run in range(len(starts)):
        start = starts[run]
        for at in range(start, start + lengths[run]):
            out[written] = values[at]
            written += 1
