"""What was meant by the syllables of a query: all channels weighed against each other.

A query reaches the box in one of three ways: through an input method or as bare letters (*plain*),
or as the raw keys of Telex or VNI. Each way says what may have been meant by each syllable, and how
likely it would then be typed as it was; the language model of the index says how likely that is to
be meant. What was meant by each syllable is a list of guesses with probabilities: nothing is
rewritten here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log
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


_telex, _vni = lru_cache(1 << 12)(telex), lru_cache(1 << 12)(vni)


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


class Interpreter:
    """Interprets queries by the language model and the abbreviations of one index.

    Safe to share between threads.
    """

    def __init__(self, model: LanguageModel, abbreviations: Abbreviations) -> None:
        self.model = model
        self.abbreviations = abbreviations
        self._total = max(int(model.frequencies.sum()), ENOUGH)

    def interpret(self, typed: Sequence[str]) -> Meaning:
        """The meaning of a row of accented keys."""
        ways: list[tuple[Keyboard, list[list[_Candidate]]]] = [("plain", self._plain(typed))]
        bare = all(map(str.isascii, typed))
        ways += [("telex", self._keys(typed, _telex))] if bare else []
        ways += [("vni", self._keys(typed, _vni))] if bare else []
        best: tuple[float, Keyboard, list[list[_Candidate]], Decoded] | None = None
        for keyboard, candidates in ways:
            if keyboard != "plain" and not any(len(some) > 1 for some in candidates):
                continue  # these keys write nothing
            decoded = decode(self.model, [_slot(some) for some in candidates])
            evidence = decoded.evidence + KEYBOARDS[keyboard]
            if best is None or evidence > best[0]:
                best = evidence, keyboard, candidates, decoded
        assert best is not None
        _, keyboard, candidates, decoded = best
        if keyboard == "plain" and (suspects := self._suspects(typed, candidates, decoded)):
            for at in suspects:
                candidates[at] = self._corrected(typed[at], candidates[at])
            decoded = decode(self.model, [_slot(some) for some in candidates])
        columns = zip(candidates, decoded.probabilities, strict=True)
        return Meaning([_guesses(some, weights.tolist()) for some, weights in columns], keyboard)

    def corrections(self, typed: Sequence[str], at: int) -> tuple[Guess, ...]:
        """What may have been meant by the syllable at this place of a row of accented keys if it is
        not what was typed, the most likely first: what a spelling checker proposes for it."""
        candidates = self._plain(typed)
        known = {candidate.accented for candidate in candidates[at]}
        found = [candidate for candidate in candidates[at] if candidate.accented != typed[at]]
        for slip in slips(typed[at], self):
            if slip.candidate not in known:
                number = self.model.number(slip.candidate)
                found.append(_Candidate(slip.candidate, number, slip.cost))
        if not found:
            return ()
        candidates[at] = found
        decoded = decode(self.model, [_slot(some) for some in candidates])
        return _guesses(found, decoded.probabilities[at].tolist())

    def weight(self, accented: str) -> float:
        """How much a syllable says, from 0 to 1: of the most common ones, little."""
        number = self.model.number(accented)
        if number < 0:
            return 1.0
        surprise = -log(self.model.frequency(number) / self._total)
        return float(min(1.0, surprise / TELLING) ** STEEP)

    def halves(self, key: str) -> tuple[str, str] | None:
        """The two syllables that an unknown one is without the space between them, if it is."""
        if self._known(key):
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
        if self._known(first) and self._known(second):
            return None
        joined = merge(first, second, self)
        return joined.candidate if joined else None

    def _known(self, key: str) -> bool:
        return not key.isalpha() or bool(self.model.spellings(fold_key(key)))

    def spellings(self, folded: str) -> list[str]:
        """The accented keys of the index that fold to this one: what corrections are made of."""
        return [self.model.keys[number] for number in self.model.spellings(folded)]

    def _plain(self, typed: Sequence[str]) -> list[list[_Candidate]]:
        bare = sum(map(str.isascii, typed))
        left_out = 1.0
        if bare < len(typed):
            left_out = max(CAREFUL, bare / len(typed) - BARE)
        kept = -log(1 - left_out) if left_out < 1 else 0.0
        return [self._spelled(key, -log(left_out), kept) for key in typed]

    def _spelled(self, key: str, left_out: float, kept: float) -> list[_Candidate]:
        number = self.model.number(model_key(key))
        if not key.isascii():
            return [_Candidate(key, number, kept)]
        found = [_Candidate(key, number, _own_cost(key))]
        if key.isalpha():
            others = [n for n in self.model.spellings(key)[:SPELLINGS] if n != number]
            found += [_Candidate(self.model.keys[n], n, left_out) for n in others]
        return found

    def _keys(
        self, typed: Sequence[str], read: Callable[[str], str | None]
    ) -> list[list[_Candidate]]:
        """Every syllable as it stands, and as the keys of another where they are those of one."""
        found = []
        for key in typed:
            some = [_Candidate(key, self.model.number(model_key(key)), _own_cost(key))]
            meant = read(key)
            if meant and self.model.number(meant) >= 0:
                some.append(_Candidate(meant, self.model.number(meant), 0.0))
            found.append(some)
        return found

    def _suspects(
        self, typed: Sequence[str], candidates: list[list[_Candidate]], decoded: Decoded
    ) -> list[int]:
        """Places of syllables that do not belong: unknown ones, then those that are never seen
        beside their neighbours, the rarest first."""
        path = [
            some[int(weights.argmax())].number
            for some, weights in zip(candidates, decoded.probabilities, strict=True)
        ]
        seen = [False] * len(path)
        if len(path) > 1:
            _, places = self.model.bigram(
                np.array([max(a, 0) for a, _ in pairwise(path)]),
                np.array([max(b, 0) for _, b in pairwise(path)]),
            )
            for at, place in enumerate(places.tolist()):
                if place >= 0 and path[at] >= 0 and path[at + 1] >= 0:
                    seen[at] = seen[at + 1] = True
        odd = [
            (self.model.frequency(number) if number >= 0 else -1, at)
            for at, number in enumerate(path)
            if not seen[at] and typed[at].isalpha() and len(typed[at]) > 1
        ]
        return [at for _, at in sorted(odd)[:SUSPECTS]]

    def _corrected(self, typed: str, candidates: list[_Candidate]) -> list[_Candidate]:
        known = {candidate.accented for candidate in candidates}
        more = [
            _Candidate(slip.candidate, self.model.number(slip.candidate), slip.cost)
            for slip in slips(typed, self)[: CORRECTIONS * 2]
            if slip.candidate not in known
        ]
        return [*candidates, *more[:CORRECTIONS]]


def _own_cost(key: str) -> float:
    return 0.0 if key.isalpha() or key.isdecimal() else MIXED


def _slot(candidates: Sequence[_Candidate]) -> Slot:
    return Slot([each.number for each in candidates], [-each.cost for each in candidates])


def _guesses(candidates: Sequence[_Candidate], weights: Sequence[float]) -> tuple[Guess, ...]:
    found = [
        Guess(candidate.accented, fold_key(candidate.accented), weight)
        for candidate, weight in zip(candidates, weights, strict=True)
        if weight >= NOTICEABLE
    ]
    return tuple(sorted(found, key=lambda guess: -guess.probability))
