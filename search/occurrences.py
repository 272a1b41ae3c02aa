"""Where the words of a query stand in the texts of a page of hits.

Syllables that may be what is looked for are found by their codes (see `flat`), in all texts at
once. What a syllable is for certain, and whether it is the spelling typed or a folded one, is said
by the very functions that made the index terms, asked once for each distinct surface.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.fold import fold_key, spellings
from index.analysis.normalize import accented_key
from search.flat import Codes, FlatSyllables, FlatTexts, Indexes, code_of

SLOT_BITS = 12
"""Of 64 needles few others share the slots of so big a table."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Stem(NamedTuple):
    """A syllable to find: its folded and accented key; or, with `prefix`, what it begins with.

    Each has several values only for prefixes, where i and y differ.
    """

    folded: tuple[str, ...]
    accented: tuple[str, ...]
    prefix: bool = False

    def is_typed(self, accented: str) -> bool:
        """Whether a syllable with this accented key is spelled as typed."""
        return accented.startswith(self.accented) if self.prefix else accented in self.accented


class Needle(NamedTuple):
    """Syllables to find side by side: one for a plain word, several for a phrase."""

    stems: tuple[Stem, ...]
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class HighlightSpec:
    """What a query wants marked, in the order of the query. `exact`: only the spelling as typed.

    `weights`, if any, say what each needle counts for `closeness`.
    """

    needles: tuple[Needle, ...] = ()
    exact: bool = False
    weights: tuple[float, ...] = ()


class Occurrences(NamedTuple):
    """Needles found in texts laid end to end: parallel arrays, by start, then end, then needle.

    `starts` and `ends` are offsets into `FlatTexts.text`; `firsts` the number of the first
    syllable; `needles` the number in the spec; `exact` whether all is spelled as typed; equal
    `forms` are one needle in one spelling (for a phrase, all its spellings alike).
    """

    starts: Indexes
    ends: Indexes
    firsts: Indexes
    needles: Indexes
    forms: Indexes
    exact: NDArray[np.bool_]

    def where(self, wanted: NDArray[np.bool_]) -> Occurrences:
        """Those for which `wanted` is true."""
        at = np.flatnonzero(wanted)
        return Occurrences._make(column.take(at) for column in self)


class Needles:
    """The needles of one query, ready to be looked for. Not to be shared between threads."""

    def __init__(self, spec: HighlightSpec) -> None:
        self.spec = spec
        self.title_only = [n for n, needle in enumerate(spec.needles) if needle.title_only]
        self._phrases = [n for n, needle in enumerate(spec.needles) if len(needle.stems) > 1]
        self.surfaces = Surfaces(spec)
        self.codes, self.prefixes = _codes(spec)

    def table(self) -> Indexes:
        """A row for each needle, as `columns` has it."""
        table, first, form = [], 0, 0
        for needle in self.spec.needles:
            size = len(needle.stems)
            table.append((first, size, needle.title_only, form))
            first += size
            form += 2 * (size > 1)
        return np.array(table, np.intp).reshape(-1, 4)

    def find(self, texts: FlatTexts) -> Occurrences:
        """Every occurrence of every needle; they may overlap."""
        cut = texts.syllables
        at, stems, forms = self.surfaces.matches(texts, self._candidates(cut))
        firsts, needles = at, self.surfaces.needles.take(stems)
        if self._phrases:
            whole = ~np.isin(needles, self._phrases)
            found = [(at[whole], needles[whole], forms[whole])]
            found += [self._phrase(n, cut, at, stems, forms) for n in self._phrases]
            firsts, needles, forms = (np.concatenate(column) for column in zip(*found, strict=True))
        sizes = np.array([len(needle.stems) for needle in self.spec.needles] or [1])
        starts = cut.starts.take(firsts)
        ends = cut.ends.take(firsts + sizes.take(needles) - 1)
        exact = np.array(self.surfaces.exact or [False]).take(forms)
        occurrences = Occurrences(starts, ends, firsts, needles, forms, exact)
        if self._phrases:
            order = np.lexsort((needles, ends, starts))
            return Occurrences._make(column[order] for column in occurrences)
        return occurrences

    def _candidates(self, cut: FlatSyllables) -> Indexes:
        """Numbers of the syllables that one of the stems may describe."""
        slots = np.zeros(1 << SLOT_BITS, np.bool_)
        slots[_slots(self.codes)] = True
        at = np.flatnonzero(slots.take(_slots(cut.codes)))
        if len(at):
            codes, wanted = cut.codes.take(at), np.sort(self.codes)
            places = wanted.searchsorted(codes)
            at = at[wanted.take(places, mode="clip") == codes]
        if not len(self.prefixes):
            return at
        found = np.zeros(len(cut.codes), np.bool_)
        found[at] = True
        for code, mask in self.prefixes:
            found |= cut.codes & mask == code
        return np.flatnonzero(found)

    def _phrase(
        self, needle: int, cut: FlatSyllables, at: Indexes, stems: Indexes, forms: Indexes
    ) -> tuple[Indexes, Indexes, Indexes]:
        """First syllables, needles and forms of a phrase, from the matches of all stems."""
        first, folded_form, exact_form = self.surfaces.phrases[needle]
        length = len(self.spec.needles[needle].stems)
        exact = np.array(self.surfaces.exact)
        mine = stems == first
        starts, typed = at[mine], exact[forms[mine]]
        for place in range(1, length):
            mine = stems == first + place
            if not mine.any():
                starts, typed = starts[:0], typed[:0]
                break
            following = at[mine]
            places = following.searchsorted(starts + place)
            hit = following.take(places, mode="clip") == starts + place
            starts, places = starts[hit], places[hit]
            typed = typed[hit] & exact[forms[mine][places]]
        ends = starts + length - 1
        inside = cut.bounds.searchsorted(starts, "right") == cut.bounds.searchsorted(ends, "right")
        starts, typed = starts[inside], typed[inside]
        return starts, np.full(len(starts), needle), np.where(typed, exact_form, folded_form)


