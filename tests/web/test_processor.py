"""Threads that share Python's lock stay together, where the system lets them, and leave in time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from web.processor import OneProcessor
from web.turns import Turns

LONG = 60.0

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="needs Linux and two processors",
)


@pytest.fixture
def thread() -> Iterator[Callable[..., object]]:
    """Runs functions in one thread of its own, which does not outlive the test."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda function, *given: pool.submit(function, *given).result(LONG)


def here() -> set[int]:
    return os.sched_getaffinity(0)


def test_threads_stay_on_one_processor_until_they_leave(thread) -> None:
    processor, every = OneProcessor(LONG), here()
    with ThreadPoolExecutor(1) as other:
        thread(processor.stay)
        other.submit(processor.stay).result(LONG)
        assert len(thread(here)) == 1
        assert other.submit(here).result(LONG) == thread(here)
        thread(processor.rest)  # it is too soon to choose again
        assert len(thread(here)) == 1
        thread(processor.leave)
        assert thread(here) == every
        assert len(other.submit(here).result(LONG)) == 1
    assert here() == every


def test_the_system_chooses_again_after_a_while(thread) -> None:
    processor, every = OneProcessor(seconds=0), here()
    thread(processor.stay)
    assert len(thread(here)) == 1
    thread(processor.rest)
    assert thread(here) == every


def test_processors_that_are_taken_away_are_no_error(
    thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor, every = OneProcessor(LONG), here()

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    thread(processor.stay)
    assert not processor.possible
    thread(processor.leave)
    assert thread(here) == every


def test_systems_without_such_calls_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    processor = OneProcessor()
    assert not processor.possible
    processor.stay()
    processor.rest()
    processor.leave()


def test_what_a_request_with_a_body_starts_runs_anywhere() -> None:
    """Reindexing starts processes, from a thread that may have answered others before."""
    every, seen = here(), {}
    over, began = threading.Event(), threading.Event()
    program = "import os; print(len(os.sched_getaffinity(0)))"

    def application(environ, start):
        path = environ["PATH_INFO"]
        if path == "/first":
            began.set()
            assert over.wait(LONG)
        if environ["REQUEST_METHOD"] == "POST":
            command = [sys.executable, "-c", program]
            seen["child"] = int(subprocess.run(command, capture_output=True, check=True).stdout)
        seen[path] = here()
        return []

    turns = Turns(application, patience=LONG)

    def ask(method: str, path: str) -> None:
        turns({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *_: None)

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as two, ThreadPoolExecutor(1) as three:
        first = one.submit(ask, "GET", "/first")
        assert began.wait(LONG)
        waiting = [two.submit(ask, "GET", "/second")]
        while turns.waiting < 1:
            pass
        waiting.append(three.submit(ask, "GET", "/third"))
        while turns.waiting < 2:
            pass
        over.set()
        for each in (first, *waiting):
            each.result(LONG)
        two.submit(ask, "POST", "/reindex").result(LONG)
    assert len(seen["/second"]) == 1  # the third one was waiting
    assert seen["/reindex"] == every
    assert seen["child"] == len(every)
