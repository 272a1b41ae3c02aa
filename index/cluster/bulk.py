"""Many documents to the cluster: a few megabytes a request, no faster than it takes them.

A request whose node dies goes to another one; a document that was refused because the cluster is
busy, or has just lost the node that holds its shard, is sent again after a pause. Documents are
written by id, so sending one twice leaves one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import msgspec

from index.cluster.connection import BUSY, Connection
from index.cluster.errors import ClusterError, OverloadedError, UnreachableError
from index.cluster.records import Record

MAX_BYTES = 4 << 20
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
PATIENCE = 120.0
"""Seconds without any progress after which sending is given up."""
_encode = msgspec.json.encode


class Bulk:
    """Sends to one index; `sent` counts the documents that were written."""

    def __init__(self, connection: Connection, index: str) -> None:
        self._connection = connection
        self._index = index
        self._waiting: list[tuple[str, bytes]] = []
        self._size = 0
        self.sent = 0

    def add(self, records: Iterable[Record]) -> None:
        """Write these, or keep them until there is enough for a request. Raises ClusterError."""
        for key, body in records:
            head = _encode({"index": {"_id": key}})
            self._put(key, head + b"\n" + body + b"\n")

    def delete(self, keys: Iterable[str]) -> None:
        """Delete by `_id`; one that is not there is no error."""
        for key in keys:
            self._put(key, _encode({"delete": {"_id": key}}) + b"\n")

    def flush(self) -> None:
        """Send what waits and return when all of it is written. Raises ClusterError."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        pause, deadline = FIRST_PAUSE, time.monotonic() + PATIENCE
        while waiting:
            left = self._send(waiting)
            if len(left) < len(waiting):
                pause, deadline = FIRST_PAUSE, time.monotonic() + PATIENCE
            elif time.monotonic() > deadline:
                raise ClusterError(f"{len(left):,} documents could not be written", "try again")
            self.sent += len(waiting) - len(left)
            waiting = left
            if waiting:
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _put(self, key: str, lines: bytes) -> None:
        if self._waiting and self._size + len(lines) > MAX_BYTES:
            self.flush()
        self._waiting.append((key, lines))
        self._size += len(lines)

    def _send(self, waiting: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Send once; what has to be sent again."""
        body = b"".join(lines for _, lines in waiting)
        try:
            answer = self._connection.ask(
                lambda client: client.bulk(
                    body=body,
                    index=self._index,
                    params={"filter_path": "errors,items.*.status,items.*.error"},
                )
            )
        except (UnreachableError, OverloadedError):
            return waiting
        if not answer["errors"]:
            return []
        again = []
        for sent, item in zip(waiting, answer["items"], strict=True):
            [(_, outcome)] = item.items()
            if outcome["status"] in BUSY:
                again.append(sent)
            elif outcome["status"] >= 300 and outcome["status"] != 404:
                raise ClusterError(_refusal(sent[0], outcome))
        return again


def _refusal(key: str, outcome: dict[str, Any]) -> str:
    error = outcome.get("error", {})
    reason = error.get("reason", error) if isinstance(error, dict) else error
    return f"the cluster refuses the document {key!r}: {str(reason)[:200]}"
