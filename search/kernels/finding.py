"""Where the needles of a query stand in the texts of a page, and what of it is marked."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from index.analysis.normalize import IGNORABLE
from search.columns import (
    END,
    FIRST_STEM,
    PHRASE_FORM,
    START,
    STEMS,
    SURFACE,
    SYLLABLE,
    TITLE_ONLY,
)
from search.flat import CODE_BYTES, HIDDEN, SEPARATOR
from search.kernels.common import (
    FLAGS,
    INTS,
    LETTERS,
    NONE,
    SPACES,
    TABLE,
    WHOLE,
    ZERO,
    flags,
    ints,
    is_one_of,
    linked,
    part,
    points,
)

_SLOT_BITS = 12
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _SLOT_BITS)
_MARKED, _EXACT, _TIED = np.uint8(1), np.uint8(2), np.uint8(4)
_INVISIBLE = np.array(points("".join(IGNORABLE)), np.uint32)


@part
def _slot(code):  # type: ignore[no-untyped-def]
    return np.int64((code * _GOLDEN) >> _SHIFT)


@part
def _is_wanted(code, codes, prefixes):  # type: ignore[no-untyped-def]
    for one in codes:
        if code == one:
            return True
    for place in range(len(prefixes)):
        if code & prefixes[place, 1] == prefixes[place, 0]:
            return True
    return False


@part
def _is_same(letters, start, end, other, other_end):  # type: ignore[no-untyped-def]
    if end - start != other_end - other:
        return False
    for place in range(end - start):
        if letters[start + place] != letters[other + place]:
            return False
    return True


@njit((LETTERS, types.uint8[::1], types.uint64[::1], types.uint64[:, ::1]), cache=True, nogil=True)
def candidates(letters, table, codes, prefixes):  # type: ignore[no-untyped-def]
    """The syllables of the texts that have one of the codes, or (code, mask) begins: rows of int64,
    see `columns`; and for each of their surfaces a row that has it. Equal surfaces mostly have one
    number. `table` is `flat.flatten` of every code point."""
    size = len(letters)
    slots = np.zeros(1 << _SLOT_BITS, np.bool_)
    for code in codes:
        slots[_slot(code)] = True
    always = len(prefixes) > 0
    known = np.full(1 << _SLOT_BITS, -1, np.int32)
    found = np.empty((size // 2 + 1, 4), np.int64)
    surfaces = np.empty(size // 2 + 1, np.int64)
    count = distinct = syllable = start = end = int(ZERO)
    code, length = np.uint64(0), np.uint64(0)
    for at in range(size + 1):
        kind = table[letters[at]] if at < size else np.uint8(SEPARATOR)
        if kind == HIDDEN:
            continue
        if kind != SEPARATOR:
            if length == 0:
                start = at
            if length < CODE_BYTES:
                code |= np.uint64(kind) << np.uint64(8) * length
            length += np.uint64(1)
            end = at + 1
            continue
        # Most syllables are told apart by their slots: they should not cost a call.
        if length and (always or slots[_slot(code)]) and _is_wanted(code, codes, prefixes):
            while end < at and not is_one_of(letters[end], _INVISIBLE):
                end += 1
            key = np.uint64(0)
            for place in range(start, end):
                key = (key ^ np.uint64(letters[place])) * _GOLDEN
            slot = _slot(key)
            same = known[slot]
            if same >= 0 and _is_same(letters, start, end, found[same, START], found[same, END]):
                found[count, SURFACE] = found[same, SURFACE]
            else:
                found[count, SURFACE] = distinct
                surfaces[distinct] = known[slot] = count
                distinct += 1
            found[count, SYLLABLE] = syllable
            found[count, START] = start
            found[count, END] = end
            count += 1
        syllable += 1 if length else 0
        code = length = np.uint64(0)
    return found[:count], surfaces[:distinct]


@part
def _form(stem, row, bounds, matched, formed):  # type: ignore[no-untyped-def]
    """The form in which a row of matches has a stem; −1 if it has not."""
    for at in range(bounds[row], bounds[row + 1]):
        if matched[at] == stem:
            return formed[at]
    return -1


@part
def _phrase(first, stem, size, cut, limit, rows, bounds, matched, formed, exact):  # type: ignore[no-untyped-def]
    """Whether a phrase stands at candidate `first`: −1 no, 0 folded, 1 as typed."""
    if first + size > len(cut) or cut[first + size - 1, START] >= limit:
        return -1
    typed = 1
    for place in range(size):
        if cut[first + place, SYLLABLE] != cut[first, SYLLABLE] + place:
            return -1
        row = rows[cut[first + place, SURFACE]]
        form = _form(stem + place, row, bounds, matched, formed)
        if form < 0:
            return -1
        if not exact[form]:
            typed = 0
    return typed


@part
def _occurrences(  # type: ignore[no-untyped-def]
    starts, title_ends, cut, rows, bounds, matched, formed, exact, stems, needles
):
    """Columns start, end, syllable, needle, form, text and candidate, by start, end, needle."""
    room = 0
    for at in range(len(cut)):
        row = rows[cut[at, SURFACE]]
        room += bounds[row + 1] - bounds[row]
    found = np.zeros((7, room), np.int64)
    count = text = 0
    for at in range(len(cut)):
        start, row, first = cut[at, START], rows[cut[at, SURFACE]], count
        while text + 1 < len(starts) and starts[text + 1] <= start:
            text += 1
        limit = starts[text + 1] if text + 1 < len(starts) else np.iinfo(np.int64).max
        for match in range(bounds[row], bounds[row + 1]):
            stem, form = matched[match], formed[match]
            needle = stems[stem]
            size = needles[needle, STEMS]
            if needles[needle, FIRST_STEM] != stem:
                continue
            if needles[needle, TITLE_ONLY] and start >= title_ends[text]:
                continue
            if size > 1:
                typed = _phrase(at, stem, size, cut, limit, rows, bounds, matched, formed, exact)
                if typed < 0:
                    continue
                form = needles[needle, PHRASE_FORM] + typed
            end, place = cut[at + size - 1, END], count
            while place > first and (
                found[1, place - 1] > end
                or (found[1, place - 1] == end and found[3, place - 1] > needle)
            ):
                for column in range(len(found)):
                    found[column, place] = found[column, place - 1]
                place -= 1
            found[0, place] = start
            found[1, place] = end
            found[2, place] = cut[at, SYLLABLE]
            found[3, place] = needle
            found[4, place] = form
            found[5, place] = text
            found[6, place] = at
            count += 1
    return found, count


@part
def _kept(found, count, exact, needles, telling):  # type: ignore[no-untyped-def]
    """Which of the first `count` occurrences are no strays: `highlight._without_strays`."""
    kept = flags(count)
    clear = flags(len(exact))
    decided = flags(len(needles))
    beside = flags(count)
    for at in range(count):
        beside[at] = linked(found[0], found[1], found[3], at) or (
            at + 1 < count and linked(found[0], found[1], found[3], at + 1)
        )
    low = 0
    while low < count:
        high = low
        clear[:] = False
        decided[:] = False
        while high < count and found[5, high] == found[5, low]:
            if telling and exact[found[4, high]]:
                clear[found[4, high]] = decided[found[3, high]] = True
            high += 1
        surely = decided.copy()
        for at in range(low, high):
            if beside[at] and not surely[found[3, at]]:
                clear[found[4, at]] = decided[found[3, at]] = True
        for at in range(low, high):
            needle = found[3, at]
            kept[at] = (
                clear[found[4, at]]
                or not decided[needle]
                or beside[at]
                or needles[needle, STEMS] > 1
            )
        low = high
    return kept


@part
def _is_white(letters, start, end):  # type: ignore[no-untyped-def]
    for at in range(start, end):
        if is_one_of(letters[at], SPACES):
            return True
    return False


@part
def _marks(letters, cut, state):  # type: ignore[no-untyped-def]
    """Starts and ends of the syllables to mark; whether each is exact and joins the one before."""
    count = 0
    for at in range(len(cut)):
        count += state[at] != NONE
    spans, kinds = np.zeros((2, count), np.int64), np.zeros((2, count), np.bool_)
    mark = 0
    for at in range(len(cut)):
        if state[at] == NONE:
            continue
        start, exact = cut[at, START], state[at] & _EXACT != NONE
        spans[0, mark] = start
        spans[1, mark] = cut[at, END]
        kinds[0, mark] = exact
        if mark and kinds[0, mark - 1] == exact:
            last = spans[1, mark - 1]
            kinds[1, mark] = (start == last + 1 and letters[last] == 32) or (
                state[at] & _TIED != NONE and not _is_white(letters, last, start)
            )
        mark += 1
    return spans, kinds


@njit(
    (LETTERS, INTS, INTS, TABLE, *[INTS] * 4, FLAGS, INTS, TABLE, types.boolean),
    **WHOLE,
)
def occurrences(  # type: ignore[no-untyped-def]
    letters,
    starts,
    title_ends,
    cut,
    rows,
    bounds,
    matched,
    formed,
    exact,
    stems,
    needles,
    telling,
):
    """What `highlight` finds in texts that begin at `starts`: the columns of the occurrences, which
    of them are exact, where those of each text begin, and of the marks the spans and kinds.

    `cut` are `candidates`; a surface has row `rows[surface]` of matches: stems `matched` and forms
    `formed` from `bounds[row]` to `bounds[row + 1]`. `stems` are the needles they belong to.
    """
    found, count = _occurrences(
        starts, title_ends, cut, rows, bounds, matched, formed, exact, stems, needles
    )
    kept = _kept(found, count, exact, needles, telling)
    typed = flags(len(kept))
    state = np.zeros(len(cut), np.uint8)
    firsts = ints(len(starts) + 1)
    count = 0
    for at in range(len(kept)):
        if not kept[at]:
            continue
        for column in range(6):
            found[column, count] = found[column, at]
        needle, form, first = found[3, at], found[4, at], found[6, at]
        typed[count] = exact[form]
        firsts[found[5, at] + 1] += 1
        count += 1
        for place in range(needles[needle, STEMS]):
            if needles[needle, STEMS] > 1:
                stem, row = needles[needle, FIRST_STEM] + place, rows[cut[first + place, SURFACE]]
                form = _form(stem, row, bounds, matched, formed)
                if place:
                    state[first + place] |= _TIED
            state[first + place] |= _MARKED | (_EXACT if exact[form] else NONE)
    for text in range(len(starts)):
        firsts[text + 1] += firsts[text]
    spans, kinds = _marks(letters, cut, state)
    return found[:5, :count], typed[:count], firsts, spans, kinds
