"""The small index beside the documents: who writes, what the seeds were like, the language model.

Values of many megabytes are kept in pieces, each a document of its own.
"""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

from index.cluster.bulk import Bulk
from index.cluster.connection import Connection
from index.cluster.records import Record
from index.errors import MissingIndexError

PIECE = 1 << 20


class State:
    """Values by name, in the index `<index>-state`. Cheap to make."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.index = f"{connection.cluster.index}-state"

    def create(self) -> None:
        """Make the index if it is not there."""
        exists = self._connection.ask(lambda client: client.indices.exists(index=self.index))
        if exists:
            return
        body = {
            "settings": {
                "number_of_shards": 1,
                "number_of_replicas": self._connection.cluster.replicas,
            },
            "mappings": {"dynamic": False, "properties": {"name": {"type": "keyword"}}},
        }
        # Two writers may come at once: the one that is later finds it made.
        params = {"ignore": 400}
        self._connection.ask(
            lambda client: client.indices.create(index=self.index, body=body, params=params)
        )

    def put(self, name: str, value: bytes) -> None:
        """Keep a value; there is no other of this name."""
        bulk = Bulk(self._connection, self.index)
        for number, start in enumerate(range(0, max(len(value), 1), PIECE)):
            piece = base64.b64encode(value[start : start + PIECE])
            last = b"true" if start + PIECE >= len(value) else b"false"
            body = b'{"name":"%s","last":%s,"piece":"%s"}' % (name.encode(), last, piece)
            bulk.add([Record(f"{name}.{number}", body)])
        bulk.flush()

    def get(self, name: str) -> bytes | None:
        """The value, None if there is none of this name, or not the whole of it."""
        pieces = []
        for number in count():
            piece = self.document(f"{name}.{number}")
            if piece is None:
                return None
            pieces.append(base64.b64decode(piece["_source"]["piece"]))
            if piece["_source"]["last"]:
                return b"".join(pieces)
        raise AssertionError("unreachable")

    def document(self, key: str) -> dict[str, Any] | None:
        """A document of the index as the cluster answers it, as it is at this moment."""
        try:
            found: dict[str, Any] = self._connection.ask(
                lambda client: client.get(index=self.index, id=key)
            )
        except MissingIndexError:
            return None
        return found

    def forget_all_but(self, kind: str, name: str) -> None:
        """Remove the other values whose names begin with `kind`."""
        self._connection.ask(lambda client: client.indices.refresh(index=self.index))
        body = {
            "size": 1000,
            "query": {
                "bool": {
                    "filter": [{"prefix": {"name": kind}}],
                    "must_not": [{"term": {"name": name}}],
                }
            },
        }
        found = self._connection.search(self.index, body, _source="false")
        bulk = Bulk(self._connection, self.index)
        bulk.delete(hit["_id"] for hit in found["hits"]["hits"])
        bulk.flush()
