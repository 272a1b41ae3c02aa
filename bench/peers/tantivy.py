"""Tantivy (tantivy-py): Lucene's design in Rust. BM25 with its fixed k1=1.2, b=.75.

The text arrives tokenized and is split at spaces; frequencies and positions are indexed, nothing is
stored but the line number (a fast field). Counting is off, term and boolean queries read no
positions: what Tantivy does fastest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy

from bench.peers import TOP, token_lines
from bench.shapes import Operator

HEAP = 512 * 1024 * 1024


def whitespace_schema(*fields: str) -> Any:
    builder = tantivy.SchemaBuilder()
    for field in fields:
        builder.add_text_field(field, tokenizer_name="spaces", index_option="position")
    builder.add_unsigned_field("line", fast=True)
    return builder.build()


def register_spaces(index: Any) -> None:
    spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("spaces", spaces)


class Tantivy:
    name = "tantivy"

    def __init__(self, threads: int = 1) -> None:
        """`threads`: of the writer; one gives one segment, which is the fastest to search."""
        self._threads = threads

    def supports(self, operator: Operator) -> bool:
        return True

    def build(self, tokens: Path, folder: Path) -> None:
        index = tantivy.Index(whitespace_schema("body"), path=str(folder))
        register_spaces(index)
        writer = index.writer(HEAP, self._threads)
        for number, line in enumerate(token_lines(tokens)):
            document = tantivy.Document()
            document.add_text("body", line)
            document.add_unsigned("line", number)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> TantivySession:
        return TantivySession(folder)


def build_fields(fields: Path, folder: Path, names: Sequence[str], threads: int) -> None:
    """Index the columns of a field file (tab-separated), one text field each."""
    index = tantivy.Index(whitespace_schema(*names), path=str(folder))
    register_spaces(index)
    writer = index.writer(HEAP, threads)
    with fields.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            document = tantivy.Document()
            for name, column in zip(names, line.rstrip("\n").split("\t"), strict=True):
                document.add_text(name, column)
            document.add_unsigned("line", number)
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class TantivySession:
    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        register_spaces(index)
        self._schema = index.schema
        self._searcher = index.searcher()

    def top(self, operator: Operator, terms: Sequence[str]) -> object:
        return self._searcher.search(self._query(operator, terms), TOP, count=False)

    def lines(self, hits: Any) -> list[int]:
        addresses = [address for _, address in hits.hits]
        return [int(n) for n in self._searcher.fast_field_values("line", addresses)]

    def count(self, operator: Operator, terms: Sequence[str]) -> int | None:
        found = self._searcher.search(self._query(operator, terms), 1, count=True)
        return int(found.count)

    def close(self) -> None:
        del self._searcher

    def _query(self, operator: Operator, terms: Sequence[str]) -> Any:
        if operator == "phrase":
            return tantivy.Query.phrase_query(self._schema, "body", list(terms))
        if operator == "prefix":
            return tantivy.Query.regex_query(self._schema, "body", re.escape(terms[0]) + ".*")
        parts = [tantivy.Query.term_query(self._schema, "body", t, "freq") for t in terms]
        if len(parts) == 1:
            return parts[0]
        occur = tantivy.Occur.Must if operator == "all" else tantivy.Occur.Should
        return tantivy.Query.boolean_query([(occur, part) for part in parts])


def peer(_: str) -> Tantivy:
    return Tantivy()
