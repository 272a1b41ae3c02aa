"""An index copied into another one, on one machine or in a cluster, and compared with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.documents import Document
from index.errors import MissingIndexError, TimtinError
from index.sync.progress import Progress, Silent
from index.sync.target import Target

LISTED = 20
"""Documents that differ that are named."""


class MigrationError(TimtinError):
    """The copy is not what was copied, or must not be made."""


@dataclass(frozen=True, slots=True)
class Migration:
    """How many documents were copied, and the commit that they are in."""

    documents: int
    generation: int


def migrate(
    source: Target,
    target: Target,
    *,
    replace: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Migration:
    """Copy all documents of the newest commit, and what is known of their seeds, into an index made
    anew; then hold both against each other by their digests.

    An index that is there already is only replaced if told so. Raises MigrationError,
    MissingIndexError, and what reading and writing raise.
    """
    if not source.exists():
        raise MissingIndexError("there is no index to copy")
    if target.exists() and not replace:
        raise MigrationError("there is an index already", "use --replace to have it replaced")
    progress = progress or Silent()
    before = source.snapshot()
    expected = {id: digest for id, _, digest in before.docs()}
    progress.start(len(expected), "documents")
    try:
        with target.transaction(
            rebuild=True, processes=processes, progress=progress.advance
        ) as change:
            change.add(_sound(source))
            generation = change.commit()
    finally:
        progress.finish()
    found = {id: digest for id, _, digest in target.snapshot().docs()}
    wrong = [id for id in expected.keys() | found.keys() if expected.get(id) != found.get(id)]
    if wrong:
        names = ", ".join(sorted(wrong)[:LISTED])
        raise MigrationError(f"{len(wrong):,} documents differ: {names}", "migrate again")
    target.remember(generation, source.entries(before.generation))
    return Migration(len(found), generation)


def _sound(source: Target) -> Iterator[Document]:
    """The documents, each compared with its digest."""
    for document, digest in source.documents():
        if document.digest() != digest:
            raise MigrationError(
                f"the document {document.id!r} is damaged", "repair the index before it is copied"
            )
        yield document
