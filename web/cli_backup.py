"""`timtin backup`: a copy of the index, taken while it is in use."""

from __future__ import annotations

from index.backup import backup
from web.cli_parser import MEBIBYTE, Options
from web.engines import folder_of
from web.settings import Settings


def run(options: Options, settings: Settings) -> int:
    made = backup(folder_of(settings), options.place)
    print(
        f"backed up {made.documents:,} documents, {made.size / MEBIBYTE:,.1f} MB: {options.place}"
    )
    return 0
