"""The bench of suggestions: which words are half typed, and what counts as completed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.suggest import WAYS, words
from index.analysis.fold import fold_key

TEXT = "Lãnh đạo tỉnh gặp gỡ đầu xuân với doanh nghiệp. Nhiều doanh nghiệp đến gặp gỡ lãnh đạo."


def test_a_word_of_each_title_is_half_typed_in_every_way() -> None:
    begun = words(iter(["Gặp gỡ", "và", "Gặp gỡ", "Doanh nghiệp"]), 10)
    assert [one.way for one in begun] == [*WAYS, *WAYS]  # each word once
    assert begun[0].meant == ("gặp", "gỡ")
    by_way = {one.way: one.text for one in begun[:5]}
    assert by_way["typed"] in ("gặp g", "gặp gỡ")
    assert by_way["stripped"] in ("gap g", "gap go")
    assert by_way["telex"].split()[0] in ("gawpj", "gawjp")
    assert by_way["vni"].split()[0] in ("ga8p5", "ga85p")


def test_half_words_are_completed_from_an_index_of_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus.jsonl"
    titles = ["", "", "", "Doanh nghiệp", "Tuyết lở"]
    records = [{"id": str(n), "title": t, "text": TEXT} for n, t in enumerate(titles)]
    corpus.write_text("".join(map("{}\n".format, map(json.dumps, records))), encoding="utf-8")
    asked = ["suggest", str(corpus), "--held-out", "2", "--cold", "1"]
    assert main([*asked, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {fold_key(row["way"]) for row in report["completed"]} == set(WAYS)
    assert [row["count"] for row in report["completed"]] == [2] * 5
    # The texts have one of the two words.
    assert [row["any"] for row in report["completed"]] == [0.5] * 5
    assert [row["state"] for row in report["times"]] == ["cold", "warm"]
    assert all(row["p95"] >= row["p50"] > 0 for row in report["times"])
    assert main(asked) == 0
    assert "| typed | 2 | 50.0% | 50.0% |" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["suggest", str(corpus), "--held-out", "9"])
