"""`GET /explain` and `timtin explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search.request import SearchRequest
from web.cli import main

SEEDS = Path(__file__).parent.parent.parent / "seeds"


def test_an_explanation_is_a_tree(client: FlaskClient, engine) -> None:
    response = client.get("/explain", query_string={"q": "gap go", "id": "a", "mode": "exact"})
    answer = response.get_json()
    assert response.status_code == 200
    assert engine.requests == [SearchRequest("gap go", mode="exact")]
    assert answer["unmet"] == [
        {"reason": "absent", "text": "folded:go", "found": None, "needed": None}
    ]
    assert [part["text"] for part in answer["part"]["parts"]] == ["folded:gap", "folded:go"]
    assert answer["part"]["parts"][0]["term"]["idf"] == 3.5


def test_unknown_ids_are_404(client: FlaskClient) -> None:
    response = client.get("/explain", query_string={"q": "gap go", "id": "none"})
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["type"].endswith("no-document")


def test_bad_parameters_are_named(client: FlaskClient) -> None:
    response = client.get("/explain?q=a&id=a&mode=fuzzy")
    assert response.status_code == 400
    assert response.get_json()["parameter"] == "mode"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("explain") / "index")
    assert main(["index", str(SEEDS), "--index-dir", folder]) == 0
    return folder


def test_the_command_prints_a_table(index: str, capsys: pytest.CaptureFixture[str]) -> None:
    query, id = "gap go dau xuan", "004_4ef29a01ff71ed4f"
    assert main(["search", query, "--json", "--index-dir", index]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    score = next(hit["score"] for hit in hits if hit["id"] == id)
    assert main(["explain", query, id, "--index-dir", index]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{id} scores {score:.4f}"
    assert any(line.endswith("folded:xuan") for line in lines)
    assert main(["explain", query, id, "--json", "--index-dir", index]) == 0
    assert json.loads(capsys.readouterr().out)["score"] == pytest.approx(score, abs=1e-4)


def test_the_command_says_why_not(index: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "gặp -gỡ", "004_4ef29a01ff71ed4f", "--index-dir", index]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("is not found")
    assert "- it holds folded:go, which is excluded" in lines


def test_the_command_refuses_unknown_ids(index: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "gặp", "none", "--index-dir", index]) == 2
    assert capsys.readouterr().err == "timtin: ID must be the id of a document, not 'none'\n"
