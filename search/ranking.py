"""The numbers behind the order of hits: the scoring formula's parameters and the fields' weights.

BM25F as Whoosh computes it, per field and term: `idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B *
length / average))` with `idf = ln(N / (df + 1)) + 1`. A field's weight is the boost that the parser
puts on that field's queries. The defaults are those that did best on public Vietnamese test sets.
"""

from __future__ import annotations

from dataclasses import dataclass

from whoosh.scoring import BM25F


@dataclass(frozen=True, slots=True)
class Weighting:
    """BM25F's parameters: `b` how much length counts, `k1` how soon repetition stops counting."""

    b: float = 0.6
    k1: float = 0.42

    def whoosh(self) -> BM25F:
        """The same weighting for stock Whoosh's searcher."""
        return BM25F(B=self.b, K1=self.k1)


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """Boosts of the fields' parts of a query; 0 means that the field is not scored at all.

    A syllable counts `folded` however it is spelled, and `accented` more where it is spelled as it
    was meant. Without an interpretation, one typed without marks says little about its spelling:
    `unmarked` if others have marks, nothing if none has; the rest goes to any spelling, so that it
    counts as much as others. `pairs` are two syllables side by side, `title` is on top for what
    stands in the title. `asking` is the factor for what only asks, `foreign` for what has the
    letters of no Vietnamese syllable: a foreign name or an abbreviation is one term where a
    Vietnamese word is two syllables and a pair.
    """

    folded: float = 1.0
    accented: float = 1.4
    unmarked: float = 0.5
    pairs: float = 1.2
    title: float = 0.6
    words: float = 0.0
    asking: float = 0.3
    foreign: float = 2.0


WEIGHTING = Weighting()
FIELD_WEIGHTS = FieldWeights()
