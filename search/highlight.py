"""Where the words of a query stand in a text, and that text as HTML with them marked.

A search answers ten hits in about a millisecond, so a text is not analysed again to be highlighted.
It is folded into one byte a character (ASCII letters and digits, a space for whatever separates),
and each syllable looked for is found there with `bytes.find`. Each place found is then
checked with the very functions that made the index terms, which also tells the exact spelling from
a folded one. Texts with ignorable characters, and queries in other scripts, take the slower way
over `syllables`, the reference; a test holds the two ways to each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis.fold import fold_key, fold_text, spellings
from index.analysis.normalize import MAX_KEY_BYTES, accented_key, is_ignorable
from index.analysis.syllables import syllables

OPEN_EXACT, OPEN_FOLDED, CLOSE = "<mark>", '<mark class="folded">', "</mark>"

_SPACE, _OTHER, _IGNORABLE = 0x20, 0x01, 0x02
_WHITE = re.compile(r"\s")
# Beyond the Han planes there are no letters, and no ignorable characters but these selectors.
_HAN_END = 0x34000
_SELECTORS = range(0xE0100, 0xE01F0)


class Stem(NamedTuple):
    """A syllable to find: its folded and accented key; or, with `prefix`, what it begins with.

    Each has several values only for prefixes, where i and y differ.
    """

    folded: tuple[str, ...]
    accented: tuple[str, ...]
    prefix: bool = False


class Needle(NamedTuple):
    """Syllables to find side by side: one for a plain word, several for a phrase."""

    stems: tuple[Stem, ...]
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class HighlightSpec:
    """What a query wants marked, in the order of the query. `exact`: only the spelling as typed."""

    needles: tuple[Needle, ...] = ()
    exact: bool = False


class Part(NamedTuple):
    """One syllable found: `text[start:end]`, and whether its spelling is the one typed."""

    start: int
    end: int
    exact: bool


class Occurrence(NamedTuple):
    """A needle found: its number in the spec, and its syllables."""

    start: int
    end: int
    needle: int
    exact: bool
    parts: tuple[Part, ...]


class Highlighter:
    """Finds the needles of one query. Cheap to make; not to be shared between threads."""

    def __init__(self, spec: HighlightSpec) -> None:
        self._needles = [
            (number, [_Matcher(stem, spec.exact) for stem in needle.stems], needle.title_only)
            for number, needle in enumerate(spec.needles)
        ]
        self._fast = all(m.ascii for _, matchers, _ in self._needles for m in matchers)

    def occurrences(self, text: str, *, title: bool = False) -> list[Occurrence]:
        """Every occurrence of every needle in NFC `text`, by start; they may overlap."""
        needles = [(n, m) for n, m, title_only in self._needles if title or not title_only]
        if not needles or not text:
            return []
        flat = flatten(text) if self._fast else b""
        if flat and _IGNORABLE not in flat:
            found = [o for n, m in needles for o in _fast_search(text, flat, n, m)]
        else:
            found = list(_reference_search(text, needles))
        found.sort()
        return found


class _Matcher:
    """Decides whether a surface is the syllable that a stem describes; remembers surfaces seen."""

    __slots__ = ("_exact_only", "_seen", "_stem", "ascii", "patterns", "prefix")

    def __init__(self, stem: Stem, exact_only: bool) -> None:
        self._stem = stem
        self._exact_only = exact_only
        self._seen: dict[str, bool | None] = {}
        self.prefix = stem.prefix
        self.ascii = all(key.isascii() and len(key) < MAX_KEY_BYTES for key in stem.folded)
        looks = dict.fromkeys(look for key in stem.folded for look in spellings(key))
        self.patterns = [
            f" {look}".encode() if stem.prefix else f" {look} ".encode() for look in looks
        ]

    def match(self, surface: str) -> bool | None:
        """True: the spelling typed; False: the same folded; None: another syllable."""
        try:
            return self._seen[surface]
        except KeyError:
            result = self._seen[surface] = self._compare(surface)
            return result

    def _compare(self, surface: str) -> bool | None:
        accented = accented_key(surface)
        folded = fold_key(accented)
        if self.prefix:
            similar = folded.startswith(self._stem.folded)
            exact = accented.startswith(self._stem.accented)
        else:
            similar = folded in self._stem.folded
            exact = accented in self._stem.accented
        if exact:
            return True
        return False if similar and not self._exact_only else None


def flatten(text: str) -> bytes:
    """NFC `text` folded to one byte a character, between two spaces.

    ASCII letters and digits stand for themselves; 0x20 separates; 0x02 is an ignorable character
    and 0x01 any other letter. The character `text[i]` is the byte `i + 1`.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return b" " + _table()[codes].tobytes() + b" "


