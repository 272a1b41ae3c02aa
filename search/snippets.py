"""The few lines of a text that show best why it was found, and headings for texts without a title.

The best window (see `windows`) is shown with what surrounds it, from the start of its sentence if
that is near; further snippets follow only while they show needles not seen yet.
"""

from __future__ import annotations

import re

from search.highlight import HighlightedText, Span, overlaps

SNIPPET_CHARACTERS = 180
"""The length of the first snippet; cutting at words makes it a little shorter."""
FURTHER_CHARACTERS = 90
MAX_SNIPPETS = 2
HEADING_CHARACTERS = 90
ELLIPSIS = "…"

STOPS, PAUSES, CLOSING = ".!?…", ".!?…;:", "'\"”’»)"
"""What ends a sentence; or at least a part of one; and what may stand between that and a space."""
BEFORE = 8
"""Characters in which the end of the sentence before is looked for."""

_SENTENCE_END = re.compile(rf"[{PAUSES}][{CLOSING}]*\s+|\n\s*")
_SPACE = re.compile(r"\s")


def snippets(
    text: str, found: HighlightedText, window: Span | None, begin: int = 0
) -> tuple[str, ...]:
    """Up to `MAX_SNIPPETS` pieces of `text[begin:]` (NFC) as HTML, in the order of the text.

    `window` is the best one of that part, and the first snippet shows it. Without one it is the
    beginning that is shown; if that part is empty, nothing.
    """
    if begin >= len(text):
        return ()
    if window is None:
        return (_piece(text, found, begin, _cut_after(text, begin, SNIPPET_CHARACTERS), begin),)
    spans = [_surroundings(text, *window, SNIPPET_CHARACTERS, begin)]
    while len(spans) < MAX_SNIPPETS:
        further = found.first_unshown(spans, begin)
        if further is None:
            break
        start, end = _surroundings(text, *further, FURTHER_CHARACTERS, begin)
        spans.append(further if overlaps(start, end, spans) else (start, end))
    return tuple(_piece(text, found, start, end, begin) for start, end in sorted(spans))


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


def _piece(text: str, found: HighlightedText, start: int, end: int, begin: int) -> str:
    """HTML of `text[start:end]`, with an ellipsis where a sentence is cut."""
    shown = text[start:end]
    start, end = end - len(shown.lstrip()), start + len(shown.rstrip())
    before = "" if _is_sentence_start(text, start, begin) else ELLIPSIS
    after = "" if _is_sentence_end(text, end) else ELLIPSIS
    return f"{before}{found.html(start, end)}{after}"


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


def _is_sentence_start(text: str, start: int, begin: int) -> bool:
    """Whether a sentence or a paragraph starts at `start`."""
    before = text[max(begin, start - BEFORE) : start]
    stripped = before.rstrip()
    if not stripped or "\n" in before[len(stripped) :]:
        return True
    return len(stripped) < len(before) and stripped.rstrip(CLOSING)[-1:] in (*STOPS,)


def _is_sentence_end(text: str, end: int) -> bool:
    return end == len(text) or text[end] == "\n" or text[end - 1 : end] in (*STOPS,)
