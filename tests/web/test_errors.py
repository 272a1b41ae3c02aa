"""Errors are pages for people and problems for programs; nobody sees what is inside."""

import logging

import pytest
from flask.testing import FlaskClient

from index.errors import DamagedIndexError
from search.deadline import OutOfTime
from web.app import create_app
from web.settings import Settings


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


@pytest.mark.parametrize("path", ["/", "/docs", "/opensearch.xml", "/search?q=a", "/nope"])
@pytest.mark.parametrize(
    "host", ["a" * 9_000, f"{'a' * 64}.org", "a..b", "a b", "evil.example/x", "[::1", "<s>"]
)
def test_what_is_no_name_of_a_host_is_refused(client: FlaskClient, path: str, host: str) -> None:
    response = client.get(path, headers={"Host": host, "Accept": "text/html"})
    assert response.status_code == 400
    assert "<s>" not in response.text


@pytest.mark.parametrize("path", ["/", "/docs", "/search?q=a", "/nope"])
def test_a_server_with_a_name_answers_to_no_other(engine, path: str) -> None:
    settings = Settings(hosts=("search.example.org", ".news.example"))
    client = create_app(settings, engine, reindex=dict).test_client()
    for host in ("search.example.org", "a.news.example:443", "localhost:8000", "127.0.0.1"):
        assert client.get(path, headers={"Host": host}).status_code in {200, 404}
    for host in ("evil.example", "search.example.org.evil.example", ""):
        response = client.get(path, headers={"Host": host, "Accept": "text/html"})
        assert response.status_code == 400
        assert response.mimetype == "application/problem+json"


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


def test_a_page_says_what_keeps_the_server_from_answering(
    client: FlaskClient, engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(_: object) -> None:
        raise OutOfTime

    monkeypatch.setattr(engine, "search", late)
    for language, text in (("vi", "quá nhiều thời gian"), ("en", "longer than a query may")):
        response = client.get(f"/?q=a&lang={language}", headers={"Accept": "text/html"})
        assert response.status_code == 503
        assert text in response.text
