"""Which seed an id belongs to. Of several seeds that give the same id, the first by name has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Owners:
    """Ids as seeds claim them, over what an index already holds.

    `known` gives path and digest of the documents in the index by id. Seeds are to be read in the
    order of their names; `keep` says that a seed is not read, and its documents stay.
    """

    def __init__(self, known: Mapping[str, tuple[str, str]]) -> None:
        self._known = known
        self._kept: set[str] = set()
        self._claims: dict[str, str] = {}
        self._taken: list[tuple[str, str, str]] = []

    def __contains__(self, id: object) -> bool:
        return id in self._claims

    def keep(self, name: str) -> None:
        """The documents that the index has of this seed stay as they are."""
        self._kept.add(name)

    def is_kept(self, name: str) -> bool:
        return name in self._kept

    def claim(self, id: str, name: str) -> str | None:
        """The seed that `id` belongs to already, or None: from now on that is `name`."""
        owner = self._claims.get(id)
        if owner is not None:
            return owner
        holder, _ = self._known.get(id, ("", ""))
        if holder in self._kept and holder != name:
            if holder < name:
                return holder
            self._taken.append((holder, id, name))
        self._claims[id] = name
        return None

    def release(self, name: str) -> None:
        """Take back what a seed claimed: it cannot be read to its end."""
        for id in [id for id, owner in self._claims.items() if owner == name]:
            del self._claims[id]

    def kept_count(self, name: str) -> int:
        """How many documents the index has, and keeps, of a seed."""
        return sum(
            1 for id, (path, _) in self._known.items() if path == name and id not in self._claims
        )

    def taken(self) -> Iterator[tuple[str, str, str]]:
        """(holder, id, new owner) of ids that seeds which are not read lose to earlier ones."""
        for holder, id, name in self._taken:
            if self._claims.get(id) == name:
                yield holder, id, name
