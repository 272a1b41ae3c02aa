"""The loops over a page of hits, compiled by Numba; each stands in for a function that does the
same with NumPy, or in Python.

Texts come as code points laid end to end (see `flat`), and all offsets are of these.
"""

from __future__ import annotations

from html import escape

import numpy as np
from numba import njit, types

from index.analysis.normalize import IGNORABLE
from search.closeness import WINDOWS
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
from search.highlight import MAX_GAP
from search.marks import CLOSE, OPEN_EXACT, OPEN_FOLDED
from search.snippets import (
    BEFORE,
    CLOSING,
    ELLIPSIS,
    FURTHER_CHARACTERS,
    MAX_SNIPPETS,
    PAUSES,
    SNIPPET_CHARACTERS,
    STOPS,
)
from search.windows import EXACT_WEIGHT, NEIGHBOUR_WEIGHT, OCCURS_WEIGHT, SAME

_SLOT_BITS = 12
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _SLOT_BITS)
_NONE, _ZERO = np.uint8(0), np.int64(0)
_MARKED, _EXACT, _TIED = np.uint8(1), np.uint8(2), np.uint8(4)
_LENGTHS, _SHARES = np.array([*WINDOWS]), np.array([*WINDOWS.values()])
_LENGTH, _FURTHER = np.int64(SNIPPET_CHARACTERS), np.int64(FURTHER_CHARACTERS)


_LETTERS = types.Array(types.uint32, 1, "C", readonly=True)
_INTS, _FLAGS = types.int64[::1], types.boolean[::1]
_TABLE = types.int64[:, ::1]


