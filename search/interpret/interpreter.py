"""What was meant by the syllables of a query: all channels weighed against each other.

A query reaches the box in one of three ways: through an input method or as bare letters (*plain*),
or as the raw keys of Telex or VNI. Each way says what may have been meant by each syllable, and how
likely it would then be typed as it was; the language model of the index says how likely that is to
be meant. What was meant by each syllable is a list of guesses with probabilities: nothing is
rewritten here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from math import log
from operator import attrgetter
from typing import Literal, NamedTuple

import numpy as np

from index.analysis.fold import fold_key
from index.language.abbreviations import Abbreviations
from index.language.model import LanguageModel
from index.language.stream import model_key
from search.interpret.keys import telex, vni
from search.interpret.lattice import Decoded, Slot, decode
from search.interpret.slips import merge, slips, split

Keyboard = Literal["plain", "telex", "vni"]

KEYBOARDS: dict[Keyboard, float] = {"plain": log(0.97), "telex": log(0.02), "vni": log(0.01)}
"""ln P of typing a query this way, before it was seen."""
_READ: dict[Keyboard, Callable[[str], str | None]] = {"telex": telex, "vni": vni}
CAREFUL = 0.03
"""P that somebody who types marks leaves those of a syllable out, at least."""
BARE = 0.3
"""Share of the syllables of a text that have no mark by right: 27 % in news."""
SPELLINGS = 16
"""Spellings of one folded syllable that are weighed, the most common ones."""
SUSPECTS, CORRECTIONS = 3, 12
"""Syllables of a query that are looked at for slips, and corrections weighed for each."""
MIXED = log(3000)
"""-ln P of one mixture of letters and digits among all numbers, which the model takes as one."""
TELLING, STEEP = 7.0, 1.5
"""-ln P from which on a syllable counts in full (one in 1,100), and how fast more common ones count
less: *của* 0.5, *người* 0.6, *quốc* 0.8. On top of their low idf, as they come in every text."""
ENOUGH = 20_000
"""Syllables of text, some forty articles, of which on it shows which are the most common ones."""
NOTICEABLE = 0.01
"""Guesses that are less likely are not passed on."""
KEPT = 1 << 12
"""Syllables for which it is kept what each way of typing may have meant: about a kilobyte each."""


class Guess(NamedTuple):
    """A syllable that may have been meant, and how likely that is."""

    accented: str
    folded: str
    probability: float


class Meaning(NamedTuple):
    """The guesses for each syllable, the most likely first, and how the query was typed."""

    guesses: list[tuple[Guess, ...]]
    keyboard: Keyboard


class _Candidate(NamedTuple):
    accented: str
    number: int
    cost: float  # -ln P(typed | meant)


class _Candidates(NamedTuple):
    """What one typed syllable may be: keys, and their slot in the lattice."""

    accented: tuple[str, ...]
    folded: tuple[str, ...]
    slot: Slot


class _Vocabulary(NamedTuple):
    """The syllables of an index: what corrections are made of."""

    model: LanguageModel

    def spellings(self, folded: str) -> list[str]:
        return [self.model.keys[number] for number in self.model.spellings(folded)]


class Interpreter:
    """Interprets queries by the language model and the abbreviations of one index.

    Safe to share between threads.
    """

    def __init__(self, model: LanguageModel, abbreviations: Abbreviations) -> None:
        self.model = model
        self.abbreviations = abbreviations
        total = max(int(model.frequencies.sum()), ENOUGH)
        # Nothing of this refers to the interpreter: it is gone as soon as its commit is.
        kept = lru_cache(KEPT)
        self._weight = kept(partial(_weight, model, total))
        self._plain = kept(partial(_plain, model))
        self._corrected = kept(partial(_corrected, model))
        self._keys = kept(partial(_keys, model))

    def interpret(self, typed: Sequence[str]) -> Meaning:
        """The meaning of a row of accented keys."""
        costs = _costs(typed)
        keyboard: Keyboard = "plain"
        candidates = [self._plain(key, *costs) for key in typed]
        decoded = self._decoded(candidates)
        evidence = decoded.evidence + KEYBOARDS[keyboard]
        for other, keys in self._keyboards(typed):
            read = self._decoded(keys)
            if read.evidence + KEYBOARDS[other] > evidence:
                evidence = read.evidence + KEYBOARDS[other]
                keyboard, candidates, decoded = other, keys, read
        if keyboard == "plain" and (suspects := self._suspects(typed, candidates, decoded)):
            for at in suspects:
                candidates[at] = self._corrected(typed[at], *costs)
            decoded = self._decoded(candidates)
        return Meaning(list(map(_guesses, candidates, decoded.probabilities)), keyboard)

    def corrections(self, typed: Sequence[str], at: int) -> tuple[Guess, ...]:
        """What may have been meant by the syllable at this place of a row of accented keys if it is
        not what was typed, the most likely first: what a spelling checker proposes for it."""
        costs = _costs(typed)
        found = [each for each in _spelled(self.model, typed[at], *costs) if each[0] != typed[at]]
        known = {typed[at], *(each.accented for each in found)}
        found += [each for each in _slips(self.model, typed[at]) if each.accented not in known]
        if not found:
            return ()
        candidates = [self._plain(key, *costs) for key in typed]
        candidates[at] = _candidates(found)
        return _guesses(candidates[at], self._decoded(candidates).probabilities[at])

    def weight(self, accented: str) -> float:
        """How much a syllable says, from 0 to 1: of the most common ones, little."""
        return self._weight(accented)

    def halves(self, key: str) -> tuple[str, str] | None:
        """The two syllables that an unknown one is without the space between them, if it is."""
        if self.knows(key):
            return None
        best: tuple[float, tuple[str, str]] | None = None
        for first, second, _ in split(key, self):
            meant = self.interpret((first, second)).guesses
            if all(meant):
                a, b = (self.model.number(model_key(guesses[0].accented)) for guesses in meant)
                found, places = self.model.bigram(np.array([a]), np.array([b]))
                if places[0] >= 0 and (best is None or found[0] > best[0]):
                    best = found[0], (meant[0][0].accented, meant[1][0].accented)
        return best[1] if best else None

    def whole(self, first: str, second: str) -> str | None:
        """The syllable that two make which are never seen side by side, if one of them is not
        known by itself."""
        if self.knows(first) and self.knows(second):
            return None
        joined = merge(first, second, self)
        return joined.candidate if joined else None

    def knows(self, key: str) -> bool:
        """Whether the index has the syllable with these or other marks; it knows every number."""
        return not key.isalpha() or bool(self.model.spellings(fold_key(key)))

    def spellings(self, folded: str) -> list[str]:
        """The accented keys of the index that fold to this one."""
        return _Vocabulary(self.model).spellings(folded)

    def _decoded(self, candidates: Iterable[_Candidates]) -> Decoded:
        return decode(self.model, [some.slot for some in candidates])

    def _keyboards(self, typed: Sequence[str]) -> Iterator[tuple[Keyboard, list[_Candidates]]]:
        """The query as raw keys, of those keyboards with which it writes anything else."""
        if all(map(str.isascii, typed)):
            for keyboard in _READ:
                keys = [self._keys(key, keyboard) for key in typed]
                if any(len(some.accented) > 1 for some in keys):
                    yield keyboard, keys

    def _suspects(
        self, typed: Sequence[str], candidates: Sequence[_Candidates], decoded: Decoded
    ) -> list[int]:
        """Places of syllables that do not belong: unknown ones, then those that are never seen
        beside their neighbours, the rarest first."""
        odd = []
        seen = [False, *decoded.seen, False]  # with the one before, and with the next
        for at, (key, place) in enumerate(zip(typed, decoded.path, strict=True)):
            if not (seen[at] or seen[at + 1]) and key.isalpha() and len(key) > 1:
                number = int(candidates[at].slot.numbers[place])
                odd.append((self.model.frequency(number) if number >= 0 else -1, at))
        return [at for _, at in sorted(odd)[:SUSPECTS]]


def _costs(typed: Sequence[str]) -> tuple[float, float]:
    """The costs of leaving the marks of a syllable out, and of typing them, in such a query."""
    bare = sum(map(str.isascii, typed))
    if bare == len(typed):
        return 0.0, 0.0
    left_out = max(CAREFUL, bare / len(typed) - BARE)
    return -log(left_out), -log(1 - left_out)


def _candidates(found: Iterable[_Candidate]) -> _Candidates:
    accented, numbers, costs = zip(*found, strict=True)
    slot = Slot(np.array(numbers, np.int64), np.exp(-np.array(costs)))
    return _Candidates(accented, tuple(map(fold_key, accented)), slot)


def _plain(model: LanguageModel, key: str, left_out: float, kept: float) -> _Candidates:
    return _candidates(_spelled(model, key, left_out, kept))


def _corrected(model: LanguageModel, key: str, left_out: float, kept: float) -> _Candidates:
    found = _spelled(model, key, left_out, kept)
    known = {each.accented for each in found}
    more = [e for e in _slips(model, key, CORRECTIONS * 2) if e.accented not in known]
    return _candidates(found + more[:CORRECTIONS])


def _keys(model: LanguageModel, key: str, keyboard: Keyboard) -> _Candidates:
    """A syllable as it stands, and as the keys of another if it is those of one."""
    found = [_Candidate(key, model.number(model_key(key)), _own_cost(key))]
    meant = _READ[keyboard](key)
    if meant and model.number(meant) >= 0:
        found.append(_Candidate(meant, model.number(meant), 0.0))
    return _candidates(found)


def _spelled(model: LanguageModel, key: str, left_out: float, kept: float) -> list[_Candidate]:
    """A syllable as it stands, and with the marks that may have been left out."""
    number = model.number(model_key(key))
    if not key.isascii():
        return [_Candidate(key, number, kept)]
    found = [_Candidate(key, number, _own_cost(key))]
    if key.isalpha():
        others = [n for n in model.spellings(key)[:SPELLINGS] if n != number]
        found += [_Candidate(model.keys[n], n, left_out) for n in others]
    return found


def _slips(model: LanguageModel, key: str, most: int | None = None) -> list[_Candidate]:
    """What the syllable was meant to be if there is a slip in it, the cheapest first."""
    found = slips(key, _Vocabulary(model))[:most]
    return [_Candidate(each, model.number(each), cost) for each, cost in found]


def _weight(model: LanguageModel, total: int, accented: str) -> float:
    number = model.number(accented)
    if number < 0:
        return 1.0
    surprise = -log(model.frequency(number) / total)
    return float(min(1.0, surprise / TELLING) ** STEEP)


def _own_cost(key: str) -> float:
    return 0.0 if key.isalpha() or key.isdecimal() else MIXED


def _guesses(candidates: _Candidates, weights: Sequence[float]) -> tuple[Guess, ...]:
    found = [
        Guess(accented, folded, weight)
        for accented, folded, weight in zip(
            candidates.accented, candidates.folded, weights, strict=True
        )
        if weight >= NOTICEABLE
    ]
    if len(found) > 1:
        found.sort(key=attrgetter("probability"), reverse=True)
    return tuple(found)
