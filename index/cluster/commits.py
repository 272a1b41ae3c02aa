"""A commit of the cluster's index: what it holds, kept with the index itself.

The record lies in the mapping of the index, `_meta`, which is part of the cluster's state: moving
the alias to an index made anew moves it too, in one step, and any node answers from memory.
"""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

from index import making
from index.cluster.connection import Connection
from index.errors import MissingIndexError

NOTICED_SECONDS = 2.0
"""Until every front end has seen a new commit, and a search that began before it has ended."""
_KEY = "timtin"


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """`index` is the concrete index behind the alias, `id` what tells the commit from all others.

    `newest` is the latest day (YYYYMMDD, 0 if none). `language` names the language model, learnt
    from `learnt` syllables; `unlearnt` have come since. `ordinal` is the next document's.
    """

    index: str
    generation: int = 0
    id: str = ""
    committed: str = ""
    documents: int = 0
    newest: int = 0
    learnt: int = 0
    unlearnt: int = 0
    language: str = ""
    ordinal: int = 0
    is_outdated: bool = False
    """Whether the running code would make another index of the same documents."""

    def following(self, **changes: Any) -> CommitRecord:
        """The commit after this one."""
        return replace(self, generation=self.generation + 1, id=uuid4().hex, **changes)

    def meta(self) -> dict[str, Any]:
        """What is kept in the mapping."""
        kept = {name: value for name, value in asdict(self).items() if name != "is_outdated"}
        return {_KEY: {"making": making.current(), **kept}}


def newest(connection: Connection) -> CommitRecord:
    """The commit behind the alias. Raises MissingIndexError, OutdatedIndexError, ClusterError."""
    alias = connection.cluster.index
    found = connection.ask(
        lambda client: client.indices.get_mapping(
            index=alias, params={"filter_path": "*.mappings._meta"}
        )
    )
    for index, mapping in found.items():
        record = mapping.get("mappings", {}).get("_meta", {}).get(_KEY)
        if record is None:
            break
        made = record.pop("making", {})
        making.check_readable(made, connection.cluster)
        outdated = not making.is_current(made)
        return CommitRecord(**{**record, "index": index, "is_outdated": outdated})
    raise MissingIndexError(f"there is no index of timtin at {connection.cluster}")


def save(connection: Connection, record: CommitRecord) -> None:
    """Make this the commit of its index."""
    body = {"_meta": record.meta()}
    connection.ask(lambda client: client.indices.put_mapping(index=record.index, body=body))


def show(connection: Connection, index: str) -> list[str]:
    """Let the alias name this index, in one step; returns the others, which nobody needs any more:
    the one that it named before, and what writers that died have left."""
    alias = connection.cluster.index
    made = connection.ask(
        lambda client: client.indices.get(
            index=f"{alias}-*", params={"filter_path": "*.aliases", "ignore": 404}
        )
    )
    name = re.compile(re.escape(alias) + r"-[0-9a-f]{16}")
    old = [other for other in made if name.fullmatch(other) and other != index]
    actions = [{"add": {"index": index, "alias": alias}}]
    actions += [
        {"remove": {"index": other, "alias": alias}}
        for other in old
        if alias in made[other].get("aliases", {})
    ]
    connection.ask(lambda client: client.indices.update_aliases(body={"actions": actions}))
    return old


def remove(connection: Connection, indexes: list[str]) -> None:
    """Remove indexes that the alias names no longer, once those who read them have noticed."""
    if not indexes:
        return
    time.sleep(NOTICED_SECONDS)
    connection.ask(
        lambda client: client.indices.delete(index=",".join(indexes), params={"ignore": 404})
    )


def new_index(connection: Connection) -> str:
    """A name for an index made anew."""
    return f"{connection.cluster.index}-{uuid4().hex[:16]}"
