"""`timtin explain`: what each part of a query added to a document's score, as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from search.explanation import Explanation, Part, UnmetRequirement
from search.request import RequestError
from web.cli_parser import Options
from web.engines import engine_of
from web.settings import Settings
from web.terminal import BOLD, DIM, Terminal

_HEAD = f"{'score':>9} {'boost':>6} {'idf':>7} {'tf':>6} {'times':>5} {'docs':>7}  part"
_KINDS = {
    "all": "all of",
    "any": "any of",
    "best": "the best of",
    "also": "the first, and what the second adds",
    "required": "the first, if the second matches",
    "but-not": "the first, unless the second matches",
    "not": "unless",
    "constant": "the same for all with",
    "closeness": "the words stand close together",
    "nothing": "nothing",
}
_STRICTNESS = {
    "all": "all words",
    "most": "most of the words",
    "some": "some of the words",
    "any": "any word",
}


def run(options: Options, settings: Settings) -> int:
    request = options.search_request()
    engine = engine_of(settings)
    try:
        explanation = engine.explain(request, options.document_id)
    finally:
        engine.close()
    if explanation is None:
        raise RequestError("id", f"must be the id of a document, not {options.document_id!r}")
    if options.json:
        print(json.dumps(msgspec.to_builtins(explanation), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_readable(explanation, Terminal())))
    return 0


def _readable(explanation: Explanation, terminal: Terminal) -> Iterator[str]:
    verdict = f"scores {explanation.score:.4f}" if explanation.found else "is not found"
    yield terminal.paint(f"{explanation.document} {verdict}", BOLD)
    yield f"searched: {_STRICTNESS[explanation.strictness]} must match"
    if explanation.interpretation:
        yield f"understood as: {terminal.paint(explanation.interpretation, BOLD)}"
    for one in explanation.unmet:
        yield terminal.paint(f"- {_requirement(one)}", BOLD)
    yield ""
    yield terminal.paint(_HEAD, DIM)
    yield from _rows(explanation.part, 0, terminal)


def _requirement(unmet: UnmetRequirement) -> str:
    match unmet.reason:
        case "absent":
            return f"it does not hold {unmet.text}"
        case "excluded":
            return f"it holds {unmet.text}, which is excluded"
        case "too-few":
            return f"it holds {unmet.found} of {unmet.text}: {unmet.needed} are needed"
        case "filtered":
            return f"the filter by {unmet.text} leaves it out"
        case "empty":
            return "the query asks for nothing"


def _rows(part: Part, depth: int, terminal: Terminal) -> Iterator[str]:
    """A line for the part and for each part of it; what does not match is dim."""
    numbers = f"{part.score:9.4f}" if part.matched else f"{'–':>9}"
    if term := part.term:
        numbers += f" {term.boost:6.2f} {term.idf:7.3f} {term.tf:6.3f}"
        numbers += f" {term.frequency:5d} {term.documents:7d}"
    else:
        numbers += " " * (len(_HEAD) - len("    score") - len("  part"))
    name = f"at least {part.minimum} of" if part.kind == "at-least" else _KINDS.get(part.kind, "")
    line = f"{numbers}  {'  ' * depth}{part.text or name}"
    yield terminal.paint(line, "" if part.matched else DIM)
    for one in part.parts:
        yield from _rows(one, depth + 1, terminal)
