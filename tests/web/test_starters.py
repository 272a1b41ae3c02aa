"""Queries to begin with find something in the collection that is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from index.documents import Document
from index.store import IndexStore
from index.sync import sync
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest
from web.starters import EXAMPLES, MOST, starters

SEEDS = Path(__file__).parent.parent.parent / "seeds"


def test_the_projects_own_examples_over_its_own_texts(tmp_path: Path) -> None:
    sync(SEEDS, IndexStore(tmp_path / "index"))
    assert starters(WhooshEngine(tmp_path / "index")) == EXAMPLES


def test_another_collection_gives_its_own(tmp_path: Path) -> None:
    store = IndexStore(tmp_path / "index")
    text = "Giá vàng thế giới tăng. Thị trường chứng khoán giảm. Ngân hàng nhà nước họp."
    one = Document("a", "", text)
    with store.transaction(processes=1) as transaction:
        transaction.add([one, replace(one, id="b", body=f"{text} Chính phủ họp.")])
        transaction.commit()
    engine = WhooshEngine(tmp_path / "index")
    found = starters(engine)
    assert 0 < len(found) <= MOST
    assert not set(found) & set(EXAMPLES)
    assert all(engine.search(SearchRequest(query)).total for query in found)


def test_nothing_to_find_gives_nothing(tmp_path: Path) -> None:
    store = IndexStore(tmp_path / "index")
    store.create()
    assert starters(WhooshEngine(tmp_path / "index")) == ()
