"""Bodies are read when they are needed, few at a time, and no longer than they may be."""

from __future__ import annotations

import io
import threading

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestEntityTooLarge

from web.app import MAX_REQUEST_BYTES
from web.bodies import BoundedBodies
from web.problems import Problem


def body(application_reads: bool, source: object, limit: int = 10, waiting: int = 1) -> bytes:
    """What an application reads of `source` behind the middleware."""
    read = []

    def application(environ, start):
        if application_reads:
            read.append(environ["wsgi.input"].read())
        return []

    BoundedBodies(application, limit, waiting)({"wsgi.input": source}, lambda *_: None)
    return b"".join(read)


class Unreadable:
    def read(self, size: int = -1) -> bytes:
        raise AssertionError("nobody asked for the body")


def test_a_body_that_nobody_reads_is_not_waited_for() -> None:
    assert body(False, Unreadable()) == b""


@pytest.mark.parametrize("data", [b"", b"a", b"0123456789"])
def test_a_body_comes_whole(data: bytes) -> None:
    assert body(True, io.BytesIO(data)) == data


def test_a_body_without_a_length_is_cut_off_at_the_limit() -> None:
    source = io.BytesIO(b"0" * 1000)
    with pytest.raises(RequestEntityTooLarge):
        body(True, source)
    assert source.tell() == 11


def test_who_comes_while_others_still_send_is_asked_to_come_again() -> None:
    sending, over = threading.Event(), threading.Event()

    class Slow:
        def read(self, size: int = -1) -> bytes:
            sending.set()
            over.wait(10)
            return b""

    def application(environ, start):
        return [environ["wsgi.input"].read()]

    bounded = BoundedBodies(application, 10, waiting=1)
    slow = threading.Thread(target=bounded, args=({"wsgi.input": Slow()}, lambda *_: None))
    slow.start()
    assert sending.wait(10)
    with pytest.raises(Problem) as caught:
        bounded({"wsgi.input": io.BytesIO(b"a")}, lambda *_: None)
    over.set()
    slow.join()
    assert caught.value.status == 503
    assert caught.value.headers["Retry-After"] == "1"
    assert list(bounded({"wsgi.input": io.BytesIO(b"a")}, lambda *_: None)) == [b"a"]


def test_a_body_that_is_too_large_is_a_problem(client: FlaskClient) -> None:
    response = client.post(
        "/search/batch", data=b" " * (MAX_REQUEST_BYTES + 1), content_type="application/json"
    )
    assert response.status_code == 413
    assert response.mimetype == "application/problem+json"
