"""The bench of restored marks: its figures on a few texts, and through the command line."""

import json
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.restoration import restore
from bench.timtin import build, interpreter
from index.documents import Document
from search.interpret.interpreter import Interpreter

LINES = (
    "Lãnh đạo tỉnh gặp gỡ đầu xuân với doanh nghiệp.",
    "Đường cao tốc qua tỉnh sẽ xây dựng trong năm nay.",
    "Cần câu cá, cân đo, can ngăn: ba chữ gần nhau.",
    "Thủy điện Hòa Bình xả lũ.",
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    folder = tmp_path_factory.mktemp("index")
    build([Document(str(n), "", line) for n, line in enumerate(LINES * 5)], folder)
    return interpreter(folder)


def test_syllables_and_titles_are_counted(loaded: Interpreter) -> None:
    restored = restore(["Gặp gỡ đầu xuân", "Đường cao tốc Nẵng", "…"], loaded)
    assert (restored.titles, restored.syllables) == (2, 8)
    assert restored.right == pytest.approx(7 / 8)  # the texts do not have Nẵng
    assert restored.titles_right == 0.5
    assert restored.ambiguous == restored.ambiguous_right == 0
    hard = restore(["cân đo", "cần câu"], loaded)
    assert (hard.ambiguous, hard.ambiguous_right) == (2, 1.0)


def test_where_the_tone_mark_stands_does_not_count(loaded: Interpreter) -> None:
    for title in ("Thuỷ điện Hòa Bình", "Thủy điện Hoà Bình"):
        assert restore([title], loaded).right == 1.0


def test_no_titles_are_no_error(loaded: Interpreter) -> None:
    assert restore([], loaded).titles == 0


def test_the_last_documents_are_held_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus.jsonl"
    titles = ["", "", "Gặp gỡ đầu xuân", "Đường cao tốc"]
    texts = [*LINES[:2], "", ""]
    records = [
        {"id": str(n), "title": title, "text": text}
        for n, (title, text) in enumerate(zip(titles, texts, strict=True))
    ]
    corpus.write_text("".join(map("{}\n".format, map(json.dumps, records))), encoding="utf-8")
    assert main(["restoration", str(corpus), "--held-out", "2", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["indexed"] == report["restored"]["titles"] == 2
    assert report["restored"]["right"] == 1.0
    assert report["model_bytes"] > 0
    assert main(["restoration", str(corpus), "--docs", "3", "--held-out", "1"]) == 0
    assert "| syllables right, of 4 | 100.00% |" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="4 documents, of which 9 cannot"):
        main(["restoration", str(corpus), "--held-out", "9"])
