"""What the speed bench runs in fresh processes: building indexes of every system.

All arguments and results are JSON-able, since they cross a process boundary. Each function makes
its folder, which must not exist yet.
"""

from __future__ import annotations

import time
from pathlib import Path

from bench.corpus import FIELDS, documents
from bench.peers import load


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
