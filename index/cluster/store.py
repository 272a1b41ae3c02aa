"""The index of a cluster: read a commit, write a commit; what `index.store` is for a folder."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from index.cluster import commits, scan
from index.cluster.address import Cluster
from index.cluster.change import ClusterChange, Ending
from index.cluster.commits import CommitRecord
from index.cluster.connection import Connection
from index.cluster.lease import Lease, abandoned
from index.cluster.mapping import index_body
from index.cluster.state import State
from index.documents import Document
from index.errors import MissingIndexError, OutdatedIndexError
from index.salvage import NOTHING, LastGood
from index.sync import manifest
from index.sync.manifest import Entry

_SEEDS = "seeds-"
Digests = dict[str, tuple[str, str]]
"""(path, digest) of documents by id."""


class ClusterSnapshot:
    """The documents of one commit."""

    def __init__(self, record: CommitRecord, digests: Digests) -> None:
        self.generation = record.generation
        self.is_outdated = record.is_outdated
        self._digests = digests

    def docs(self) -> Iterator[tuple[str, str, str]]:
        """(id, path, digest) of every document."""
        for id, (path, digest) in self._digests.items():
            yield id, path, digest


class _OldDocuments(LastGood):
    """The documents of an index that is about to be made anew."""

    def __init__(self, connection: Connection, index: str) -> None:
        super().__init__()
        self._connection, self._index = connection, index
        found = scan.digests(connection, index)
        self.known = {id: (path, digest) for id, path, digest in found}

    def document(self, id: str) -> Document | None:
        """The document with this id."""
        return scan.document(self._connection, self._index, id)


class ClusterStore:
    """An index in a cluster. Cheap to make; sends nothing until it is asked something.

    It remembers the digests of the commit that it read or made last, so that a watcher need not
    read them again for every file that changes.
    """

    path: Path | None = None

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._connection = Connection(cluster)
        self._state = State(self._connection)
        self._known: tuple[str, Digests] = ("", {})

    def exists(self) -> bool:
        return self.generation() >= 0

    def create(self) -> None:
        """Commit an empty index, replacing whatever index there is."""
        with self.transaction(rebuild=True) as change:
            change.commit()

    def generation(self) -> int:
        """Number of the newest commit; -1 if there is no index."""
        try:
            return commits.newest(self._connection).generation
        except MissingIndexError:
            return -1

    def committed(self) -> datetime | None:
        """When the newest commit was made; None without an index."""
        try:
            return datetime.fromisoformat(commits.newest(self._connection).committed)
        except MissingIndexError:
            return None

    def snapshot(self, *, without: Set[str] = frozenset()) -> ClusterSnapshot:
        """The newest commit; it has no parts of which it could be given `without`. Raises
        MissingIndexError, OutdatedIndexError, ClusterError."""
        record = commits.newest(self._connection)
        if abandoned(self._state):
            with self.transaction() as change:  # what its writer sent is shown and counted
                change.commit()
            record = commits.newest(self._connection)
        if self._known[0] != record.id:
            found = scan.digests(self._connection, record.index)
            self._known = record.id, {id: (path, digest) for id, path, digest in found}
        return ClusterSnapshot(record, self._known[1])

    def documents(self) -> Iterator[tuple[Document, str]]:
        """Every document of the newest commit with the digest that it was written with."""
        return scan.documents(self._connection, commits.newest(self._connection).index)

    def transaction(
        self,
        *,
        rebuild: bool = False,
        timeout: float = 0.0,
        memory: int = 0,
        processes: int | None = None,
        progress: Callable[[int], None] | None = None,
        without: Set[str] = frozenset(),
        relearn: bool = False,
    ) -> ClusterChange:
        """Begin to write; waits up to `timeout` seconds for another writer, then IndexLockedError.

        `rebuild` fills an index made anew; until the commit the old one answers. With
        `relearn` the commit learns the language model anew. Little is held here at a time, whatever
        the `memory`, and the cluster sees to damaged parts itself (`without`).
        """
        self._state.create()
        lease = Lease(self._connection, self._state, timeout)
        try:
            base, fresh = self._base(rebuild)
            base = replace(base, language="") if relearn else base
        except BaseException:
            lease.release()
            raise
        return ClusterChange(
            self._connection,
            self._state,
            lease,
            base,
            fresh=fresh,
            processes=processes,
            progress=progress,
            ended=self._ended,
        )

    def last_good(self, only: Set[str] | None = None) -> LastGood:
        """The documents of the newest commit; of damaged parts nobody knows here."""
        if only is not None:
            return NOTHING
        try:
            return _OldDocuments(self._connection, self.cluster.index)
        except MissingIndexError:
            return NOTHING

    def entries(self, generation: int) -> dict[str, Entry]:
        """What the seeds were like when this commit was made; empty if that is not known."""
        content = self._state.get(f"{_SEEDS}{generation}")
        return manifest.decode(zlib.decompress(content)) if content else {}

    def remember(self, generation: int, entries: Mapping[str, Entry]) -> None:
        """Keep what the seeds were like."""
        name = f"{_SEEDS}{generation}"
        self._state.put(name, zlib.compress(manifest.encode(entries)))
        self._state.forget_all_but(_SEEDS, name)

    def remembered(self, generation: int) -> int | None:
        """A number that is another one after every `remember`; None before the first."""
        content = self._state.get(f"{_SEEDS}{generation}")
        return zlib.crc32(content) if content else None

    def tidy(self) -> None:
        """Nothing to do: what a killed writer left goes with the next commit."""

    def close(self) -> None:
        self._connection.close()

    def _base(self, rebuild: bool) -> tuple[CommitRecord, bool]:
        """The commit to change, and whether it is that of an index made for it."""
        try:
            old = commits.newest(self._connection)
        except (MissingIndexError, OutdatedIndexError):
            old = None
        if old is not None and not rebuild:
            return old, False
        generation = old.generation if old else 0
        base = CommitRecord(commits.new_index(self._connection), generation)
        body = index_body(self.cluster, base.meta())
        self._connection.ask(lambda client: client.indices.create(index=base.index, body=body))
        return base, True

    def _ended(self, end: Ending) -> None:
        """Keep the known digests in step with a change that this process has made."""
        id, known = self._known
        if end.record is None or id != end.base.id:
            self._known = "", {}
            return
        left = {key: value for key, value in known.items() if key not in end.deleted}
        self._known = end.record.id, left | dict(end.added)
