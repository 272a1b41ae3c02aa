"""What can be typed after `timtin`, with the help that teaches it. Imports nothing that is slow."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn, TypeAlias, get_args

from search.request import Mode, SearchRequest, Sort
from web.settings import VARIABLES, Settings

MEBIBYTE = 1 << 20

EXAMPLES = """\
examples:
  timtin index                          index the folder seeds/ (again: only what changed)
  timtin search "gap go dau xuan"       search it, with or without marks
  timtin search '"cụm dân cư" -lũ'      a whole phrase, and a word to leave out
  timtin serve --watch                  the search page, up to date with the folder
"""


class Options(argparse.Namespace):
    """The parsed line. Attributes exist for the commands that take them."""

    module: str
    seeds: Path | None = None
    index_dir: Path | None = None
    host: str | None = None
    port: int | None = None
    workers: int | None = None
    json: bool = False
    rebuild: bool = False
    repair: bool = False
    watch: bool = False
    to: str = ""
    replace: bool = False
    memory: int | None = None
    processes: int | None = None
    place: Path = Path()
    query: str = ""
    document_id: str = ""
    size: str = ""
    page: str = ""
    mode: str = ""
    sort: str = ""
    date_from: str = ""
    date_to: str = ""
    sources: Sequence[str] = ()
    names: Sequence[str] = ()
    places: Sequence[str] = ()

    @property
    def memory_bytes(self) -> int | None:
        """What indexing may use; None leaves it to the index."""
        return None if self.memory is None else self.memory * MEBIBYTE

    def search_request(self) -> SearchRequest:
        """What is to be searched. Raises RequestError."""
        return SearchRequest.from_params(
            {
                "q": self.query,
                "size": self.size,
                "page": self.page,
                "sort": self.sort,
                "mode": self.mode,
                "from": self.date_from,
                "to": self.date_to,
                "source": self.sources,
                "name": self.names,
                "place": self.places,
            }
        )

    def settings(self, settings: Settings) -> Settings:
        """The settings with what the line says in place of what the environment says."""
        if self.seeds is not None and self.seeds != settings.seeds:
            settings = replace(settings, seeds=self.seeds)
        if self.index_dir is not None:
            settings = replace(settings, index_dir=self.index_dir)
        if self.host is not None:
            settings = replace(settings, host=self.host)
        if self.port is not None:
            settings = replace(settings, port=self.port)
        if self.workers is not None:
            settings = replace(settings, workers=self.workers)
        return settings


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line that names the fault and where help is, instead of the whole usage."""
        print(f"{self.prog}: {message}; see '{self.prog} --help'", file=sys.stderr)
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog="timtin",
        description="Search a folder of Vietnamese texts: typed any way, ranked well.",
        epilog=EXAMPLES + _settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    commands = top.add_subparsers(metavar="COMMAND", required=True, title="commands")
    for add in (
        _index,
        _watch,
        _search,
        _explain,
        _serve,
        _stats,
        _verify,
        _backup,
        _restore,
        _migrate,
    ):
        add(commands)
    return top


Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def _index(commands: Commands) -> None:
    command = _command(
        commands,
        "index",
        "bring the index up to date with the seeds",
        "Compare seeds and index and apply what was added, changed or deleted, in one commit. "
        "A seed that cannot be read is named with the reason; the others go in.",
        "timtin index\n  timtin index news/ --index-dir /srv/news.index\n  timtin index --rebuild",
    )
    _seeds(command)
    _indexing(command)
    command.add_argument(
        "--rebuild",
        action="store_true",
        help="make the index anew, aside; until it is done the old one answers",
    )
    _json(command, "the report")


def _watch(commands: Commands) -> None:
    command = _command(
        commands,
        "watch",
        "keep the index up to date until stopped",
        "Index the seeds, then again whenever a file is added, changed or deleted.",
        "timtin watch\n  timtin watch news/",
    )
    _seeds(command)
    _indexing(command)


def _search(commands: Commands) -> None:
    command = _command(
        commands,
        "search",
        "find documents",
        "Marks are optional: 'gap go' finds 'gặp gỡ'; typed marks put the exact spelling first. "
        'A query may hold "whole phrases", -excluded words, OR, prefix*, title:, author:, source: '
        "and date:2025-02 or date:2025-02-19..2025-02-21. A query that begins with - follows --.",
        "timtin search 'gap go dau xuan'\n"
        "  timtin search '\"kết nghĩa cụm dân cư\"'\n"
        "  timtin search 'author:\"Trần Kế\"' --sort date\n"
        "  timtin search --from 2025-01-01 --json -- 'xuân -lũ' | jq .total",
    )
    command.add_argument("query", metavar="QUERY", help="what to find")
    _index_dir(command)
    command.add_argument("--size", default="", metavar="N", help="hits a page, 1 to 100 (10)")
    command.add_argument("--page", default="", metavar="N", help="which page (1)")
    _narrowing(command)
    _json(command, "the object that GET /search answers")


def _explain(commands: Commands) -> None:
    command = _command(
        commands,
        "explain",
        "why a document has its score, or is not found",
        "What each part of the query added to the score of the document with this id. Give the "
        "options that the search was made with.",
        "timtin explain 'gap go dau xuan' 004_4ef29a01ff71ed4f\n"
        "  timtin explain --json 'may bay roi' '000_3772e8170c534e90#2' | jq .part",
    )
    command.add_argument("query", metavar="QUERY", help="what was searched")
    command.add_argument("document_id", metavar="ID", help="the id of a document")
    _index_dir(command)
    _narrowing(command)
    _json(command, "the object that GET /explain answers")


