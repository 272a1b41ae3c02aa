"""The relevance bench: figures on a set whose answers are known, and the table it prints."""

import json
from pathlib import Path

import pytest

from bench.conditions import CONDITIONS
from bench.relevance import evaluate, metrics, read_set, tables
from bench.searchers.fts5 import Fts5Searcher

DOCS = [
    {"id": "1", "title": "Gặp gỡ đầu xuân", "text": "Lãnh đạo huyện gặp gỡ bà con."},
    {"id": "2", "title": "", "text": "Máy bay rơi ở miền núi"},
    {"id": "3", "title": "Hoà Bình", "text": "Thủy điện xả lũ"},
]
QUERIES = [
    {"id": "q1", "query": "gặp gỡ đầu xuân", "relevant": ["1"]},
    {"id": "q2", "query": "thủy điện Hòa Bình", "relevant": ["3"]},
]


@pytest.fixture
def setdir(tmp_path: Path) -> Path:
    for name, lines in (("docs", DOCS), ("queries", QUERIES)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


def test_metrics_count_a_query_without_hits_as_zero() -> None:
    pytest.importorskip("ir_measures")
    relevant = {"a": ["1"], "b": ["2"], "c": ["3", "4"]}
    mrr, ndcg, recall = metrics(relevant, {"a": ["9", "1"], "b": [], "c": ["3"]})
    assert (mrr, recall) == pytest.approx((0.5, 0.5))
    assert ndcg == pytest.approx(0.4147, abs=1e-4)


def test_every_condition_is_scored(setdir: Path, tmp_path: Path) -> None:
    pytest.importorskip("ir_measures")
    from bench.corpus import documents

    judged = read_set(setdir)
    searcher = Fts5Searcher()
    searcher.build(documents(judged.docs), tmp_path)
    scores = list(evaluate("FTS5", searcher, judged))
    searcher.close()
    assert [score.condition for score in scores] == list(CONDITIONS)
    assert scores[0].mrr == 1.0
    assert "| FTS5 | 1.000 |" in tables(judged, scores)


def test_a_set_without_queries_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no queries"):
        read_set(tmp_path)
