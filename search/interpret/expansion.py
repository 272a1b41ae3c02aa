"""Other words for the same: abbreviations spelt out and the other way round, words run together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.analysis.fold import fold_key
from index.language.abbreviations import Abbreviations
from search.interpret.interpreter import Interpreter

LONGEST = 8
"""Syllables of the longest name that is looked up: *Hội đồng nhân dân thành phố Hà Nội*."""
MERGED = 0.5
"""How sure it is that two syllables never seen side by side are one that is known."""


class Expansion(NamedTuple):
    """The syllables `keys[start:end]` may stand for `other`, accented keys, with this weight."""

    start: int
    end: int
    other: tuple[str, ...]
    weight: float


def expansions(keys: Sequence[str], interpreter: Interpreter) -> list[Expansion]:
    """What the accented keys of a row of words may also be called; the longest stretches first, no
    two of which overlap.
    """
    found = [*_abbreviated(keys, interpreter.abbreviations), *_run_together(keys, interpreter)]
    found.sort(key=lambda each: (each.start - each.end, -each.weight))
    taken: set[int] = set()
    kept = []
    for each in found:
        places = set(range(each.start, each.end))
        if not taken & places:
            taken |= places
            kept.append(each)
    return kept


def _abbreviated(keys: Sequence[str], abbreviations: Abbreviations) -> Iterator[Expansion]:
    folded = [fold_key(key) for key in keys]
    longs, shorts = abbreviations.longs, abbreviations.shorts
    for start, first in enumerate(folded):
        longest = min(LONGEST, abbreviations.longest(first), len(keys) - start)
        form = ""
        for end in range(start + 1, start + longest + 1):
            form = f"{form} {folded[end - 1]}" if form else first
            for other in longs(form) + shorts(form):
                if _agrees(keys[start:end], other.syllables, abbreviations):
                    yield Expansion(start, end, other.syllables, other.weight)
                    break


def _agrees(keys: Sequence[str], other: Sequence[str], abbreviations: Abbreviations) -> bool:
    """Whether the marks typed, if any were, are those of the form that `other` stands for."""
    if all(map(str.isascii, keys)):
        return True
    back = abbreviations.longs(" ".join(map(fold_key, other)))
    return any(tuple(keys) == each.syllables for each in back)


def _run_together(keys: Sequence[str], interpreter: Interpreter) -> Iterator[Expansion]:
    unknown = [not interpreter.knows(key) for key in keys]
    if not any(unknown):
        return
    for at, key in enumerate(keys):
        if unknown[at] and (halves := interpreter.halves(key)):
            yield Expansion(at, at + 1, halves, 1.0)
    for at, (first, second) in enumerate(pairwise(keys)):
        if (unknown[at] or unknown[at + 1]) and (whole := interpreter.whole(first, second)):
            yield Expansion(at, at + 2, (whole,), MERGED)
