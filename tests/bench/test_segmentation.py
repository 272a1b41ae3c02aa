"""The bench of segmentation: several processes, and what differs is found."""

import json
from pathlib import Path
from unittest.mock import patch

import pytest

from bench import segmentation
from bench.__main__ import main
from index.analysis.words import FileSegmenter

TEXTS = ("Gặp gỡ đầu xuân tại tỉnh Hà Giang.", "Ai Ai Ai Ai Ai Ai Ai", "Hội nghị\nkhai mạc")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    lines = [json.dumps({"id": str(n), "title": "", "text": t}) for n, t in enumerate(TEXTS)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_nothing_differs(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["segmentation", str(corpus), "--docs", "0", "--jobs", "2"]) == 0
    out = capsys.readouterr().out
    assert "3 documents" in out
    assert "0 documents differ" in out


def test_what_differs_is_counted_and_shown() -> None:
    with patch.object(FileSegmenter, "tokenize", lambda self, text: text):
        tally = segmentation.compare(list(TEXTS))
    assert tally.documents == 3
    assert tally.different == 3
    assert any("Gặp gỡ" in shown and "Gặp_gỡ" in shown for shown in tally.shown)
