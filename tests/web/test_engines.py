"""Which engine answers; and a cluster that is not there, which takes none to test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from search.engines.whoosh_engine import WhooshEngine
from web.app import create_app
from web.cli import main
from web.engines import engine_of, named, target_of
from web.settings import Settings

ROOT = Path(__file__).parents[2]
WITHOUT_CLIENT = """
import sys
sys.modules["opensearchpy"] = None
from web.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def nowhere() -> str:
    """The address of a cluster that does not run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"opensearch://127.0.0.1:{probe.getsockname()[1]}/news"


def test_without_a_cluster_it_is_the_folder(tmp_path: Path) -> None:
    settings = Settings(index_dir=tmp_path)
    engine = engine_of(settings)
    assert isinstance(engine, WhooshEngine)
    assert target_of(settings).path == tmp_path
    assert named(settings) == str(tmp_path)
    engine.close()


@pytest.mark.parametrize("command", [["search", "a"], ["stats"], ["explain", "a", "b"], ["index"]])
def test_a_cluster_that_is_away_is_one_line(
    command: list[str],
    nowhere: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    monkeypatch.setenv("TIMTIN_ENGINE", nowhere)
    assert main(command) == 2
    error = capsys.readouterr().err
    assert error == (
        f"timtin: the cluster at {nowhere} cannot be reached;"
        " see that it runs and that its address is right\n"
    )


@pytest.mark.parametrize("path", ["/search?q=a", "/health", "/suggest?q=a", "/status", "/feed?q=a"])
def test_a_server_says_so_at_once(path: str, nowhere: str) -> None:
    client = create_app(Settings(engine=nowhere)).test_client()
    response = client.get(path, headers={"Accept": "application/json"})
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert response.json["type"] == "urn:timtin:problem:cluster-unavailable"
    assert response.headers["Retry-After"]
    assert "127.0.0.1" not in response.get_data(as_text=True), "where it is, is nobody's business"


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_what_only_folders_have_is_refused(
    command: str,
    nowhere: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TIMTIN_ENGINE", nowhere)
    assert main([command, "news.tar"]) == 2
    assert "timtin migrate --to FOLDER" in capsys.readouterr().err


def test_without_the_client_library_it_is_named(nowhere: str) -> None:
    environment = {**os.environ, "TIMTIN_ENGINE": nowhere}
    line = [sys.executable, "-c", WITHOUT_CLIENT, "stats"]
    done = subprocess.run(
        line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "pip install 'timtin[cluster]'" in done.stderr