def _narrowing(command: argparse.ArgumentParser) -> None:
    """What a search is narrowed by and sorted by."""
    command.add_argument(
        "--mode",
        default="",
        metavar="M",
        help=f"{', '.join(get_args(Mode))}; exact: with the very marks typed, raw: taken as it is",
    )
    command.add_argument("--sort", default="", metavar="S", help=" or ".join(get_args(Sort)))
    command.add_argument(
        "--from", dest="date_from", default="", metavar="YYYY-MM-DD", help="first day"
    )
    command.add_argument("--to", dest="date_to", default="", metavar="YYYY-MM-DD", help="last day")
    for kind, meaning in (("source", "from"), ("name", "with"), ("place", "about")):
        command.add_argument(
            f"--{kind}",
            dest=f"{kind}s",
            action="append",
            default=[],
            metavar="NAME",
            help=f"only documents {meaning} this {kind}, or any of these if given again",
        )


def _serve(commands: Commands) -> None:
    command = _command(
        commands,
        "serve",
        "the search page and the JSON API",
        "Answer on http://HOST:PORT/ until stopped. A commit of another process shows at once. "
        "Without an index the seeds are indexed first.",
        "timtin serve --watch\n  timtin serve news/ --host 0.0.0.0 --port 80 --workers 4",
    )
    _seeds(command)
    command.add_argument("--host", metavar="H", help="address to listen on (127.0.0.1)")
    command.add_argument("--port", metavar="P", type=_port, help="port to listen on (8000)")
    command.add_argument(
        "--workers", metavar="N", type=_whole_number("N", 1, 64), help="server processes (1)"
    )
    command.add_argument(
        "--watch", action="store_true", help="index the seeds again whenever they change"
    )


def _stats(commands: Commands) -> None:
    command = _command(
        commands,
        "stats",
        "count what the index holds",
        "Documents, segments, terms and bytes of the newest commit.",
        "timtin stats --json",
    )
    _index_dir(command)
    _json(command, "the counts")


def _verify(commands: Commands) -> None:
    command = _command(
        commands,
        "verify",
        "check everything about the index, and repair it",
        "Check every byte, posting and stored document of the newest commit, and whether they are "
        "those of the seeds. Exit code 1 if something is damaged. --repair makes anew what is, "
        "from the seeds; what cannot be read of these keeps its last good version.",
        "timtin verify\n  timtin verify news/ --repair",
    )
    _seeds(command)
    _indexing(command)
    command.add_argument(
        "--repair", action="store_true", help="make what is damaged anew, from the seeds"
    )


def _backup(commands: Commands) -> None:
    command = _command(
        commands,
        "backup",
        "copy the index, while it is in use",
        "Copy the newest commit, checked, to a new folder, or to a file whose name ends in .tar. "
        "It is there whole or not at all. Searches and syncs go on meanwhile.",
        "timtin backup /backups/news.tar\n  timtin backup /backups/news-2025-02-19",
    )
    _place(command, "TARGET", "the folder or .tar to make")


def _restore(commands: Commands) -> None:
    command = _command(
        commands,
        "restore",
        "put a backup in the place of the index",
        "Check a backup and put it in the place of the index, in one commit; what is not sound is "
        "refused. A server shows it at once.",
        "timtin restore /backups/news.tar",
    )
    _place(command, "SOURCE", "the folder or .tar that 'timtin backup' made")


def _place(command: argparse.ArgumentParser, name: str, help: str) -> None:
    command.add_argument("place", metavar=name, type=Path, help=help)
    _index_dir(command)


def _migrate(commands: Commands) -> None:
    command = _command(
        commands,
        "migrate",
        "copy the index into a cluster, or back",
        "Copy every document of the index into one made anew, and compare counts and digests. The "
        "index that is copied stays as it is.",
        "timtin migrate --to opensearch://host1,host2/timtin\n"
        "  TIMTIN_ENGINE=opensearch://host1,host2/timtin timtin migrate --to seeds.index",
    )
    _index_dir(command)
    command.add_argument(
        "--to", required=True, metavar="WHERE", help="a cluster's address, or a folder"
    )
    command.add_argument(
        "--replace", action="store_true", help="replace the index that is there already"
    )
    command.add_argument(
        "--processes",
        metavar="N",
        type=_whole_number("N", 1, 1024),
        help="processes to analyze texts with (one a core)",
    )


def _command(
    commands: Commands, name: str, summary: str, description: str, examples: str
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=textwrap.fill(description, 88),
        epilog=f"examples:\n  {examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(module=f"web.cli_{name}")
    return command


def _seeds(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "seeds", metavar="SEEDS", nargs="?", type=Path, help="the folder of texts (seeds)"
    )
    _index_dir(command)


def _index_dir(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--index-dir",
        metavar="DIR",
        type=Path,
        help="the index folder (beside the seeds: seeds.index)",
    )


def _indexing(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--memory",
        metavar="MB",
        type=_whole_number("MB", 16, 1_000_000),
        help="memory to index with, all processes together",
    )
    command.add_argument(
        "--processes",
        metavar="N",
        type=_whole_number("N", 1, 1024),
        help="processes to analyze texts with (one a core)",
    )


def _json(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--json", action="store_true", help=f"print {what} as JSON")


def _whole_number(name: str, lowest: int, highest: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(
                f"{name} must be a whole number from {lowest} to {highest}, not {text!r}"
            )
        return int(text)

    return convert


_port = _whole_number("P", 0, 65_535)


def _settings_help() -> str:
    lines = [f"  {name:<22} {meaning}" for name, meaning in VARIABLES.items()]
    return "\nsettings from the environment (options win):\n" + "\n".join(lines)


class _Version(argparse.Action):
    def __call__(self, *_: object) -> NoReturn:
        print(f"timtin {version('timtin')}")
        sys.exit(0)
