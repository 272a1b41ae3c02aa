"""The examples of `/docs` run, in their own languages, against a real server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from web.docs import ADDRESS, EXAMPLES

SEEDS = Path(__file__).parent.parent.parent / "seeds"
PROGRAMS = {".sh": shutil.which("bash"), ".py": sys.executable, ".js": shutil.which("node")}


@pytest.fixture(scope="module")
def server(start_server):
    return start_server(SEEDS)


def run(server, name: str) -> str:
    file = EXAMPLES / name
    program = PROGRAMS[file.suffix]
    if program is None or (file.suffix == ".sh" and not shutil.which("curl")):
        pytest.skip(f"nothing here runs {name}")
    text = file.read_text("utf-8").replace(ADDRESS, server.url.rstrip("/"))
    done = subprocess.run(
        [program, "-"], input=text, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_tested() -> None:
    assert {file.name for file in EXAMPLES.iterdir()} == {
        *("search.sh", "search.py", "search.js", "batch.sh"),
    }


@pytest.mark.parametrize("name", ["search.py", "search.js"])
def test_programs_print_the_hits(server, name: str) -> None:
    lines = run(server, name).splitlines()
    assert len(lines) == 3
    assert all(
        line.startswith(("000_3772e8170c534e90#", "004_4ef29a01ff71ed4f ")) for line in lines
    )


def test_curl_gets_the_fields_asked_for(server) -> None:
    answer = json.loads(run(server, "search.sh"))
    assert [list(hit) for hit in answer["hits"]] == [["id", "title"]] * 3
    assert answer["facets"]["year"]


def test_curl_sends_a_batch(server) -> None:
    first, second = json.loads(run(server, "batch.sh"))["results"]
    assert (len(first["hits"]), first["size"]) == (1, 1)
    assert second["query"] == "quảng ninh"


def test_the_page_shows_them_with_its_own_address(server) -> None:
    status, page = server.get("/docs", Accept="text/html")
    assert status == 200
    assert f"{server.url}search" in page
    assert ADDRESS not in page
