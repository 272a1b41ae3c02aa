"""Where the words of a query stand in a text.

A search answers ten hits in about a millisecond, so a text is not analysed again to be highlighted.
It is folded into one byte a character (ASCII letters and digits, a space for whatever separates),
and each syllable looked for is found there with `bytes.find`. Each place found is then
checked with the very functions that made the index terms, which also tells the exact spelling from
a folded one. Queries in other scripts take the slower way over `syllables`, the reference; a test
holds the two ways to each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis.fold import fold_key, fold_text, spellings
from index.analysis.normalize import MAX_KEY_BYTES, accented_key, is_ignorable
from index.analysis.syllables import syllables

_SPACE, _OTHER, _IGNORABLE = 0x20, 0x01, 0x02
_LETTERS = re.compile(r"[^\W_]+")
# Ignorable characters live below this; beyond, there are only the variation selectors.
_IGNORABLE_END = 0x20000
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
    """One syllable of a phrase found: `text[start:end]`, and whether it is spelled as typed."""

    start: int
    end: int
    exact: bool


class Occurrence(NamedTuple):
    """A needle found at `text[start:end]`; `needle` is its number in the spec.

    `spelling` is the accented key of what stands there. A phrase has none but `parts` instead, and
    is exact if all of them are.
    """

    start: int
    end: int
    needle: int
    exact: bool
    spelling: str
    parts: tuple[Part, ...] = ()


class Needles:
    """The needles of one query, ready to be looked for. Not to be shared between threads."""

    def __init__(self, spec: HighlightSpec) -> None:
        self._needles = [
            (number, [_Matcher(stem, spec.exact) for stem in needle.stems])
            for number, needle in enumerate(spec.needles)
        ]
        matchers = [matcher for _, some in self._needles for matcher in some]
        self._fast = all(matcher.ascii for matcher in matchers)
        self.marks_typed = any(matcher.marked for matcher in matchers)
        self.title_only = {n for n, needle in enumerate(spec.needles) if needle.title_only}

    def occurrences(self, text: str) -> list[Occurrence]:
        """Every occurrence of every needle in NFC `text`, by start; they may overlap."""
        if not self._needles:
            return []
        if not self._fast:
            return self.reference(text)
        flat = flatten(text)
        if _IGNORABLE not in flat:
            return self._search(text, flat)
        places = _Places(text, flat)
        return [places.restore(found) for found in self._search(places.text, places.flat)]

    def _search(self, text: str, flat: bytes) -> list[Occurrence]:
        found: list[Occurrence] = []
        for number, matchers in self._needles:
            if len(matchers) > 1 or matchers[0].prefix:
                found += _fast_search(text, flat, number, matchers)
            else:
                _fast_words(found, text, flat, number, matchers[0])
        found.sort()
        return found

    def reference(self, text: str) -> list[Occurrence]:
        """The same in any text, slowly, by analysing it as the index does."""
        return sorted(_reference_search(text, self._needles))


class _Matcher:
    """Decides whether a surface is the syllable that a stem describes; remembers surfaces seen."""

    __slots__ = ("_exact_only", "_stem", "ascii", "marked", "patterns", "prefix", "seen")

    def __init__(self, stem: Stem, exact_only: bool) -> None:
        self._stem = stem
        self._exact_only = exact_only
        self.seen: dict[str, tuple[bool, str] | None] = {}
        self.prefix = stem.prefix
        self.marked = stem.folded != stem.accented
        self.ascii = all(key.isascii() and len(key) < MAX_KEY_BYTES for key in stem.folded)
        looks = dict.fromkeys(look for key in stem.folded for look in spellings(key))
        self.patterns = [
            f" {look}".encode() if stem.prefix else f" {look} ".encode() for look in looks
        ]

    def match(self, surface: str) -> tuple[bool, str] | None:
        """(whether it is the spelling typed, its accented key); None for another syllable."""
        try:
            return self.seen[surface]
        except KeyError:
            result = self.seen[surface] = self._compare(surface)
            return result

    def _compare(self, surface: str) -> tuple[bool, str] | None:
        accented = accented_key(surface)
        folded = fold_key(accented)
        if self.prefix:
            similar = folded.startswith(self._stem.folded)
            exact = accented.startswith(self._stem.accented)
        else:
            similar = folded in self._stem.folded
            exact = accented in self._stem.accented
        return (exact, accented) if exact or (similar and not self._exact_only) else None


def flatten(text: str) -> bytes:
    """NFC `text` folded to one byte a character, between two spaces.

    ASCII letters and digits stand for themselves; 0x20 separates; 0x02 is an ignorable character
    and 0x01 any other letter. The character `text[i]` is the byte `i + 1`.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return b" " + _table()[codes].tobytes() + b" "


