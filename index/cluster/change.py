"""One change to a cluster's index: documents sent as they come, shown all at once by the commit.

A cluster has no transactions. What is sent is not shown before the index is refreshed, which only a
commit does; whatever a writer that dies leaves behind is compared with the seeds by the next one.
An index made anew is built beside the old one, which answers until the alias moves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Set
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

from index.builder import Vocabulary
from index.cluster import commits, language
from index.cluster.bulk import Bulk
from index.cluster.commits import CommitRecord
from index.cluster.connection import Connection
from index.cluster.copies import Copies
from index.cluster.lease import Lease
from index.cluster.mapping import document_key, document_of
from index.cluster.records import Prepared, prepare, prepared
from index.cluster.state import State
from index.documents import Document

HELD = 8
"""Batches that are kept until their copies are known; of a larger change, documents that turn out
to be copies are sent twice."""
MERGE_SECONDS, EXPUNGE_SECONDS = 3600, 90
REWRITTEN = 500  # documents read and sent again at a time

Batch = tuple[list[Document], Prepared]


class Ending(NamedTuple):
    """How a change ended: the commit that it was made to and the one that it made, None if it was
    given up; (path, digest) by id of what was added; ids of what was deleted."""

    base: CommitRecord
    record: CommitRecord | None
    added: Mapping[str, tuple[str, str]]
    deleted: Set[str]


class ClusterChange:
    """Holds the writer's lease until `commit` or `cancel`; leaving the context without commit
    cancels. `base` is the commit that it changes; with `fresh` it fills the index of that name,
    which is empty and not shown yet."""

    def __init__(
        self,
        connection: Connection,
        state: State,
        lease: Lease,
        base: CommitRecord,
        *,
        fresh: bool,
        processes: int | None,
        progress: Callable[[int], None] | None,
        ended: Callable[[Ending], None],
    ) -> None:
        self._connection, self._state, self._lease = connection, state, lease
        self._base, self._fresh = base, fresh
        self._processes = processes
        self._progress = progress or (lambda count: None)
        self._ended = ended
        self._bulk = Bulk(connection, base.index)
        self._copies = Copies()
        self._held: list[Batch] = []
        self._doomed: set[str] = set()
        self._added: dict[str, tuple[str, str]] = {}
        self._ordinal, self._syllables = base.ordinal, 0
        self._open, self._shown, self._sent_twice = True, False, False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self.cancel()

    def delete(self, ids: Iterable[str]) -> int:
        """Delete documents by id; returns how many. One that is added anew is replaced."""
        before = len(self._doomed)
        self._doomed.update(ids)
        return len(self._doomed) - before

    def add(self, documents: Iterable[Document]) -> int:
        """Analyse and send documents; returns how many. They can be found after `commit`."""
        count = 0
        for batch in prepared(documents, self._ordinal, self._processes):
            count += len(batch[0])
            self._take(batch)
            self._held.append(batch)
            if len(self._held) > HELD:
                self._send_held({})
            self._progress(len(batch[0]))
        return count

    def bytes_to_merge(self) -> int:
        """The cluster merges by itself."""
        return 0

    def commit(self, advance: Callable[[int], None] = lambda size: None) -> int:
        """Make the change visible; returns the new generation."""
        try:
            record = self._commit()
        except BaseException:
            if self._open:
                self.cancel()
            raise
        self._end(record)
        return record.generation

    def cancel(self) -> None:
        """Give the change up. What was sent of it already is shown, as it cannot be called back,
        and put right by the next sync; an index made anew goes."""
        try:
            if self._shown:
                return
            if self._fresh:
                self._connection.ask(
                    lambda client: client.indices.delete(
                        index=self._base.index, params={"ignore": 404}
                    )
                )
            elif self._bulk.sent:
                self._publish()
        finally:
            self._end(None)

    def _take(self, batch: Batch) -> None:
        documents, made = batch
        self._ordinal += len(documents)
        self._syllables += made.syllables
        self._copies.add(made)
        for document in documents:
            self._added[document.id] = (document.path, document.digest())
            self._doomed.discard(document.id)

    def _send_held(self, groups: dict[str, str]) -> None:
        """Send what was kept back, with the groups that are known."""
        held, self._held = self._held, []
        for documents, made in held:
            names = [groups.pop(record.key, None) for record in made.records]
            if any(names):
                self._bulk.add(prepare(documents, made.ordinals, Vocabulary(), names).records)
            else:
                self._bulk.add(made.records)

    def _commit(self) -> CommitRecord:
        gone = {document_key(id) for id in self._doomed}
        groups = self._copies.groups(self._connection, self._base.index, gone=gone)
        self._send_held(groups)
        self._bulk.delete(gone)
        self._bulk.flush()
        self._rewrite(groups)
        self._lease.confirm()
        return self._publish()

    def _rewrite(self, groups: dict[str, str]) -> None:
        """Send documents again that have got into another group."""
        vocabulary = Vocabulary()
        keys = list(groups)
        self._sent_twice = bool(keys)
        for start in range(0, len(keys), REWRITTEN):
            found = self._stored(keys[start : start + REWRITTEN])
            sources = [row["_source"] for row in found]
            made = prepare(
                [document_of(source) for source in sources],
                [source["ordinal"] for source in sources],
                vocabulary,
                [groups[row["_id"]] for row in found],
            )
            self._bulk.add(made.records)
        self._bulk.flush()

    def _stored(self, keys: list[str]) -> list[dict[str, Any]]:
        """What the index keeps of these documents, as they are at this moment."""
        answer = self._connection.ask(
            lambda client: client.mget(body={"ids": keys}, index=self._base.index)
        )
        return [row for row in answer["docs"] if row.get("found")]

    def _publish(self) -> CommitRecord:
        """Show what was sent, and say so."""
        index = self._base.index
        self._refresh()
        if self._fresh and self._sent_twice:
            self._expunge()
        record = self._base.following(
            committed=datetime.now(UTC).isoformat(timespec="seconds"),
            ordinal=self._ordinal,
            unlearnt=self._base.unlearnt + self._syllables,
            **_measured(self._connection, index),
        )
        record = language.kept_up(self._connection, self._state, record)
        commits.save(self._connection, record)
        old = commits.show(self._connection, index) if self._fresh else []
        self._shown = True
        commits.remove(self._connection, old)
        self._state.forget_all_but("language-", record.language)
        return record

    def _expunge(self) -> None:
        """Wait until documents that were sent twice are no longer counted twice in scores: the
        cluster keeps what they replaced until all copies of a shard have it, half a minute."""
        index, deadline = self._base.index, time.monotonic() + EXPUNGE_SECONDS
        params = {"only_expunge_deletes": "true", "request_timeout": MERGE_SECONDS}
        while True:
            self._connection.ask(
                lambda client: client.indices.forcemerge(index=index, params=params)
            )
            self._refresh()
            stats = self._connection.ask(
                lambda client: client.indices.stats(index=index, metric="docs")
            )
            if not stats["_all"]["primaries"]["docs"]["deleted"] or time.monotonic() > deadline:
                return
            time.sleep(2)

    def _refresh(self) -> None:
        """Show what was sent to the shards."""
        self._connection.ask(lambda client: client.indices.refresh(index=self._base.index))

    def _end(self, record: CommitRecord | None) -> None:
        self._open = False
        self._ended(Ending(self._base, record, self._added, self._doomed))
        self._lease.release()


def _measured(connection: Connection, index: str) -> dict[str, Any]:
    """How many documents there are, and the newest day."""
    body = {"size": 0, "track_total_hits": True, "aggs": {"newest": {"max": {"field": "date"}}}}
    found = connection.search(index, body)
    newest = found["aggregations"]["newest"]["value"]
    return {"documents": found["hits"]["total"]["value"], "newest": int(newest or 0)}
