"""What a sync tells while it runs, and at its end."""

from __future__ import annotations

import io
import json
from pathlib import Path

from index.store import IndexStore
from index.sync import sync
from index.sync.progress import PlainProgress, TerminalProgress

from .folders import BROKEN, run, write


def test_progress_is_told(seeds: Path, store: IndexStore) -> None:
    told: list[tuple[str, object]] = []

    class Listener:
        def start(self, total: int | None, what: str) -> None:
            told.append((what, total))

        def advance(self, count: int) -> None:
            told.append(("advance", count))

        def finish(self) -> None:
            told.append(("finish", None))

    sync(seeds, store, processes=1, progress=Listener())
    assert told == [("documents", 5), ("advance", 5), ("finish", None)]


def test_progress_on_a_terminal_and_in_a_log() -> None:
    stream = io.StringIO()
    clock = iter(range(100))
    for progress in (
        TerminalProgress(stream, clock=lambda: next(clock)),
        PlainProgress(stream, interval=0.5, clock=lambda: next(clock)),
    ):
        progress.start(400, "documents")
        progress.advance(100)
        progress.advance(500)
        progress.finish()
    bar, log = stream.getvalue().rsplit("\r", 1)
    assert "25%  100 documents  100/s  3.0 s left" in bar
    assert " 99%  600 documents" in bar
    assert log == (
        "100 of about 400 documents, 100/s, 3.0 s left\n600 of about 400 documents, 300/s\n"
    )


def test_the_report_for_people_and_programs(seeds: Path, store: IndexStore) -> None:
    write(seeds / "bad.txt", BROKEN)
    write(seeds / "note.bin", b"%PDF")
    report = run(seeds, store)
    lines = report.lines()
    assert lines[0].startswith("failed: bad.txt: not")
    assert lines[1] == "ignored: note.bin: not a kind of file that is read"
    assert lines[2].startswith("added 5, changed 0, deleted 0, unchanged 0, failed 1, ignored 1;")
    values = json.loads(json.dumps(report.to_json()))
    assert values["failed"][0]["path"] == "bad.txt"
    assert (values["added"], values["committed"]) == (5, True)