def marked(text: str, occurrences: Iterable[Occurrence], start: int, end: int) -> str:
    """`text[start:end]` as HTML, the occurrences that lie within it marked.

    Neighbours of one kind share a mark if a single space is between them, or if they are of one
    phrase and no space is (COVID-19).
    """
    pieces: list[str] = []
    position = start
    for first, last, exact in _spans(text, occurrences, start, end):
        pieces += (
            escape(text[position:first]),
            OPEN_EXACT if exact else OPEN_FOLDED,
            escape(text[first:last]),
            CLOSE,
        )
        position = last
    pieces.append(escape(text[position:end]))
    return "".join(pieces)


def _spans(
    text: str, occurrences: Iterable[Occurrence], start: int, end: int
) -> list[tuple[int, int, bool]]:
    """Disjoint (start, end, exact) to mark, in order."""
    exact_ones: dict[int, tuple[int, bool]] = {}
    glued: set[int] = set()
    for occurrence in occurrences:
        if occurrence.start >= end:
            break
        for number, part in enumerate(occurrence.parts):
            if part.start < start or part.end > end:
                continue
            known = exact_ones.get(part.start)
            exact_ones[part.start] = (part.end, part.exact or (known is not None and known[1]))
            if number:
                glued.add(part.start)
    spans: list[tuple[int, int, bool]] = []
    for first in sorted(exact_ones):
        last, exact = exact_ones[first]
        if spans and spans[-1][2] == exact:
            gap = text[spans[-1][1] : first]
            if gap == " " or (first in glued and not _WHITE.search(gap)):
                spans[-1] = (spans[-1][0], last, exact)
                continue
        spans.append((first, last, exact))
    return spans


def _fast_search(
    text: str, flat: bytes, number: int, matchers: list[_Matcher]
) -> Iterator[Occurrence]:
    """Occurrences of one needle. Offsets into `flat` are one more than offsets into `text`."""
    first, *rest = matchers
    find = flat.find
    for pattern in first.patterns:
        at = find(pattern)
        while at >= 0:
            # `at` is the space before: as an offset into the text, the syllable's first letter.
            end = find(b" ", at + 1) - 1 if first.prefix else at + len(pattern) - 2
            exact = first.match(text[at:end])
            if exact is not None:
                parts = [Part(at, end, exact)]
                if not rest or _continue(text, flat, parts, rest):
                    yield Occurrence(
                        at, parts[-1].end, number, all(p.exact for p in parts), tuple(parts)
                    )
            at = find(pattern, end + 1)


def _continue(text: str, flat: bytes, parts: list[Part], rest: list[_Matcher]) -> bool:
    """Add the parts of `rest` that follow, and say whether they all do."""
    end = parts[-1].end
    for matcher in rest:
        start = end
        while start < len(text) and flat[start + 1] == _SPACE:
            start += 1
        end = flat.find(b" ", start + 1) - 1
        exact = matcher.match(text[start:end]) if start < end else None
        if exact is None:
            return False
        parts.append(Part(start, end, exact))
    return True


def _reference_search(text: str, needles: list[tuple[int, list[_Matcher]]]) -> Iterator[Occurrence]:
    found = syllables(text)
    for number, matchers in needles:
        for i in range(len(found) - len(matchers) + 1):
            parts = []
            for matcher, syllable in zip(matchers, found[i : i + len(matchers)], strict=True):
                exact = matcher.match(syllable.surface)
                if exact is None:
                    break
                parts.append(Part(syllable.start, syllable.end, exact))
            else:
                yield Occurrence(
                    parts[0].start, parts[-1].end, number, all(p.exact for p in parts), tuple(parts)
                )


@cache
def _table() -> npt.NDArray[np.uint8]:
    """What `flatten` makes of every code point."""
    everything = np.arange(0x110000, dtype=np.uint32).tobytes().decode("utf-32", "surrogatepass")
    folded = np.frombuffer(fold_text(everything).encode("utf-32-le", "surrogatepass"), np.uint32)
    table = np.full(len(folded), _SPACE, np.uint8)
    for code in (*range(_HAN_END), *_SELECTORS):
        character = everything[code]
        if character.isalnum():
            table[code] = folded[code] if folded[code] < 0x80 else _OTHER
        elif is_ignorable(character):
            table[code] = _IGNORABLE
    return table
