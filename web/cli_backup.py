"""`timtin backup`: a copy of the index, taken while it is in use."""

from __future__ import annotations

from index.backup import backup
from index.store import IndexStore
from web.cli_parser import MEBIBYTE, Options
from web.settings import Settings


def run(options: Options, settings: Settings) -> int:
    made = backup(IndexStore(settings.index_folder), options.place)
    print(
        f"backed up {made.documents:,} documents, {made.size / MEBIBYTE:,.1f} MB: {options.place}"
    )
    return 0
