"""What a page shows of its texts, as HTML: headings and snippets with marks."""

from __future__ import annotations

from html import escape

import numpy as np
from numba import njit

from search.kernels.common import (
    FLAGS,
    INTS,
    LETTERS,
    SPACES,
    TABLE,
    WHOLE,
    ZERO,
    flags,
    is_one_of,
    part,
    points,
)
from search.kernels.windows import windows
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

_LENGTH, _FURTHER = np.int64(SNIPPET_CHARACTERS), np.int64(FURTHER_CHARACTERS)
_ESCAPED = np.zeros((64, 6), np.uint32)
for _special in "&<>\"'":
    _ESCAPED[ord(_special), : len(escape(_special))] = points(escape(_special))
_OPEN_EXACT, _OPEN_FOLDED, _CLOSE, _ELLIPSIS = (
    np.array(points(tag), np.uint32) for tag in (OPEN_EXACT, OPEN_FOLDED, CLOSE, ELLIPSIS)
)
_STOPS, _PAUSES, _CLOSING = (
    np.array(points(signs), np.uint32) for signs in (STOPS, PAUSES, CLOSING)
)


@part
def _lower(values, wanted, low, high):  # type: ignore[no-untyped-def]
    """The first place from `low` to `high` of a value that is at least `wanted`."""
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _is_space(letter):  # type: ignore[no-untyped-def]
    if letter < 128:
        return letter == 32 or 9 <= letter <= 13 or 28 <= letter <= 31
    return is_one_of(letter, SPACES)


@part
def _cut_after(letters, start, length, stop):  # type: ignore[no-untyped-def]
    end = start + length
    if end >= stop:
        return stop
    while end > start and not _is_space(letters[end]):
        end -= 1
    return end if end > start else start + length


@part
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
        while at > earliest and is_one_of(letters[at - 1], _CLOSING):
            at -= 1
        if line or (at > earliest and is_one_of(letters[at - 1], _PAUSES)):
            return end
        end = white
    return -1


@part
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


@part
def _overlaps(start, end, spans):  # type: ignore[no-untyped-def]
    for one in range(len(spans)):
        if start < spans[one, 1] and spans[one, 0] < end:
            return True
    return False


@part
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


@part
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
        while at > earliest and is_one_of(letters[at - 1], _CLOSING):
            at -= 1
        opens = at > earliest and is_one_of(letters[at - 1], _STOPS)
    closes = last == stop or letters[last] == 10
    closes |= last > begin and is_one_of(letters[last - 1], _STOPS)
    piece[2], piece[3] = not opens, not closes


@part
def _put(points, html, at):  # type: ignore[no-untyped-def]
    for point in points:
        html[at] = point
        at += 1
    return at


@part
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


@part
def _html(letters, start, end, starts, ends, exact, joins, html, at):  # type: ignore[no-untyped-def]
    """`Marks.html`, put at `html[at]`; returns where it ends."""
    mark, count = _lower(starts, start, ZERO, len(starts)), len(starts)
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


@part
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


@njit((LETTERS, TABLE, *[INTS] * 3, FLAGS, *[INTS] * 4, FLAGS, FLAGS), **WHOLE)
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
    found, missing = (starts, ends, needles), flags(len(stems))
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
    html, at = np.empty(room, np.uint32), ZERO
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
