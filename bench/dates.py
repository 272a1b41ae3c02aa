"""`python -m bench dates`: expressions of time beside dateparser, on tables checked by hand.

timtin must give exactly the days, months or years of the table, and nothing where it has none.
dateparser, which reads a moment, is given the easier task: the first day of each period (the first
of a month or year is as good), or none; it may search the text or parse it as a whole, whichever is
right.
"""

from __future__ import annotations

import argparse
import warnings
from datetime import date, datetime, time
from pathlib import Path

from index.metadata.periods import find_periods

_FOLDER = Path(__file__).parents[1] / "tests" / "index" / "metadata"
TABLES = (_FOLDER / "expressions.tsv", _FOLDER / "expressions_held_out.tsv")
GOAL = 0.97
NOBODY_SAID = date(2025, 2, 26)  # what dateparser takes for today where the table gives no day


def main(argv: list[str]) -> int:
    """Prints the shares of expressions read rightly; returns 1 if timtin's misses the goal."""
    parser = argparse.ArgumentParser(prog="python -m bench dates", description=__doc__)
    parser.add_argument("--table", type=Path, help="another table: published, expected, text; TSV")
    parser.add_argument("--wrong", action="store_true", help="list what timtin reads wrongly")
    options = parser.parse_args(argv)
    tables = [options.table] if options.table else TABLES
    missed = [table for table in tables if not _compare(table, options.wrong)]
    return 1 if missed else 0


def _compare(table: Path, show_wrong: bool) -> bool:
    """Print both shares of one table; whether timtin's reaches the goal."""
    rows = [line.split("\t") for line in table.read_text("utf-8").splitlines()[1:]]
    ours = theirs = 0
    for written, expected, text in rows:
        published = None if written == "-" else date.fromisoformat(written)
        wanted = [] if expected == "-" else expected.split()
        found = [
            p.first if p.first == p.last else f"{p.first}..{p.last}"
            for p in find_periods(text, published)
        ]
        ours += found == wanted
        if found != wanted and show_wrong:
            print(f"{text!r}: expected {wanted}, read {found}")
        theirs += _dateparser(text, published or NOBODY_SAID, wanted)
    print(f"{table.name}: {len(rows)} expressions")
    print(f"timtin      {ours / len(rows):7.1%} (goal {GOAL:.0%})")
    print(f"dateparser  {theirs / len(rows):7.1%}, first days only")
    return ours >= GOAL * len(rows)


def _dateparser(text: str, published: date, wanted: list[str]) -> bool:
    """Whether dateparser finds the first day of what is wanted, by either of its two ways."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import dateparser
        from dateparser.search import search_dates

        settings = {"RELATIVE_BASE": datetime.combine(published, time(12))}
        parsed = dateparser.parse(text, languages=["vi"], settings=settings)
        searched = search_dates(text, languages=["vi"], settings=settings) or []
    ways = [[parsed] if parsed else [], [moment for _, moment in searched]]
    firsts = [period.partition("..")[0] for period in wanted]
    return any(
        len(way) == len(firsts)
        and all(
            moment.date().isoformat().startswith(first)
            for moment, first in zip(way, firsts, strict=True)
        )
        for way in ways
    )