class Rows(NamedTuple):
    """What surfaces match, for the compiled loops.

    A surface has row `rows[surface]`, and its matches are `stems` and `forms` from `bounds[row]` up
    to `bounds[row + 1]`. `exact` is of each form.
    """

    rows: Indexes
    bounds: Indexes
    stems: Indexes
    forms: Indexes
    exact: NDArray[np.bool_]


class Surfaces(dict[str, int]):
    """Surface → number of its row of matches, made when the surface is first seen.

    Stems are numbered through all needles; `needles[stem]` is the one that a stem belongs to, and
    `phrases[needle]` a phrase's first stem and its two forms, folded and exact. `exact[form]` tells
    whether a form is spelled as typed.
    """

    def __init__(self, spec: HighlightSpec) -> None:
        super().__init__()
        self._exact_only = spec.exact
        self._stems = [stem for needle in spec.needles for stem in needle.stems]
        self._whole: dict[str, list[int]] = {}
        for number, stem in enumerate(self._stems):
            for key in () if stem.prefix else stem.folded:
                self._whole.setdefault(key, []).append(number)
        self._prefixes = [number for number, stem in enumerate(self._stems) if stem.prefix]
        self.needles = np.array(
            [n for n, needle in enumerate(spec.needles) for _ in needle.stems], np.intp
        )
        self.exact: list[bool] = []
        self.phrases: dict[int, tuple[int, int, int]] = {}
        first = 0
        for number, needle in enumerate(spec.needles):
            if len(needle.stems) > 1:
                self.phrases[number] = (first, len(self.exact), len(self.exact) + 1)
                self.exact += (False, True)
            first += len(needle.stems)
        self._forms: dict[tuple[int, str], int] = {}
        self._bounds = [0]
        self._matched: list[int] = []
        self._formed: list[int] = []

    def __missing__(self, surface: str) -> int:
        accented = accented_key(surface)
        folded = fold_key(accented)
        stems = self._whole.get(folded, [])
        if self._prefixes:
            begun = [n for n in self._prefixes if folded.startswith(self._stems[n].folded)]
            stems = sorted(stems + begun)
        for number in stems:
            exact = self._stems[number].is_typed(accented)
            if not exact and self._exact_only:
                continue
            form = self._forms.setdefault((number, accented), len(self.exact))
            if form == len(self.exact):
                self.exact.append(exact)
            self._matched.append(number)
            self._formed.append(form)
        self._bounds.append(len(self._matched))
        row = self[surface] = len(self)
        return row

    def rows(self, surfaces: Iterable[str]) -> Rows:
        """The matches of all surfaces."""
        rows = np.array([self[surface] for surface in surfaces], np.intp)
        bounds, matched = np.array(self._bounds, np.intp), np.array(self._matched, np.intp)
        formed, exact = np.array(self._formed, np.intp), np.array(self.exact, np.bool_)
        return Rows(rows, bounds, matched, formed, exact)

    def matches(self, texts: FlatTexts, at: Indexes) -> tuple[Indexes, Indexes, Indexes]:
        """(syllable, stem, form) of every match among the syllables numbered `at` (ascending), by
        syllable, then stem."""
        text = texts.text
        cut = texts.syllables
        pairs = zip(cut.starts[at].tolist(), cut.ends[at].tolist(), strict=True)
        rows = np.array([self[text[start:end]] for start, end in pairs], np.intp)
        matched, formed = np.array(self._matched, np.intp), np.array(self._formed, np.intp)
        bounds = np.array(self._bounds)
        mine = np.diff(bounds).take(rows)
        ends = np.cumsum(mine)
        places = np.repeat(bounds.take(rows) - ends + mine, mine) + np.arange(mine.sum())
        return np.repeat(at, mine), matched.take(places), formed.take(places)


def _codes(spec: HighlightSpec) -> tuple[Codes, Codes]:
    """Codes of whole syllables, and rows (code, mask) of what syllables may begin with."""
    whole, prefixes = list[int](), list[tuple[int, int]]()
    for needle in spec.needles:
        for stem in needle.stems:
            for key in stem.folded:
                looks = _looks(key)
                if stem.prefix:
                    prefixes += looks
                else:
                    whole += [code for code, _ in looks]
    return np.array(whole, np.uint64), np.array(prefixes, np.uint64).reshape(-1, 2)


@lru_cache(maxsize=1 << 14)
def _looks(folded_key: str) -> tuple[tuple[int, int], ...]:
    return tuple(code_of(look) for look in spellings(folded_key))


def _slots(codes: Codes) -> Indexes:
    """Where codes are in a small table (Fibonacci hashing)."""
    slots: Indexes = (codes * _GOLDEN >> np.uint64(64 - SLOT_BITS)).view(np.intp)
    return slots
