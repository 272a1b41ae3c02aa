"""`python -m bench lighthouse`: Lighthouse's four scores of every kind of page, phone and desktop.

A real server over the project's two seeds, Debian's Chromium without a window, and npm's
`lighthouse`, which `scripts/lighthouse` installs. *Phone* is Lighthouse's own idea of one: slow 4G
and a processor four times slower. The exit code says whether every score reaches the goal.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.http import running
from bench.processes import ROOT
from bench.report import markdown_table, write_section
from index.store import IndexStore
from index.sync import sync

PAGES = {
    "landing": "",
    "results": "?q=gap+go+dau+xuan",
    "document": "documents/004_4ef29a01ff71ed4f?q=gap+go",
    "status": "status",
    "docs": "docs",
}
SHORT = ("results", "status")
FORMS = {"phone": (), "desktop": ("--preset=desktop",)}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GOAL = 95
UNLISTED = ("status",)
"""Pages that ask search engines to leave them out, so that they are not marked down for that."""
TOKEN = "a-token-for-lighthouse"
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
PROGRAM = ROOT / ".lighthouse" / "node_modules" / ".bin" / "lighthouse"
TIMEOUT_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one page on one form of machine: 0 to 100 by category; `faults` are audits below 90 %."""

    page: str
    form: str
    scores: dict[str, int]
    faults: tuple[str, ...]


def measure(
    pages: Sequence[str], forms: Sequence[str], program: Path, browser: str
) -> Iterator[Scores]:
    with tempfile.TemporaryDirectory(prefix="timtin-lighthouse-") as folder:
        index = Path(folder) / "index"
        sync(ROOT / "seeds", IndexStore(index))
        with running("timtin", index, TIMTIN_REINDEX_TOKEN=TOKEN) as port:
            for page in pages:
                for form in forms:
                    yield _scores(program, browser, f"http://127.0.0.1:{port}/", page, form)


def _scores(program: Path, browser: str, site: str, page: str, form: str) -> Scores:
    command = [str(program), site + PAGES[page], "--quiet", "--output=json", *FORMS[form]]
    command += [f"--chrome-flags={CHROMIUM}", f"--only-categories={','.join(CATEGORIES)}"]
    if page in UNLISTED:
        command.append("--skip-audits=is-crawlable")
    done = subprocess.run(
        command,
        env={**os.environ, "CHROME_PATH": browser},
        stdout=subprocess.PIPE,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"lighthouse gave no report of {page}; its message is above") from None
    if failed := report.get("runtimeError"):
        raise SystemExit(f"lighthouse could not load {page}: {failed['message']}")
    return read_report(page, form, report)


def read_report(page: str, form: str, report: dict[str, Any]) -> Scores:
    """What of Lighthouse's JSON is shown. A category without a score counts as 0."""
    found = {name: report["categories"][name] for name in CATEGORIES}
    scores = {name: round(100 * (one["score"] or 0)) for name, one in found.items()}
    weighty = {
        reference["id"]
        for name, one in found.items()
        for reference in one["auditRefs"]
        if scores[name] < GOAL and reference["weight"]
    }
    faults = [
        f"{audit['id']}: {audit.get('displayValue') or audit['title']}"
        for audit in report["audits"].values()
        if audit["id"] in weighty and audit["score"] is not None and audit["score"] < 0.9
    ]
    return Scores(page, form, scores, tuple(faults))


def table(found: Sequence[Scores]) -> str:
    rows = [
        [f"{one.page}{'*' if one.page in UNLISTED else ''}", one.form]
        + [str(one.scores[name]) for name in CATEGORIES]
        for one in found
    ]
    note = "\\* not for search engines (`noindex`), so SEO is scored without *is-crawlable*"
    return f"{markdown_table(['page', '', *CATEGORIES], rows)}\n\n{note}"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench lighthouse", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help=f"only {' and '.join(SHORT)}, as phone"
    )
    parser.add_argument("--program", type=Path, default=PROGRAM, help="where lighthouse is")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--write", action="store_true", help="also write bench/RESULTS.md")
    options = parser.parse_args(argv)
    browser = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("chrome")
    if not options.program.exists() or not browser:
        parser.error("lighthouse or Chromium is missing: run scripts/lighthouse")
    pages, forms = (SHORT, ("phone",)) if options.short else (tuple(PAGES), tuple(FORMS))
    found = []
    for scores in measure(pages, forms, options.program, browser):
        found.append(scores)
        for fault in scores.faults:
            print(f"{scores.page}, {scores.form}: {fault}", file=sys.stderr)
    print(json.dumps([asdict(one) for one in found], indent=1) if options.json else table(found))
    if options.write:
        write_section("lighthouse", f"## Lighthouse\n\n{table(found)}")
    return int(any(score < GOAL for one in found for score in one.scores.values()))
