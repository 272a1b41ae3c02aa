"""How answers travel: not again if nothing has changed, compressed, and to whom."""

from __future__ import annotations

import gzip
import json

import brotli
import pytest
from flask.testing import FlaskClient

from web.app import create_app
from web.settings import Settings

KEPT = ("/search?q=a", "/suggest?q=a", "/documents/a", "/openapi.json")
JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("path", KEPT)
def test_an_answer_is_not_sent_twice(client: FlaskClient, engine, path: str) -> None:
    first = client.get(path, headers=JSON)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"
    searched = len(engine.requests)
    again = client.get(path, headers={**JSON, "If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert len(engine.requests) == searched  # nothing was searched for it


@pytest.mark.parametrize("path", KEPT[:3])
def test_a_commit_changes_the_tag(client: FlaskClient, engine, path: str) -> None:
    tag = client.get(path, headers=JSON).headers["ETag"]
    engine.commit += 1
    response = client.get(path, headers={**JSON, "If-None-Match": tag})
    assert response.status_code == 200
    assert response.headers["ETag"] != tag


@pytest.mark.parametrize(
    ("path", "asked"),
    [("/search?q=a", "search"), ("/documents/a", "document"), ("/explain?q=a&id=a", "explain")],
)
def test_an_answer_from_before_a_commit_does_not_pass_for_a_later_one(
    client: FlaskClient, engine, monkeypatch: pytest.MonkeyPatch, path: str, asked: str
) -> None:
    answer = getattr(engine, asked)

    def and_then_a_commit(*args: object) -> object:
        found = answer(*args)
        engine.commit += 1
        return found

    monkeypatch.setattr(engine, asked, and_then_a_commit)
    tag = client.get(path, headers=JSON).headers["ETag"]
    response = client.get(path, headers={**JSON, "If-None-Match": tag})
    assert response.status_code == 200


def test_an_error_is_never_unchanged(client: FlaskClient) -> None:
    tag = client.get("/search?q=a").headers["ETag"]
    for path, status in (("/search?q=a&size=0", 400), ("/documents/none", 404)):
        response = client.get(path, headers={**JSON, "If-None-Match": tag})
        assert response.status_code == status
        assert "ETag" not in response.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("gzip;q=1, br;q=0", "gzip"), ("", None)],
)
@pytest.mark.parametrize("path", ["/search?q=a", "/?q=a"])
def test_answers_are_compressed_as_asked(
    client: FlaskClient, path: str, accepted: str, encoding: str | None
) -> None:
    response = client.get(path, headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.headers["Vary"]
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert "gặp" in unpack(response.data).decode()


def test_times_are_told(client: FlaskClient) -> None:
    for path in KEPT[:2]:
        assert "dur=" in client.get(path).headers["Server-Timing"]


def test_other_sites_may_read_only_if_they_are_named(engine) -> None:
    headers = {"Origin": "https://a.example"}
    closed = create_app(Settings(), engine, reindex=dict).test_client()
    assert "Access-Control-Allow-Origin" not in closed.get("/search?q=a", headers=headers).headers
    settings = Settings(cors_origins=("https://a.example",))
    client = create_app(settings, engine, reindex=dict).test_client()
    allowed = client.get("/search?q=a", headers=headers)
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert "ETag" in allowed.headers["Access-Control-Expose-Headers"]
    other = client.get("/search?q=a", headers={"Origin": "https://b.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
    asked = {**headers, "Access-Control-Request-Method": "POST"}
    before = client.options("/search/batch", headers=asked)
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    page = client.get("/?q=a", headers=headers)
    assert "Access-Control-Allow-Origin" not in page.headers
    assert "Access-Control-Allow-Origin" not in client.post("/reindex", headers=headers).headers


def test_json_is_in_order_and_in_utf_8(client: FlaskClient) -> None:
    text = client.get("/search?q=gặp").text
    assert list(json.loads(text))[:3] == ["query", "total", "took_ms"]
    assert "\\u" not in text
