"""`python -m bench.thin.server fts5|tantivy FOLDER PORT`: a thin page behind timtin's own server.

Granian with the settings of `timtin serve`: one worker process, as many threads.
"""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from web.server import BACKPRESSURE
from web.settings import Settings


def load(name: str, folder: Path) -> Any:
    """The application, in the worker process."""
    return import_module(f"bench.thin.{name}").create_app(folder)


def main(name: str, folder: str, port: str) -> None:
    server = Granian(
        target=name,
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        blocking_threads=Settings().threads,
        backpressure=BACKPRESSURE,
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=partial(load, name, Path(folder)), wrap_loader=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
