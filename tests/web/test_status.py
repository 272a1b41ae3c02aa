"""`/status`: what goes on, for people and programs, and the button for who holds the token."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from index.store import IndexStore
from index.sync import sync
from web.app import create_app
from web.services import EXTENSION
from web.settings import Settings
from web.traffic import Traffic

TOKEN = "a-token-for-the-tests"
JSON = {"Accept": "application/json"}


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    """A real index of two good seeds and a broken one."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Tin\n\nMột bài.\n", encoding="utf-8")
    (seeds / "b.txt").write_text("Khác\n\nHai bài.\n", encoding="utf-8")
    (seeds / "broken.txt").write_bytes(b"\x00\x01")
    settings = Settings(seeds=seeds, reindex_token=TOKEN)
    sync(seeds, IndexStore(settings.index_folder), processes=1)
    return create_app(settings)


def test_it_tells_what_the_index_holds(site: Flask) -> None:
    client = site.test_client()
    client.get("/?q=bài")
    client.get("/search?q=bài")
    status = client.get("/status", headers=JSON).get_json()
    assert (status["documents"], status["segments"]) == (2, 1)
    assert status["queries_per_minute"] == 2
    assert status["committed"].endswith("+00:00")
    assert [failure["path"] for failure in status["failures"]] == ["broken.txt"]
    assert status["failures"][0]["reason"]
    assert status["reindexing"]["running"] is False
    page = client.get("/status").text
    assert "broken.txt" in page
    assert "không phải văn bản: dữ liệu nhị phân" in page
    assert status["failures"][0]["reason"] in client.get("/status?lang=en").text


def test_it_names_everything_that_the_last_sync_could_not_take_in(site: Flask) -> None:
    settings = site.extensions[EXTENSION].settings
    store = IndexStore(settings.index_folder)
    client = site.test_client()

    def named() -> dict[str, str]:
        status = client.get("/status", headers=JSON).get_json()
        return {failure["path"]: failure["reason"] for failure in status["failures"]}

    assert named().keys() == {"broken.txt"}
    (settings.seeds / "seeds.toml").write_text("[[seeds]\n")
    with (settings.seeds / "huge.txt").open("wb") as file:
        file.truncate(1 << 40)
    (settings.seeds / "gone.txt").symlink_to(settings.seeds / "nothing.txt")
    sync(settings.seeds, store, processes=1)  # nothing to commit
    assert named().keys() == {"broken.txt", "gone.txt", "huge.txt", "seeds.toml"}
    assert named()["huge.txt"].startswith("larger than 64 MB")
    assert sync(settings.seeds, store, processes=1).committed is False
    assert named().keys() == {"broken.txt", "gone.txt", "huge.txt", "seeds.toml"}
    for name in ("seeds.toml", "huge.txt", "gone.txt"):
        (settings.seeds / name).unlink()
    sync(settings.seeds, store, processes=1)
    assert named().keys() == {"broken.txt"}


def test_without_an_index_it_still_answers(tmp_path: Path) -> None:
    client = create_app(Settings(seeds=tmp_path / "none")).test_client()
    status = client.get("/status", headers=JSON).get_json()
    assert (status["documents"], status["generation"], status["committed"]) == (0, -1, None)
    assert "chưa lần nào" in client.get("/status").text


def test_the_button_works_without_scripts(site: Flask) -> None:
    client = site.test_client()
    (site.extensions[EXTENSION].settings.seeds / "c.txt").write_text("Mới\n\nBa.\n", "utf-8")
    assert client.post("/status", data={"token": "wrong"}).status_code == 401
    response = client.post("/status", data={"token": TOKEN})
    assert (response.status_code, response.headers["Location"]) == (303, "/status")
    assert client.get("/status", headers=JSON).get_json()["documents"] == 3


def test_without_a_token_there_is_no_button(client: FlaskClient) -> None:
    assert 'id="token"' not in client.get("/status").text
    assert client.post("/status", data={"token": ""}).status_code == 403


def test_progress_shows_while_it_runs(engine) -> None:
    started, finish = threading.Event(), threading.Event()

    def slow() -> dict[str, int]:
        progress = app.extensions[EXTENSION].progress
        progress.start(40, "documents")
        progress.advance(7)
        started.set()
        assert finish.wait(10)
        return {}

    app = create_app(Settings(reindex_token=TOKEN), engine, slow)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    run = threading.Thread(target=lambda: app.test_client().post("/reindex", headers=headers))
    run.start()
    assert started.wait(10)
    shown = app.test_client().get("/status", headers=JSON).get_json()["reindexing"]
    finish.set()
    run.join()
    assert (shown["running"], shown["done"], shown["total"]) == (True, 7, 40)
    assert shown["what"] == "documents"
    after = app.test_client().get("/status", headers=JSON).get_json()["reindexing"]
    assert after["running"] is False


def test_traffic_is_that_of_the_last_minute() -> None:
    now = 1000.0
    traffic = Traffic(lambda: now)
    traffic.count(3)
    now += 59
    traffic.count()
    assert traffic.per_minute() == 4
    now += 1
    assert traffic.per_minute() == 1
    now += 3600
    assert traffic.per_minute() == 0
