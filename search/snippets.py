"""The few lines of a text that show best why it was found, and headings for texts without a title.

Each needle of the query counts once in a window, the rarer in this text the more; neighbours in the
query that are neighbours in the text count again, and so does the spelling as typed. The best
window is shown with what surrounds it, from the start of its sentence if that is near; further
snippets follow only while they show needles not seen yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.highlight import MAX_GAP, marked, marks_of
from search.occurrences import Occurrence

SNIPPET_CHARACTERS = 180
"""The length of the first snippet; cutting at words makes it a little shorter."""
FURTHER_CHARACTERS = 90
MAX_SNIPPETS = 2
HEADING_CHARACTERS = 90
ELLIPSIS = "…"

# What a snippet gains by showing a syllable of the query; by showing it as typed; and by showing it
# beside its neighbour. Each counts once, divided by the root of how often the text has it.
OCCURS_WEIGHT, EXACT_WEIGHT, NEIGHBOUR_WEIGHT = 1.0, 0.5, 1.0

_SENTENCE_END = re.compile(r"[.!?…;:]['\"”’»)]*\s+|\n\s*")
_SPACE = re.compile(r"\s")


def snippets(text: str, occurrences: Sequence[Occurrence], begin: int = 0) -> tuple[str, ...]:
    """Up to `MAX_SNIPPETS` pieces of `text[begin:]` (NFC) as HTML, in the order of the text.

    `occurrences` are those in that part, by start. Without any, its beginning; if it is empty,
    nothing.
    """
    if begin >= len(text):
        return ()
    if not occurrences:
        return (_piece(text, (), begin, _cut_after(text, begin, SNIPPET_CHARACTERS), begin),)
    window = _best_window(occurrences, SNIPPET_CHARACTERS)
    spans = [_surroundings(text, *window, SNIPPET_CHARACTERS, begin)]
    while len(spans) < MAX_SNIPPETS:
        shown = {o[2] for o in occurrences for s, e in spans if s <= o[0] and o[1] <= e}
        further = _first_window([o for o in occurrences if o[2] not in shown], spans)
        if further is None:
            break
        start, end = _surroundings(text, *further, FURTHER_CHARACTERS, begin)
        spans.append(further if _overlaps(start, end, spans) else (start, end))
    return tuple(_piece(text, occurrences, start, end, begin) for start, end in sorted(spans))


def heading(text: str, title_end: int) -> tuple[int, int, bool]:
    """What to call a document: the span of its title or, without one, of its first words.

    (start, end, whether more of that line follows): then an ellipsis belongs behind it.
    """
    if title_end:
        return 0, title_end, False
    start = len(text) - len(text.lstrip())
    line = text[start:].partition("\n")[0].rstrip()
    end = _cut_after(line, 0, HEADING_CHARACTERS)
    if end == len(line):
        return start, start + end, False
    return start, start + len(line[:end].rstrip(" ,;:–-(")), True


def _piece(text: str, occurrences: Sequence[Occurrence], start: int, end: int, begin: int) -> str:
    """HTML of `text[start:end]`, with an ellipsis where a sentence is cut."""
    shown = text[start:end]
    start, end = end - len(shown.lstrip()), start + len(shown.rstrip())
    before = "" if _is_sentence_start(text, start, begin) else ELLIPSIS
    after = "" if _is_sentence_end(text, end) else ELLIPSIS
    marks = marks_of([o for o in occurrences if o[0] < end and o[1] > start])
    return f"{before}{marked(text, marks, start, end)}{after}"


def _best_window(occurrences: Sequence[Occurrence], length: int) -> tuple[int, int]:
    """Start and end of the window of at most `length` characters that is worth most.

    One pass with two ends; a single occurrence longer than that is a window of its own.
    """
    if occurrences[-1].end - occurrences[0].start <= length:
        return occurrences[0].start, max(o.end for o in occurrences)
    features, worths = _features(occurrences)
    inside = [0] * len(worths)
    worth, best_worth, best, first = 0.0, 0.0, (0, 0), 0
    for last, occurrence in enumerate(occurrences):
        for feature in features[last]:
            if not inside[feature]:
                worth += worths[feature]
            inside[feature] += 1
        earliest = occurrence[1] - length
        while first < last and occurrences[first][0] < earliest:
            for feature in features[first]:
                inside[feature] -= 1
                if not inside[feature]:
                    worth -= worths[feature]
            first += 1
        if worth > best_worth + 1e-9:
            best_worth = worth
            best = (first, last)
    chosen = occurrences[best[0] : best[1] + 1]
    return chosen[0].start, max(o.end for o in chosen)


def _features(
    occurrences: Sequence[Occurrence],
) -> tuple[list[tuple[int, ...]], list[float]]:
    """What each occurrence shows, as numbers of features, and what showing each is worth.

    Three features a needle: it occurs, it is spelled as typed, it follows its neighbour.
    """
    needles = 1 + max([occurrence[2] for occurrence in occurrences])
    worths = [OCCURS_WEIGHT, EXACT_WEIGHT, NEIGHBOUR_WEIGHT] * needles
    counts = [0] * needles
    features: list[tuple[int, ...]] = []
    previous_end, expected = 0, -1
    for start, end, needle, exact, _, parts in occurrences:
        feature = 3 * needle
        counts[needle] += 1
        if needle == expected and start - previous_end <= MAX_GAP:
            features.append(
                (feature, feature + 1, feature + 2) if exact else (feature, feature + 2)
            )
        else:
            features.append((feature, feature + 1) if exact else (feature,))
        if parts:
            worths[feature] = OCCURS_WEIGHT * len(parts)
        previous_end, expected = end, needle + 1
    for needle, count in enumerate(counts):
        for feature in range(3 * needle, 3 * needle + 3):
            worths[feature] /= max(count, 1) ** 0.5
    return features, worths


def _first_window(
    occurrences: Sequence[Occurrence], spans: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """The first of `occurrences` that is clear of `spans`, one spelled as typed if there is any."""
    free = [o for o in occurrences if not _overlaps(o.start, o.end, spans)]
    chosen = next((o for o in free if o.exact), free[0] if free else None)
    return (chosen.start, chosen.end) if chosen else None


def _surroundings(text: str, start: int, end: int, length: int, begin: int) -> tuple[int, int]:
    """A window widened to about `length` characters, cut at sentences if possible, or at words."""
    room = length - (end - start)
    if room <= 0:
        return start, end
    earliest = max(begin, start - room)
    sentence = begin if earliest == begin else -1
    for match in _SENTENCE_END.finditer(text, earliest, start):
        sentence = match.end()
    if sentence < 0:
        sentence = _cut_before(text, start - room // 3, start)
    return sentence, max(end, _cut_after(text, sentence, length))


def _cut_before(text: str, wanted: int, limit: int) -> int:
    """The first word boundary from `wanted` on, at most `limit`."""
    match = _SPACE.search(text, wanted - 1, limit)
    return match.end() if match else limit


def _cut_after(text: str, start: int, length: int) -> int:
    """Where to stop after at most `length` characters from `start`: a word boundary if any."""
    end = start + length
    if end >= len(text):
        return len(text)
    while end > start and not text[end].isspace():
        end -= 1
    return end if end > start else start + length


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < e and s < end for s, e in spans)


def _is_sentence_start(text: str, start: int, begin: int) -> bool:
    """Whether a sentence or a paragraph starts at `start`."""
    before = text[max(begin, start - 8) : start]
    stripped = before.rstrip()
    if not stripped or "\n" in before[len(stripped) :]:
        return True
    return len(stripped) < len(before) and stripped.rstrip("'\"”’»)")[-1:] in (*".!?…",)


def _is_sentence_end(text: str, end: int) -> bool:
    return end == len(text) or text[end] == "\n" or text[end - 1] in ".!?…"
