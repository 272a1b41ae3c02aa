"""`timtin search`: one page of hits, for a reader at a terminal or as JSON."""

from __future__ import annotations

import json

from search.results import Hit, SearchResults
from web.cli_parser import Options
from web.engines import engine_of
from web.excerpt import continued
from web.formats import format_day, format_milliseconds, format_number
from web.settings import Settings
from web.terminal import BOLD, DIM, Terminal

INDENT = "   "


def run(options: Options, settings: Settings) -> int:
    request = options.search_request()
    engine = engine_of(settings)
    try:
        results = engine.search(request)
    finally:
        engine.close()
    if options.json:
        print(json.dumps(results.to_json(), ensure_ascii=False, indent=2))
    else:
        print(_readable(results, Terminal()))
    return 0


def _readable(results: SearchResults, terminal: Terminal) -> str:
    lines = []
    if results.interpretation:
        reading = terminal.paint(results.interpretation, BOLD)
        lines.append(f"Understood as {reading} (as typed: --mode raw)")
    if results.suggestion:
        lines.append(f"Did you mean {terminal.paint(results.suggestion, BOLD)}?")
    lines.append(terminal.paint(_summary(results), DIM))
    for number, hit in enumerate(results.hits, (results.page - 1) * results.size + 1):
        lines += ["", *_hit(number, hit, terminal)]
    return "\n".join(lines)


def _summary(results: SearchResults) -> str:
    noun = "result" if results.total == 1 else "results"
    took = format_milliseconds("en", results.took_ms)
    summary = f"{format_number('en', results.total)} {noun}, {took}"
    if results.pages > 1:
        summary += f", page {results.page:,} of {results.pages:,}"
    return summary


def _hit(number: int, hit: Hit, terminal: Terminal) -> list[str]:
    title = terminal.marked(hit.highlights.title, BOLD)
    lines = [terminal.wrapped(f"{number}. {title}", INDENT)]
    lines += [
        terminal.wrapped(INDENT + terminal.marked(rest), INDENT)
        for snippet in hit.highlights.snippets
        if (rest := continued(snippet, hit.title))
    ]
    day = format_day("vi", hit.date) if hit.date else None
    facts = " · ".join(fact for fact in (hit.source, hit.author, day, hit.id) if fact)
    return [*lines, INDENT + terminal.paint(facts, DIM)]
