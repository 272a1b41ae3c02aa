"""A real server in its own process for the tests of web and browser; settings for all tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from index import native

# How long an example takes says more about the machine than about the code.
settings.register_profile("timtin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("timtin")

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
STOP_SECONDS = 30


@dataclass
class Server:
    """A running `timtin serve` and the folder that it serves."""

    process: subprocess.Popen[str]
    seeds: Path
    log: Path
    url: str = ""

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body of a request; the path as it goes over the wire."""
        asked = urllib.request.Request(f"{self.url.rstrip('/')}{path}", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=20) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self) -> int:
        """Ask it to stop, as an operator does; returns the exit code."""
        self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        finally:
            if self.process.poll() is None:
                self.process.kill()

    def wait_until_ready(self) -> None:
        """Read its output up to the line that says where it is; then keep reading it away."""
        found = threading.Event()

        def read() -> None:
            assert self.process.stdout
            for line in self.process.stdout:
                address = re.fullmatch(r"timtin: (http://\S+)\n", line)
                if address:
                    self.url = address[1]
                    found.set()
            found.set()

        threading.Thread(target=read, daemon=True).start()
        found.wait(START_SECONDS)
        assert self.url, f"the server did not start:\n{self.log.read_text()}"


StartServer = Callable[..., Server]


@pytest.fixture(params=["arrays", "compiled"])
def loops(request: Any) -> Iterator[None]:
    """By NumPy alone, and with the compiled loops."""
    if request.param == "compiled":
        assert native.load(), "the tests need Numba: the extra `native`"
        yield
    else:
        with native.without():
            yield


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Starts `timtin serve SEEDS OPTION…` on a free port; what still runs at the end is stopped.

    `index` is the index folder, a new one unless given; other keywords are environment variables.
    """
    started: list[Server] = []

    def start(seeds: Path, *options: str, index: Path | None = None, **variables: str) -> Server:
        folder = tmp_path_factory.mktemp("server")
        line = [sys.executable, "-m", "web.cli", "serve", str(seeds), "--port", "0", *options]
        line += ["--index-dir", str(index or folder / "index")]
        kept = {name: text for name, text in os.environ.items() if not name.startswith("TIMTIN_")}
        kept["TIMTIN_NATIVE"] = "0"  # to load them takes each server a second
        kept["TIMTIN_QUERY_TIMEOUT_MS"] = "60000"  # a busy machine must not change what is found
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                line, cwd=ROOT, env=kept | variables, stdout=subprocess.PIPE, stderr=log, text=True
            )
        server = Server(process, seeds, folder / "log")
        started.append(server)
        server.wait_until_ready()
        return server

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()
        if server.process.stdout:
            server.process.stdout.close()
