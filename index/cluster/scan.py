"""All documents of the cluster's index, in the order in which they came in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.cluster.connection import Connection
from index.cluster.mapping import document_key, document_of
from index.documents import Document

KEYS_AT_ONCE, DOCUMENTS_AT_ONCE = 10_000, 500


def digests(connection: Connection, index: str) -> Iterator[tuple[str, str, str]]:
    """(id, path, digest) of every document; reads no stored documents."""
    body = {"_source": False, "docvalue_fields": ["id", "path", "digest"]}
    for hit in _scan(connection, index, body, KEYS_AT_ONCE):
        fields = hit["fields"]
        id = fields["id"][0] if "id" in fields else _whole_id(connection, index, hit["_id"])
        yield id, fields.get("path", [""])[0], fields["digest"][0]


def documents(connection: Connection, index: str) -> Iterator[tuple[Document, str]]:
    """Every document, with the digest that it had when it was written."""
    body = {"_source": ["document"], "docvalue_fields": ["digest"]}
    for hit in _scan(connection, index, body, DOCUMENTS_AT_ONCE):
        yield document_of(hit["_source"]), hit["fields"]["digest"][0]


def document(connection: Connection, index: str, id: str) -> Document | None:
    """The document with this id, None if there is none."""
    body = {"query": {"ids": {"values": [document_key(id)]}}, "_source": ["document"]}
    hits = connection.search(index, body)["hits"]["hits"]
    return document_of(hits[0]["_source"]) if hits else None


def texts(connection: Connection, index: str) -> Iterator[str]:
    """The text of every document."""
    body = {"_source": ["document.title", "document.body"]}
    for hit in _scan(connection, index, body, DOCUMENTS_AT_ONCE):
        document = hit["_source"]["document"]
        yield "\n".join(filter(None, (document.get("title"), document.get("body"))))


def _scan(
    connection: Connection, index: str, body: dict[str, Any], size: int
) -> Iterator[dict[str, Any]]:
    """Hits in the order of their ordinals, which no two documents share."""
    body = {**body, "size": size, "sort": ["ordinal"], "track_total_hits": False}
    while True:
        hits = connection.search(index, body)["hits"]["hits"]
        yield from hits
        if len(hits) < size:
            return
        body["search_after"] = hits[-1]["sort"]


def _whole_id(connection: Connection, index: str, key: str) -> str:
    """An id that is too long to be kept as a value."""
    found = connection.ask(
        lambda client: client.get(index=index, id=key, params={"_source": "document.id"})
    )
    return str(found["_source"]["document"]["id"])
