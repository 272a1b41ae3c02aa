"""What an interpreter makes of the plain words of a query, in the terms of the parser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import NamedTuple

from index.analysis.syllables import Syllable as Placed
from search.interpret.interpreter import Guess, Interpreter
from search.parser.reading import Syllable

Weight = Callable[[str], float]
"""How much an accented key says."""

SURE = 0.5
"""Probability from which on marks that were left out are shown as understood."""
MEANT = 0.6
"""Probability from which on other letters than those typed are taken to be meant."""
POSSIBLE = 0.15
"""Guesses that are less likely are not searched."""


class Understood(NamedTuple):
    """Syllables as understood, by where they start in the query; and the query in these words, None
    if that is how it was typed."""

    syllables: Mapping[int, Syllable]
    text: str | None


def understand(
    text: str, words: Sequence[Placed], plain: Set[int], interpreter: Interpreter
) -> tuple[Understood, Understood | None]:
    """The query as it was typed, marks and raw keys read; and if it seems to hold a slip, as it was
    probably meant. Slips are only looked for in the `plain` words, given by their places: a phrase
    in quotes, say, is meant as it stands."""
    if not words:
        return Understood({}, None), None
    guesses, keyboard = interpreter.interpret([s.accented for s in words])
    lone = len(words) == 1 and keyboard == "plain"  # it has nothing but its spelling to go by
    typed: dict[int, Syllable] = {}
    meant: dict[int, Syllable] = {}
    weight = interpreter.weight
    for placed, some in zip(words, guesses, strict=True):
        letters = _letters(some)
        likeliest = max(letters, key=letters.__getitem__)
        if keyboard != "plain":
            others = letters if placed.start in plain else {}
            typed[placed.start] = _syllable(likeliest, placed, some, others, weight)
            continue
        if not lone:
            typed[placed.start] = _syllable(placed.folded, placed, some, {}, weight)
        slip = likeliest != placed.folded and letters[likeliest] >= MEANT
        if slip and placed.start in plain:
            meant[placed.start] = _syllable(likeliest, placed, some, letters, weight)
    as_typed = Understood(typed, _rewritten(text, words, typed))
    if not meant:
        return as_typed, None
    corrected = typed | meant
    return as_typed, Understood(corrected, _rewritten(text, words, corrected))


def literal(words: Sequence[Placed], interpreter: Interpreter) -> Mapping[int, Syllable]:
    """The words as they stand; the most common ones count less here, too."""
    return {s.start: _as_typed(s, interpreter.weight) for s in words}


def _as_typed(placed: Placed, weight: Weight) -> Syllable:
    surface = placed.surface.lower()
    return Syllable(placed.folded, placed.accented, surface, weight=weight(placed.accented))


def _is_acronym(surface: str) -> bool:
    """Whether it may be one, as in `MU thang`: nobody wants to see marks put on that."""
    return len(surface) > 1 and surface.isascii() and surface.isupper()


def _letters(guesses: Sequence[Guess]) -> dict[str, float]:
    """Folded keys with their probabilities."""
    letters: dict[str, float] = {}
    for _, folded, probability in guesses:
        letters[folded] = letters.get(folded, 0.0) + probability
    return letters


def _syllable(
    folded: str,
    placed: Placed,
    guesses: Sequence[Guess],
    letters: Mapping[str, float],
    weight: Weight,
) -> Syllable:
    """The syllable with these letters."""
    same = [(key, probability) for key, theirs, probability in guesses if theirs == folded]
    if not same:
        return _as_typed(placed, weight)
    whole = sum([probability for _, probability in same])
    likely = [each for each in same if each[1] >= POSSIBLE * whole]
    likely = likely or same[:1]  # of very many, none may be likely
    spellings = tuple([(key, probability / whole) for key, probability in likely])
    best, probability = spellings[0]
    accented = best if probability >= SURE or folded != placed.folded else placed.accented
    typed = placed.surface.lower() if accented == placed.accented else accented
    others = [each for each in letters.items() if each[0] != folded and each[1] >= POSSIBLE]
    return Syllable(folded, accented, typed, spellings, tuple(others), weight(accented))


def _rewritten(
    text: str, words: Sequence[Placed], understood: Mapping[int, Syllable]
) -> str | None:
    """The query in the words understood, None if they are those typed."""
    parts, end = [], 0
    for word in words:
        meant = understood.get(word.start)
        if meant and not (
            meant.folded == word.folded and _is_acronym(word.surface) and not text.isupper()
        ):
            parts += [text[end : word.start], _like(meant.typed, word.surface)]
            end = word.end
    rewritten = "".join([*parts, text[end:]])
    return rewritten if rewritten != text else None


def _like(word: str, surface: str) -> str:
    """`word` in the case of `surface`."""
    if word == surface.lower():
        return surface
    if surface.isupper() and len(surface) > 1:
        return word.upper()
    return word.capitalize() if surface[:1].isupper() else word
