"""`timtin verify`: are the bytes of the index those that were written?"""

from __future__ import annotations

import sys

from index.errors import MissingIndexError
from index.store import IndexStore
from web.cli_parser import Options
from web.settings import Settings

DAMAGED = 1


def run(options: Options, settings: Settings) -> int:
    store = IndexStore(settings.index_folder)
    if not store.exists():
        raise MissingIndexError(f"there is no index in {settings.index_folder}")
    problems = store.verify()
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return DAMAGED
    print(f"OK: {settings.index_folder}, commit {store.generation()}")
    return 0
