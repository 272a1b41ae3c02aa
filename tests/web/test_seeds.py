"""The project's own two seeds, asked over HTTP: what the README promises."""

from __future__ import annotations

import json
import shutil
import unicodedata
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.store import IndexStore
from index.sync import sync
from web.app import create_app
from web.settings import Settings

SEEDS = Path(__file__).parent.parent.parent / "seeds"
ARTICLE = "004_4ef29a01ff71ed4f"
LEADS = "000_3772e8170c534e90"
TOKEN = "a-token-for-the-tests"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("index")
    sync(SEEDS, IndexStore(folder), processes=1)
    return create_app(Settings(seeds=SEEDS, index_dir=folder)).test_client()


def found(client: FlaskClient, query: str, **parameters: str) -> list[str]:
    """Ids found, with the leads' as their numbers only."""
    response = client.get("/search", query_string={"q": query, "size": "100", **parameters})
    assert response.status_code == 200
    return [hit["id"].removeprefix(LEADS) for hit in response.get_json()["hits"]]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("máy bay rơi", "#2"),
        ("may bay roi", "#2"),
        ("quoc sach hang dau", "#7"),
        ("cửa khẩu Tà Lùng", ARTICLE),
        ('author:"Trần Kế"', ARTICLE),
        ("tran ke", ARTICLE),
    ],
)
def test_the_best_hit_comes_first(client: FlaskClient, query: str, first: str) -> None:
    assert found(client, query)[0] == first


def test_a_year_in_the_query_counts(client: FlaskClient) -> None:
    answer = client.get("/search?q=gap+go+dau+xuan+2025&size=5").get_json()
    assert {hit["id"].removeprefix(LEADS) for hit in answer["hits"]} <= {
        *("#3", "#5", "#8", "#10", "#12", "#13", "#14")
    }
    assert len(answer["hits"]) == 5
    assert all("2025" in json.dumps(hit["highlights"]) for hit in answer["hits"])


@pytest.mark.parametrize("query", ['"kết nghĩa cụm dân cư"', '"ket nghia cum dan cu"'])
def test_a_phrase_is_found_whole(client: FlaskClient, query: str) -> None:
    assert found(client, query) == ["#6"]


def test_what_is_excluded_is_not_found(client: FlaskClient) -> None:
    ids = found(client, 'Quảng Ninh -"Hà Giang"')
    assert ids
    for number in ids:
        whole = number if number == ARTICLE else LEADS + number
        body = client.get(
            f"/documents/{whole.replace('#', '%23')}", headers={"Accept": "application/json"}
        ).get_json()["body"]
        assert "Hà Giang" not in body


def test_exact_mode_wants_the_marks(client: FlaskClient) -> None:
    assert found(client, "hoi nghi", mode="exact") == []
    assert found(client, "hội nghị", mode="exact")


def test_case_and_composition_do_not_matter(client: FlaskClient) -> None:
    plain = found(client, "gặp gỡ đầu xuân")
    assert plain
    for query in ("GẶP GỠ ĐẦU XUÂN", unicodedata.normalize("NFD", "GẶP GỠ đầu xuân")):
        assert found(client, query) == plain


def test_pages_join_to_the_whole_list(client: FlaskClient) -> None:
    for sort in ("relevance", "date"):
        whole = found(client, "quang ninh", sort=sort)
        pages = [
            found(client, "quang ninh", sort=sort, size="2", page=str(page))
            for page in range(1, len(whole) // 2 + 3)
        ]
        assert [number for page in pages for number in page] == whole


def test_years_and_sources_narrow_the_page(client: FlaskClient) -> None:
    markup = client.get("/?q=hoi+nghi&from=2024-01-01&to=2024-12-31").text
    assert ARTICLE in markup
    assert LEADS not in markup
    assert ARTICLE in client.get("/?q=hoi+nghi&source=HA+GIANG").text


def test_every_document_has_a_page(client: FlaskClient) -> None:
    for number in range(1, 15):
        response = client.get(f"/documents/{LEADS}%23{number}?q=trung+quoc")
        assert response.status_code == 200


def test_reindexing_takes_in_what_came_and_names_what_failed(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS, seeds)
    client = create_app(Settings(seeds=seeds, reindex_token=TOKEN)).test_client()
    authorized = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/health").status_code == 503

    assert client.post("/reindex", headers=authorized).get_json()["added"] == 15
    assert client.get("/health").get_json()["documents"] == 15

    (seeds / "new.txt").write_text("Sếu đầu đỏ\n\nĐàn sếu về.\n", encoding="utf-8")
    (seeds / "broken.txt").write_bytes(bytes(range(256)) * 40)
    report = client.post("/reindex", headers=authorized).get_json()
    assert (report["added"], report["unchanged"]) == (1, 15)
    assert [failure["path"] for failure in report["failed"]] == ["broken.txt"]
    assert found(client, "seu dau do") == ["new"]
