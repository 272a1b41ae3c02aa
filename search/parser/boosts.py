"""How much each term of a query counts: the fields' weights, and what the query's words are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, compress, pairwise

from whoosh.query import Query

from index.analysis.phonotactics import is_folded_syllable
from search.parser.questions import asking
from search.parser.reading import Reading, Syllable
from search.ranking import FieldWeights

Pair = tuple[str, str]


@lru_cache(maxsize=1 << 14)
def is_foreign(key: str) -> bool:
    """Whether a folded key is a word that is not Vietnamese, or an abbreviation; a lone letter is
    neither."""
    return len(key) > 1 and key.isalpha() and not is_folded_syllable(key)


class Factors:
    """What the syllables of one reading count, beside others.

    `content` are folded keys of the plain words that do not only ask; if there is nothing else to
    go by, none is taken to. A syllable that asks here and not there does not.
    """

    def __init__(self, weights: FieldWeights, reading: Reading) -> None:
        self.weights = weights
        self._runs = [[s for word in run for s in word] for run in reading.runs]
        self._phrases = [s.syllables for s in reading.required if not (s.field or s.prefix)]
        self._told = [[not asks for asks in asking(run)] for run in self._runs]
        if not (any(map(any, self._told)) or reading.required):
            self._told = [[True] * len(run) for run in self._runs]
        content = chain(*map(compress, self._runs, self._told))
        self.content = dict.fromkeys([s.folded for s in content])
        self._phrased = {s.folded for phrase in self._phrases for s in phrase}

    def factor(self, syllable: Syllable) -> float:
        """What becomes of its weights: less if it only asks, or is one of the most common; more if
        it is a word by itself."""
        key = syllable.folded
        if key not in self.content and key not in self._phrased:
            return syllable.weight * self.weights.asking
        return syllable.weight * (self.weights.foreign if is_foreign(key) else 1.0)


class Boosts(Factors):
    """The syllables and neighbours of one reading, and the boosts of their terms.

    `content_pairs` are the folded keys of neighbours in `content`: they ask if both do. `queries`
    is for the builder of the tree to keep by key what it has made of the syllables.
    """

    def __init__(self, weights: FieldWeights, reading: Reading) -> None:
        super().__init__(weights, reading)
        phrases = self._phrases
        pairs = list(map(neighbours, self._runs))
        phrased = list(map(neighbours, phrases))
        both = [[a or b for a, b in pairwise(flags)] for flags in self._told]
        self.words = list(dict.fromkeys(chain(*self._runs)))
        self.syllables = self.words
        if phrases:
            self.syllables = list(dict.fromkeys(chain(self.words, *phrases)))
        self.pairs = list(dict.fromkeys(chain(*pairs, *phrased)))
        self.content_pairs = dict.fromkeys(chain(*map(compress, pairs, both)))
        self._phrase_pairs = set(chain(*phrased))
        self._lone = len(self.syllables) == 1
        self._any_marked = any(map(_marked, self.syllables))
        self.queries: dict[str, Query] = {}

    def folded(self, syllable: Syllable) -> float:
        """For the syllable whatever its marks."""
        weights = self.weights
        rest = weights.accented - sum([boost for _, boost in self._spellings(syllable)])
        return (weights.folded + rest) * self.factor(syllable)

    def accented(self, syllable: Syllable) -> list[tuple[str, float]]:
        """For its spellings: accented keys with boosts."""
        factor = self.factor(syllable)
        return [(key, boost * factor) for key, boost in self._spellings(syllable)]

    def title(self, syllable: Syllable) -> float:
        return self.weights.title * self.factor(syllable)

    def pair(self, pair: Pair) -> float:
        asks = pair not in self.content_pairs and pair not in self._phrase_pairs
        return self.weights.pairs * (self.weights.asking if asks else 1.0)

    def _spellings(self, syllable: Syllable) -> list[tuple[str, float]]:
        if syllable.spellings:
            return [(key, self.weights.accented * p) for key, p in syllable.spellings]
        return [(syllable.accented, self._as_typed(syllable))]

    def _as_typed(self, syllable: Syllable) -> float:
        # A query of one syllable has nothing but its spelling to go by; a longer one without any
        # marks was typed by someone who types none. A foreign word has none to leave out.
        if self._lone or _marked(syllable) or is_foreign(syllable.folded):
            return self.weights.accented
        return self.weights.unmarked if self._any_marked else 0.0


def neighbours(run: Sequence[Syllable]) -> list[Pair]:
    """The folded keys of syllables side by side."""
    return list(pairwise([s.folded for s in run]))


def _marked(syllable: Syllable) -> bool:
    return syllable.accented != syllable.folded
