"""The language model and the abbreviations of a cluster's index (see `index.language`)."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path

from index.cluster import scan
from index.cluster.commits import CommitRecord
from index.cluster.connection import Connection
from index.cluster.state import State
from index.codec.container import Container
from index.language import stream
from index.language.abbreviations import FIELD, Abbreviations, count_abbreviations
from index.language.model import LanguageModel, load, save
from index.language.ngrams import learn
from index.language.upkeep import STALE

DEFINITIONS = 1_000
"""Definitions of abbreviations read at a time."""


def kept_up(connection: Connection, state: State, record: CommitRecord) -> CommitRecord:
    """The commit with a language model for its text, learnt anew if too much of that is new."""
    size = record.learnt + record.unlearnt
    if record.language and record.unlearnt <= size * STALE:
        return record
    step = -(-size // stream.MAX_SYLLABLES) or 1
    text = stream.of_texts(islice(scan.texts(connection, record.index), 0, None, step))
    name = f"language-{record.id}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        save(path, text, learn(text))
        state.put(name, path.read_bytes())
    return replace(record, language=name, learnt=size, unlearnt=0)


def model(state: State, name: str) -> LanguageModel | None:
    """The language model of this name; None if it is not there. Raises DamagedIndexError."""
    value = state.get(name)
    if value is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        path.write_bytes(value)
        return load(Container(path))


def abbreviations(connection: Connection, index: str) -> Abbreviations:
    """What the documents of the index define, and the common ones."""
    counted: list[tuple[str, int]] = []
    source = {"sources": [{"term": {"terms": {"field": FIELD}}}], "size": DEFINITIONS}
    after: dict[str, object] = {}
    while True:
        body = {"size": 0, "aggs": {"all": {"composite": {**source, **after}}}}
        answer = connection.search(index, body)["aggregations"]["all"]
        counted += [(row["key"]["term"], row["doc_count"]) for row in answer["buckets"]]
        if len(answer["buckets"]) < DEFINITIONS:
            return count_abbreviations(counted)
        after = {"after": answer["after_key"]}
