"""An index in timtin's format is a Whoosh index: stock writers fill it, stock queries read it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
from whoosh import fields, query
from whoosh.searching import Searcher

from index.codec.whoosh_codec import TimtinCodec

SCHEMA = fields.Schema(
    id=fields.ID(unique=True, stored=True),
    text=fields.TEXT(stored=True),
    words=fields.TEXT(phrase=False),
    number=fields.NUMERIC(int, bits=32, signed=False, sortable=True),
    kind=fields.ID(sortable=True),
)
WORDS = [f"a{number}" for number in range(40)]
QUERIES = [
    query.Term("text", "a3"),
    query.Term("words", "a3"),
    query.Term("text", "missing"),
    query.Or([query.Term("text", "a3"), query.Term("words", "a9")]),
    query.And([query.Term("text", "a3"), query.NumericRange("number", 3, 50)]),
    query.AndNot(query.Term("text", "a3"), query.Term("kind", "k1")),
    query.Phrase("text", ["a1", "a2"]),
    query.Phrase("text", ["a1", "a2", "a3"], slop=3),
    query.Prefix("text", "a1"),
    query.Wildcard("text", "a?"),
    query.FuzzyTerm("text", "b12"),
    query.TermRange("text", "a10", "a15"),
    query.Every(),
]


def documents() -> list[dict[str, Any]]:
    source = random.Random(3)
    found = []
    for number in range(200):
        text = " ".join(source.choices(WORDS, k=source.randint(1, 300)))
        found.append(
            {"id": str(number), "text": text, "words": text, "number": source.randint(1, 99)}
        )
        if number % 7:
            found[-1]["kind"] = f"k{number % 3}"
    return found


def build(folder: Path, **options: Any) -> whoosh.index.FileIndex:
    """Three segments and two deleted documents."""
    folder.mkdir()
    index = whoosh.index.create_in(folder, SCHEMA)
    everything = documents()
    for part in (everything[:50], everything[50:150], everything[150:]):
        writer = index.writer(**options)
        for document in part:
            writer.add_document(**document)
        writer.commit(merge=False)
    writer = index.writer(**options)
    writer.delete_by_term("id", "7")
    writer.delete_by_term("id", "120")
    writer.commit(merge=False)
    return index


@contextmanager
def both(folder: Path) -> Iterator[tuple[Searcher, Searcher]]:
    stock, ours = build(folder / "stock"), build(folder / "ours", codec=TimtinCodec())
    with stock.searcher() as a, ours.searcher() as b:
        yield a, b


def hits(searcher: Searcher, wanted: query.Query, **options: Any) -> list[tuple[str, Any]]:
    found = searcher.search(wanted, limit=None, **options)
    return [
        (hit["id"], round(hit.score, 6) if isinstance(hit.score, float) else None) for hit in found
    ]


def test_stock_queries_find_the_same_in_both_formats(tmp_path: Path) -> None:
    with both(tmp_path) as (stock, ours):
        for wanted in QUERIES:
            assert hits(ours, wanted) == hits(stock, wanted), wanted
            for column in ("number", "kind"):
                assert hits(ours, wanted, sortedby=column) == hits(stock, wanted, sortedby=column)


def test_stock_readers_walk_the_same_terms(tmp_path: Path) -> None:
    with both(tmp_path) as (stock, ours):
        a, b = stock.reader(), ours.reader()
        assert list(b.all_terms()) == list(a.all_terms())
        assert list(b.expand_prefix("text", "a1")) == list(a.expand_prefix("text", "a1"))
        assert list(b.terms_from("text", "a38")) == list(a.terms_from("text", "a38"))
        for term in ("a0", "a39"):
            x, y = a.term_info("text", term), b.term_info("text", term)
            assert (y.weight(), y.doc_frequency(), y.max_weight()) == (
                x.weight(),
                x.doc_frequency(),
                x.max_weight(),
            )
        assert b.stored_fields(3) == a.stored_fields(3)


def test_stock_writers_merge_our_segments(tmp_path: Path) -> None:
    index = build(tmp_path / "ours", codec=TimtinCodec())
    with index.searcher() as searcher:
        before = {wanted: {id for id, _ in hits(searcher, wanted)} for wanted in QUERIES}
    index.optimize(codec=TimtinCodec())
    with index.searcher() as searcher:
        assert len(searcher.leaf_searchers()) == 1
        for wanted, ids in before.items():
            assert {id for id, _ in hits(searcher, wanted)} == ids, wanted


def test_what_the_format_cannot_keep_is_refused(tmp_path: Path) -> None:
    schema = fields.Schema(text=fields.TEXT)
    writer = whoosh.index.create_in(tmp_path, schema).writer(codec=TimtinCodec())
    writer.add_document(text="một hai", _text_boost=1.5)
    with pytest.raises(ValueError, match="whole numbers"):
        writer.commit()
