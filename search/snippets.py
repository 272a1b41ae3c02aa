"""The few lines of a text that show best why it was found, and headings for texts without a title.

Each needle of the query counts once in a window, the rarer in this text the more; neighbours in the
query that are neighbours in the text count again, and so does the spelling as typed. The best
window is shown with what surrounds it, from the start of its sentence if that is near; further
snippets follow only while they show needles not seen yet.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from search.highlight import Occurrence, marked

SNIPPET_CHARACTERS = 180
"""The length of the first snippet; cutting at words makes it a little shorter."""
FURTHER_CHARACTERS = 90
MAX_SNIPPETS = 3
HEADING_CHARACTERS = 90
ELLIPSIS = "…"

NEIGHBOURS_WEIGHT = 1.0
EXACT_WEIGHT = 0.5

_SENTENCE_END = re.compile(r"[.!?…;:]['\"”’»)]*\s+|\n\s*")
_SPACE = re.compile(r"\s")


def snippets(text: str, occurrences: list[Occurrence]) -> tuple[str, ...]:
    """Up to `MAX_SNIPPETS` pieces of NFC `text` as HTML, in the order of the text.

    `occurrences` are those in `text`, by start. Without any, the beginning of the text; for an
    empty text, nothing.
    """
    if not text:
        return ()
    if not occurrences:
        return (_piece(text, (), 0, _cut_after(text, 0, SNIPPET_CHARACTERS)),)
    spans: list[tuple[int, int]] = []
    unseen = {o.needle for o in occurrences}
    remaining = occurrences
    while remaining and unseen and len(spans) < MAX_SNIPPETS:
        length = FURTHER_CHARACTERS if spans else SNIPPET_CHARACTERS
        window = _best_window(remaining, length)
        start, end = _surroundings(text, *window, length)
        if _overlaps(start, end, spans):
            start, end = window
        if _overlaps(start, end, spans):
            break  # what is missing stands on both sides of what is shown: enough is shown
        spans.append((start, end))
        unseen -= {o.needle for o in occurrences if start <= o.start and o.end <= end}
        remaining = [
            o for o in remaining if o.needle in unseen and not _overlaps(o.start, o.end, spans)
        ]
    return tuple(_piece(text, occurrences, start, end) for start, end in sorted(spans))


def heading(title: str, body: str) -> str:
    """What to call a document: its title, or about the first `HEADING_CHARACTERS` of its text."""
    if title:
        return title
    line = body.strip().partition("\n")[0]
    end = _cut_after(line, 0, HEADING_CHARACTERS)
    return line if end == len(line) else line[:end].rstrip(" ,;:–-(") + ELLIPSIS


def _piece(text: str, occurrences: list[Occurrence] | tuple[()], start: int, end: int) -> str:
    """HTML of `text[start:end]`, with an ellipsis where a sentence is cut."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    before = "" if _is_sentence_start(text, start) else ELLIPSIS
    after = "" if _is_sentence_end(text, end) else ELLIPSIS
    inner = marked(text, occurrences, start, end) if occurrences else escape(text[start:end])
    return f"{before}{inner}{after}"


def _best_window(occurrences: list[Occurrence], length: int) -> tuple[int, int]:
    """Start and end of the window of at most `length` characters that is worth most.

    One pass with two ends; a single occurrence longer than that is a window of its own.
    """
    features = _features(occurrences)
    frequencies = Counter(feature for some in features for feature, _ in some)
    inside: Counter[tuple[int, int]] = Counter()
    worth, best, best_worth, first = 0.0, (0, 0), -1.0, 0
    for last, occurrence in enumerate(occurrences):
        for feature, weight in features[last]:
            if not inside[feature]:
                worth += weight / frequencies[feature] ** 0.5
            inside[feature] += 1
        while first < last and occurrence.end - occurrences[first].start > length:
            for feature, weight in features[first]:
                inside[feature] -= 1
                if not inside[feature]:
                    worth -= weight / frequencies[feature] ** 0.5
            first += 1
        if worth > best_worth + 1e-9:
            best_worth = worth
            best = (first, last)
    chosen = occurrences[best[0] : best[1] + 1]
    return chosen[0].start, max(o.end for o in chosen)


def _features(occurrences: list[Occurrence]) -> list[list[tuple[tuple[int, int], float]]]:
    """For each occurrence what it shows, with its weight: the needle, its spelling, its company."""
    found = []
    previous: Occurrence | None = None
    for occurrence in occurrences:
        needle = occurrence.needle
        some = [((needle, 0), float(len(occurrence.parts)))]
        if occurrence.exact:
            some.append(((needle, 1), EXACT_WEIGHT))
        if previous and previous.needle == needle - 1 and occurrence.start - previous.end <= 2:
            some.append(((needle, 2), NEIGHBOURS_WEIGHT))
        found.append(some)
        previous = occurrence
    return found


def _surroundings(text: str, start: int, end: int, length: int) -> tuple[int, int]:
    """A window widened to about `length` characters, cut at sentences if possible, or at words."""
    room = length - (end - start)
    if room <= 0:
        return start, end
    earliest = max(0, start - room)
    sentence = 0 if earliest == 0 else -1
    for match in _SENTENCE_END.finditer(text, earliest, start):
        sentence = match.end()
    begin = sentence if sentence >= 0 else _cut_before(text, start - room // 3, start)
    return begin, max(end, _cut_after(text, begin, length))


def _cut_before(text: str, wanted: int, limit: int) -> int:
    """The first word boundary from `wanted` on, at most `limit`."""
    if wanted <= 0:
        return 0
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


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < e and s < end for s, e in spans)


def _is_sentence_start(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start]
    return (
        not before.strip()
        or "\n" in before[len(before.rstrip()) :]
        or (before[-1].isspace() and before.rstrip(" \t\n'\"”’»)")[-1:] in (".", "!", "?", "…"))
    )


def _is_sentence_end(text: str, end: int) -> bool:
    return end == len(text) or text[end] == "\n" or text[end - 1] in ".!?…"
