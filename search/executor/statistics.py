"""The numbers that scores are made of: over the whole snapshot, deleted documents included, as
Whoosh counts them.
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import NUMERIC
from whoosh.util.numeric import byte_to_length

from index.snapshot import Snapshot
from search.ranking import Weighting

F64 = NDArray[np.float64]

LENGTHS: F64 = np.array([max(byte_to_length(byte), 1) for byte in range(256)], np.float64)
"""Field length that each of Whoosh's length bytes stands for."""


class FieldModel:
    """What scoring a field needs: BM25F's length normalization for each length byte.

    A field that is not scorable (an ID, a number) scores its frequency, as Whoosh's WeightScorer.
    """

    def __init__(self, field: Any, average: float, weighting: Weighting) -> None:
        self.to_bytes = field.to_bytes
        self.scorable = bool(field.scorable)
        self.textual = not isinstance(field, NUMERIC)
        self.average = average
        self.k1 = weighting.k1
        b = weighting.b
        self.norms: F64 = weighting.k1 * ((1 - b) + b * LENGTHS / average)

    def score(self, idf: F64 | float, freqs: F64, norms: F64) -> F64:
        """BM25F exactly as `whoosh.scoring.bm25` computes it, operation by operation."""
        if not self.scorable:
            return freqs
        return idf * ((freqs * (self.k1 + 1)) / (freqs + norms))


class Statistics:
    """Numbers over the whole snapshot, deleted documents included, as Whoosh counts them."""

    def __init__(self, snapshot: Snapshot, weighting: Weighting) -> None:
        self.snapshot = snapshot
        self.weighting = weighting
        self._models: dict[str, FieldModel] = {}

    @property
    def identity(self) -> tuple[Any, ...]:
        """Equal for snapshots that score alike: the same segments and weighting."""
        return (*(segment.segid for segment in self.snapshot.segments), self.weighting)

    def model(self, field: str) -> FieldModel | None:
        """None for a field that the schema does not have."""
        model = self._models.get(field)
        if model is None and field in self.snapshot.schema:
            average = self.snapshot.field_length(field) / (self.snapshot.doc_count_all or 1) or 1
            model = FieldModel(self.snapshot.schema[field], average, self.weighting)
            self._models[field] = model
        return model

    def idf(self, frequency: int) -> float:
        return log(self.snapshot.doc_count_all / (frequency + 1)) + 1
