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

    b: float = 0.4
    k1: float = 0.9

    def whoosh(self) -> BM25F:
        """The same weighting for stock Whoosh's searcher."""
        return BM25F(B=self.b, K1=self.k1)


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """Boost of each field's part of a query; 0 means that the field is not scored at all."""

    folded: float = 1.0
    accented: float = 0.5
    pairs: float = 0.5
    title: float = 0.5
    title_accented: float = 0.25
    words: float = 0.0


WEIGHTING = Weighting()
FIELD_WEIGHTS = FieldWeights()
