"""What the speed bench runs in fresh processes: building indexes of every system.

All arguments and results are JSON-able, since they cross a process boundary. Each function makes
its folder, which must not exist yet.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bench.corpus import FIELDS, documents
from bench.peers import Session, load
from bench.processes import rollup
from index.documents import Document


def peer(name: str, tokens: str, folder: str) -> dict[str, float]:
    """One folded field by the peer of that name; the reading of the tokens is included."""
    system = load(name)
    Path(folder).mkdir(parents=True)
    started = time.perf_counter()
    system.build(Path(tokens), Path(folder))
    return {"seconds": time.perf_counter() - started}


def tantivy_threads(tokens: str, folder: str) -> dict[str, float]:
    """One folded field by Tantivy with as many writer threads as it likes."""
    from bench.peers.tantivy import Tantivy

    Path(folder).mkdir(parents=True)
    started = time.perf_counter()
    Tantivy(threads=0).build(Path(tokens), Path(folder))
    return {"seconds": time.perf_counter() - started}


def tantivy_fields(fields: str, folder: str) -> dict[str, float]:
    """The tokens of all of timtin's text fields by Tantivy, as many threads as it likes."""
    from bench.peers.tantivy import build_fields

    Path(folder).mkdir(parents=True)
    started = time.perf_counter()
    build_fields(Path(fields), Path(folder), FIELDS, 0)
    return {"seconds": time.perf_counter() - started}


def timtin(corpus: str, docs: int, folder: str) -> dict[str, float]:
    """All fields and stored text by timtin: reading, analysis, pyvi's words, writing, commit."""
    from bench.timtin import build

    started = time.perf_counter()
    build(documents(Path(corpus), docs), Path(folder))
    return {"seconds": time.perf_counter() - started}


def stock(corpus: str, docs: int, folder: str) -> dict[str, float]:
    """timtin's fields by stock Whoosh and stock pyvi, one process."""
    from bench.peers.whoosh_pyvi import build

    Path(folder).mkdir(parents=True)
    started = time.perf_counter()
    build(documents(Path(corpus), docs), Path(folder))
    return {"seconds": time.perf_counter() - started}


def commits(folder: str, title: str, body: str, repeats: int) -> dict[str, Any]:
    """Commit `repeats` articles, one at a time, to timtin's index.

    "each": seconds from the start of the transaction until a search in a newer snapshot finds the
    article; "written": bytes of the files that are new or changed since.
    """
    from bench.timtin import Index

    index = Index(Path(folder))
    each, written = [], []
    for number in range(repeats + 1):
        word = f"motbaimoi{number}"
        document = Document(f"bench-new-{number}", f"{title} {word}", body)
        before = _files(Path(folder))
        started = time.perf_counter()
        index.commit(document)
        if index.count("term", (word,)) != 1:
            raise RuntimeError(f"the article committed as {document.id} is not found")
        each.append(time.perf_counter() - started)
        after = _files(Path(folder))
        written.append(sum(size for (path, size, _) in after - before))
    # The first one also loads the analysis.
    return {"seconds": sum(each), "each": each[1:], "written": written[1:]}


def _files(folder: Path) -> set[tuple[str, int, int]]:
    """(path, size, time of change) of every file."""
    stats = ((str(path), path.stat()) for path in folder.rglob("*") if path.is_file())
    return {(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats}


def opening(name: str, folder: str, rare: str) -> dict[str, float]:
    """Seconds to open an index, and to open it and answer one rare term."""
    if name == "timtin":
        from bench.timtin import Index, compile_loops

        compile_loops()
        start = time.perf_counter()
        session: Session = Index(Path(folder))
    else:
        system = load(name)
        start = time.perf_counter()
        session = system.open(Path(folder))
    opened = time.perf_counter()
    session.top("term", (rare,))
    answered = time.perf_counter()
    return {"seconds": opened - start, "open": opened - start, "first": answered - start}


def serving(folder: str, queries: str, count: int) -> dict[str, float]:
    """Memory of timtin's engine after `count` queries of a file, one a line, over and over."""
    from bench.timtin import Box

    texts = Path(queries).read_text(encoding="utf-8").splitlines()
    start = rollup().get("Rss", 0)
    box = Box(Path(folder))
    started = time.perf_counter()
    for number in range(count):
        box.page(texts[number % len(texts)])
    seconds = time.perf_counter() - started
    end = rollup()
    return {
        "seconds": seconds,
        "start": start,
        "rss": end.get("Rss", 0),
        "anonymous": end.get("Anonymous", 0),
    }
