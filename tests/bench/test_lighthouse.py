"""The bench of Lighthouse: what it reads from a report, and what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.__main__ import main
from bench.lighthouse import CATEGORIES, Scores, read_report, table

GOOD = {"score": 0.997, "auditRefs": [{"id": "slow", "weight": 1}]}
BAD = {"score": 0.63, "auditRefs": [{"id": "hidden", "weight": 4}, {"id": "slow", "weight": 0}]}
AUDITS = {
    "hidden": {"id": "hidden", "score": 0, "title": "Page is blocked from indexing"},
    "slow": {"id": "slow", "score": 0.5, "title": "Slow", "displayValue": "3 s"},
    "manual": {"id": "manual", "score": None, "title": "Look yourself"},
}


def test_scores_and_what_brings_them_down() -> None:
    categories = dict.fromkeys(CATEGORIES, GOOD) | {"seo": BAD}
    found = read_report("status", "phone", {"categories": categories, "audits": AUDITS})
    assert found.scores == dict.fromkeys(CATEGORIES, 100) | {"seo": 63}
    assert found.faults == ("hidden: Page is blocked from indexing",)


def test_a_score_that_could_not_be_had_counts_as_none() -> None:
    categories = dict.fromkeys(CATEGORIES, GOOD) | {"performance": {"score": None, "auditRefs": []}}
    found = read_report("docs", "desktop", {"categories": categories, "audits": AUDITS})
    assert found.scores["performance"] == 0


def test_the_table_says_which_pages_are_not_for_search_engines() -> None:
    scores = dict.fromkeys(CATEGORIES, 99)
    text = table([Scores("status", "phone", scores, ()), Scores("docs", "phone", scores, ())])
    assert "| status* | phone | 99 | 99 | 99 | 99 |" in text
    assert "| docs | phone |" in text
    assert "noindex" in text


def test_without_lighthouse_it_says_where_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lighthouse", "--program", str(tmp_path / "none")])
    assert ended.value.code == 2
    assert "scripts/lighthouse" in capsys.readouterr().err
