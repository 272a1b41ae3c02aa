"""What seeds are brought into: an index in a folder or in a cluster, as a sync sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from index.documents import Document
from index.salvage import LastGood, salvage
from index.snapshot import Snapshot
from index.store import DEFAULT_MEMORY, IndexStore
from index.sync import manifest
from index.sync.manifest import Entry
from index.transaction import Transaction


class Committed(Protocol):
    """The documents of a commit; `is_outdated` if the running code would make others of them."""

    @property
    def generation(self) -> int: ...

    @property
    def is_outdated(self) -> bool: ...

    def docs(self) -> Iterator[tuple[str, str, str]]:
        """(id, path, digest) of every document."""


class Change(Protocol):
    """A change that is being made; leaving its context without `commit` gives it up."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def delete(self, ids: Iterable[str]) -> int:
        """Delete documents by id; returns how many."""

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents; returns how many."""

    def bytes_to_merge(self) -> int:
        """What `commit` will have to merge, as a size for a progress bar."""

    def commit(self, advance: Callable[[int], None] = ...) -> int:
        """Make the change visible; returns the new generation."""

    def cancel(self) -> None:
        """Give the change up."""


class Target(Protocol):
    """An index that seeds are brought into. `path` is its folder, None if it has none."""

    @property
    def path(self) -> Path | None: ...

    def exists(self) -> bool:
        """Whether there is an index."""

    def create(self) -> None:
        """Commit an empty index."""

    def generation(self) -> int:
        """Number of the newest commit; -1 if there is no index."""

    def snapshot(self, *, without: Set[str] = ...) -> Committed:
        """The newest commit, without the damaged parts of these names."""

    def transaction(
        self,
        *,
        rebuild: bool = ...,
        timeout: float = ...,
        memory: int = ...,
        processes: int | None = ...,
        progress: Callable[[int], None] | None = ...,
        without: Set[str] = ...,
        relearn: bool = ...,
    ) -> Change:
        """Begin to write; IndexLockedError if another writer does not end within `timeout`."""

    def last_good(self, only: Set[str] | None = None) -> LastGood:
        """What can be read of the newest commit, or of the parts of these names."""

    def committed(self) -> datetime | None:
        """When the newest commit was made; None if there is no index."""

    def documents(self) -> Iterator[tuple[Document, str]]:
        """Every document of the newest commit with the digest that it was written with."""

    def entries(self, generation: int) -> dict[str, Entry]:
        """What the seeds were like when this commit was made; empty if that is not known."""

    def remember(self, generation: int, entries: Mapping[str, Entry]) -> None:
        """Keep what the seeds were like."""

    def remembered(self, generation: int) -> int | None:
        """A number that is another one after every `remember`; None before the first."""

    def tidy(self) -> None:
        """Remove what killed writers left, if nobody writes just now."""


class FolderTarget:
    """An index folder as a target."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store
        self.path: Path | None = store.path

    def exists(self) -> bool:
        return self._store.exists()

    def create(self) -> None:
        self._store.create()

    def generation(self) -> int:
        return self._store.generation()

    def snapshot(self, *, without: Set[str] = frozenset()) -> Snapshot:
        return self._store.snapshot(without=without, language=False)

    def transaction(
        self,
        *,
        rebuild: bool = False,
        timeout: float = 0.0,
        memory: int = DEFAULT_MEMORY,
        processes: int | None = None,
        progress: Callable[[int], None] | None = None,
        without: Set[str] = frozenset(),
        relearn: bool = False,
    ) -> Transaction:
        return self._store.transaction(
            rebuild=rebuild,
            timeout=timeout,
            memory=memory,
            processes=processes,
            progress=progress,
            without=without,
            relearn=relearn,
        )

    def last_good(self, only: Set[str] | None = None) -> LastGood:
        return salvage(self._store.path, only)

    def committed(self) -> datetime | None:
        _, _, time_ns = self._store.stamp()
        return datetime.fromtimestamp(time_ns / 1e9, UTC) if time_ns else None

    def documents(self) -> Iterator[tuple[Document, str]]:
        for segment in self._store.snapshot(language=False).segments:
            live = filter(segment.is_live, range(segment.doc_count_all))
            for docnum, (_, _, digest) in zip(live, segment.docs(), strict=True):
                yield Document(**{"title": "", "body": "", **segment.stored(docnum)}), digest

    def entries(self, generation: int) -> dict[str, Entry]:
        return manifest.load(self._store.path, generation)

    def remember(self, generation: int, entries: Mapping[str, Entry]) -> None:
        manifest.save(self._store.path, generation, dict(entries))

    def remembered(self, generation: int) -> int | None:
        return manifest.saved_ns(self._store.path, generation)

    def tidy(self) -> None:
        self._store.tidy()
