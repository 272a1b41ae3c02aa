"""Bulk indexing and the Whoosh analyzers must lead to the same index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import whoosh.index

from index.analysis.words import segmenter
from index.builder import Vocabulary, build_segment, date_number, keyword_term
from index.codec.segment_file import SegmentFile
from index.codec.whoosh_codec import TimtinCodec
from index.documents import Document
from index.metadata.mentioned import mentioned_days
from index.metadata.names import named
from index.schema import SCHEMA


def stock_file(folder: Path, documents: list[Document]) -> SegmentFile:
    """The same documents through a stock Whoosh writer, field by field."""
    folder.mkdir()
    writer = whoosh.index.create_in(folder, SCHEMA).writer(codec=TimtinCodec())
    for document in documents:
        names, places = named(document.text, segmenter().words(document.text).runs)
        fields: dict[str, Any] = {
            "id": document.id,
            "folded": document.text,
            "accented": document.text,
            "pairs": document.text,
            "words": document.text,
            "abbreviations": document.text,
            "title": document.title,
            "title_accented": document.title,
            "author": document.author,
            "source": document.source,
            "path": document.path,
            "date": date_number(document.date) or None,
            "mentioned": " ".join(mentioned_days(document.text, document.date)) or None,
            "names": ",".join(names) or None,
            "places": ",".join(places) or None,
        }
        writer.add_document(**{name: value for name, value in fields.items() if value is not None})
    writer.commit()
    return SegmentFile(next(folder.glob("*.tim")))


def postings(file: SegmentFile, name: str) -> dict[bytes, tuple[list[int], list[int], list[int]]]:
    field = file.field(name)
    assert field is not None
    return {
        field.key(term): (
            field.postings(term)[0].tolist(),
            field.postings(term)[1].tolist(),
            field.positions(term).tolist() if field.has_positions else [],
        )
        for term in range(field.term_count)
    }


def test_bulk_and_stock_roads_give_the_same_postings(
    loops: None, tmp_path: Path, documents: list[Document]
) -> None:
    build_segment(tmp_path / "bulk.tim", documents, b"", Vocabulary())
    bulk = SegmentFile(tmp_path / "bulk.tim")
    stock = stock_file(tmp_path / "stock", documents)
    assert set(stock.field_names()) <= set(bulk.field_names())
    for name in stock.field_names():
        assert postings(bulk, name) == postings(stock, name), name
        assert bulk.lengths(name).tolist() == stock.lengths(name).tolist(), name
        assert bulk.field_lengths.get(name) == stock.field_lengths.get(name), name


def test_a_vocabulary_serves_many_batches(tmp_path: Path, documents: list[Document]) -> None:
    vocabulary = Vocabulary()
    for number in range(3):
        part = documents[number::3]
        build_segment(tmp_path / f"a{number}.tim", part, b"", vocabulary)
        build_segment(tmp_path / f"b{number}.tim", part, b"", Vocabulary())
        a, b = SegmentFile(tmp_path / f"a{number}.tim"), SegmentFile(tmp_path / f"b{number}.tim")
        assert all(postings(a, name) == postings(b, name) for name in a.field_names())


def test_long_keywords_become_digests() -> None:
    assert keyword_term("a" * 255) == b"a" * 255
    assert len(keyword_term("a" * 256)) < 255
    assert keyword_term("a" * 256) != keyword_term("a" * 257)


def test_positions_of_some_postings_are_those_of_all(
    tmp_path: Path, documents: list[Document]
) -> None:
    build_segment(tmp_path / "a.tim", documents, b"", Vocabulary())
    file = SegmentFile(tmp_path / "a.tim")
    for name in ("folded", "accented"):
        field = file.field(name)
        assert field is not None
        for term in range(field.term_count):
            _, freqs = field.postings(term)
            groups = np.split(field.positions(term), np.cumsum(freqs)[:-1])
            for places in ([0], list(range(0, len(freqs), 2)), list(range(len(freqs)))):
                found = field.positions_in(term, np.array(places), freqs)
                assert found.tolist() == np.concatenate([groups[at] for at in places]).tolist()
