"""timtin itself, as the benches use it: building an index, its executor, its search box.

Everything goes through the product's own doors (`IndexStore`, `Executor`, `WhooshEngine`). The
single-field shapes run as Whoosh query trees on the field `folded` of the full index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from whoosh.query import Query

from bench.peers import TOP
from bench.peers.whoosh import K1, B, tree
from bench.shapes import Operator
from index import native
from index.documents import Document
from index.errors import TimtinError
from index.store import IndexStore
from search.engines.newest import NewestCommit, interpreter_of
from search.engines.whoosh_engine import WhooshEngine
from search.executor import Executor, TopDocs
from search.executor.cache import ArrayCache
from search.interpret.interpreter import Interpreter
from search.parser import parse
from search.ranking import Weighting
from search.request import SearchRequest
from search.results import SearchResults
from web.settings import Settings


def build(documents: Iterable[Document], folder: Path) -> None:
    """Index the documents, all fields and stored text, as one commit."""
    store = IndexStore(folder)
    store.create()
    with store.transaction() as transaction:
        transaction.add(documents)
        transaction.commit()


def interpreter(folder: Path) -> Interpreter:
    """The interpreter of an index, its tables loaded. SystemExit if there is none."""
    try:
        found = interpreter_of(IndexStore(folder).snapshot())
    except TimtinError as error:
        raise SystemExit(str(error)) from None
    if found is None:
        raise SystemExit(f"{folder}: an index without a language model; make it with timtin index")
    found.spellings("")
    return found


def compile_loops() -> None:
    """What a server does when it starts, unless it is told not to."""
    if Settings.from_environment().native:
        native.load()


class Timtin:
    """timtin as a `Peer` of the speed bench; `ids` in the order of the token lines."""

    name = "timtin"

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids

    def supports(self, operator: Operator) -> bool:
        return True

    def build(self, tokens: Path, folder: Path) -> None:
        raise NotImplementedError("timtin indexes documents, not tokens")

    def open(self, folder: Path) -> Index:
        compile_loops()
        return Index(folder, self._ids)


class Index:
    """An open index with its executor: a `Session` of the speed bench, and its writer."""

    def __init__(self, folder: Path, ids: Sequence[str] = ()) -> None:
        self._store = IndexStore(folder)
        self._line = {id: line for line, id in enumerate(ids)}
        self._snapshot: Any = None
        self._open()

    def _open(self) -> None:
        self._snapshot = self._store.snapshot(self._snapshot)
        self._executor = Executor(self._snapshot, Weighting(b=B, k1=K1), ArrayCache())

    def commit(self, document: Document) -> None:
        with self._store.transaction() as transaction:
            transaction.add([document])
            transaction.commit()
        self._open()

    def top(self, operator: Operator, terms: Sequence[str]) -> object:
        return self._executor.top(tree("folded", operator, terms), TOP)

    def lines(self, hits: Any) -> list[int]:
        return [self._line[self._id(int(number))] for number in hits.docs]

    def _id(self, number: int) -> str:
        segment = next(s for s in reversed(self._snapshot.segments) if s.base <= number)
        return cast("str", segment.stored(number - segment.base)["id"])

    def count(self, operator: Operator, terms: Sequence[str]) -> int | None:
        return int(self._executor.top(tree("folded", operator, terms), TOP).total)

    def close(self) -> None:
        del self._executor, self._snapshot


class Box:
    """The search box over an index: what a front end calls."""

    def __init__(self, folder: Path) -> None:
        compile_loops()
        self._engine = WhooshEngine(folder)
        self._newest = NewestCommit(IndexStore(folder), ArrayCache())

    def match(self, text: str) -> object:
        """Parse, interpret and match on all fields as the engine does, ten best with scores; no
        stored text is read and nothing highlighted."""
        commit = self._newest.get()
        parsed = parse(text, "auto", commit.interpreter)
        best: list[TopDocs] = []

        def total(tree: Query) -> int:
            best.append(commit.executor.top(tree, TOP))
            return best[-1].total

        parsed.choose(total)
        return best[-1]

    def page(self, text: str) -> SearchResults:
        """The whole page: parse, match, ten highlighted hits."""
        return self._engine.search(SearchRequest(text))

    def close(self) -> None:
        self._engine.close()
        self._newest.close()
