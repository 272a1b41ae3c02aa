"""The difference between the seeds folder and the index: what has to be deleted and what added.

Documents are compared by digest. A seed that cannot be read keeps the documents that the index has
of it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter

from index.documents import Document
from index.errors import SeedError
from index.readers import Problem, SeedFile, check_size
from index.salvage import NOTHING, LastGood
from index.sync.folder import Folder, Found, digest_of, stamp_of
from index.sync.manifest import Entry, is_of_seed, unread
from index.sync.ownership import Owners
from index.sync.progress import Progress
from index.sync.reading import Reading, SpoiledSeedError
from index.sync.report import Failure


@dataclass(slots=True)
class Base:
    """What a folder is compared with: the live documents of a commit, and its manifest.

    `last_good` are documents that will be gone with what held them: they are taken over where their
    seed cannot be read.
    """

    generation: int = -1
    known: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → (path, digest)
    manifest: dict[str, Entry] = field(default_factory=dict)
    last_good: LastGood = NOTHING

    def drop_doubtful(self) -> None:
        """Forget manifest entries that do not fit the documents of the index."""
        counts = Counter(path for path, _ in self.known.values())
        self.manifest = {
            name: entry for name, entry in self.manifest.items() if entry.documents == counts[name]
        }


class Plan:
    """The comparison of a folder with a base, and the stream of documents that follows from it.

    `spoiled` names seeds that are not to be read, with the reasons; seeds outside of `only` are
    taken to be as they were. With an empty base nothing has to be compared and seeds are read once,
    by `stream`; otherwise changed seeds are read twice, and their documents never all held. `read`
    is `Readers.read`.
    """

    def __init__(
        self,
        folder: Folder,
        base: Base,
        *,
        spoiled: dict[str, str],
        only: Set[str] | None,
        progress: Progress,
        read: Callable[[SeedFile], Iterator[Document | Problem]],
    ) -> None:
        self._base, self._spoiled, self._only = base, spoiled, only
        self._read = read
        self.failures = list(folder.failures)
        self._unread = list(folder.failures)
        self.entries: dict[str, Entry] = {}
        self.added = self.changed = self.unchanged = 0
        self.deleted: list[str] = []
        self._folder = folder
        self._owners = Owners(base.last_good.known | base.known)
        self._readings: list[Reading] = []
        self._classify(folder)
        if base.known:
            self._compare(progress)
            self._find_deleted()
            self._note_taken()

    @property
    def has_changes(self) -> bool:
        """Whether there is, or with an empty base may be, anything to commit."""
        if not self._base.known:
            return bool(self._readings)
        return bool(self.deleted) or any(reading.wanted for reading in self._readings)

    @property
    def total(self) -> int:
        """How many documents `stream` yields; with an empty base about how many."""
        if self._base.known:
            return sum(len(reading.wanted) for reading in self._readings)
        return sum(reading.estimate for reading in self._readings)

    @property
    def doomed(self) -> list[str]:
        """Ids to delete: of deleted documents, and of changed ones, which are added anew."""
        wanted = (id for reading in self._readings for id in reading.wanted)
        return [*self.deleted, *(id for id in wanted if id in self._base.known)]

    def stream(self) -> Iterator[Document]:
        """The documents to add, a seed at a time. Raises SpoiledSeedError."""
        for reading in self._readings:
            if not self._base.known:
                yield from self._read_once(reading)
            elif reading.wanted:
                yield from self._read_again(reading)
        yield from self._taken_over()

    def close(self) -> None:
        """Gather failures and manifest entries, when the stream is done or not needed."""
        for reading in self._readings:
            self.entries[reading.name] = entry = reading.entry()
            self.failures += entry.failures
        for path, group in groupby(sorted(self._unread, key=_path), _path):
            self.entries[unread(path)] = Entry.of_failures(tuple(group))
        self.failures.sort(key=lambda failure: (failure.path, failure.line or 0))

    def _classify(self, folder: Folder) -> None:
        """Sort the seeds into those to read and those that are as they were."""
        shared: list[Found] = []
        for found in folder.seeds:
            if found.name in self._spoiled:
                self._fail(found.name, self._spoiled[found.name])
                continue
            try:
                reading = self._fingerprint(found)
            except OSError as error:
                self._fail(found.name, error.strerror or str(error))
                continue
            except SeedError as error:
                self._fail(found.name, str(error))
                continue
            if reading is not None:
                self._readings.append(reading)
            elif self.entries[found.name].shared:
                shared.append(found)
        known = set(filter(is_of_seed, self._base.manifest))
        gone = known - {found.name for found in folder.seeds}
        if self._readings or gone:
            for found in shared:
                entry = self.entries.pop(found.name)
                self._readings.append(Reading(found, entry.digest, 1, entry.checked_ns))
            self._readings.sort(key=lambda reading: reading.name)
        for name, entry in self.entries.items():
            self._owners.keep(name)
            self.failures += entry.failures

    def _fingerprint(self, found: Found) -> Reading | None:
        """What to read, or None if the seed is as it was; then its entry stands."""
        entry = self._base.manifest.get(found.name)
        if entry and entry.settings != found.seed.key:
            entry = None  # It was read by other rules.
        if entry and (not self._is_touched(found.name) or entry.is_current(found.stamp)):
            self.entries[found.name] = entry
            return None
        checked_ns = time.time_ns()
        stamp = stamp_of(found.seed.path)
        check_size(found.seed, stamp.size)
        digest, estimate = digest_of(found.seed.path, stamp.size)
        if entry and entry.digest == digest:
            self.entries[found.name] = replace(entry, stamp=stamp, checked_ns=checked_ns)
            return None
        return Reading(Found(found.seed, stamp), digest, estimate, checked_ns)

    def _is_touched(self, name: str) -> bool:
        return self._only is None or any(
            touched in (name, ".") or name.startswith(f"{touched}/") for touched in self._only
        )

    def _fail(self, name: str, reason: str) -> None:
        self._note(Failure(name, reason))
        self._owners.keep(name)

    def _note(self, failure: Failure) -> None:
        """A failure that is not of a seed which was read."""
        self.failures.append(failure)
        self._unread.append(failure)

    def _compare(self, progress: Progress) -> None:
        """Read the changed seeds for the digests of their documents."""
        progress.start(len(self._readings), "seeds compared")
        try:
            for reading in self._readings:
                try:
                    for document in self._documents(reading):
                        reading.documents[document.id] = document.digest()
                except SeedError as error:
                    self._give_up(reading, str(error))
                else:
                    self._sort_out(reading)
                progress.advance(1)
        finally:
            progress.finish()

    def _sort_out(self, reading: Reading) -> None:
        for id, digest in reading.documents.items():
            known = self._base.known.get(id)
            if known is not None and known[1] == digest:
                self.unchanged += 1
                continue
            reading.wanted[id] = digest
            if known is None:
                self.added += 1
            else:
                self.changed += 1

    def _give_up(self, reading: Reading, reason: str) -> None:
        self._owners.release(reading.name)
        self._owners.keep(reading.name)
        reading.give_up(reason, self._owners.kept_count(reading.name))

    def _documents(self, reading: Reading) -> Iterator[Document]:
        """The documents of a seed whose ids are its own; the rest become failures."""
        for item in self._read(reading.found.seed):
            if isinstance(item, Problem):
                reading.add_problem(item.reason, item.line)
                continue
            owner = self._owners.claim(item.id, reading.name)
            if owner is None:
                yield item
            elif owner == reading.name:
                reading.add_problem(f"id {item.id} occurs more than once")
            else:
                reading.add_problem(_taken_by(item.id, owner))
                reading.shared = True

    def _find_deleted(self) -> None:
        for id, (path, _) in self._base.known.items():
            if id in self._owners:
                continue
            if self._is_unread(path):
                self.unchanged += 1
            else:
                self.deleted.append(id)

    def _is_unread(self, path: str) -> bool:
        """Whether the seed is, or may be, there but is not read."""
        return self._owners.is_kept(path) or self._folder.may_hold(path)

    def _taken_over(self) -> Iterator[Document]:
        """The last good versions of what the seeds do not give now, and what held them loses."""
        last_good = self._base.last_good
        for id, (path, _) in last_good.known.items():
            if id in self._owners or id in self._base.known or not self._is_unread(path):
                continue
            document = last_good.document(id)
            if document is None:
                self._note(Failure(path, f"what the index had of {id} is damaged too"))
                continue
            self.unchanged += 1
            yield document

    def _note_taken(self) -> None:
        """Report, with seeds that are not read, which of their ids went to others."""
        for name, id, owner in self._owners.taken():
            failure = Failure(name, _taken_by(id, owner))
            entry = self.entries.pop(name, None)
            if entry is None:
                self._note(failure)
                continue
            self.failures.append(failure)
            self.entries[name] = replace(
                entry,
                documents=entry.documents - 1,
                failures=(*entry.failures, failure),
                shared=True,
            )

    def _read_once(self, reading: Reading) -> Iterator[Document]:
        """The documents of a seed, into an empty index."""
        try:
            for document in self._documents(reading):
                reading.documents[document.id] = ""
                self.added += 1
                yield document
        except SeedError as error:
            if reading.documents:
                raise SpoiledSeedError(reading.name, str(error), changed=False) from error
            self._give_up(reading, str(error))
        _check_stamp(reading)

    def _read_again(self, reading: Reading) -> Iterator[Document]:
        """The documents of a compared seed that have to go in."""
        left = dict(reading.wanted)
        try:
            for item in self._read(reading.found.seed):
                if isinstance(item, Document) and left.get(item.id) == item.digest():
                    del left[item.id]
                    yield item
        except SeedError as error:
            raise SpoiledSeedError(reading.name, str(error), changed=True) from error
        if left:
            raise SpoiledSeedError(reading.name, _CHANGED, changed=True)
        _check_stamp(reading)


_path = attrgetter("path")
_CHANGED = "it changed while it was being read"


def _check_stamp(reading: Reading) -> None:
    try:
        same = stamp_of(reading.found.seed.path) == reading.found.stamp
    except OSError:
        same = False
    if not same:
        raise SpoiledSeedError(reading.name, _CHANGED, changed=True)


def _taken_by(id: str, owner: str) -> str:
    return f"id {id} is already taken by {owner}"
