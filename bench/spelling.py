"""`python -m bench spelling PAIRS.tsv --corpus CORPUS`: misspelt syllables put right.

PAIRS.tsv has the columns `wrong`, `suggestions` (several split by "|") and `context`, the piece of
text in whose middle the misspelling stands. Asked is the interpreter of an index of CORPUS (or of
--index): what may have been meant, told that the syllable is wrong, as a spelling checker would;
and whether it notices by itself, in a query of a few syllables around it. Counted are the pairs
whose correction is in the index's vocabulary.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.corpus import documents
from bench.report import markdown_table, write_section
from bench.restoration import keys
from bench.timtin import build, interpreter
from index.analysis.normalize import nfc
from index.analysis.syllables import syllables
from search.interpret.interpreter import Interpreter

COLUMNS = ["wrong", "suggestions", "context"]
NEAR = 4
"""Syllables on each side that make up the query in which a slip is to be noticed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A misspelling in its place: accented keys of the text around it, the places `start:end` of
    those that are wrong, and the rows of keys that would be right."""

    keys: tuple[str, ...]
    start: int
    end: int
    right: tuple[tuple[str, ...], ...]

    @property
    def single(self) -> bool:
        """Whether it is one syllable for another, no space too many or too few."""
        return self.end - self.start == 1 and any(len(some) == 1 for some in self.right)


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares from 0 to 1. `read`: pairs in the file that can be used; `pairs`: those whose
    correction is in the index's vocabulary; `spaces`: how many of these also need a space more or
    less, which nobody can put right syllable by syllable: they count as wrong. `noticed`: something
    else was taken to be meant; `mended`: the right thing; `spoilt`: of the syllables around, those
    taken to be others."""

    read: int
    pairs: int
    spaces: int
    first: float
    among_three: float
    noticed: float
    mended: float
    spoilt: float


def read_pairs(path: Path) -> Iterator[Pair]:
    """The usable pairs of a file: those that differ beyond tone placement, and whose misspelling
    stands in its context."""
    if not path.is_file():
        raise SystemExit(f"{path}: no such file; name a .tsv file of spelling pairs")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise SystemExit(f"{path}: no column {', '.join(missing)} in its first line")
        for row in rows:
            pair = _pair(*(row[name] or "" for name in COLUMNS))
            if pair:
                yield pair


def _pair(wrong: str, suggestions: str, context: str) -> Pair | None:
    context = nfc(context)
    found = syllables(context)
    around = [syllable.accented for syllable in found]
    typed = keys(wrong)
    right = tuple(dict.fromkeys(tuple(some) for s in suggestions.split("|") if (some := keys(s))))
    size = len(typed)
    starts = [i for i in range(len(around) - size + 1) if size and around[i : i + size] == typed]
    if not starts or not right or tuple(typed) in right:
        return None
    start = min(starts, key=lambda at: abs(found[at].start - len(context) / 2))
    # The context is cut anywhere: its first and last syllables are pieces.
    first, last = min(1, start), max(len(around) - 1, start + size)
    return Pair(tuple(around[first:last]), start - first, start - first + size, right)


def score(pairs: Iterable[Pair], interpreter: Interpreter) -> Scores:
    """How the interpreter does on the pairs."""
    every = list(pairs)
    known = [pair for pair in every if _known(pair, interpreter)]
    first = three = noticed = mended = spoilt = others = 0
    for pair in known:
        right = {key for (key, *more) in pair.right if not more and pair.single}
        guesses = interpreter.corrections(pair.keys, pair.start) if pair.single else ()
        ranked = [guess.accented for guess in guesses[:3]]
        first += not right.isdisjoint(ranked[:1])
        three += not right.isdisjoint(ranked)
        low = max(0, pair.start - NEAR)
        query = pair.keys[low : pair.end + NEAR]
        likeliest = [some[0].accented for some in interpreter.interpret(query).guesses]
        changed = [ours != typed for ours, typed in zip(likeliest, query, strict=True)]
        place = slice(pair.start - low, pair.end - low)
        noticed += any(changed[place])
        mended += not right.isdisjoint(likeliest[place])
        spoilt += sum(changed) - sum(changed[place])
        others += len(query) - (pair.end - pair.start)
    size = max(len(known), 1)
    return Scores(
        read=len(every),
        pairs=len(known),
        spaces=sum(not pair.single for pair in known),
        first=first / size,
        among_three=three / size,
        noticed=noticed / size,
        mended=mended / size,
        spoilt=spoilt / max(others, 1),
    )


def _known(pair: Pair, interpreter: Interpreter) -> bool:
    return any(all(interpreter.model.number(key) >= 0 for key in some) for some in pair.right)


@contextmanager
def _interpreter(options: argparse.Namespace) -> Iterator[Interpreter]:
    if options.index:
        yield interpreter(options.index)
        return
    with tempfile.TemporaryDirectory() as folder:
        build(documents(options.corpus, options.docs), Path(folder))
        yield interpreter(Path(folder))


def table(scores: Scores) -> str:
    rows = [
        ["right correction first", f"{scores.first:.1%}"],
        ["among the first three", f"{scores.among_three:.1%}"],
        ["noticed unasked, in a query", f"{scores.noticed:.1%}"],
        ["put right unasked", f"{scores.mended:.1%}"],
        ["other syllables changed unasked", f"{scores.spoilt:.2%}"],
    ]
    head = f"{scores.pairs:,} of {scores.read:,} pairs, {scores.spaces} with spaces amiss"
    return markdown_table([head, "timtin"], rows)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench spelling", description=__doc__)
    parser.add_argument("pairs", type=Path, help="spelling pairs, tab-separated, with a header")
    index = parser.add_mutually_exclusive_group(required=True)
    index.add_argument("--corpus", type=Path, help="index the documents of this .jsonl(.gz)")
    index.add_argument("--index", type=Path, help="use this index")
    parser.add_argument("--docs", type=int, help="only the first so many documents")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--write", action="store_true", help="also write bench/RESULTS.md")
    options = parser.parse_args(argv)
    pairs = list(read_pairs(options.pairs))
    with _interpreter(options) as loaded:
        scores = score(pairs, loaded)
    text = table(scores)
    print(json.dumps(asdict(scores), indent=1) if options.json else text)
    if options.write:
        write_section("spelling", f"## spelling\n\n{text}")
    return 0
