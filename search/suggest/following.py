"""Which syllables may come next: look-ups in the dictionaries of pairs and of words.

After a whole syllable these are the pairs that it begins. Where none is whole yet, the words of the
collection say more: what begins with `t` is *thông tin*, and not *trong các*.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import product
from math import prod

import numpy as np

from index.analysis import orthography
from index.analysis.analyzers import JOINER
from index.analysis.fold import fold_key
from index.snapshot import Snapshot
from search.interpret.interpreter import Interpreter
from search.suggest.function_words import FUNCTION_COMPOUNDS
from search.suggest.typed import Typed

CANDIDATES = 8
STARTS = 5
"""Syllables to begin with, where none is whole yet, and pairs that each may go on with."""
BRANCHES = 3
SPELT = 48
"""So many ways to put marks on the letters typed are looked up as they are; if there are more, only
syllables of the collection are."""
RARE = 0.002
"""Of the commonest term's documents: with so few it is a slip of the keys (*Namsẽ*)."""


def pairs(
    snapshot: Snapshot, typed: Typed, interpreter: Interpreter | None
) -> list[tuple[str, int]]:
    """The commonest pairs that the begun syllable may make: (key, documents that hold it)."""
    if typed.whole:
        prefix = typed.whole[-1].folded + JOINER
        return commonest(snapshot, "pairs", [prefix + stem for stem in typed.stems], CANDIDATES)
    begun = [key for key, _ in commonest(snapshot, "folded", typed.stems, STARTS)]
    found = _words(snapshot, typed, begun, interpreter)
    # What was typed may be a syllable already, which no word of two need begin with.
    whole = [stem for stem in typed.stems if snapshot.doc_frequency("folded", stem.encode())]
    for syllable in dict.fromkeys([*whole, *(begun if len(found) < CANDIDATES else ())]):
        for pair, count in commonest(snapshot, "pairs", [syllable + JOINER], BRANCHES):
            found[pair] = max(found[pair], count)
    return found.most_common(CANDIDATES)


def commonest(
    snapshot: Snapshot, field: str, prefixes: Iterable[str], limit: int
) -> list[tuple[str, int]]:
    """The `limit` terms of a field that most documents hold, among those with such a prefix."""
    keys: set[bytes] = set()
    for segment in snapshot.segments:
        reader = segment.field(field)
        if reader is None:
            continue
        for prefix in prefixes:
            low, high = reader.prefix_range(prefix.encode())
            frequencies = reader.dfs(low, high)
            if len(frequencies) > limit:
                best = np.argpartition(frequencies, -limit)[-limit:]
            else:
                best = np.arange(len(frequencies))
            keys.update(reader.key(low + at) for at in best.tolist())
    counted = [(key.decode(), snapshot.doc_frequency(field, key)) for key in keys]
    most = max((count for _, count in counted), default=0)
    kept = [(key, count) for key, count in counted if count >= RARE * most]
    return sorted(kept, key=lambda row: (-row[1], row[0]))[:limit]


def _words(
    snapshot: Snapshot, typed: Typed, begun: list[str], interpreter: Interpreter | None
) -> Counter[str]:
    """The pairs with which the commonest words of several syllables begin."""
    prefixes = [marked for stem in typed.stems for marked in _marked(stem)]
    if not prefixes:
        prefixes = [
            spelling + JOINER
            for folded in begun
            for spelling in (interpreter.spellings(folded) if interpreter else ())
        ][:SPELT]
    found: Counter[str] = Counter()
    for word, count in commonest(snapshot, "words", prefixes, 2 * CANDIDATES):
        if word not in FUNCTION_COMPOUNDS:
            first, second, *_ = word.split(JOINER)
            pair = fold_key(first) + JOINER + fold_key(second)
            found[pair] = max(found[pair], count)
    return found


def _marked(stem: str) -> list[str]:
    """A folded beginning with every choice of marks, unless these are too many."""
    choices = [_LETTERS.get(letter, letter) for letter in stem]
    if prod(map(len, choices)) > SPELT:
        return []
    return ["".join(letters) for letters in product(*choices)]


def _letters() -> dict[str, str]:
    """By unmarked letter: all that have it under their marks."""
    found = {"d": "dđ"}
    for vowel in orthography.VOWELS:
        for tone in ("", *orthography.TONES):
            letter = unicodedata.normalize("NFC", vowel + tone)
            base = fold_key(letter)
            found[base] = found.get(base, "") + letter
    return found


_LETTERS = _letters()
