"""timtin itself, as the benches use it: building an index, its executor, its search box.

Everything goes through the product's own doors (`IndexStore`, `Executor`, `WhooshEngine`). The
single-field shapes run as Whoosh query trees on the field `folded` of the full index.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from index.documents import Document
from index.store import IndexStore

TOP = 10


def build(documents: Iterable[Document], folder: Path) -> None:
    """Index the documents, all fields and stored text, as one commit."""
    store = IndexStore(folder)
    store.create()
    with store.transaction() as transaction:
        transaction.add(documents)
        transaction.commit()
