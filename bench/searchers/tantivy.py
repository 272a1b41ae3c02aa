"""Two analyses that Elasticsearch users choose for Vietnamese, on Tantivy (Lucene's design).

`folded`: Lucene's standard tokenizer and ICU folding, one field. `vietnamese`: what the Vietnamese
plugins do, lower-cased syllables with their marks and a segmenter's words (here pyvi's). Terms are
joined by OR. BM25 with Tantivy's fixed k1=1.2, b=.75, which are Lucene's defaults too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import tantivy

from bench.peers.tantivy import HEAP, register_spaces, whitespace_schema
from bench.searchers import TOP
from index.analysis.words import segmenter
from index.documents import Document

Analysis = Callable[[str], dict[str, list[str]]]

# UAX #29 as far as it matters here: `1.250.000` and `25,2` are one token, so is `a.b`; combining
# marks belong to their letter.
_W = r"[\w\u0300-\u036f]"
_STANDARD = re.compile(rf"{_W}+(?:(?:(?<=\d)[.,;](?=\d)|(?<=[^\W\d_])[.'’](?=[^\W\d_])){_W}+)*")


def folded_analysis(text: str) -> dict[str, list[str]]:
    """Standard tokens, ICU folding (UTR #30): compatibility caseless, marks and đ's stroke off."""
    caseless = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in caseless if not unicodedata.combining(c)).replace("đ", "d")
    return {"body": _STANDARD.findall(bare)}


def vietnamese_analysis(text: str) -> dict[str, list[str]]:
    words = segmenter().tokenize(text).lower().split()
    return {"body": _STANDARD.findall(text.lower()), "words": [w for w in words if "_" in w]}


class TantivySearcher:
    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._ids: list[str] = []

    def build(self, documents: Iterable[Document], folder: Path) -> None:
        index = tantivy.Index(whitespace_schema("body", "words"), path=str(folder))
        register_spaces(index)
        writer = index.writer(HEAP, 1)
        for number, document in enumerate(documents):
            self._ids.append(document.id)
            record = tantivy.Document()
            record.add_unsigned("line", number)
            for field, tokens in self._analysis(document.text).items():
                record.add_text(field, " ".join(tokens))
            writer.add_document(record)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._schema, self._searcher = index.schema, index.searcher()

    def search(self, text: str) -> list[str]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, field, token, "freq"))
            for field, tokens in self._analysis(text).items()
            for token in dict.fromkeys(tokens)
        ]
        found: Any = self._searcher.search(tantivy.Query.boolean_query(terms), TOP, count=False)
        addresses = [address for _, address in found.hits]
        return [self._ids[n] for n in self._searcher.fast_field_values("line", addresses)]

    def close(self) -> None:
        del self._searcher


def folded() -> TantivySearcher:
    return TantivySearcher(folded_analysis)


def vietnamese() -> TantivySearcher:
    return TantivySearcher(vietnamese_analysis)
