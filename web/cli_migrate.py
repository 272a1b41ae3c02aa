"""`timtin migrate --to WHERE`: the index into a cluster, or back into a folder."""

from __future__ import annotations

from index.migration import migrate
from web.cli_index import progress
from web.cli_parser import Options
from web.engines import named, target_at, target_of
from web.settings import Settings


def run(options: Options, settings: Settings) -> int:
    copied = migrate(
        target_of(settings),
        target_at(options.to, settings),
        replace=options.replace,
        progress=progress(),
        processes=options.processes,
    )
    print(
        f"copied {copied.documents:,} documents from {named(settings)} to {options.to},"
        f" commit {copied.generation}: counts and digests agree"
    )
    return 0
