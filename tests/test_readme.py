"""README.md is true: its commands run, its examples answer as shown, its tables are complete."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from index.sync.declared import Declarations
from web.cli import main
from web.cli_parser import Options, parser
from web.settings import VARIABLES, Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
WRITTEN_BY_OTHERS = {"bench/RESULTS.md", "seeds.toml"}  # the bench, and who has such seeds
TOKEN = "a-token-for-the-tests"
ADDRESS = "http://127.0.0.1:8000/"
ANY_LINES = "…"
MEASURED = {"took_ms", "score", "seconds"}


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and its lines."""

    language: str
    lines: tuple[str, ...]


def blocks(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


def rows(*header: str) -> list[list[str]]:
    """The cells of the table with this header."""
    lines = README.splitlines()
    start = lines.index(f"| {' | '.join(header)} |") + 2
    found = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return found


def code(cell: str) -> str:
    """What a cell shows as code."""
    match = re.fullmatch(r"`([^`]+)`", cell)
    assert match, cell
    return match[1]


def _blocks() -> Iterator[Block]:
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL):
        yield Block(match[1], tuple(match[2].splitlines()))


BLOCKS = tuple(_blocks())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a reader types in, with a `timtin` that is this one."""
    made = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "seeds", made / "seeds")
    (made / "bin").mkdir()
    command = made / "bin" / "timtin"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m web.cli "$@"\n')
    command.chmod(0o755)
    return made


@pytest.fixture(scope="module")
def server(start_server, folder: Path):
    return start_server(folder / "seeds", TIMTIN_REINDEX_TOKEN=TOKEN)


def typed(line: str, folder: Path) -> str:
    """What a command line prints."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("TIMTIN_")}
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=kept | {"PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def asked(line: str, address: str) -> Any:
    """What a `curl` line gets, from the server of this test."""
    options = curl_options(line.replace("$TIMTIN_REINDEX_TOKEN", TOKEN))
    name, value = options.get("-H", "Accept: */*").split(": ", 1)
    request = urllib.request.Request(
        options["url"].replace(ADDRESS, address),
        method=options.get("-X", "GET"),
        headers={name: value},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def curl_options(line: str) -> dict[str, str]:
    command, *words = shlex.split(line)
    assert command == "curl"
    options = {}
    while words and words[0].startswith("-"):
        options[words[0]] = words[1]
        words = words[2:]
    (options["url"],) = words
    return options


def test_commands_print_what_is_shown(folder: Path) -> None:
    shown: dict[str, list[str]] = {}
    for block in blocks("console"):
        for line in block.lines:
            if line.startswith("$ "):
                command = line[2:]
                shown[command] = []
            else:
                shown[command].append(line)
    commands = {line: output for line, output in shown.items() if line.startswith("timtin ")}
    assert len(commands) >= 3
    for line, output in commands.items():
        printed = typed(line, folder)
        assert re.fullmatch(pattern(output), untimed(printed).rstrip("\n")), printed


def pattern(lines: list[str]) -> str:
    """Matches what is shown: `…` stands for the rest of a line, or as a line of its own for any."""
    parts = [
        r"(?:.*\n)*?" if line == ANY_LINES else re.escape(untimed(line)).replace("…", ".*") + r"\n?"
        for line in lines
    ]
    return "".join(parts)


def untimed(text: str) -> str:
    return re.sub(r"\d[\d.,]* m?s\b", "0 s", text)


def test_a_program_gets_what_is_shown(server) -> None:
    pairs = [
        (block.lines[0][2:], following)
        for block, following in pairwise(BLOCKS)
        if block.language == "console" and block.lines[0].startswith("$ curl")
    ]
    assert len(pairs) == 2
    for line, following in pairs:
        assert following.language == "json"
        compare(asked(line, server.url), json.loads("\n".join(following.lines)))


def compare(got: Any, shown: Any, name: str = "") -> None:
    """`shown` may leave out the rest of a text, and a measured number is another each time."""
    assert type(got) is type(shown), name
    if isinstance(shown, dict):
        assert list(got) == list(shown)
        for key, value in shown.items():
            compare(got[key], value, key)
    elif isinstance(shown, list):
        assert len(got) == len(shown), name
        for a, b in zip(got, shown, strict=True):
            compare(a, b, name)
    elif isinstance(shown, str):
        assert re.fullmatch(re.escape(shown).replace("…", ".*"), got), name
    elif name not in MEASURED:
        assert got == shown, name


def test_commands_that_go_on_are_understood() -> None:
    lines = [line.split(" #")[0].strip() for block in blocks("sh") for line in block.lines]
    assert lines
    for line in lines:
        command, *words = line.split()
        if command == "timtin":
            parser().parse_args(words, Options())
        else:
            assert os.access(ROOT / command, os.X_OK), line


def test_every_command_is_listed() -> None:
    listed = {code(command).split()[1] for command, _ in rows("Command", "What it does")}
    commands = re.findall(r"^    (\w+) +\S", parser().format_help(), re.MULTILINE)
    assert listed == set(commands)


def test_every_query_finds_something(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    where = ["--index-dir", str(folder / "queries.index")]
    assert main(["index", str(folder / "seeds"), *where, "--processes", "1"]) == 0
    capsys.readouterr()
    queries = [code(query) for query, _ in rows("What you type", "What it finds in the two texts")]
    assert len(queries) >= 10
    for query in queries:
        assert main(["search", *where, "--json", "--", query]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert 0 < answer["total"] < 15, query


def test_every_setting_is_listed_with_its_default() -> None:
    settings = Settings()
    defaults = {
        "TIMTIN_SEEDS": settings.seeds,
        "TIMTIN_INDEX_DIR": settings.index_folder,
        "TIMTIN_HOST": settings.host,
        "TIMTIN_PORT": settings.port,
        "TIMTIN_WORKERS": settings.workers,
        "TIMTIN_THREADS": settings.threads,
        "TIMTIN_REINDEX_TOKEN": settings.reindex_token,
        "TIMTIN_CACHE_MB": settings.cache_bytes >> 20,
        "TIMTIN_PAGES_MB": settings.page_bytes >> 20,
        "TIMTIN_NATIVE": int(settings.native),
        "TIMTIN_CORS_ORIGINS": ",".join(settings.cors_origins) or None,
        "TIMTIN_QUERY_TIMEOUT_MS": round((settings.query_seconds or 0) * 1000),
        "TIMTIN_RATE_LIMIT": settings.rate_limit,
        "TIMTIN_TRUSTED_PROXIES": ",".join(settings.trusted_proxies) or None,
        "TIMTIN_HOSTS": ",".join(settings.hosts) or None,
        "TIMTIN_METRICS_TOKEN": settings.metrics_token,
        "TIMTIN_LOG": settings.log,
        "TIMTIN_LOG_REQUESTS": int(settings.log_requests),
        "TIMTIN_MAX_FILE_MB": settings.limits.file_bytes >> 20,
        "TIMTIN_MAX_STREAM_MB": settings.limits.stream_bytes >> 20,
        "TIMTIN_MAX_EXPANSION": settings.limits.expansion,
        "TIMTIN_MAX_DOCUMENTS": settings.limits.documents,
        "TIMTIN_READER_SECONDS": settings.limits.seconds,
        "TIMTIN_READER_MB": settings.limits.memory_bytes >> 20,
        "TIMTIN_ENGINE": settings.engine,
        "TIMTIN_ENGINE_USER": settings.engine_access.credentials.user,
        "TIMTIN_ENGINE_PASSWORD": settings.engine_access.credentials.password,
        "TIMTIN_ENGINE_TOKEN": settings.engine_access.credentials.token,
        "TIMTIN_ENGINE_CA": settings.engine_access.ca,
        "TIMTIN_ENGINE_VERIFY": "yes" if settings.engine_access.verify else "no",
        "TIMTIN_ENGINE_SHARDS": settings.engine_shards,
        "TIMTIN_ENGINE_REPLICAS": settings.engine_replicas,
    }
    shown = {
        code(name): (default if default == "none" else code(default), meaning)
        for name, default, meaning in rows("Variable", "Default", "Meaning")
    }
    assert {name: meaning for name, (_, meaning) in shown.items()} == dict(VARIABLES)
    assert {name: default for name, (default, _) in shown.items()} == {
        name: "none" if value is None else str(value) for name, value in defaults.items()
    }


def test_every_endpoint_is_listed(server) -> None:
    with urllib.request.urlopen(f"{server.url}openapi.json", timeout=20) as response:
        paths = json.load(response)["paths"]
    described = {
        f"{method.upper()} {path.replace('{document_id}', '<id>')}"
        for path, methods in paths.items()
        for method in methods
    }
    listed = {code(endpoint) for endpoint, _ in rows("Endpoint", "What it answers")}
    assert listed == described - {"GET /openapi.json"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_mentioned_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    targets = {target for target in re.findall(r"\]\(([^)#]+)", text) if "://" not in target}
    code_spans = set(re.findall(r"`([\w./-]+)`", text))
    paths = {
        span
        for span in code_spans
        if re.match(r"(?:index|search|web|tests|bench|scripts|docs|seeds)/[\w./-]+", span)
        or span.endswith((".md", ".cfg", ".toml"))
    }
    mentioned = {path for path in targets | paths if not path.startswith(".")}
    assert mentioned
    assert [path for path in sorted(mentioned - WRITTEN_BY_OTHERS) if not exists(path)] == []


def exists(path: str) -> bool:
    """Whether there is such a file, module (`room/part`) or name in one (`room/part.name`)."""
    module, _, name = path.partition(".")
    source = ROOT / f"{module}.py"
    if source.exists() and name not in ("", "py"):
        return re.search(rf"^(?:def|class) {name}\b", source.read_text("utf-8"), re.M) is not None
    return (ROOT / path.rstrip("/")).exists() or source.exists()


def test_modules_that_the_architecture_names_exist() -> None:
    """Within a paragraph `room/part` leads, and names in brackets after it are its modules."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = {path.stem for path in ROOT.glob("*/**/*.py")} | {
        path.parent.name for path in ROOT.glob("*/**/__init__.py")
    }
    named = re.findall(r"\(`(\w+)`\)", text) + re.findall(r"^- `(\w+)`:", text, re.MULTILINE)
    assert named
    assert [name for name in named if name not in modules] == []


def test_the_seeds_toml_of_the_readme_is_a_good_one(tmp_path: Path) -> None:
    (content,) = re.findall(r"```toml\n(.*?)```", README, re.S)
    (tmp_path / "seeds.toml").write_text(content, "utf-8")
    settings = Declarations().within("", tmp_path / "seeds.toml").of("1998/a.txt")
    assert (settings.encoding, settings.year, settings.date) == ("tcvn3", 1998, "1998-02-26")
