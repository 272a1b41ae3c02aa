"""Suggestions out of a cluster: what is typed is looked up there, and what to make of it is told by
the same code as on one machine, from a small index of the documents found.

Of each document only its title and the surroundings of what was typed are taken, so that making the
index costs some milliseconds.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any

from whoosh.reading import EmptyReader

from index.analysis.analyzers import JOINER
from index.analysis.fold import spellings
from index.builder import Vocabulary, build_segment
from index.cluster.mapping import document_of
from index.codec.segment_file import SegmentFile
from index.documents import Document
from index.schema import SCHEMA
from index.snapshot import Segment, Snapshot
from search.engines.newest import Commit
from search.engines.opensearch.commit import ClusterCommit
from search.engines.opensearch.dsl import Dsl
from search.executor import ArrayCache, Executor
from search.flat import flatten
from search.results import Suggestion
from search.suggest.meant import readings
from search.suggest.suggester import REMEMBERED, Suggester
from search.suggest.typed import Typed, read

SAMPLE = 48
"""Documents that hold what was typed, from all over the collection, that are looked into."""
TITLES = 24
"""Documents whose titles hold it."""
READINGS = 3
"""Ways to understand what was typed that are looked up."""
PLACES, BEFORE, AFTER = 3, 120, 160
"""Places of a text that are taken, and characters around each."""
CACHE_BYTES = 4 << 20

Search = Callable[[Mapping[str, Any]], dict[str, Any]]


class ClusterSuggester:
    """Remembers suggestions for the newest commit. Safe to share between threads."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str, int], tuple[Suggestion, ...]] = OrderedDict()

    def suggest(self, commit: ClusterCommit, text: str, limit: int) -> tuple[Suggestion, ...]:
        """At most `limit` suggestions for `text`, the likeliest first. Raises ClusterError."""
        key = (commit.record.id, text, limit)
        with self._lock:
            found = self._known.get(key)
        if found is None:
            found = self._suggest(commit, text, limit)
            with self._lock:
                self._known[key] = found
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
        return found

    def _suggest(self, commit: ClusterCommit, text: str, limit: int) -> tuple[Suggestion, ...]:
        typed = read(text)
        if typed is None:
            return ()
        meant = list(dict.fromkeys(islice(readings(commit.interpreter, typed), READINGS)))
        documents = self._documents(list(chain(*map(_shortening, meant))))
        if not documents:
            return ()
        with tempfile.TemporaryDirectory() as folder:
            small = _small_index(Path(folder) / "segment", documents, commit)
            return Suggester().suggest(small, text, limit)

    def _documents(self, meant: Sequence[Typed]) -> list[Document]:
        """What was found, each document once, cut to the surroundings of what was typed."""
        spread = {"random_score": {"seed": 1, "field": "ordinal"}, "boost_mode": "replace"}
        texts = {"function_score": {"query": _any(map(_in_text, meant)), **spread}}
        # Those of the longest context first: a title that holds it all is the best.
        titles = {"dis_max": {"queries": [_in_title(typed) for typed in meant]}}
        found: dict[str, Document] = {}
        cut = _Surroundings(meant)
        for query, size in ((titles, TITLES), (texts, SAMPLE)):
            body = {"query": query, "size": size, "_source": ["document"]}
            for hit in self._search({**body, "track_total_hits": False})["hits"]["hits"]:
                document = document_of(hit["_source"])
                found.setdefault(document.id, cut.of(document))
        return list(found.values())


def _shortening(typed: Typed) -> Iterator[Typed]:
    """What was typed with ever less context."""
    context: Typed | None = typed
    while context is not None:
        yield context
        context = context.shortened()


def _in_text(typed: Typed) -> Dsl:
    """Documents whose text goes on from what was typed."""
    keys = [syllable.folded for syllable in typed.whole]
    pairs = [a + JOINER + b for a, b in pairwise(keys)]
    if keys:
        begun = [{"prefix": {"pairs": keys[-1] + JOINER + stem}} for stem in typed.stems]
    else:
        begun = [{"prefix": {"folded": stem}} for stem in typed.stems]
    held: list[Dsl] = [{"term": {"pairs": pair}} for pair in pairs]
    return {"bool": {"filter": [*held, _any(begun)]}}


def _in_title(typed: Typed) -> Dsl:
    held: list[Dsl] = [{"term": {"title": syllable.folded}} for syllable in typed.whole]
    if typed.begun:
        held.append(_any({"prefix": {"title": stem}} for stem in typed.stems))
    return {"bool": {"must": held}}


def _any(queries: Any) -> Dsl:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


class _Surroundings:
    """Cuts documents to the places that have the syllables typed, or begin as they do."""

    def __init__(self, meant: Sequence[Typed]) -> None:
        wanted: dict[str, None] = {}
        for typed in meant:
            if typed.whole:
                for flat in spellings(typed.whole[-1].folded):
                    wanted[re.escape(flat) + r"(?= )"] = None
            else:
                for stem in typed.stems:
                    wanted[re.escape(stem)] = None
        self._pattern = re.compile(f"(?<= )(?:{'|'.join(wanted)})".encode())

    def of(self, document: Document) -> Document:
        """The document with the title and these places of its body."""
        body = document.body
        flat = b" " + flatten(body).tobytes() + b" "
        kept: list[str] = []
        end = 0
        for match in self._pattern.finditer(flat):
            at = match.start() - 1
            if at < end or len(kept) == PLACES:
                continue
            start = max(end, at - BEFORE)
            end = match.end() - 1 + AFTER
            kept.append(body[start:end])
        return replace(document, body="\n".join(kept))


def _small_index(path: Path, documents: Sequence[Document], commit: ClusterCommit) -> Commit:
    """An index of these documents in this process, with the language of the whole collection."""
    build_segment(path, documents, b"", Vocabulary())
    segment = Segment(SegmentFile(path), path.name, 0, [])
    snapshot = Snapshot(commit.record.generation, SCHEMA, [segment], lambda: EmptyReader(SCHEMA))
    weighting = commit.statistics.weighting
    executor = Executor(snapshot, weighting, ArrayCache(CACHE_BYTES))
    return Commit(snapshot, executor, commit.record.id, commit.interpreter)
