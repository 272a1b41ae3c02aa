"""Documents → what is sent to the cluster, analysed by the code that builds segments."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from index.analysis.analyzers import pair_keys
from index.builder import Batch, Vocabulary, date_number
from index.cluster.mapping import MAX_TOKEN, TOKENS, document_key, stored
from index.codec.integers import starts_of
from index.documents import Document
from index.duplicates import Bands
from index.errors import WorkerError
from index.metadata.spellings import source_key, spelling_key

BATCH = 500  # documents analysed at a time
_SMALL = 2 * BATCH  # documents; a change up to this size starts no processes
_LISTS = ("mentioned", "names", "places", "abbreviations")


class Record(NamedTuple):
    """A document as it is sent: its `_id`, and the rest as JSON."""

    key: str
    body: bytes


class Prepared(NamedTuple):
    """A batch ready to be sent, its documents with these `ordinals`; `bands` [columns, docs] and
    `dates` [docs] are what copies are found by, `syllables` how many its text has."""

    records: list[Record]
    ordinals: Sequence[int]
    bands: Bands
    dates: npt.NDArray[np.int32]
    syllables: int


def prepare(
    documents: Sequence[Document],
    ordinals: Sequence[int],
    vocabulary: Vocabulary,
    groups: Sequence[str | None] = (),
) -> Prepared:
    """A batch; of documents that score the same, the one with the lower of `ordinals` comes first.
    `groups` names the group of copies of each, if known."""
    vocabulary.trim()
    batch = Batch(documents, vocabulary)
    bands = batch.bands()
    columns = dict(_texts(batch, len(documents)))
    keywords = batch.keywords()
    records = []
    for at, document in enumerate(documents):
        lists = {name: [term.decode() for term in keywords[name][at]] for name in _LISTS}
        body = {
            "document": stored(document),
            "id": document.id,
            "digest": document.digest(),
            "ordinal": ordinals[at],
            "date": date_number(document.date),
            "path": document.path,
            "bands": band_keys(bands[:, at]),
            **{name: texts[at] for name, texts in columns.items()},
            **lists,
        }
        for name in ("names", "places"):
            body[f"{name}_key"] = [" ".join(spelling_key(value)) for value in lists[name]]
        if document.source:
            body["source_name"] = document.source
            body["source_key"] = source_key(document.source)
        if groups and groups[at]:
            body["group"] = groups[at]
        records.append(Record(document_key(document.id), msgspec.json.encode(body)))
    dates = np.array([date_number(document.date) for document in documents], np.int32)
    return Prepared(records, ordinals, bands, dates, batch.field_lengths()["folded"])


def band_keys(bands: npt.NDArray[np.int32]) -> list[str]:
    """The terms under which documents find their copies; none for a text too short to have any."""
    if not bands.any():
        return []
    return [f"{number}:{band & 0xFFFFFFFF:08x}" for number, band in enumerate(bands.tolist())]


def _texts(batch: Batch, count: int) -> Iterator[tuple[str, list[str]]]:
    """(field, the tokens of each document in a string)."""
    for name in (*TOKENS, "words"):
        tokens, numbers = batch.fields[name]
        keys = [key[:MAX_TOKEN] for key in numbers]
        words = [keys[number] for number in tokens.terms.tolist()]
        ends = starts_of(tokens.counts).tolist()
        texts = [words[ends[at] : ends[at + 1]] for at in range(count)]
        yield name, [" ".join(text) for text in texts]
        if name == "folded":
            yield "pairs", [" ".join(pair[:MAX_TOKEN] for pair in pair_keys(t)) for t in texts]


def prepared(
    documents: Iterable[Document], ordinal: int, processes: int | None = None
) -> Iterator[tuple[list[Document], Prepared]]:
    """Batches of a stream with what is to be sent of them, made on all cores if there are many."""
    rest = iter(documents)
    first = list(islice(rest, _SMALL + 1))
    rest = chain(first, rest)
    batches = iter(lambda: list(islice(rest, BATCH)), [])
    processes = processes or os.cpu_count() or 1
    if processes == 1 or len(first) <= _SMALL:
        vocabulary = Vocabulary()
        for batch in batches:
            yield batch, prepare(batch, range(ordinal, ordinal + len(batch)), vocabulary)
            ordinal += len(batch)
        return
    yield from _apart(batches, ordinal, processes)


def _apart(
    batches: Iterator[list[Document]], ordinal: int, processes: int
) -> Iterator[tuple[list[Document], Prepared]]:
    context = multiprocessing.get_context("spawn")  # a server's threads do not survive a fork
    pending: deque[tuple[list[Document], Future[Prepared]]] = deque()
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        try:
            for batch in batches:
                pending.append((batch, pool.submit(_work, batch, ordinal)))
                ordinal += len(batch)
                if len(pending) > processes:
                    done, future = pending.popleft()
                    yield done, future.result()
            while pending:
                done, future = pending.popleft()
                yield done, future.result()
        except BrokenProcessPool as error:
            raise WorkerError("a process that was analysing has been killed") from error
        finally:
            for _, future in pending:
                future.cancel()


_vocabulary = Vocabulary()  # of this worker process


def _work(documents: list[Document], ordinal: int) -> Prepared:
    return prepare(documents, range(ordinal, ordinal + len(documents)), _vocabulary)
