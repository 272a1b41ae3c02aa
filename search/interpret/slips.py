"""What a misspelt syllable was meant to be: candidates from the vocabulary, with their costs.

A cost is −ln P(typed | meant) after the rates in `confusions`. Proposed are: other marks on the
same letters; another onset, nucleus or coda, as regions confuse them; and one key dropped, doubled,
added, swapped or mis-hit. A slip among the letters may come with one among the marks.

A syllable typed without any mark says nothing about marks: all spellings of other letters cost the
same then, and those of the same letters are not proposed (that is restoring marks, not correcting).
Numbers are never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import permutations
from math import inf, log
from operator import itemgetter
from typing import Final, NamedTuple, Protocol

from index.analysis.fold import fold_key, spellings
from index.analysis.normalize import accented_key, split_syllable, split_tones
from index.analysis.orthography import OPEN_NUCLEI, RIMES, TONES
from index.analysis.phonotactics import is_syllable
from search.interpret import confusions


class Vocabulary(Protocol):
    """The syllables of an index."""

    def spellings(self, folded: str) -> Sequence[str]:
        """The accented keys in the index that fold to the key `folded`; empty if none."""
        ...


class Slip(NamedTuple):
    """A syllable that may have been meant; `cost` is −ln P(typed | meant)."""

    candidate: str
    cost: float


class Split(NamedTuple):
    """Two syllables, as typed, that may have stood apart; `cost` is −ln P(no space | space)."""

    first: str
    second: str
    cost: float


LONGEST: Final = 24
"""Longer keys are not corrected."""

DEAREST: Final = 14.0
"""What costs more is not proposed: one typing of the syllable in a million."""

_DROPPED: Final = -log(confusions.DROPPED)
_SWAPPED: Final = -log(confusions.SWAPPED)
_NEIGHBOUR_HIT: Final = -log(confusions.NEIGHBOUR_HIT)
_OTHER_HIT: Final = -log(confusions.OTHER_HIT)
_STRAY_KEY: Final = -log(confusions.STRAY_KEY)
_SPACE_LEFT_OUT: Final = -log(confusions.SPACE_LEFT_OUT)
_SPACE_ADDED: Final = -log(confusions.SPACE_ADDED)
_SECOND: Final = log(confusions.SLOPPY)
_TONE_COSTS: Final = {pair: -log(rate) for pair, rate in confusions.TONES_CONFUSED.items()}
_LETTER_COSTS: Final = {pair: -log(rate) for pair, rate in confusions.LETTERS_CONFUSED.items()}


def _by_part(confused: dict[frozenset[str], float]) -> dict[str, list[tuple[str, float]]]:
    """Part of a syllable as typed → the parts that may have been meant, with their costs."""
    costs: dict[str, list[tuple[str, float]]] = {}
    for pair, rate in confused.items():
        for typed, meant in permutations(pair):
            costs.setdefault(typed, []).append((meant, -log(rate)))
    return costs


_ONSETS: Final = _by_part(confusions.ONSETS_CONFUSED)
_NUCLEI: Final = _by_part(confusions.NUCLEI_CONFUSED)
_CODAS: Final = _by_part(confusions.CODAS_CONFUSED)

_RIMES: Final = frozenset(
    [fold_key(nucleus) + coda for nucleus, codas in RIMES.items() for coda in codas]
    + [fold_key(nucleus) for nucleus in OPEN_NUCLEI]
)
_VOWELS: Final = frozenset("aeiouy")
_CONSONANTS: Final = frozenset("bcdfghjklmnpqrstvwxz")
_LETTERS: Final = _VOWELS | _CONSONANTS
_TONE_KEYS: Final = dict(zip("fsrxj", TONES, strict=True))
_HAS_DIGIT = re.compile(r"\d")
_DIGIT_INSIDE = re.compile(r"([^\W\d_]+)\d([^\W\d_]+)")
_SECOND_HORN: Final = {("u", "o", "ơ"), ("ư", "ơ", "o")}  # ươ without its horns is one slip
_ANY: Final = "?"  # in place of a letter whose marks cannot be compared


class _Typed(NamedTuple):
    """What was typed: its letters without marks, those with all but the tone, and the tone."""

    folded: str
    letters: str
    tone: str
    bare: bool
    """Whether it has no mark at all."""


_Edit = tuple[str, float, int, int, bool, str | None]
"""The letters `[start:end]` of a folded key were meant to be others: (the key that was meant, cost,
start, end, whether marks of the new letters are compared, tone that was typed if another than the
key's)."""


def slips(accented: str, vocabulary: Vocabulary) -> list[Slip]:
    """The syllables that may have been meant by the key `accented`, the cheapest first."""
    if len(accented) > LONGEST:
        return []
    folded = fold_key(accented)
    letters, tone = _shape(accented)
    typed = _Typed(folded, letters, tone, bare=accented.isascii())
    best = {} if typed.bare else _other_marks(accented, vocabulary.spellings(folded))
    for spelt in spellings(folded):  # the key hy may have been typed hi, for hội
        if spelt != folded:
            typed = typed._replace(folded=spelt, letters=letters[:-1] + spelt[-1])
        _undo_edits(typed, vocabulary, best)
    best.pop(accented, None)
    return [Slip(*pair) for pair in sorted(best.items(), key=itemgetter(1))]


def _undo_edits(typed: _Typed, vocabulary: Vocabulary, best: dict[str, float]) -> None:
    """Add to `best` the candidates, with their costs, of every edit of the letters."""
    folded, letters, tone, bare = typed
    own = fold_key(accented_key(folded))
    for meant, cost, start, end, compared, new_tone in _edits(folded):
        key = meant if meant[-1] not in "iy" else fold_key(accented_key(meant))  # ki: ky
        candidates = vocabulary.spellings(key)
        if not candidates or key == own:
            continue
        size = end - start + len(meant) - len(folded)
        new = meant[start : start + size] if compared else _ANY * size
        aligned = letters[:start] + new + letters[end:]
        typed_tone = tone if new_tone is None else new_tone
        for candidate in candidates:
            bound = best.get(candidate, DEAREST)
            if cost >= bound:
                continue
            if not bare:
                most = bound - cost + _SECOND
                total = cost + _also(_marks_cost(aligned, typed_tone, candidate, most))
            elif typed_tone in ("", _shape(candidate)[1]):
                total = cost
            else:
                continue
            if total < bound:
                best[candidate] = total


def _other_marks(accented: str, candidates: Sequence[str]) -> dict[str, float]:
    """The cost of each candidate with the same letters, whose marks alone may differ."""
    return {candidate: _marks_cost(*_shape(accented), candidate) for candidate in candidates}


def split(accented: str, vocabulary: Vocabulary) -> list[Split]:
    """The ways in which the key `accented` is two Vietnamese syllables without their space."""
    if not 3 <= len(accented) <= LONGEST or _HAS_DIGIT.search(accented):
        return []
    found = []
    for at in range(1, len(accented)):
        first, second = accented_key(accented[:at]), accented_key(accented[at:])
        if _is_vietnamese(first, vocabulary) and _is_vietnamese(second, vocabulary):
            found.append(Split(first, second, _SPACE_LEFT_OUT))
    return found


def merge(first: str, second: str, vocabulary: Vocabulary) -> Slip | None:
    """The syllable that the keys `first` and `second` are with a space too many, if it is one."""
    if len(first) + len(second) > LONGEST:
        return None
    joined = accented_key(first + second)
    if not _is_vietnamese(joined, vocabulary):
        return None
    return Slip(joined, _SPACE_ADDED)


def _is_vietnamese(key: str, vocabulary: Vocabulary) -> bool:
    """Whether the vocabulary holds a Vietnamese syllable that is written so, with marks or bare."""
    spellings = vocabulary.spellings(fold_key(key))
    return any(map(is_syllable, spellings)) if key.isascii() else key in spellings


@lru_cache(maxsize=1 << 14)
def _shape(key: str) -> tuple[str, str]:
    """(letters without tone, tone mark or "") of an accented key."""
    letters, tones = split_tones(key)
    return letters, max(tones, default="")


def _marks_cost(typed: str, typed_tone: str, candidate: str, most: float = inf) -> float:
    """What the marks of `candidate` cost that differ from those typed, letter for letter; at least
    `most` if it is so much."""
    meant, meant_tone = _shape(candidate)
    cost = _TONE_COSTS[typed_tone, meant_tone] if typed_tone != meant_tone else 0.0
    if typed != meant and cost < most:
        before = ""
        for pair in zip(typed, meant, strict=False):  # other scripts may fold to fewer
            if pair in _LETTER_COSTS and (before, *pair) not in _SECOND_HORN:
                cost += _LETTER_COSTS[pair] if not cost else _also(_LETTER_COSTS[pair])
            before = pair[0]
    return cost


def _also(cost: float) -> float:
    """The cost of one more slip in a syllable that has one."""
    return max(cost - _SECOND, 0.0)


def _added_cost(key: str, beside: str) -> float:
    """The cost of `key` where it was not meant, between the keys `beside`."""
    if key in beside:
        return -log(confusions.DOUBLED)
    near = any(key in confusions.NEIGHBOURS.get(other, ()) for other in beside)
    return -log(confusions.NEIGHBOUR_ADDED if near else confusions.OTHER_ADDED)


def _like(letter: str) -> frozenset[str]:
    """The vowels if `letter` is one, the consonants if it is one, else no letters."""
    if letter in _VOWELS:
        return _VOWELS
    return _CONSONANTS if letter in _CONSONANTS else frozenset()


def _between(before: str, after: str) -> frozenset[str]:
    """What can be left out in a syllable between two letters (or "", its edge)."""
    if before and after:
        return _like(before) | _like(after)
    return _CONSONANTS if (before or after) in _CONSONANTS else _VOWELS | _CONSONANTS


def _edits(folded: str) -> Iterator[_Edit]:
    """Every single slip among the letters, as the edits that undo it."""
    if _HAS_DIGIT.search(folded):
        if inside := _DIGIT_INSIDE.fullmatch(folded):
            at = inside.end(1)
            yield inside[1] + inside[2], _STRAY_KEY, at, at + 1, False, None
    elif len(folded) > 1:
        parts = split_syllable(folded)
        if parts:
            yield from _sound_edits(*parts)
        known = parts is not None and parts[1] + parts[2] in _RIMES
        yield from _key_edits(folded, parsed=known)


def _sound_edits(onset: str, nucleus: str, coda: str) -> Iterator[_Edit]:
    """Onsets, nuclei and codas as regions confuse them."""
    first, second = len(onset), len(onset) + len(nucleus)
    for other, cost in _ONSETS.get(onset, ()):
        yield other + nucleus + coda, cost, 0, first, True, None
    for other, cost in _NUCLEI.get(nucleus, ()):
        yield onset + other + coda, cost, first, second, False, None
    for other, cost in _CODAS.get(coda, ()):
        yield onset + nucleus + other, cost, second, second + len(coda), True, None


def _key_edits(folded: str, *, parsed: bool) -> Iterator[_Edit]:
    """Slips of the finger. Vowels are looked for where vowels are, and consonants where these are,
    except at the edges (and for letters left out, in what is no syllable: `parsed`). Sets are
    sorted, or each process would propose equally cheap ones in an order of its own."""
    for i, letter in enumerate(folded):
        head, tail = folded[:i], folded[i + 1 :]
        yield head + tail, _added_cost(letter, head[-1:] + tail[:1]), i, i + 1, False, None
        if i and letter in _TONE_KEYS:
            yield head + tail, _STRAY_KEY, i, i + 1, False, _TONE_KEYS[letter]
        if tail and tail[0] != letter:
            yield head + tail[0] + letter + tail[1:], _SWAPPED, i, i + 2, False, None
        near = confusions.NEIGHBOURS.get(letter, frozenset())
        for other in sorted(near):
            yield head + other + tail, _NEIGHBOUR_HIT, i, i + 1, False, None
        for other in sorted((_like(letter) if head and tail else _LETTERS) - near):
            yield head + other + tail, _OTHER_HIT, i, i + 1, False, None
    for i in range(len(folded) + 1):
        head, tail = folded[:i], folded[i:]
        for other in sorted(_between(head[-1:], tail[:1]) if parsed else _LETTERS):
            yield head + other + tail, _DROPPED, i, i, False, None
