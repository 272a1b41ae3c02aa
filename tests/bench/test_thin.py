"""The thin pages of the HTTP bench answer what they are compared for: highlighted hits."""

from importlib import import_module
from pathlib import Path

import pytest

from index.documents import Document

DOCUMENTS = [
    Document("1", "Gặp gỡ đầu xuân", "Lãnh đạo huyện gặp gỡ bà con."),
    Document("2", "Tin vắn", "Máy bay rơi ở miền núi."),
]


@pytest.mark.parametrize("name", ["fts5", "tantivy"])
def test_thin_page_finds_without_marks_and_highlights(name: str, tmp_path: Path) -> None:
    try:
        thin = import_module(f"bench.thin.{name}")
    except ImportError as error:
        pytest.skip(str(error))
    thin.build(DOCUMENTS, tmp_path)
    client = thin.create_app(tmp_path).test_client()
    (hit,) = client.get("/search", query_string={"q": "may bay"}).json["hits"]
    assert hit["id"] == "2"
    assert ">Máy</" in hit["snippet"]
    assert client.get("/search?q=").json == {"hits": []}
