"""What the server writes down: one line a record, with the request's id, and never the query."""

from __future__ import annotations

import json
import logging

import pytest
from flask import Flask

from web import logs
from web.app import create_app
from web.settings import Settings


@pytest.fixture
def restored():
    """The logging of the tests themselves, put back afterwards."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    yield
    root.handlers[:] = kept
    root.setLevel(level)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a-1/b", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("two words", False),
        ("a\xe9", False),
        ("", False),
    ],
)
def test_a_good_request_id_is_kept_and_another_made_anew(app: Flask, sent: str, kept: bool) -> None:
    answer = app.test_client().get("/search?q=a", headers={"X-Request-ID": sent})
    id = answer.headers["X-Request-ID"]
    assert (id == sent) is kept
    assert kept or len(id) == 16


def test_errors_have_an_id_as_well(app: Flask) -> None:
    for path in ("/nope", "/search?size=0"):
        assert app.test_client().get(path).headers["X-Request-ID"]


def test_requests_are_logged_as_json_without_what_was_searched(
    app: Flask, capsys: pytest.CaptureFixture[str], restored: None
) -> None:
    logs.configure("json")
    app.test_client().get("/search?q=bí+mật", headers={"X-Request-ID": "abc"})
    app.test_client().get("/health")  # monitors say nothing
    (line,) = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert (record["method"], record["path"], record["status"]) == ("GET", "/search", 200)
    assert (record["request_id"], record["client"], record["level"]) == ("abc", "127.0.0.1", "info")
    assert record["ms"] >= 0
    assert "mật" not in line
    assert "q=" not in line


def test_failures_are_logged_even_if_requests_are_not(
    engine, capsys: pytest.CaptureFixture[str], restored: None
) -> None:
    app = create_app(Settings(log_requests=False), engine, reindex=dict)
    logs.configure("json")
    app.test_client().get("/search?q=a")
    assert capsys.readouterr().err == ""
    engine.failure = RuntimeError("inside")
    app.test_client().get("/search?q=a", headers={"X-Request-ID": "abc"})
    records = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {record["request_id"] for record in records} == {"abc"}
    assert any("inside" in record.get("exception", "") for record in records)
    assert records[-1]["status"] == 500


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_is_logged_breaks_a_line(
    form: logs.LogForm, capsys: pytest.CaptureFixture[str], restored: None
) -> None:
    logs.configure(form)
    logging.getLogger("x").warning("bad name %s", "a\nb\x1b[31m\udcff")
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "\x1b" not in error
    assert "a\\nb" in error


def test_a_failure_in_text_has_its_traceback(
    capsys: pytest.CaptureFixture[str], restored: None
) -> None:
    logs.configure("text")
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("x").exception("failed")
    assert "ValueError: why" in capsys.readouterr().err
