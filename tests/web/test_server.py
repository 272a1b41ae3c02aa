"""The real server process over the real index: new seeds, hostile input, stopping."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def server(start_server, tmp_path_factory):
    seeds = tmp_path_factory.mktemp("web") / "seeds"
    shutil.copytree(ROOT / "seeds", seeds)
    return start_server(seeds, "--watch")


def total(server, query: str) -> int:
    status, body = server.get(f"/search?q={quote(query)}")
    assert status == 200, body
    return int(json.loads(body)["total"])


def eventually(server, query: str, wanted: int) -> None:
    """Until the answer is as wanted: no request may fail meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := total(server, query)) != wanted:
        assert time.monotonic() < deadline, f"{query}: {found} hits, not {wanted}"
        time.sleep(0.05)


def test_it_answers_over_both_seeds(server) -> None:
    status, body = server.get("/health")
    assert (status, json.loads(body)["documents"]) == (200, 15)
    _, body = server.get("/search?q=may%20bay%20roi")
    assert json.loads(body)["hits"][0]["id"] == "000_3772e8170c534e90#2"
    status, body = server.get("/documents/000_3772e8170c534e90%232?q=may+bay", Accept="text/html")
    assert status == 200
    assert "<mark" in body


def test_a_seed_that_comes_changes_and_goes_shows(server) -> None:
    seed = server.seeds / "moi.txt"
    assert total(server, '"sếu đầu đỏ"') == 0
    seed.write_text("Đàn sếu đầu đỏ về Tràm Chim\n\nSáng nay, chim về.\n", encoding="utf-8")
    eventually(server, '"sếu đầu đỏ"', 1)
    seed.write_text("Đàn cò trắng về Tràm Chim\n\nSáng 3.3.2025, đàn chim về.\n", encoding="utf-8")
    eventually(server, '"cò trắng"', 1)
    assert total(server, '"sếu đầu đỏ"') == 0
    seed.unlink()
    eventually(server, '"cò trắng"', 0)


def test_a_broken_seed_harms_nothing(server) -> None:
    seed = server.seeds / "hong.txt"
    seed.write_bytes(bytes(range(256)) * 40)
    (server.seeds / "lanh.txt").write_text("Bông sen hồng\n\nNở rộ.\n", encoding="utf-8")
    eventually(server, '"bông sen hồng"', 1)
    assert total(server, "may bay roi") > 0


ODD_QUERIES = (
    *('"', "((", "-", "*", "title:", "a" * 1000, "a" * 1001, "😀", "\x00", "OR", "a OR", '-"'),
    *("a*b*", "date:", "date:2025-13", "date:..", "author:(", "\u202egap", "<script>", "%", "\\"),
)
ODD_PATHS = ("/documents/%ff%00", "/documents/", "/documents/..%2f..", "/search?q=%ff", "/?%00=%00")


@pytest.mark.parametrize("query", ODD_QUERIES)
@pytest.mark.parametrize("path", ["/search?q=", "/?q=", "/documents/000_3772e8170c534e90%232?q="])
def test_no_query_is_too_odd(server, path: str, query: str) -> None:
    for mode in ("auto", "exact", "raw"):
        status, body = server.get(f"{path}{quote(query)}&mode={mode}")
        assert status in {200, 400}, body
        assert "<script>" not in body or path.startswith("/search")


@pytest.mark.parametrize("path", ODD_PATHS)
def test_no_address_is_too_odd(server, path: str) -> None:
    assert server.get(path)[0] in {200, 400, 404}


def test_a_taken_port_is_said_in_one_line(server) -> None:
    port = server.url.rstrip("/").rpartition(":")[2]
    line = [sys.executable, "-m", "web.cli", "serve", str(server.seeds), "--port", port]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert port in done.stderr


def test_it_stops_when_asked(start_server, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Tin\n\nMột bài.\n", encoding="utf-8")
    server = start_server(seeds, "--watch")
    assert total(server, "tin") == 1
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()
    assert refused(server.url)


def test_it_answers_and_stops_while_it_compiles(start_server, tmp_path: Path) -> None:
    nothing_compiled = {"TIMTIN_NATIVE": "1", "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    server = start_server(ROOT / "seeds", **nothing_compiled)
    assert total(server, "quốc sách hàng đầu") == 1
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_watch_reports_until_it_is_stopped(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    line = [sys.executable, "-m", "web.cli", "watch", str(seeds), "--processes", "1"]
    with subprocess.Popen(
        line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout
            assert "0 unchanged" in process.stdout.readline()
            (seeds / "a.txt").write_text("Tin\n\nMột bài.\n", encoding="utf-8")
            assert "added 1" in process.stdout.readline()
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_SECONDS) == 0
            assert process.stdout.read() == ""
        finally:
            process.kill()


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_server_leaves_no_worker_behind(start_server, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tin\n\nMột bài.\n", encoding="utf-8")
    server = start_server(tmp_path)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not refused(server.url):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def refused(url: str) -> bool:
    host, _, port = url.removeprefix("http://").rstrip("/").partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        pass  # it was just being closed
    return False
