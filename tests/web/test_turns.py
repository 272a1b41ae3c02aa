"""Quick requests are answered one at a time; slow ones, and those with bodies, hold up nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from web.turns import Turns

LONG = 60.0
"""Seconds that no test lasts."""


def ask(turns: Turns, method: str = "GET", path: str = "/") -> list[bytes]:
    return list(turns({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *_: None))


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


def slow_beside_quick(over: threading.Event, began: threading.Event) -> Callable[..., list[bytes]]:
    """An application that answers /slow when `over` is set, all else at once."""

    def application(environ, start):
        if environ["PATH_INFO"] == "/slow":
            began.set()
            assert over.wait(LONG)
        return [environ["PATH_INFO"].encode()]

    return application


def test_quick_requests_are_answered_one_at_a_time(pool: ThreadPoolExecutor) -> None:
    inside, most = 0, []

    def application(environ, start):
        nonlocal inside
        inside += 1
        most.append(inside)
        time.sleep(0.002)  # lets go of Python's lock, as NumPy does
        inside -= 1
        return [b"answer"]

    turns = Turns(application, patience=LONG)
    answers = pool.map(lambda method: ask(turns, method), ["GET", "HEAD"] * 20)
    assert list(answers) == [[b"answer"]] * 40
    assert most == [1] * 40


def test_requests_are_answered_in_the_order_in_which_they_came(pool: ThreadPoolExecutor) -> None:
    over, began = threading.Event(), threading.Event()
    answered: list[str] = []
    slow_or_quick = slow_beside_quick(over, began)

    def application(environ, start):
        answer = slow_or_quick(environ, start)
        answered.append(environ["PATH_INFO"])
        return answer

    turns = Turns(application, patience=LONG)
    first = pool.submit(ask, turns, path="/slow")
    assert began.wait(LONG)
    rest = []
    for path in ("/1", "/2", "/3", "/4"):
        rest.append(pool.submit(ask, turns, path=path))
        while turns.waiting < len(rest):
            time.sleep(0.001)
    over.set()
    for each in (first, *rest):
        each.result(LONG)
    assert answered == ["/slow", "/1", "/2", "/3", "/4"]


@pytest.mark.parametrize("waiting", [1, 6])
def test_nobody_waits_for_a_slow_request(pool: ThreadPoolExecutor, waiting: int) -> None:
    over, began = threading.Event(), threading.Event()
    turns = Turns(slow_beside_quick(over, began), patience=0.01)
    slow = pool.submit(ask, turns, path="/slow")
    assert began.wait(LONG)
    quick = [pool.submit(ask, turns, path="/quick") for _ in range(waiting)]
    assert [each.result(LONG) for each in quick] == [[b"/quick"]] * waiting
    assert not slow.done()
    over.set()
    assert slow.result(LONG) == [b"/slow"]


def test_a_request_with_a_body_neither_waits_nor_is_waited_for(pool: ThreadPoolExecutor) -> None:
    over, began = threading.Event(), threading.Event()
    turns = Turns(slow_beside_quick(over, began), patience=LONG)
    for slow, quick in (("GET", "POST"), ("POST", "GET")):
        began.clear()
        over.clear()
        held = pool.submit(ask, turns, slow, "/slow")
        assert began.wait(LONG)
        assert pool.submit(ask, turns, quick, "/quick").result(LONG) == [b"/quick"]
        over.set()
        held.result(LONG)


def test_a_request_that_fails_gives_its_turn_back() -> None:
    def application(environ, start):
        raise ValueError(environ["PATH_INFO"])

    turns = Turns(application, patience=LONG)
    for path in ("/a", "/b"):
        with pytest.raises(ValueError, match=path):
            ask(turns, path=path)
