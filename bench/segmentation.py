"""`python -m bench segmentation CORPUS`: word segmentation beside pyvi, document by document.

Both segment the same texts in the same process, batch by batch, timed apart by the CPU clock;
pyvi's time excludes its loading, ours the reading of the model. Ours begins with nothing
remembered and then remembers from batch to batch, as an indexer does. With `--jobs` the batches are
dealt out to processes; times are added up over all of them.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

from bench.corpus import documents
from index.analysis.normalize import nfc
from index.analysis.pyvi_model import load_model
from index.analysis.words import FileSegmenter

T = TypeVar("T")

BATCH = 500
"""Documents that are held and compared at once."""
SHOWN = 5
"""Differences that are shown."""


@dataclass(slots=True)
class Tally:
    """CPU seconds by what was done (`model`: wall seconds of reading it), and what came out."""

    documents: int = 0
    characters: int = 0
    model: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    different: int = 0
    shown: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.documents += other.documents
        self.characters += other.characters
        self.model = max(self.model, other.model)
        for name, seconds in other.seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self.different += other.different
        self.shown = [*self.shown, *other.shown][:SHOWN]


def main(argv: list[str]) -> int:
    """Prints differences and speed; returns 1 if anything differs."""
    parser = argparse.ArgumentParser(prog="python -m bench segmentation", description=__doc__)
    parser.add_argument("corpus", type=Path, help="documents, one JSON object a line, .gz or not")
    parser.add_argument("--docs", type=int, default=3000, help="how many (default: 3000; 0: all)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that share them (1)")
    options = parser.parse_args(argv)
    total = Tally()
    with get_context("spawn").Pool(max(1, options.jobs)) as pool:
        for tally in pool.imap_unordered(compare, _batches(options.corpus, options.docs or None)):
            total.add(tally)
            if sys.stderr.isatty():
                print(f"\r{total.documents:,} documents", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    _print(total)
    return 1 if total.different else 0


def _print(total: Tally) -> None:
    print(
        f"{total.documents:,} documents, {total.characters:,} characters; "
        f"model read in {total.model:.3f} s"
    )
    for name, seconds in total.seconds.items():
        each = seconds / max(1, total.documents) * 1e3
        ratio = total.seconds["pyvi tokenize"] / seconds
        print(f"{name:30}{each:8.3f} ms a document {ratio:7.1f} × pyvi")
    print(f"{total.different:,} documents differ")
    print(*total.shown, sep="\n", end="\n" if total.shown else "")


def _batches(corpus: Path, count: int | None) -> Iterator[list[str]]:
    texts = (nfc(document.text) for document in documents(corpus, count))
    while batch := list(islice(texts, BATCH)):
        yield batch


def compare(texts: list[str]) -> Tally:
    """Segments the texts both ways."""
    segmenter, load_seconds = _segmenter()
    pyvi = _pyvi()
    tally = Tally(len(texts), sum(map(len, texts)), load_seconds)
    tally.seconds["pyvi tokenize"], theirs = _timed(pyvi, texts)
    tally.seconds["timtin compounds, first pass"], _ = _timed(segmenter.compounds, texts)
    tally.seconds["timtin compounds, again"], _ = _timed(segmenter.compounds, texts)
    tally.seconds["timtin tokenize"], ours = _timed(segmenter.tokenize, texts)
    for mine, other in zip(ours, theirs, strict=True):
        if mine != other:
            tally.different += 1
            tally.shown.append(_first_difference(mine, other))
    del tally.shown[SHOWN:]
    return tally


@cache
def _segmenter() -> tuple[FileSegmenter, float]:
    started = perf_counter()
    segmenter = FileSegmenter(load_model())
    return segmenter, perf_counter() - started


@cache
def _pyvi() -> Callable[[str], str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer
    tokenize: Callable[[str], str] = ViTokenizer.tokenize
    return tokenize


def _timed(run: Callable[[str], T], texts: Sequence[str]) -> tuple[float, list[T]]:
    started = process_time()
    results = [run(text) for text in texts]
    return process_time() - started, results


def _first_difference(ours: str, theirs: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), 0)
    around = slice(max(0, at - 30), at + 30)
    return f"  ours  {ours[around]!r}\n  pyvi  {theirs[around]!r}"
