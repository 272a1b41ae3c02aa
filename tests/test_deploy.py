"""What lies in deploy/ fits the program: settings, command lines, addresses, limits, metrics."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from web.app import MAX_REQUEST_BYTES, create_app
from web.bodies import WAITING
from web.cli_parser import Options, parser
from web.metrics import Metrics
from web.server import BACKPRESSURE, HEADER_BYTES, HEADER_SECONDS, STOP_SECONDS, WATCH_STOP_SECONDS
from web.settings import QUERY_MILLISECONDS, REMOTE_RATE_LIMIT, Settings

DEPLOY = Path(__file__).parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def directives(unit: str) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", unit, re.MULTILINE))


def parsed(words: list[str]) -> Options:
    assert Path(words[0]).name == "timtin"
    return parser().parse_args(words[1:], Options())


def test_the_environment_holds_settings_that_are_accepted() -> None:
    lines = re.findall(r"^#?(TIMTIN_\w+)=(.*)$", text("timtin.env"), re.MULTILINE)
    values = {name: value or "a-token-of-some-length" for name, value in lines}
    settings = Settings.from_environment(values)
    assert settings.trusted_proxies == ("127.0.0.1",)
    assert settings.index_folder == Path("/var/lib/timtin/index")


def test_the_container_is_set_and_started_rightly() -> None:
    container = text("Containerfile").replace("\\\n", " ")
    settings = Settings.from_environment(dict(re.findall(r"(TIMTIN_\w+)=(\S+)", container)))
    assert (settings.seeds, settings.index_folder) == (Path("/seeds"), Path("/index"))
    (command,) = re.findall(r"^CMD (\[.*\])$", container, re.MULTILINE)
    assert parsed(json.loads(command)).watch
    asked = re.findall(rf"127\.0\.0\.1:{settings.port}(/[\w/]+)'", container)
    routes = {rule.rule for rule in create_app(Settings()).url_map.iter_rules()}
    assert asked
    assert set(asked) <= routes


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_the_units_run_commands_that_there_are(path: Path) -> None:
    unit = directives(path.read_text("utf-8"))
    parsed(shlex.split(unit["ExecStart"]))
    assert unit["EnvironmentFile"] == "/etc/timtin/timtin.env"
    assert unit["StateDirectory"] == "timtin"


def test_the_unit_waits_for_what_the_server_waits_for() -> None:
    unit = directives(text("timtin.service"))
    assert int(unit["TimeoutStopSec"]) > STOP_SECONDS + WATCH_STOP_SECONDS


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in (*UNITS, DEPLOY / "timtin-index.timer"):
        unit = path.read_text("utf-8").replace("/opt/timtin/bin/timtin", "/bin/true")
        (tmp_path / path.name).write_text(unit, "utf-8")
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    line = ["systemd-analyze", "--man=no", "--recursive-errors=no", "verify", *units]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    # Of other units of this machine it complains as well.
    assert [line for line in done.stderr.splitlines() if "timtin" in line] == []


def test_the_proxy_knows_the_addresses_and_the_limits() -> None:
    proxy = text("nginx.conf")
    routes = {rule.rule for rule in create_app(Settings()).url_map.iter_rules()}
    locations = re.findall(r"location = (\S+)", proxy)
    assert locations
    assert set(locations) <= routes
    (size,) = re.findall(r"client_max_body_size (\d+)k;", proxy)
    assert int(size) * 1024 == MAX_REQUEST_BYTES
    assert "$proxy_add_x_forwarded_for;" not in proxy


def test_the_page_tells_the_limits() -> None:
    page = text("README.md")
    assert REMOTE_RATE_LIMIT == "600/minute"
    assert (HEADER_BYTES, MAX_REQUEST_BYTES, WAITING) == (64 * 1024, 64 * 1024, 2)
    for limit in (
        f"closes after {HEADER_SECONDS} s",
        f"{BACKPRESSURE} requests at a time",
        "at most two in each process",
        "64 KiB each",
        "600 a minute",
        f"after {QUERY_MILLISECONDS} ms",
    ):
        assert limit in page


def test_every_metric_is_told() -> None:
    told = set(re.findall(r"^\| `(timtin_\w+)`", text("README.md"), re.MULTILINE))
    families = text_string_to_metric_families(Metrics().exposition().decode())
    shown = {f.name + "_total" * (f.type == "counter") for f in families}
    shown = {name for name in shown if not name.endswith("_created")}  # beside each counter
    assert told == shown


def test_every_file_is_mentioned() -> None:
    page = text("README.md")
    named = {path.name for path in DEPLOY.iterdir()} - {"README.md", "timtin-index.service"}
    assert [name for name in sorted(named) if name not in page] == []