class _Places:
    """A text without its ignorable characters, and where what is left of it came from."""

    def __init__(self, text: str, flat: bytes) -> None:
        self._original = text
        codes = np.frombuffer(flat, np.uint8)
        kept = np.flatnonzero(codes != _IGNORABLE)
        self.flat = codes[kept].tobytes()
        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._places = (kept[1:-1] - 1).tolist()
        self.text = letters[kept[1:-1] - 1].tobytes().decode("utf-32-le", "surrogatepass")

    def restore(self, found: Occurrence) -> Occurrence:
        """The occurrence at its place in the original text."""
        parts = tuple(Part(*self._span(p.start, p.end), p.exact) for p in found.parts)
        start, end = self._span(found.start, found.end)
        return found._replace(start=start, end=end, parts=parts)

    def _span(self, start: int, end: int) -> tuple[int, int]:
        last = self._places[end - 1] + 1
        while last < len(self._original) and unicodedata.category(self._original[last]) == "Mn":
            last += 1
        return self._places[start], last


def _fast_words(
    found: list[Occurrence], text: str, flat: bytes, number: int, matcher: _Matcher
) -> None:
    """Add the occurrences of a needle of one syllable: nearly all the work of a highlighter.

    Offsets into `flat` are one more than offsets into `text`, so the place of the space before a
    syllable in `flat` is the place of the syllable in `text`.
    """
    find, seen, make = flat.find, matcher.seen, tuple.__new__
    for pattern in matcher.patterns:
        size = len(pattern) - 2
        at = find(pattern)
        while at >= 0:
            end = at + size
            surface = text[at:end]
            match = seen[surface] if surface in seen else matcher.match(surface)
            if match is not None:
                found.append(make(Occurrence, (at, end, number, *match, ())))
            at = find(pattern, end + 1)


def _fast_search(
    text: str, flat: bytes, number: int, matchers: list[_Matcher]
) -> Iterator[Occurrence]:
    """Occurrences of a phrase or a prefix."""
    first, *rest = matchers
    find = flat.find
    for pattern in first.patterns:
        at = find(pattern)
        while at >= 0:
            end = find(b" ", at + 1) - 1 if first.prefix else at + len(pattern) - 2
            match = first.match(text[at:end])
            if match is not None:
                if not rest:
                    yield Occurrence(at, end, number, *match)
                elif parts := _continued(text, flat, Part(at, end, match[0]), rest):
                    yield _phrase(number, parts)
            at = find(pattern, end + 1)


def _continued(text: str, flat: bytes, first: Part, rest: list[_Matcher]) -> list[Part]:
    """`first` and the parts of `rest` that follow it; empty unless they all do."""
    parts = [first]
    end = first.end
    for matcher in rest:
        start = end
        while start < len(text) and flat[start + 1] == _SPACE:
            start += 1
        end = flat.find(b" ", start + 1) - 1
        match = matcher.match(text[start:end]) if start < end else None
        if match is None:
            return []
        parts.append(Part(start, end, match[0]))
    return parts


def _phrase(number: int, parts: list[Part]) -> Occurrence:
    exact = all(part.exact for part in parts)
    return Occurrence(parts[0].start, parts[-1].end, number, exact, "", tuple(parts))


def _reference_search(text: str, needles: list[tuple[int, list[_Matcher]]]) -> Iterator[Occurrence]:
    found = syllables(text)
    for number, matchers in needles:
        for i in range(len(found) - len(matchers) + 1):
            here = found[i : i + len(matchers)]
            matches = [m.match(s.surface) for m, s in zip(matchers, here, strict=True)]
            certain = [match for match in matches if match is not None]
            if len(certain) < len(matches):
                continue
            if len(certain) == 1:
                yield Occurrence(here[0].start, here[0].end, number, *certain[0])
            else:
                pairs = zip(here, certain, strict=True)
                yield _phrase(number, [Part(s.start, s.end, exact) for s, (exact, _) in pairs])


@cache
def _table() -> npt.NDArray[np.uint8]:
    """What `flatten` makes of every code point. Takes some 50 ms, once a process."""
    everything = np.arange(0x110000, dtype=np.uint32).tobytes().decode("utf-32", "surrogatepass")
    folded = np.frombuffer(fold_text(everything).encode("utf-32-le", "surrogatepass"), np.uint32)
    table = np.full(len(folded), _SPACE, np.uint8)
    for run in _LETTERS.finditer(everything):
        codes = folded[run.start() : run.end()]
        table[run.start() : run.end()] = np.where(codes < 0x80, codes, _OTHER)
    candidates = np.flatnonzero(table[:_IGNORABLE_END] == _SPACE).tolist()
    for code in (*candidates, *_SELECTORS):
        if is_ignorable(everything[code]):
            table[code] = _IGNORABLE
    return table
