"""One writer across processes: another waits, or learns who it is; the dead hold no lock."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.documents import Document
from index.errors import IndexLockedError
from index.store import IndexStore
from index.writer_lock import LOCK_NAME

ROOT = Path(__file__).parent.parent.parent
WRITER = """
import sys
from pathlib import Path
from index.store import IndexStore

with IndexStore(Path(sys.argv[1])).transaction() as change:
    print("writing", flush=True)
    sys.stdin.readline()
    change.commit()
"""


@pytest.fixture
def writer(store: IndexStore) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until it gets a line."""
    store.create()
    line = [sys.executable, "-c", WRITER, str(store.path)]
    with subprocess.Popen(
        line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def test_the_second_is_told_who_writes(
    store: IndexStore, writer: subprocess.Popen[str], documents: list[Document]
) -> None:
    with pytest.raises(IndexLockedError, match=rf"pid {writer.pid}, since 20\d\d-.*wait for it"):
        store.transaction()
    assert store.snapshot().doc_count == 0  # and readers do not mind


def test_the_second_waits_as_long_as_it_is_told_to(
    store: IndexStore, writer: subprocess.Popen[str]
) -> None:
    assert writer.stdin
    line = writer.stdin

    def go_on() -> None:
        line.write("\n")
        line.flush()

    timer = threading.Timer(0.3, go_on)
    timer.start()
    with store.transaction(timeout=30) as change:
        assert change.commit() == 3
    timer.join()


def test_the_lock_of_a_dead_process_is_free(
    store: IndexStore, writer: subprocess.Popen[str]
) -> None:
    writer.kill()
    writer.wait()
    with store.transaction() as change:
        change.commit()
    holder = json.loads((store.path / LOCK_NAME).read_text())
    assert holder["since"] <= time.time()
    assert holder["pid"] != writer.pid


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1e400}', '{"pid": 4194304, "since": 0}'])
def test_a_holder_that_nobody_knows(
    store: IndexStore, writer: subprocess.Popen[str], text: str
) -> None:
    (store.path / LOCK_NAME).write_text(text)
    with pytest.raises(IndexLockedError, match="pid unknown"):
        store.transaction()
