"""How the cluster indexes a document: the fields of `index.schema`, already cut into tokens.

Analysis stays here, so the cluster only splits at spaces. What is indexed is not kept twice: of a
record only `document`, as `index.builder.stored_record` has it, and what scoring reads is stored.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

from index.builder import stored_record
from index.cluster.address import Cluster
from index.documents import Document

TOKENS: Final = ("folded", "accented", "title", "title_accented", "author", "source")
"""Fields of tokens with positions."""
BAGS: Final = ("pairs", "words")
"""Fields of tokens without."""
KEYWORDS: Final = (
    *("source_key", "source_name", "names", "names_key", "places", "places_key"),
    *("path", "abbreviations", "mentioned", "group", "bands"),
)
SIMILARITY: Final = "timtin"
K1, B = 0.42, 0.6
"""Of the cluster's BM25: those of `search.ranking`, which scores what the cluster finds."""
MAX_TOKEN = 255
"""Characters of a token: the cluster would cut a longer one in two."""
MAX_KEYWORD_BYTES = 8_000
MAX_KEY_BYTES = 512  # of the `_id` of a document
MAX_RESULTS = 25_000
"""Hits that a search may ask for: the deepest page, and some around it to put in order."""


def index_body(cluster: Cluster, meta: dict[str, Any]) -> dict[str, Any]:
    """Settings and mappings of a new index."""
    text = {"type": "text", "analyzer": "whitespace", "similarity": SIMILARITY}
    bag = {**text, "index_options": "freqs"}
    keyword = {"type": "keyword", "ignore_above": MAX_KEYWORD_BYTES}
    return {
        "settings": {
            "number_of_shards": cluster.shards,
            "number_of_replicas": cluster.replicas,
            "refresh_interval": "-1",  # a commit refreshes
            "max_result_window": MAX_RESULTS,
            "merge.policy.expunge_deletes_allowed": 0,
            "similarity": {SIMILARITY: {"type": "BM25", "k1": K1, "b": B}},
        },
        "mappings": {
            "_meta": meta,
            "dynamic": "strict",
            "_source": {"includes": ["document", "ordinal", "mentioned", "group"]},
            "properties": {
                "document": {"type": "object", "enabled": False},
                "id": keyword,
                "digest": {"type": "keyword", "index": False},
                "ordinal": {"type": "long"},
                "date": {"type": "integer"},
                **dict.fromkeys(TOKENS, text),
                **dict.fromkeys(BAGS, bag),
                **dict.fromkeys(KEYWORDS, keyword),
            },
        },
    }


def document_key(id: str) -> str:
    """The `_id` of the document with this id: the id, or if that is too long a digest of it."""
    encoded = id.encode("utf-8", "surrogatepass")
    if 0 < len(encoded) <= MAX_KEY_BYTES:
        return id
    return "digest:" + blake2b(encoded, digest_size=32).hexdigest()


def document_of(source: dict[str, Any]) -> Document:
    """The document of a stored record."""
    return Document(**{"title": "", "body": "", **source["document"]})


def stored(document: Document) -> dict[str, Any]:
    """What is kept of a document, for `document_of`."""
    return stored_record(document)
