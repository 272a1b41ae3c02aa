"""`timtin index`: bring the index up to date with the seeds, and say what that changed."""

from __future__ import annotations

import json
import sys

from index.sync import sync
from index.sync.progress import PlainProgress, Progress, TerminalProgress
from index.sync.report import SyncReport
from web.cli_parser import Options
from web.engines import target_of
from web.settings import Settings

SOME_FAILED = 1


def run(options: Options, settings: Settings) -> int:
    report = index(options, settings)
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        for line in report.lines():
            print(line)
    return SOME_FAILED if report.failed else 0


def index(options: Options, settings: Settings) -> SyncReport:
    """One sync as the line asks for it, with its progress on standard error."""
    return sync(
        settings.seeds,
        target_of(settings),
        rebuild=options.rebuild,
        memory=options.memory_bytes,
        processes=options.processes,
        limits=settings.limits,
        progress=progress(),
    )


def progress() -> Progress:
    """A bar on a terminal, a line now and then in a log."""
    return TerminalProgress(sys.stderr) if sys.stderr.isatty() else PlainProgress(sys.stderr)
