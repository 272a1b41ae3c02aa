"""`timtin watch`: keep the index up to date until stopped; `timtin serve --watch` does the same."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event

from index.errors import SeedError
from index.sync.report import SyncReport
from index.sync.watch import watch
from web.cli_parser import Options
from web.engines import target_of
from web.settings import Settings


def run(options: Options, settings: Settings) -> int:
    if not settings.seeds.is_dir():
        raise SeedError(f"there is no seeds folder {settings.seeds}", "make it, or name another")
    target_of(settings).generation()  # what is hopeless now is said now
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    keep_up_to_date(options, settings, _print, stop)
    return 0


def keep_up_to_date(
    options: Options,
    settings: Settings,
    tell: Callable[[str], None],
    stop: Event,
    synced: Callable[[SyncReport | None], None] | None = None,
) -> None:
    """Sync after every change until `stop` is set; `tell` gets each report that says something new,
    line by line, `synced` every one, or None for a sync that failed as a whole."""

    def report(result: SyncReport) -> None:
        for line in result.lines():
            tell(line)

    watch(
        settings.seeds,
        target_of(settings),
        report,
        stop,
        on_error=lambda error: tell(str(error)),
        processes=options.processes,
        limits=settings.limits,
        memory=options.memory_bytes,
        on_sync=synced,
    )


def _print(line: str) -> None:
    print(line, flush=True)
