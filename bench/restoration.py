"""`python -m bench restoration CORPUS`: marks put back on titles that were stripped of them.

All documents but the last ones are indexed; the titles of those, without their marks, go through
the interpreter of that index. Right is a syllable whose likeliest guess is the one that was
written, tone placement and open-syllable i/y aside.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter, thread_time

from bench.conditions import strip_marks
from bench.corpus import documents
from bench.report import markdown_table, write_section
from bench.timing import percentile
from bench.timtin import build, interpreter
from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, nfc
from index.analysis.syllables import surfaces
from search.interpret.interpreter import Interpreter


@dataclass(frozen=True, slots=True)
class Restored:
    """How well titles were restored; shares are from 0 to 1. A syllable is ambiguous if the index
    knows several spellings of its letters, the one that was written among them or not."""

    titles: int
    syllables: int
    right: float
    ambiguous: int
    ambiguous_right: float
    titles_right: float
    p50_ms: float


@dataclass(frozen=True, slots=True)
class Report:
    """`load_seconds`: from the open of the index until the interpreter can be asked."""

    indexed: int
    restored: Restored
    index_seconds: float
    load_seconds: float
    model_bytes: int


def restore(titles: Iterable[str], interpreter: Interpreter) -> Restored:
    """Restore titles without their marks, and compare. The time is CPU time."""
    rights: list[list[bool]] = []
    ambiguous: list[bool] = []
    seconds = []
    for title in titles:
        written, bare = keys(title), keys(strip_marks(title))
        if not written or list(map(fold_key, written)) != list(map(fold_key, bare)):
            continue  # marks that stand alone, or other scripts, which are read differently without
        started = thread_time()
        guesses = interpreter.interpret(bare).guesses
        seconds.append(thread_time() - started)
        restored = [some[0].accented for some in guesses]
        pairs = zip(restored, written, strict=True)
        rights.append([ours == theirs for ours, theirs in pairs])
        ambiguous += [len(interpreter.spellings(fold_key(key))) > 1 for key in written]
    every = [right for each in rights for right in each]
    hard = [right for right, several in zip(every, ambiguous, strict=True) if several]
    return Restored(
        titles=len(rights),
        syllables=len(every),
        right=_share(every),
        ambiguous=len(hard),
        ambiguous_right=_share(hard),
        titles_right=_share([all(each) for each in rights]),
        p50_ms=percentile(seconds, 0.50) * 1000,
    )


def keys(text: str) -> list[str]:
    """The accented keys of a text."""
    return [accented_key(surface) for surface in surfaces(nfc(text))]


def run(corpus: Path, folder: Path, docs: int | None, held_out: int) -> Report:
    """Index all but the last `held_out` of the first `docs` documents, and restore those."""
    size = sum(1 for _ in documents(corpus, docs))
    indexed = size - held_out
    if indexed < 1:
        raise SystemExit(f"{corpus}: {size} documents, of which {held_out} cannot be held out")
    started = perf_counter()
    build(documents(corpus, indexed), folder)
    index_seconds = perf_counter() - started
    started = perf_counter()
    loaded = interpreter(folder)
    load_seconds = perf_counter() - started
    titles: Iterator[str] = (each.title for each in islice(documents(corpus, size), indexed, None))
    return Report(
        indexed,
        restore(titles, loaded),
        index_seconds,
        load_seconds,
        sum(path.stat().st_size for path in folder.glob("*.lm")),
    )


def table(report: Report) -> str:
    restored = report.restored
    rows = [
        [f"syllables right, of {restored.syllables:,}", f"{restored.right:.2%}"],
        [f"of {restored.ambiguous:,} ambiguous ones", f"{restored.ambiguous_right:.2%}"],
        [f"titles wholly right, of {restored.titles:,}", f"{restored.titles_right:.1%}"],
        ["CPU time a title, p50, ms", f"{restored.p50_ms:.2f}"],
        ["index opened and model loaded, s", f"{report.load_seconds:.2f}"],
        ["model file, MB", f"{report.model_bytes / 1e6:.2f}"],
        ["indexing, s", f"{report.index_seconds:.1f}"],
    ]
    return markdown_table([f"{report.indexed:,} documents indexed", "timtin"], rows)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench restoration", description=__doc__)
    parser.add_argument("corpus", type=Path, help="documents, one JSON object a line, .gz or not")
    parser.add_argument("--docs", type=int, help="only the first so many documents")
    parser.add_argument("--held-out", type=int, default=2000, help="how many (default: 2000)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--write", action="store_true", help="also write bench/RESULTS.md")
    options = parser.parse_args(argv)
    if options.held_out < 1:
        parser.error(f"--held-out {options.held_out}: at least 1")
    with tempfile.TemporaryDirectory() as folder:
        report = run(options.corpus, Path(folder), options.docs, options.held_out)
    text = table(report)
    print(json.dumps(asdict(report), indent=1) if options.json else text)
    if options.write:
        write_section("restoration", f"## restoration\n\n{text}")
    return 0
