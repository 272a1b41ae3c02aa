"""Flask over Tantivy with its own SnippetGenerator and its own ASCII folding."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from flask import Flask, Response, jsonify, request

from bench.peers.tantivy import HEAP
from index.documents import Document


def _register(index: Any) -> None:
    folding = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .build()
    )
    index.register_tokenizer("folding", folding)


def build(documents: Iterable[Document], folder: Path) -> None:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", stored=True, tokenizer_name="folding")
    builder.add_text_field("body", stored=True, tokenizer_name="folding")
    index = tantivy.Index(builder.build(), path=str(folder))
    _register(index)
    writer = index.writer(HEAP, 1)
    for document in documents:
        writer.add_document(
            tantivy.Document(id=[document.id], title=[document.title], body=[document.body])
        )
    writer.commit()
    writer.wait_merging_threads()


def create_app(folder: Path) -> Flask:
    app = Flask(__name__)
    index = tantivy.Index.open(str(folder))
    _register(index)
    searcher = index.searcher()

    @app.get("/search")
    def search() -> Response:
        query, _ = index.parse_query_lenient(request.args.get("q", ""), ["title", "body"])
        found = searcher.search(query, 10, count=False)
        snippets = tantivy.SnippetGenerator.create(searcher, query, index.schema, "body")
        hits = []
        for score, address in found.hits:
            document = searcher.doc(address)
            snippet = snippets.snippet_from_doc(document).to_html()
            hits.append(
                {
                    "id": document["id"][0],
                    "title": document["title"][0],
                    "score": score,
                    "snippet": snippet,
                }
            )
        return jsonify(hits=hits)

    return app
