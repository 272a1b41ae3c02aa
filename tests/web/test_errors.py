"""Errors are pages for people and problems for programs; nobody sees what is inside."""

import logging

import pytest
from flask.testing import FlaskClient

from index.errors import DamagedIndexError


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nope", 404), ("PUT", "/", 405)])
def test_people_get_a_page(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = client.open(path, method=method, headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert '<html lang="vi">' in response.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nope", 404), ("PUT", "/", 405)])
def test_programs_get_a_problem(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = client.open(path, method=method, headers={"Accept": "application/json"})
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.get_json(force=True)["status"] == status


@pytest.mark.parametrize("path", ["/?q=a", "/search?q=a", "/documents/a"])
def test_an_unexpected_failure_is_logged_and_not_shown(
    client: FlaskClient, engine, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine.failure = RuntimeError("inside")
    with caplog.at_level(logging.ERROR):
        response = client.get(path)
    assert response.status_code == 500
    assert "inside" not in response.text
    assert "Traceback" not in response.text
    assert any(record.exc_info and "inside" in str(record.exc_info[1]) for record in caplog.records)


@pytest.mark.parametrize("path", ["/?q=a", "/search?q=a"])
def test_a_damaged_index_is_unavailable_and_its_place_is_not_shown(
    client: FlaskClient, engine, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine.failure = DamagedIndexError("/secret/file", "checksum")
    response = client.get(path)
    assert response.status_code == 503
    assert "/secret" not in response.text
    assert "/secret/file" in caplog.text


def test_headers_hold_for_every_answer(client: FlaskClient) -> None:
    for path in (
        "/",
        "/?q=a",
        "/search?q=a",
        "/nope",
        "/assets/0/timtin.css",
        "/docs",
        "/status",
        "/feed?q=a",
    ):
        with client.get(path) as response:
            headers = response.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
