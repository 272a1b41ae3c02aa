"""Which syllables make a word together, and which hang in the air, in the words of a collection."""

from __future__ import annotations

from collections import Counter

import numpy as np

from index.analysis.analyzers import JOINER
from index.language.stream import model_key
from search.engines.newest import Commit
from search.suggest.function_words import FUNCTION_COMPOUNDS, FUNCTION_WORDS

MOST = 50_000
"""Words remembered."""
TIED = 10.0
"""A syllable that follows so many times oftener than by chance belongs to the one before; of others
a part counts, at least SOME."""
SOME = 0.1


class Words:
    """The words of several syllables that a commit has, each looked up once. Any thread may ask."""

    def __init__(self, commit: Commit) -> None:
        self._snapshot = commit.snapshot
        self._model = commit.interpreter.model if commit.interpreter else None
        self._known: dict[tuple[str, ...], int] = {}

    def known(self, syllables: tuple[str, ...]) -> int:
        """How many documents have these accented syllables as a word."""
        count = self._known.get(syllables)
        if count is None:
            if len(self._known) >= MOST:
                self._known.clear()
            count = self._snapshot.doc_frequency("words", JOINER.join(syllables).encode())
            self._known[syllables] = count
        return count

    def tied(self, pair: tuple[str, ...]) -> float:
        """From SOME to 1: how much oftener than by chance the second syllable follows the first."""
        if self._model is None:
            return 1.0
        first, second = (np.array([self._model.number(model_key(key))]) for key in pair)
        if first[0] < 0 or second[0] < 0:
            return 1.0
        following, _ = self._model.bigram(first, second)
        lift = float(following[0] / self._model.unigram(second)[0])
        return min(1.0, max(SOME, lift / TIED))

    def without_tail(self, syllables: tuple[str, ...], least: int) -> int:
        """How many of the syllables come before the first that only holds the sentence together."""
        for at in range(least, len(syllables)):
            if self.hangs(syllables[: at + 1]):
                return at
        return len(syllables)

    def hangs(self, syllables: tuple[str, ...]) -> bool:
        """Whether a phrase ends in a word that wants another one; *gây ra* is a word of its own."""
        last = syllables[-2:]
        if JOINER.join(last) in FUNCTION_COMPOUNDS:
            return True
        return last[-1] in FUNCTION_WORDS and not self.known(last)

    def inside(self, first: str, before: Counter[str]) -> bool:
        """Whether a phrase mostly begins in the middle of a word, going by what comes before it."""
        within = sum(n for other, n in before.items() if other and self.known((other, first)))
        return within > before.total() / 2

    def within(self, last: tuple[str, ...], after: Counter[str]) -> int:
        """How often a phrase ends in the middle of a word, going by what comes after it."""
        if self.known(last):
            return 0
        return sum(n for other, n in after.items() if self.known((last[-1], other)))
