"""`python -m bench segmentation CORPUS`: word segmentation beside pyvi, document by document.

Both segment the same texts in one process, timed apart by the CPU clock; pyvi's time excludes its
loading, ours the reading of the model. The first pass of ours begins with nothing remembered.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

from bench.corpus import documents
from index.analysis.normalize import nfc
from index.analysis.pyvi_model import load_model
from index.analysis.words import FileSegmenter

T = TypeVar("T")


def main(argv: list[str]) -> int:
    """Prints differences and speed; returns 1 if anything differs."""
    parser = argparse.ArgumentParser(prog="python -m bench segmentation", description=__doc__)
    parser.add_argument("corpus", type=Path, help="documents, one JSON object a line, .gz or not")
    parser.add_argument("--docs", type=int, default=3000, help="how many (default: 3000; 0: all)")
    options = parser.parse_args(argv)
    texts = [nfc(d.text) for d in documents(options.corpus, options.docs or None)]
    started = perf_counter()
    segmenter = FileSegmenter(load_model())
    load_seconds = perf_counter() - started

    first, _ = _timed(segmenter.compounds, texts)
    tokenizing, ours = _timed(segmenter.tokenize, texts)
    compounding, _ = _timed(segmenter.compounds, texts)
    pyvi_seconds, theirs = _timed(_pyvi(), texts)
    different = [i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b]

    size = sum(map(len, texts))
    print(f"{len(texts)} documents, {size:,} characters; model read in {load_seconds:.3f} s")
    for name, seconds in (
        ("pyvi tokenize", pyvi_seconds),
        ("timtin tokenize", tokenizing),
        ("timtin compounds, first pass", first),
        ("timtin compounds, warm", compounding),
    ):
        each = seconds / max(1, len(texts)) * 1e3
        print(f"{name:30}{each:8.3f} ms a document {pyvi_seconds / seconds:7.1f} × pyvi")
    print(f"{len(different)} documents differ")
    for i in different[:5]:
        print(_first_difference(ours[i], theirs[i]))
    return 1 if different else 0


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
