"""`timtin restore`: a backup in the place of the index."""

from __future__ import annotations

from index.backup import restore
from web.cli_parser import Options
from web.engines import folder_of
from web.settings import Settings

WRITER_SECONDS = 60.0  # to wait for another writer


def run(options: Options, settings: Settings) -> int:
    store = folder_of(settings)
    found, generation = restore(store, options.place, timeout=WRITER_SECONDS)
    print(
        f"restored {found.documents:,} documents of {found.made}, commit {generation};"
        " 'timtin index' takes in what has changed since"
    )
    return 0
