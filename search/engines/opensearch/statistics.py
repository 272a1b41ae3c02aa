"""The numbers that scores are made of, over all shards of an index.

The cluster tells how many documents hold a term for each shard; asked for artificial documents, one
a shard, whose text is the terms of a query, it tells all of them in one answer.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from math import log, log1p
from typing import Any, NamedTuple

import numpy as np

from index.cluster.connection import Connection
from index.cluster.mapping import BAGS, K1, MAX_TOKEN, TOKENS, B
from index.codec.segment_file import length_bytes
from index.schema import SCHEMA
from search.executor.statistics import LENGTHS, FieldModel
from search.ranking import Weighting

REMEMBERED = 200_000
"""Terms whose frequencies are kept; then all are forgotten."""
FIELDS = frozenset((*TOKENS, *BAGS))
SINCE_PLAIN_BM25 = 3
"""Version of OpenSearch from which on its BM25 leaves out the factor k1 + 1."""

FieldTerm = tuple[str, str]


class _Field(NamedTuple):
    """Documents with the field, and tokens of it, over all shards, as the cluster counts."""

    documents: int
    tokens: int

    @property
    def average(self) -> float:
        return self.tokens / self.documents if self.documents else 1.0


class Statistics:
    """Of one commit, deleted documents included as long as the cluster keeps them, as Whoosh does.
    Safe to share between threads."""

    def __init__(
        self, connection: Connection, index: str, documents: int, weighting: Weighting
    ) -> None:
        self._connection, self._index, self.weighting = connection, index, weighting
        self._lock = threading.Lock()
        self._frequencies: dict[FieldTerm, int] = {}
        self._routings = _routings(connection, index)
        self._factor = _factor(connection)
        fields = self._asked({field: ["a"] for field in FIELDS})[0]
        self._fields = fields
        self.collection = max(documents, fields["folded"].documents, 1)
        self._models = {
            field: FieldModel(SCHEMA[field], found.tokens / self.collection or 1, weighting)
            for field, found in fields.items()
        }

    def learn(self, terms: Iterable[FieldTerm]) -> None:
        """Ask the cluster for the frequencies of all these terms that are not known yet."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for field, text in dict.fromkeys(terms):
            if (field, text) not in self._frequencies:
                wanted[field].append(text)
        if not wanted:
            return
        _, frequencies = self._asked(wanted)
        with self._lock:
            if len(self._frequencies) > REMEMBERED:
                self._frequencies = {}
            self._frequencies |= frequencies

    def frequency(self, field: str, text: str) -> int:
        """How many documents hold a term."""
        found = self._frequencies.get((field, text))
        if found is None:
            self.learn([(field, text)])
            found = self._frequencies.get((field, text), 0)
        return found

    def model(self, field: str) -> FieldModel:
        """Average length and length normalisation of a field."""
        return self._models[field]

    def tokens(self, field: str) -> int:
        """Tokens of a field over all documents."""
        return self._fields[field].tokens

    def idf(self, field: str, text: str) -> float:
        """As Whoosh weighs a term; 0 if no document has it."""
        frequency = self.frequency(field, text)
        return log(self.collection / (frequency + 1)) + 1 if frequency else 0.0

    def boost(self, field: str, text: str) -> float:
        """By what the cluster's score of a term is to be multiplied to be as much as ours."""
        frequency, documents = self.frequency(field, text), self._fields[field].documents
        rest = max(documents - frequency, 0)
        theirs = log1p((rest + 0.5) / (frequency + 0.5))
        return self._factor * self.idf(field, text) / theirs

    def greatest_ratio(self) -> float:
        """At most so much is our score of a document greater than the cluster's: it keeps lengths
        in other steps, and counts them over the documents that have the field."""
        return max(map(self._greatest_ratio, self._models))

    def _greatest_ratio(self, field: str) -> float:
        tokens = np.unique(np.concatenate([np.arange(1, 4096), LENGTHS, LENGTHS + 1]))
        theirs = K1 * (1 - B + B * lucene_length(tokens) / self._fields[field].average)
        model = self._models[field]
        ours = model.norms[length_bytes(tokens.astype(np.int64))]
        # A term that occurs once is where lengths matter most.
        return float(((1 + theirs) / (1 + ours)).max())

    def _asked(self, terms: dict[str, list[str]]) -> tuple[dict[str, _Field], dict[FieldTerm, int]]:
        """Fields and frequencies of terms, summed over the shards."""
        text = {field: " ".join(text[:MAX_TOKEN] for text in some) for field, some in terms.items()}
        asked = {
            "doc": text,
            "term_statistics": True,
            **dict.fromkeys(("positions", "offsets", "payloads"), False),
        }
        docs = [{**asked, "routing": routing} for routing in self._routings]
        answer = self._connection.ask(
            lambda client: client.mtermvectors(index=self._index, body={"docs": docs})
        )
        counts: dict[FieldTerm, int] = {(f, text): 0 for f, some in terms.items() for text in some}
        cut = {(field, text[:MAX_TOKEN]): (field, text) for field, text in counts}
        totals = {field: [0, 0] for field in terms}
        for shard in answer["docs"]:
            for field, found in shard.get("term_vectors", {}).items():
                if field not in totals:
                    continue
                statistics = found["field_statistics"]
                totals[field][0] += max(statistics["doc_count"], 0)
                totals[field][1] += max(statistics["sum_ttf"], 0)
                for term, row in found["terms"].items():
                    if (field, term) in cut:
                        counts[cut[field, term]] += row.get("doc_freq", 0)
        return {field: _Field(*total) for field, total in totals.items()}, counts


def lucene_length(tokens: Any) -> Any:
    """The lengths that Lucene keeps for fields of so many tokens: four significant bits, the first
    40 exactly (`SmallFloat.intToByte4`)."""
    exact = 24
    over = np.maximum(np.asarray(tokens, np.int64) - exact, 0)
    bits = np.where(over > 0, np.floor(np.log2(np.maximum(over, 1))), 0).astype(np.int64)
    shift = np.maximum(bits - 3, 0)
    return np.where(np.asarray(tokens) < exact, tokens, exact + ((over >> shift) << shift))


def _routings(connection: Connection, index: str) -> list[str]:
    """For each shard a routing value that leads to it."""
    shards = len(_shards(connection, index, {}))
    found: dict[int, str] = {}
    for number in count():
        [[copy, *_]] = _shards(connection, index, {"routing": str(number)})
        found.setdefault(copy["shard"], str(number))
        if len(found) == shards:
            break
    return list(found.values())


def _shards(connection: Connection, index: str, params: dict[str, str]) -> list[Any]:
    """The copies of each shard that a search goes to."""
    answer = connection.ask(lambda client: client.search_shards(index=index, params=params))
    shards: list[Any] = answer["shards"]
    return shards


def _factor(connection: Connection) -> float:
    version = connection.ask(lambda client: client.info())["version"]["number"]
    return K1 + 1 if int(version.split(".")[0]) >= SINCE_PLAIN_BM25 else 1.0
