"""Indexing figures: every system builds in a fresh, watched process."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.corpus import Layout, documents
from bench.peers import Peer
from bench.processes import folder_bytes, measured

OURS = "timtin"
STOCK = "stock Whoosh + pyvi"
FIELDS_PEER = "tantivy, all fields"


@dataclass(frozen=True, slots=True)
class IndexFigures:
    """`content`: what was indexed. `docs` may be fewer than the corpus has, where a system is too
    slow for more. `text_bytes`: UTF-8 bytes of those documents' titles and bodies."""

    system: str
    content: str
    docs: int
    seconds: float
    peak_bytes: int
    disk_bytes: int
    text_bytes: int

    @property
    def docs_per_second(self) -> float:
        return self.docs / self.seconds


def index_all(
    layout: Layout,
    peers: Sequence[Peer],
    *,
    stock_docs: int,
    reuse: bool,
    say: Callable[[str], None],
) -> Iterator[IndexFigures]:
    """Build every index: one folder each below the layout's, named after the system.

    With `reuse` an index that an earlier run left there is taken, with its figures of then.
    """
    build = _Builder(layout, reuse, say)
    corpus, n = str(layout.corpus), layout.docs
    yield build("timtin", "all fields, pyvi words, stored text", "timtin", corpus, n)
    if not peers:
        return
    stock_n = min(n, stock_docs)
    yield build(STOCK, "the same fields, one process", "stock", corpus, stock_n, docs=stock_n)
    tokens = str(layout.tokens)
    for peer in peers:
        if peer.name == "whoosh_all":  # searches the index of `whoosh`
            continue
        yield build(peer.name, "one field, tokens", "peer", peer.name, tokens)
        if peer.name == "tantivy":
            yield build("tantivy, 2+ threads", "one field, tokens", "tantivy_threads", tokens)
            fields = str(layout.fields)
            yield build(FIELDS_PEER, "tokens of all fields, 2+ threads", "tantivy_fields", fields)


def index_folder(layout: Layout, system: str) -> Path:
    return layout.folder / "indexes" / system.removesuffix("_all")


class _Builder:
    def __init__(self, layout: Layout, reuse: bool, say: Callable[[str], None]) -> None:
        self._layout = layout
        self._reuse = reuse
        self._say = say

    def __call__(
        self, system: str, content: str, function: str, *arguments: str | int, docs: int = 0
    ) -> IndexFigures:
        docs = docs or self._layout.docs
        folder = index_folder(self._layout, system)
        kept = folder.with_name(f"{folder.name}.json")
        if self._reuse and kept.is_file() and folder.is_dir():
            found = IndexFigures(**json.loads(kept.read_text(encoding="utf-8")))
            if found.docs == docs:
                return found
        self._say(f"indexing {docs:,} documents: {system}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(exist_ok=True)
        run = measured(f"bench.builds:{function}", *arguments, str(folder))
        text_bytes = self._layout.text_bytes
        if docs < self._layout.docs:
            text_bytes = sum(len(d.text.encode()) for d in documents(self._layout.corpus, docs))
        disk = folder_bytes(folder)
        figures = IndexFigures(system, content, docs, run.seconds, run.peak_bytes, disk, text_bytes)
        kept.write_text(json.dumps(asdict(figures)), encoding="utf-8")
        return figures


@dataclass(frozen=True, slots=True)
class CommitFigures:
    """One new article into a full index: medians of several, seconds from the start of the
    transaction until a search in a newer snapshot finds it, and bytes of new or changed files."""

    seconds: float
    written_bytes: int
    repeats: int


def one_article(layout: Layout, repeats: int = 5) -> CommitFigures:
    """Commit single articles, made of the corpus's own words, to a copy of timtin's index."""
    folder = layout.folder / "indexes" / "timtin-commit"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(index_folder(layout, OURS), folder)
    document = random.Random(1).choice(list(documents(layout.corpus, min(100, layout.docs))))
    run = measured("bench.builds:commits", str(folder), document.title, document.body, repeats)
    shutil.rmtree(folder)
    seconds, written = sorted(run.value["each"]), sorted(run.value["written"])
    return CommitFigures(seconds[repeats // 2], written[repeats // 2], repeats)