_WHOLE = {"cache": True, "nogil": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
_part = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy")
"""A loop that only others call: to be called from Python would cost time to compile."""


def _points(characters: str) -> tuple[int, ...]:
    return tuple(map(ord, characters))


_ESCAPED = np.zeros((64, 6), np.uint32)
for _special in "&<>\"'":
    _ESCAPED[ord(_special), : len(escape(_special))] = _points(escape(_special))
_OPEN_EXACT, _OPEN_FOLDED, _CLOSE, _ELLIPSIS = (
    np.array(_points(tag), np.uint32) for tag in (OPEN_EXACT, OPEN_FOLDED, CLOSE, ELLIPSIS)
)
_STOPS, _PAUSES, _CLOSING = (
    np.array(_points(signs), np.uint32) for signs in (STOPS, PAUSES, CLOSING)
)
_SPACES = np.array([code for code in range(0x10000) if chr(code).isspace()], np.uint32)
_INVISIBLE = np.array(_points("".join(IGNORABLE)), np.uint32)


@_part
def _ints(size):  # type: ignore[no-untyped-def]
    """Room. Made here only, since each call of NumPy takes a tenth of a second to compile."""
    return np.zeros(size, np.int64)


@_part
def _reals(size):  # type: ignore[no-untyped-def]
    return np.zeros(size)


@_part
def _flags(size):  # type: ignore[no-untyped-def]
    return np.zeros(size, np.bool_)


@_part
def _is_one_of(letter, letters):  # type: ignore[no-untyped-def]
    for one in letters:
        if letter == one:
            return True
    return False


@_part
def _slot(code):  # type: ignore[no-untyped-def]
    return np.int64((code * _GOLDEN) >> _SHIFT)


@_part
def _is_wanted(code, codes, prefixes):  # type: ignore[no-untyped-def]
    for one in codes:
        if code == one:
            return True
    for place in range(len(prefixes)):
        if code & prefixes[place, 1] == prefixes[place, 0]:
            return True
    return False


@_part
def _is_same(letters, start, end, other, other_end):  # type: ignore[no-untyped-def]
    if end - start != other_end - other:
        return False
    for place in range(end - start):
        if letters[start + place] != letters[other + place]:
            return False
    return True


@njit((_LETTERS, types.uint8[::1], types.uint64[::1], types.uint64[:, ::1]), cache=True, nogil=True)
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
    count = distinct = syllable = start = end = int(_ZERO)
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
            while end < at and not _is_one_of(letters[end], _INVISIBLE):
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


@_part
def _form(stem, row, bounds, matched, formed):  # type: ignore[no-untyped-def]
    """The form in which a row of matches has a stem; −1 if it has not."""
    for at in range(bounds[row], bounds[row + 1]):
        if matched[at] == stem:
            return formed[at]
    return -1


@_part
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


@_part
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


@_part
def _linked(starts, ends, needles, at):  # type: ignore[no-untyped-def]
    """Whether an occurrence follows in the text the one it follows in the query: `links`."""
    return at > 0 and needles[at] == needles[at - 1] + 1 and starts[at] - ends[at - 1] <= MAX_GAP


@_part
def _kept(found, count, exact, needles, telling):  # type: ignore[no-untyped-def]
    """Which of the first `count` occurrences are no strays: `highlight._without_strays`."""
    kept = _flags(count)
    clear = _flags(len(exact))
    decided = _flags(len(needles))
    beside = _flags(count)
    for at in range(count):
        beside[at] = _linked(found[0], found[1], found[3], at) or (
            at + 1 < count and _linked(found[0], found[1], found[3], at + 1)
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


@_part
def _is_white(letters, start, end):  # type: ignore[no-untyped-def]
    for at in range(start, end):
        if _is_one_of(letters[at], _SPACES):
            return True
    return False


@_part
def _marks(letters, cut, state):  # type: ignore[no-untyped-def]
    """Starts and ends of the syllables to mark; whether each is exact and joins the one before."""
    count = 0
    for at in range(len(cut)):
        count += state[at] != _NONE
    spans, kinds = np.zeros((2, count), np.int64), np.zeros((2, count), np.bool_)
    mark = 0
    for at in range(len(cut)):
        if state[at] == _NONE:
            continue
        start, exact = cut[at, START], state[at] & _EXACT != _NONE
        spans[0, mark] = start
        spans[1, mark] = cut[at, END]
        kinds[0, mark] = exact
        if mark and kinds[0, mark - 1] == exact:
            last = spans[1, mark - 1]
            kinds[1, mark] = (start == last + 1 and letters[last] == 32) or (
                state[at] & _TIED != _NONE and not _is_white(letters, last, start)
            )
        mark += 1
    return spans, kinds


@njit(
    (_LETTERS, _INTS, _INTS, _TABLE, *[_INTS] * 4, _FLAGS, _INTS, _TABLE, types.boolean),
    **_WHOLE,
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
    typed = _flags(len(kept))
    state = np.zeros(len(cut), np.uint8)
    firsts = _ints(len(starts) + 1)
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
            state[first + place] |= _MARKED | (_EXACT if exact[form] else _NONE)
    for text in range(len(starts)):
        firsts[text + 1] += firsts[text]
    spans, kinds = _marks(letters, cut, state)
    return found[:5, :count], typed[:count], firsts, spans, kinds


@_part
def _sums_of_distinct(features, at, gains, firsts, kinds):  # type: ignore[no-untyped-def]
    """`windows.sums_of_distinct`, adding in the same order; `kinds` of features there are."""
    size = len(firsts)
    unreached, reached = _ints(size), 0
    for place in range(size):
        while reached < size and firsts[reached] <= place:
            reached += 1
        unreached[place] = reached
    following = _ints(kinds)
    for feature in range(kinds):
        following[feature] = size
    ends = _ints(len(at))
    for one in range(len(at) - 1, -1, -1):
        ends[one] = min(following[features[one]], unreached[at[one]])
        following[features[one]] = at[one]
    rises, falls = _reals(size + 1), _reals(size + 1)
    for one in range(len(at)):
        rises[at[one]] += gains[one]
        falls[ends[one]] += gains[one]
    total = 0.0
    for place in range(size):
        total += rises[place] - falls[place]
        rises[place] = total
    return rises[:size]


@_part
def _worths(starts, ends, needles, exact, heads, firsts, stems):  # type: ignore[no-untyped-def]
    """`windows._worths`; `heads[at]` is the first occurrence of the text of occurrence `at`."""
    size, count = len(starts), len(stems)
    often, rarity = _ints(count), _reals(size)
    low = 0
    while low < size:
        high = low
        often[:] = 0
        while high < size and heads[high] == low:
            often[needles[high]] += 1
            high += 1
        for place in range(low, high):
            rarity[place] = 1 / np.sqrt(np.float64(often[needles[place]]))
        low = high
    features, at, gains = (
        _ints(3 * size),
        _ints(3 * size),
        _reals(3 * size),
    )
    shown = 0
    for kind in range(3):
        for place in range(size):
            if kind == 1 and not exact[place]:
                continue
            if kind == 2 and (heads[place] == place or not _linked(starts, ends, needles, place)):
                continue
            needle = needles[place]
            if kind == 0:
                weight = OCCURS_WEIGHT * stems[needle]
            else:
                weight = EXACT_WEIGHT if kind == 1 else NEIGHBOUR_WEIGHT
            features[shown] = kind * count + needle
            at[shown] = place
            gains[shown] = weight * rarity[place]
            shown += 1
    return _sums_of_distinct(features[:shown], at[:shown], gains[:shown], firsts, 3 * count)


@_part
def windows(starts, ends, needles, exact, bounds, begins, stems, length):  # type: ignore[no-untyped-def]
    """`windows.best_windows`: start and end for each text, −1 if it has none."""
    best = np.zeros((len(begins), 2), np.int64)
    body, heads = _ints(len(starts)), _ints(len(starts))
    firsts = _ints(len(starts))
    size = 0
    for text in range(len(begins)):
        best[text, 0] = -1
        head = first = size
        for at in range(bounds[text], bounds[text + 1]):
            if starts[at] < begins[text]:
                continue
            body[size] = at
            while first < size and starts[body[first]] < ends[at] - length:
                first += 1
            heads[size], firsts[size] = head, first
            size += 1
    found, typed = np.zeros((3, size), np.int64), _flags(size)
    for place in range(size):
        found[0, place], found[1, place] = starts[body[place]], ends[body[place]]
        found[2, place], typed[place] = needles[body[place]], exact[body[place]]
    starts, ends = found[0], found[1]
    worths = _worths(starts, ends, found[2], typed, heads, firsts[:size], stems)
    low = text = 0
    while low < size:
        high, most, furthest = low, worths[low], ends[low]
        while high < size and heads[high] == low:
            most, furthest = max(most, worths[high]), max(furthest, ends[high])
            high += 1
        first, last = low, high - 1
        if furthest - starts[low] > length:
            last = low
            while worths[last] <= most - SAME:
                last += 1
            first = firsts[last]
        while bounds[text + 1] <= body[low]:
            text += 1
        best[text, 0] = starts[first]
        for place in range(first, last + 1):
            best[text, 1] = max(best[text, 1], ends[place])
        low = high
    return best


@njit((_INTS, _INTS, _INTS, types.float64[::1]), **_WHOLE)
def closeness(places, needles, bounds, weights):  # type: ignore[no-untyped-def]
    """`closeness.closeness`; `places` are numbers of syllables."""
    added = _reals(len(bounds) - 1)
    at, gains = _ints(len(places)), _reals(len(places))
    features, firsts = _ints(len(places)), _ints(len(places))
    heads, size = _ints(len(bounds)), 0
    for text in range(len(added)):
        heads[text] = size
        for one in range(bounds[text], bounds[text + 1]):
            if weights[needles[one]] != 0:
                at[size], features[size] = places[one], needles[one]
                gains[size] = weights[needles[one]]
                size += 1
    heads[len(added)] = size
    numbers = _ints(size)
    for one in range(size):
        numbers[one] = one
    for window in range(len(_LENGTHS)):
        for text in range(len(added)):
            first = heads[text]
            for one in range(heads[text], heads[text + 1]):
                while at[first] < at[one] - _LENGTHS[window] + 1:
                    first += 1
                firsts[one] = first
        sums = _sums_of_distinct(
            features[:size], numbers, gains[:size], firsts[:size], len(weights)
        )
        for text in range(len(added)):
            if heads[text] < heads[text + 1]:
                most = sums[heads[text]]
                for one in range(heads[text], heads[text + 1]):
                    most = max(most, sums[one])
                added[text] += _SHARES[window] * most
    return added


@_part
def _lower(values, wanted, low, high):  # type: ignore[no-untyped-def]
    """The first place from `low` to `high` of a value that is at least `wanted`."""
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@_part
def _is_space(letter):  # type: ignore[no-untyped-def]
    if letter < 128:
        return letter == 32 or 9 <= letter <= 13 or 28 <= letter <= 31
    return _is_one_of(letter, _SPACES)


@_part
def _cut_after(letters, start, length, stop):  # type: ignore[no-untyped-def]
    end = start + length
    if end >= stop:
        return stop
    while end > start and not _is_space(letters[end]):
        end -= 1
    return end if end > start else start + length


@_part
def _sentence(letters, earliest, start):  # type: ignore[no-untyped-def]
    """The end of the last `snippets._SENTENCE_END` within `earliest:start`, −1 if none is."""
    end = start
    while end > earliest:
        if not _is_space(letters[end - 1]):
            end -= 1
            continue
        at, line = end, False
        while at > earliest and _is_space(letters[at - 1]):
            at -= 1
            line |= letters[at] == 10
        white = at
        while at > earliest and _is_one_of(letters[at - 1], _CLOSING):
            at -= 1
        if line or (at > earliest and _is_one_of(letters[at - 1], _PAUSES)):
            return end
        end = white
    return -1


@_part
def _surroundings(letters, start, end, length, begin, stop):  # type: ignore[no-untyped-def]
    room = length - (end - start)
    if room <= 0:
        return start, end
    earliest = max(begin, start - room)
    sentence = _sentence(letters, earliest, start)
    if sentence < 0 and earliest == begin:
        sentence = begin
    if sentence < 0:
        sentence = start - room // 3 - 1
        while sentence < start and not _is_space(letters[sentence]):
            sentence += 1
        sentence = min(sentence + 1, start)
    return sentence, max(end, _cut_after(letters, sentence, length, stop))


@_part
def _overlaps(start, end, spans):  # type: ignore[no-untyped-def]
    for one in range(len(spans)):
        if start < spans[one, 1] and spans[one, 0] < end:
            return True
    return False


@_part
def _first_unshown(starts, ends, needles, exact, first, last, spans, missing):  # type: ignore[no-untyped-def]
    """The number of `HighlightedText.first_unshown`, −1 if there is none; `missing` is room."""
    missing[:] = False
    for at in range(first, last):
        missing[needles[at]] = True
    for one in range(len(spans)):
        for at in range(_lower(starts, spans[one, 0], first, last), last):
            if starts[at] >= spans[one, 1]:
                break
            if ends[at] <= spans[one, 1]:
                missing[needles[at]] = False
    found = -1
    for at in range(first, last):
        if not missing[needles[at]] or (found >= 0 and not exact[at]):
            continue
        if _overlaps(starts[at], ends[at], spans):
            continue
        found = at
        if exact[at]:
            break
    return found


@_part
def _piece(letters, start, end, begin, stop, piece):  # type: ignore[no-untyped-def]
    """`snippets._piece`: what is shown of `start:end`, and whether with an ellipsis at each end."""
    first, last = start, end
    while first < end and _is_space(letters[first]):
        first += 1
    while last > start and _is_space(letters[last - 1]):
        last -= 1
    piece[0], piece[1] = first, last
    at, line = first, False
    earliest = max(begin, first - BEFORE)
    while at > earliest and _is_space(letters[at - 1]):
        at -= 1
        line |= letters[at] == 10
    opens = at == earliest or line
    if not opens and at < first:
        while at > earliest and _is_one_of(letters[at - 1], _CLOSING):
            at -= 1
        opens = at > earliest and _is_one_of(letters[at - 1], _STOPS)
    closes = last == stop or letters[last] == 10
    closes |= last > begin and _is_one_of(letters[last - 1], _STOPS)
    piece[2], piece[3] = not opens, not closes


@_part
def _put(points, html, at):  # type: ignore[no-untyped-def]
    for point in points:
        html[at] = point
        at += 1
    return at


@_part
def _put_escaped(letters, html, at):  # type: ignore[no-untyped-def]
    for letter in letters:
        if letter >= 64 or not _ESCAPED[letter, 0]:
            html[at] = letter
            at += 1
            continue
        for point in _ESCAPED[letter]:
            if point:
                html[at] = point
                at += 1
    return at


@_part
def _html(letters, start, end, starts, ends, exact, joins, html, at):  # type: ignore[no-untyped-def]
    """`Marks.html`, put at `html[at]`; returns where it ends."""
    mark, count = _lower(starts, start, _ZERO, len(starts)), len(starts)
    while mark < count and ends[mark] <= end:
        first, last, opening = starts[mark], ends[mark], exact[mark]
        mark += 1
        while mark < count and ends[mark] <= end and joins[mark]:
            last = ends[mark]
            mark += 1
        at = _put_escaped(letters[start:first], html, at)
        at = _put(_OPEN_EXACT if opening else _OPEN_FOLDED, html, at)
        at = _put_escaped(letters[first:last], html, at)
        at = _put(_CLOSE, html, at)
        start = last
    return _put_escaped(letters[start : max(start, end)], html, at)


@_part
def _spans(letters, begin, stop, best, first, last, found, exact, missing, spans):  # type: ignore[no-untyped-def]
    """`snippets.snippets`: the spans to show of a text whose best window is `best`, in order, into
    `spans`; returns how many. `found` has starts, ends and needles, from `first` to `last` its
    own."""
    starts, ends, needles = found
    if begin >= stop:
        return 0
    if best[0] < 0:
        spans[0, 0], spans[0, 1] = begin, _cut_after(letters, begin, _LENGTH, stop)
        return 1
    spans[0, 0], spans[0, 1] = _surroundings(letters, best[0], best[1], _LENGTH, begin, stop)
    first = _lower(starts, begin, first, last)
    for count in range(1, MAX_SNIPPETS):
        further = _first_unshown(starts, ends, needles, exact, first, last, spans[:count], missing)
        if further < 0:
            return count
        start, end = _surroundings(letters, starts[further], ends[further], _FURTHER, begin, stop)
        if _overlaps(start, end, spans[:count]):
            start, end = starts[further], ends[further]
        place = count
        while place and spans[place - 1, 0] > start:
            spans[place, 0], spans[place, 1] = spans[place - 1, 0], spans[place - 1, 1]
            place -= 1
        spans[place, 0], spans[place, 1] = start, end
    return MAX_SNIPPETS


@njit((_LETTERS, _TABLE, *[_INTS] * 3, _FLAGS, *[_INTS] * 4, _FLAGS, _FLAGS), **_WHOLE)
def shown(  # type: ignore[no-untyped-def]
    letters,
    texts,
    starts,
    ends,
    needles,
    exact,
    bounds,
    stems,
    mark_starts,
    mark_ends,
    mark_exact,
    joins,
):
    """`page._shown`: the HTML of all headings and snippets, and for each text where its heading and
    its snippets end in it, −1 for those it has not.

    `texts` has a row for each: where its heading begins and ends, its body begins, and it ends.
    """
    pieces = np.zeros((len(texts), 1 + MAX_SNIPPETS, 4), np.int64)
    cuts = np.zeros((len(texts), 1 + MAX_SNIPPETS), np.int64)
    best = windows(starts, ends, needles, exact, bounds, texts[:, 2], stems, _LENGTH)
    found, missing = (starts, ends, needles), _flags(len(stems))
    # Letters become six at most, and a mark is shown twice at most: in a heading and in a snippet.
    room = 2 * len(mark_starts) * (len(_OPEN_FOLDED) + len(_CLOSE))
    for text in range(len(texts)):
        begin, stop, first, last = texts[text, 2], texts[text, 3], bounds[text], bounds[text + 1]
        each = pieces[text]
        each[0, 0], each[0, 1] = texts[text, 0], texts[text, 1]
        count = _spans(
            letters, begin, stop, best[text], first, last, found, exact, missing, each[1:]
        )
        for piece in range(1, 1 + count):
            _piece(letters, each[piece, 0], each[piece, 1], begin, stop, each[piece])
        for piece in range(1 + MAX_SNIPPETS):
            cuts[text, piece] = 0 if piece <= count else -1
            room += 6 * max(each[piece, 1] - each[piece, 0], 0) + 2 * len(_ELLIPSIS)
    html, at = np.empty(room, np.uint32), _ZERO
    for text in range(len(texts)):
        for piece in range(1 + MAX_SNIPPETS):
            each = pieces[text, piece]
            if cuts[text, piece] == 0:
                at = _put(_ELLIPSIS[: each[2]], html, at)
                at = _html(
                    letters, each[0], each[1], mark_starts, mark_ends, mark_exact, joins, html, at
                )
                at = _put(_ELLIPSIS[: each[3]], html, at)
                cuts[text, piece] = at
    return html[:at], cuts
