"""`python -m bench relevance SETDIR`: how good the first page is, however the query is typed.

SETDIR holds docs.jsonl(.gz), {"id", "title", "text"} a line, and queries.jsonl(.gz),
{"id", "query", "relevant": [ids]} a line. Every system indexes the docs and answers every query
under every condition (see `bench.conditions`); ir-measures works out the figures.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

from bench.conditions import CONDITIONS, make
from bench.corpus import documents, records
from bench.report import markdown_table, write_section
from bench.searchers import PEERS, TIMTIN, Searcher, load
from bench.timing import Spread

SAME_AS_TYPED = ("nfd", "placement", "upper")


@dataclass(frozen=True, slots=True)
class JudgedSet:
    name: str
    docs: Path
    queries: dict[str, str]
    relevant: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """One system under one condition. `same`: share of queries whose ten ids are those of the
    typed query, in the same order."""

    system: str
    condition: str
    mrr: float
    ndcg: float
    recall: float
    same: float
    p50_ms: float
    p99_ms: float


def read_set(folder: Path, limit: int | None = None) -> JudgedSet:
    lines = list(islice(records(_one_of(folder, "queries")), limit))
    return JudgedSet(
        folder.name,
        _one_of(folder, "docs"),
        {str(line["id"]): line["query"] for line in lines},
        {str(line["id"]): [str(i) for i in line["relevant"]] for line in lines},
    )


def _one_of(folder: Path, name: str) -> Path:
    for suffix in (".jsonl", ".jsonl.gz"):
        if (path := folder / (name + suffix)).is_file():
            return path
    raise SystemExit(f"{folder}: no {name}.jsonl or {name}.jsonl.gz in it")


def evaluate(name: str, searcher: Searcher, judged: JudgedSet) -> Iterator[Score]:
    """The scores of a built searcher, a condition at a time."""
    typed: dict[str, list[str]] = {}
    for condition in CONDITIONS:
        found, seconds = {}, []
        for id, query in judged.queries.items():
            text = make(condition, query)
            started = perf_counter()
            found[id] = searcher.search(text)
            seconds.append(perf_counter() - started)
        typed = typed or found
        same = sum(found[id] == typed[id] for id in found) / len(found)
        spread = Spread.of(seconds)
        yield Score(name, condition, *metrics(judged.relevant, found), same, spread.p50, spread.p99)


def metrics(
    relevant: Mapping[str, Sequence[str]], found: Mapping[str, Sequence[str]]
) -> tuple[float, float, float]:
    """(MRR@10, nDCG@10, Recall@10); a query without hits counts as 0."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    judgements = {id: dict.fromkeys(docs, 1) for id, docs in relevant.items()}
    run = {
        id: {doc: float(len(docs) - rank) for rank, doc in enumerate(docs)}
        for id, docs in found.items()
    }
    wanted = [RR @ 10, nDCG @ 10, R @ 10]
    scores = ir_measures.calc_aggregate(wanted, judgements, run)
    return scores[wanted[0]], scores[wanted[1]], scores[wanted[2]]


def run_set(judged: JudgedSet, systems: Mapping[str, str]) -> tuple[list[Score], list[str]]:
    """(scores of every system that can be loaded, notes about the others)."""
    scores: list[Score] = []
    notes: list[str] = []
    for name, target in systems.items():
        try:
            searcher = load(target)
        except ImportError as error:
            notes.append(f"{name}: skipped, {error}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            searcher.build(documents(judged.docs), Path(folder))
            scores.extend(evaluate(name, searcher, judged))
            searcher.close()
    return scores, notes


def tables(judged: JudgedSet, scores: Sequence[Score]) -> str:
    """Markdown: one table a measure, systems down, conditions across."""
    parts = [f"## {judged.name}: {len(judged.queries):,} queries"]
    for title, field, digits in (
        ("MRR@10", "mrr", 3),
        ("nDCG@10", "ndcg", 3),
        ("Recall@10", "recall", 3),
        ("same ten ids in the same order as typed", "same", 3),
        ("p50, ms", "p50_ms", 2),
        ("p99, ms", "p99_ms", 2),
    ):
        rows: dict[str, list[str]] = {}
        for score in scores:
            rows.setdefault(score.system, []).append(f"{getattr(score, field):.{digits}f}")
        parts.append(markdown_table([title, *CONDITIONS], [[n, *row] for n, row in rows.items()]))
    return "\n\n".join(parts)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench relevance", description=__doc__)
    parser.add_argument("setdir", type=Path, help="folder with docs and queries")
    parser.add_argument("--queries", type=int, help="only the first so many queries")
    parser.add_argument("--peers", action="store_true", help="also the systems compared with")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--write", action="store_true", help="also write bench/RESULTS.md")
    options = parser.parse_args(argv)
    judged = read_set(options.setdir, options.queries)
    scores, notes = run_set(judged, TIMTIN | (PEERS if options.peers else {}))
    text = "\n\n".join([tables(judged, scores), *notes])
    if options.json:
        report = {"set": judged.name, "scores": [asdict(s) for s in scores], "notes": notes}
        print(json.dumps(report, indent=1))
    else:
        print(text)
    if options.write:
        write_section(f"relevance {judged.name}", text)
    return 0
