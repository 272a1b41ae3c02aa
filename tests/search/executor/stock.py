"""The oracle: stock Whoosh on its own codec, and the same index dressed as a snapshot.

`StockSnapshot` gives the executor the arrays that a stock reader holds, so that the executor is
compared with Whoosh on identical segments, deletions and statistics, without timtin's codec.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
from whoosh.filedb.filestore import RamStorage
from whoosh.matching.binary import AndMaybeMatcher, AndNotMatcher, DisjunctionMaxMatcher
from whoosh.matching.combo import ArrayUnionMatcher
from whoosh.matching.wrappers import InverseMatcher
from whoosh.query import Or, Query
from whoosh.query.compound import DefaultOr
from whoosh.util.numeric import length_to_byte

from index.schema import SCHEMA
from search.ranking import WEIGHTING

FIELDS = ("folded", "accented", "pairs", "title", "title_accented")


@dataclass(frozen=True)
class Doc:
    title: str
    body: str
    date: int | None = None


def build(segments: Sequence[Sequence[Doc]], deleted: Sequence[int] = ()) -> Any:
    """A stock index with these segments; `deleted` are document numbers."""
    index = RamStorage().create_index(SCHEMA)
    number = 0
    for docs in segments:
        writer = index.writer()
        for doc in docs:
            text = f"{doc.title}\n{doc.body}"
            values = dict.fromkeys(FIELDS[:3], text) | dict.fromkeys(FIELDS[3:], doc.title)
            values |= {"id": str(number)} | ({"date": doc.date} if doc.date else {})
            writer.add_document(**{name: value for name, value in values.items() if value})
            number += 1
        writer.commit(merge=False)
    if deleted:
        writer = index.writer()
        for docnum in deleted:
            writer.delete_by_term("id", str(docnum))
        writer.commit(merge=False)
    return index


def answers(index: Any, query: Query) -> list[tuple[int, float]]:
    """What stock Whoosh finds: (document number, score), best first, all of them."""
    with index.searcher(weighting=WEIGHTING.whoosh()) as searcher:
        return [(hit.docnum, hit.score) for hit in searcher.search(query, limit=None)]


class StockField:
    def __init__(self, reader: Any, name: str) -> None:
        self.name, self._reader = name, reader
        self._keys = list(reader.lexicon(name))
        self.term_count = len(self._keys)
        self.has_positions = reader.schema[name].format.supports("positions")

    def find(self, key: bytes) -> int:
        at = bisect_left(self._keys, key)
        return at if at < len(self._keys) and self._keys[at] == key else -1

    def lower_bound(self, key: bytes) -> int:
        return bisect_left(self._keys, key)

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        low = bisect_left(self._keys, prefix)
        high = low + sum(key.startswith(prefix) for key in self._keys[low:])
        return low, high

    def key(self, ordinal: int) -> bytes:
        return self._keys[ordinal]

    def keys(self, low: int, high: int) -> list[bytes]:
        return self._keys[low:high]

    def df(self, ordinal: int) -> int:
        return self._reader.doc_frequency(self.name, self._keys[ordinal])

    def dfs(self, low: int, high: int) -> np.ndarray:
        return np.array([self.df(at) for at in range(low, high)], np.int64)

    def _all(self, ordinal: int) -> list[tuple[int, int, list[int]]]:
        text, schema = self._keys[ordinal], self._reader.schema
        matcher = self._reader._terms.matcher(self.name, text, schema[self.name].format)
        found = []
        while matcher.is_active():
            places = matcher.value_as("positions") if self.has_positions else []
            found.append((matcher.id(), int(matcher.weight()), list(places)))
            matcher.next()
        return found

    def postings(self, ordinal: int) -> tuple[np.ndarray, np.ndarray]:
        found = self._all(ordinal)
        return (
            np.array([id for id, _, _ in found], np.int32),
            np.array([freq for _, freq, _ in found], np.int32),
        )

    def positions(self, ordinal: int) -> np.ndarray:
        return np.array([place for _, _, p in self._all(ordinal) for place in p], np.int32)

    def positions_in(self, ordinal: int, places: np.ndarray, freqs: np.ndarray) -> np.ndarray:
        groups = np.split(self.positions(ordinal), np.cumsum(freqs)[:-1])
        none = np.empty(0, np.int32)
        return np.concatenate([none, *(groups[place] for place in places.tolist())])

    def within(self, ordinal: int, docs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        ids, freqs = self.postings(ordinal)
        places = np.flatnonzero(np.isin(ids, docs))
        positions = self.positions_in(ordinal, places, freqs)
        return ids[places], freqs[places], positions

    def postings_range(self, low: int, high: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        lists = [self.postings(at) for at in range(low, high)]
        return (
            np.concatenate([np.empty(0, np.int32), *(ids for ids, _ in lists)]),
            np.concatenate([np.empty(0, np.int32), *(freqs for _, freqs in lists)]),
            self.dfs(low, high),
        )


class StockSegment:
    def __init__(self, reader: Any, base: int) -> None:
        self._reader, self.base = reader, base
        self.segid = reader.segment().segment_id()
        self.doc_count_all = reader.doc_count_all()
        deleted = sorted(reader.deleted_docs_set)
        self.live = None
        if deleted:
            self.live = np.ones(self.doc_count_all, bool)
            self.live[deleted] = False
        names = set(reader.indexed_field_names())
        self._fields = {name: StockField(reader, name) for name in names}

    def field(self, name: str) -> StockField | None:
        return self._fields.get(name)

    def lengths(self, field: str) -> np.ndarray:
        length = self._reader.doc_field_length
        lengths = [length(doc, field, 0) for doc in range(self.doc_count_all)]
        return np.array([length_to_byte(value or 0) for value in lengths], np.uint8)

    def dates(self) -> np.ndarray:
        column = self._reader.column_reader("date")
        return np.array([column[doc] for doc in range(self.doc_count_all)], np.int32)


class StockSnapshot:
    def __init__(self, index: Any) -> None:
        self._index = index
        self._reader = index.reader()
        self.schema = index.schema
        leaves = self._reader.leaf_readers()
        self.segments = tuple(StockSegment(leaf, base) for leaf, base in leaves)
        self.doc_count = self._reader.doc_count()
        self.doc_count_all = self._reader.doc_count_all()

    def field_length(self, field: str) -> int:
        return self._reader.field_length(field)

    def doc_frequency(self, field: str, key: bytes) -> int:
        return self._reader.doc_frequency(field, key)

    def whoosh_reader(self) -> Any:
        return self._index.reader()


@contextmanager
def repaired() -> Iterator[None]:
    """Stock Whoosh doing what it documents, in the places where its matchers do not.

    `test_faults_of_stock_whoosh` shows each fault; when that test fails, the repair can go.
    """

    find_next = AndNotMatcher._find_next

    def following(self: Any) -> None:  # AndNot fails when a skip takes it past its end
        if self.a.is_active() and self.b.is_active():
            find_next(self)

    def skip_to(self: Any, id: int) -> None:  # AndMaybe leaves its optional part behind
        self.a.skip_to(id)
        if self.a.is_active() and self.b.is_active() and self.b.id() < self.a.id():
            self.b.skip_to(self.a.id())

    def find(self: Any) -> None:  # Not returns a deleted document after its child's last
        while self._id < self.limit:
            if self.child.is_active() and self.child.id() < self._id:
                self.child.skip_to(self._id)
            excluded = self.child.is_active() and self.child.id() == self._id
            if not excluded and not self.missing(self._id):
                return
            self._id += 1

    def score(self: Any) -> float:  # DisjunctionMax scores documents that do not match
        here = [m for m in (self.a, self.b) if m.is_active() and m.id() == self.id()]
        return max(m.score() for m in here)

    skip_in_array = ArrayUnionMatcher.skip_to

    def forward(self: Any, docnum: int) -> None:  # a union of many goes back to a passed document
        if docnum > self.id():
            skip_in_array(self, docnum)

    with (
        patch.object(ArrayUnionMatcher, "skip_to", forward),
        patch.object(AndNotMatcher, "_find_next", following),
        patch.object(AndNotMatcher, "_find_first", following),  # AndNot skips its first check
        patch.object(AndMaybeMatcher, "skip_to", skip_to),
        patch.object(InverseMatcher, "_find_next", find),
        patch.object(DisjunctionMaxMatcher, "score", score),
    ):
        yield


@contextmanager
def as_if_large() -> Iterator[None]:
    """Whoosh and the executor both evaluate small segments as they do those of many documents."""

    def tree(self: Or, subs: Any, searcher: Any, context: Any) -> Any:
        return DefaultOr(subs, boost=self.boost).matcher(searcher, context)

    with (
        patch.object(Or, "_matcher", tree),
        patch("search.executor.multiterm.PRELOADED", -1),
    ):
        yield
