"""`POST /reindex`: who may, and one at a time."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from index.errors import IndexLockedError
from search.engine import SearchEngine
from web.app import create_app
from web.services import Reindex
from web.settings import Settings

Start = Callable[[Reindex], Flask]

TOKEN = "a-token-for-the-tests"
GOOD = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def start(engine: SearchEngine) -> Start:
    """An application with a token whose reindexing is the function given."""
    return lambda reindex: create_app(Settings(reindex_token=TOKEN), engine, reindex)


@pytest.fixture
def client(start: Start) -> FlaskClient:
    return start(lambda: {"added": 1}).test_client()


def test_the_report_is_the_answer(client: FlaskClient) -> None:
    response = client.post("/reindex", headers=GOOD)
    assert response.status_code == 200
    assert response.get_json() == {"added": 1}
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer chữ-có-dấu"},
    ],
)
def test_without_the_token_it_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.post("/reindex", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.mimetype == "application/problem+json"


def test_without_a_configured_token_nobody_may(engine: SearchEngine) -> None:
    client = create_app(Settings(), engine, reindex=dict).test_client()
    for headers in ({}, GOOD, {"Authorization": "Bearer "}):
        assert client.post("/reindex", headers=headers).status_code == 403


def test_only_by_post(client: FlaskClient) -> None:
    response = client.get("/reindex", headers=GOOD)
    assert response.status_code == 405
    assert response.mimetype == "application/problem+json"
    assert "POST" in response.headers["Allow"]


def test_a_second_one_meanwhile_is_told_to_wait(start: Start) -> None:
    started, finish = threading.Event(), threading.Event()

    def slow() -> dict[str, int]:
        started.set()
        assert finish.wait(10)
        return {"added": 0}

    app = start(slow)
    codes = []
    first = threading.Thread(
        target=lambda: codes.append(app.test_client().post("/reindex", headers=GOOD).status_code)
    )
    first.start()
    assert started.wait(10)
    second = app.test_client().post("/reindex", headers=GOOD)
    finish.set()
    first.join()
    assert (codes, second.status_code) == ([200], 409)
    assert "Retry-After" in second.headers
    assert app.test_client().post("/reindex", headers=GOOD).status_code == 200


def test_another_writer_is_told_apart_from_a_failure(start: Start) -> None:
    def locked() -> dict[str, int]:
        raise IndexLockedError("another process (pid 7) writes to the index")

    app = start(locked)
    for _ in range(2):  # the lock of this server is let go
        response = app.test_client().post("/reindex", headers=GOOD)
        assert response.status_code == 409
        assert "pid" not in response.text
