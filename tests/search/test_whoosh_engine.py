"""The engine through its protocol: order, pages, filters, facets, new commits, threads."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from index.documents import Document
from index.errors import DamagedIndexError, MissingIndexError
from index.store import IndexStore
from search.engine import SearchEngine
from search.engines import newest
from search.engines.whoosh_engine import WhooshEngine
from search.request import Facet, SearchRequest, Sort

Build = Callable[[Path, Iterable[Document]], IndexStore]
Documents = tuple[Document, ...]
GOLDEN = Path(__file__).parent / "golden"


def ids(engine: SearchEngine, request: SearchRequest) -> list[str]:
    return [hit.id for hit in engine.search(request).hits]


def add(store: IndexStore, *documents: Document, delete: tuple[str, ...] = ()) -> None:
    with store.transaction(timeout=5, processes=1) as transaction:
        transaction.delete(delete)
        transaction.add(documents)
        transaction.commit()


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("relevance", {"q": "gap gỡ quảng tây", "size": "2"}),
        ("facets", {"q": "quảng", "sort": "date", "facets": "source,year,month", "size": "1"}),
        ("nothing", {"q": "", "facets": "year"}),
    ],
)
def test_the_json_is_the_contract(engine: SearchEngine, name: str, params: dict[str, str]) -> None:
    """Key for key, in order. Only time and scores may differ; those are checked elsewhere."""
    results = engine.search(SearchRequest.from_params(params))
    shown = replace(
        results, took_ms=1.9, hits=tuple(replace(hit, score=7.31) for hit in results.hits)
    )
    text = json.dumps(shown.to_json(), ensure_ascii=False, indent=1) + "\n"
    golden = GOLDEN / f"{name}.json"
    assert text == golden.read_text(encoding="utf-8")


def test_scores_fall_and_the_spelling_typed_comes_first(engine: SearchEngine) -> None:
    hits = engine.search(SearchRequest("đường")).hits
    assert [hit.id for hit in hits] == ["road", "duong"]
    assert hits[0].score > hits[1].score > 0
    assert ids(engine, SearchRequest("dương"))[0] == "duong"


def test_pages_cut_one_order_into_pieces(engine: SearchEngine) -> None:
    for sort in ("relevance", "date"):
        whole = ids(engine, SearchRequest("quảng OR ông OR máy", sort=sort))
        assert len(whole) == 5
        pieces = [
            ids(engine, SearchRequest("quảng OR ông OR máy", sort=sort, page=page, size=2))
            for page in (1, 2, 3, 4)
        ]
        assert [len(piece) for piece in pieces] == [2, 2, 1, 0]
        assert list(chain(*pieces)) == whole
    results = engine.search(SearchRequest("quảng OR ông OR máy", page=4, size=2))
    assert (results.total, results.pages, results.hits) == (5, 3, ())


def test_newest_first_unknown_dates_last_and_better_hits_first_within_a_day(
    tmp_path: Path, build: Build
) -> None:
    days = ("2025-01-02", "2025-01-01", None, "2025-01-02", "2024-05-01", None)
    build(
        tmp_path,
        (
            Document(f"{n}", "", "xuân " * (n + 1) + "về " * (9 - n), date=day)
            for n, day in enumerate(days)
        ),
    )
    engine = WhooshEngine(tmp_path)
    expected = ["3", "0", "1", "4", "5", "2"]
    assert ids(engine, SearchRequest("xuân", sort="date")) == expected
    for n, document_id in enumerate(expected):
        request = SearchRequest("xuân", sort="date", page=n + 1, size=1)
        assert ids(engine, request) == [document_id]


def test_by_date_every_word_must_match(engine: SearchEngine) -> None:
    query = "gặp gỡ đầu xuân năm 2023"
    assert ids(engine, SearchRequest(query, sort="date")) == ["meeting#2"]
    assert ids(engine, SearchRequest(query)) == ["meeting#2", "meeting#1"]


def test_filters_keep_what_they_name(engine: SearchEngine) -> None:
    def with_source(source: str) -> list[str]:
        return ids(engine, SearchRequest("quảng", sources=(source,)))

    assert sorted(with_source("Hà Giang")) == ["meeting#1", "meeting#2"]
    assert sorted(with_source(" ha  GIANG ")) == ["meeting#1", "meeting#2"]
    assert with_source("Hà") == []
    since = SearchRequest("quảng", date_from=date(2023, 2, 22), date_to=date(2025, 2, 18))
    assert ids(engine, since) == ["meeting#2"]
    assert ids(engine, replace(since, sort="date", facets=("year",))) == ["meeting#2"]
    until = SearchRequest("quảng OR máy bay", date_to=date(2023, 1, 1))
    assert ids(engine, until) == ["crash"]


def test_facets_count_all_hits_and_join_spellings(engine: SearchEngine) -> None:
    results = engine.search(
        SearchRequest("quảng OR máy", size=1, facets=("source", "year", "month"))
    )
    assert results.total == 4
    counts = {
        name: [(value.value, value.count) for value in values]
        for name, values in results.facets.items()
    }
    assert counts["source"] in (
        [("Hà Giang", 2), ("VnExpress", 1)],
        [("hà giang", 2), ("VnExpress", 1)],
    )
    assert counts["year"] == [("2025", 1), ("2023", 1), ("2022", 1)]
    assert counts["month"] == [("2025-02", 1), ("2023-02", 1), ("2022-03", 1)]


def test_of_several_sources_any_will_do(engine: SearchEngine) -> None:
    def found(*sources: str, **more: Any) -> set[str]:
        return set(ids(engine, SearchRequest("quảng OR máy", sources=sources, **more)))

    both = {"crash", "meeting#1", "meeting#2"}
    assert found("VnExpress") == {"crash"}
    assert found("VnExpress", "ha giang") == both
    assert found("VnExpress", "ha giang", sort="date") == both
    assert found("VnExpress", "ha giang", date_from=date(2023, 1, 1)) == {"meeting#1", "meeting#2"}
    assert found("nowhere", "at all") == set()


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_a_facet_counts_as_if_none_of_its_own_values_were_chosen(
    engine: SearchEngine, sort: Sort
) -> None:
    asked: tuple[Facet, ...] = ("source", "year", "places")
    plain = SearchRequest("quảng OR máy", facets=asked, sort=sort)
    chosen = replace(plain, sources=("Hà Giang",))
    everything, some = engine.search(plain), engine.search(chosen)
    assert (everything.total, some.total) == (4, 2)
    assert list(some.facets) == list(asked)
    # Another source can be chosen instead; the other facets are those of what was found.
    assert some.facets["source"] == everything.facets["source"]
    assert [value.value for value in some.facets["year"]] == ["2025", "2023"]
    for value in some.facets["source"]:
        alone = engine.search(replace(plain, sources=(value.value,)))
        assert alone.total == value.count
    # Filters by something else hold for it as well.
    narrowed = engine.search(replace(chosen, date_from=date(2023, 1, 1)))
    assert [value.count for value in narrowed.facets["source"]] == [2]
    for value in engine.search(replace(chosen, places=("Hà Giang",))).facets["places"]:
        switched = replace(chosen, places=(value.value,), group=False)
        assert engine.search(switched).total == value.count


def test_where_a_filter_leaves_nothing_its_facet_says_what_there_is(engine: SearchEngine) -> None:
    request = SearchRequest("quảng", sources=("nowhere",), facets=("source", "year"))
    results = engine.search(request)
    assert results.total == 0
    assert [value.count for value in results.facets["source"]] == [2]
    assert results.facets["year"] == ()


def test_words_are_relaxed_when_nothing_has_all_of_them(engine: SearchEngine) -> None:
    assert ids(engine, SearchRequest("máy bay rơi zzz"))[0] == "crash"
    assert ids(engine, SearchRequest("rơi zzz yyy")) == ["crash"]
    assert ids(engine, SearchRequest('"đầu xuân" zzz'))
    assert ids(engine, SearchRequest('"xuân đầu" gặp')) == []
    assert ids(engine, SearchRequest("source:nowhere gặp")) == []
    assert ids(engine, SearchRequest("date:2021 gặp")) == []
    assert "crash" not in ids(engine, SearchRequest("máy bay zzz -rơi"))


def test_a_longer_query_needs_a_part_of_its_words_and_those_with_all_lead(
    tmp_path: Path, build: Build
) -> None:
    query = "một hai ba bốn năm"
    whole = [Document(f"whole{n}", "", f"{query} {n}") for n in range(9)]
    half = [Document(f"half{n}", "", f"một hai {n} sáu") for n in range(5)]
    hardly = [Document("hardly", "", "năm sáu bảy")]
    for number, (documents, total) in enumerate(
        [(half + hardly + whole, 14), (half + hardly, 5), (hardly, 1), ([], 0)]
    ):
        build(tmp_path / str(number), documents)
        engine = WhooshEngine(tmp_path / str(number))
        results = engine.search(SearchRequest(query))
        assert results.total == total
        last_page = engine.search(SearchRequest(query, page=3, size=5))
        assert last_page.total == total
        assert len(last_page.hits) == max(0, min(total - 10, 5))
        if total == 14:
            assert {hit.id for hit in results.hits[:9]} == {d.id for d in whole}
            assert engine.search(SearchRequest("một hai ba bốn")).total == 9  # a short query


def test_a_lead_is_headed_by_its_beginning(engine: SearchEngine) -> None:
    (hit,) = engine.search(SearchRequest('"quảng tây"')).hits
    assert hit.title.startswith("Chương trình Gặp gỡ đầu xuân 2025")
    assert "<mark>Quảng Tây</mark>&gt; &amp;" in hit.highlights.snippets[0]


def test_documents_by_id(engine: SearchEngine, documents: Documents) -> None:
    for document in documents:
        assert engine.document(document.id) == document
    assert engine.document("no such") is None
    assert engine.highlighted_document("no such", "a") is None


def test_a_whole_document_is_shown_marked(engine: SearchEngine, documents: Documents) -> None:
    shown = engine.highlighted_document("crash", 'may bay "đồi núi"')
    assert shown is not None
    assert shown.document == documents[0]
    assert shown.heading == "Máy bay rơi ở miền Nam"
    assert shown.title_html == "<mark>Máy bay</mark> rơi ở miền Nam"
    assert shown.body_html == (
        "Chiếc <mark>máy bay</mark> chở 132 người rơi xuống vùng <mark>đồi núi</mark>.",
        "Không còn ai sống sót.",
    )
    assert shown.marks == 3


def test_stats_are_numbers_for_a_monitor(engine: SearchEngine, documents: Documents) -> None:
    stats = engine.stats()
    assert stats["documents"] == len(documents)
    assert stats["generation"] == engine.generation()
    assert all(isinstance(value, int) for value in stats.values())


def test_before_the_first_index_the_engine_is_not_ready(
    tmp_path: Path, build: Build, documents: Documents
) -> None:
    engine = WhooshEngine(tmp_path / "none")
    assert not engine.ready()
    assert engine.generation() == -1
    for ask in (
        lambda: engine.search(SearchRequest("a")),
        lambda: engine.document("a"),
        engine.stats,
    ):
        with pytest.raises(MissingIndexError):
            ask()
    build(tmp_path / "none", documents)
    assert engine.ready()
    assert ids(engine, SearchRequest("máy bay")) == ["crash"]
    engine.close()


def test_a_new_commit_shows_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: Build, documents: Documents
) -> None:
    monkeypatch.setattr(newest, "CHECK_SECONDS", 0.0)
    store = build(tmp_path, documents)
    engine = WhooshEngine(tmp_path)
    before = engine.generation()
    assert ids(engine, SearchRequest("bão lụt")) == []
    add(store, Document("storm", "Bão lụt", "Bão đổ bộ."), delete=("crash",))
    assert ids(engine, SearchRequest("bão lụt")) == ["storm"]
    assert ids(engine, SearchRequest("máy bay rơi")) == []
    assert engine.document("crash") is None
    assert engine.generation() > before


def test_a_commit_that_cannot_be_opened_leaves_the_old_one_answering(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    build: Build,
    documents: Documents,
) -> None:
    monkeypatch.setattr(newest, "CHECK_SECONDS", 0.0)
    store = build(tmp_path, documents)
    engine = WhooshEngine(tmp_path)
    assert ids(engine, SearchRequest("máy bay")) == ["crash"]
    generation = store.generation() + 1
    (tmp_path / f"_MAIN_{generation}.toc").write_bytes(b"not a table of contents")
    assert ids(engine, SearchRequest("máy bay")) == ["crash"]
    assert "still answering" in caplog.text


def test_an_index_that_cannot_be_opened_is_not_ready(
    tmp_path: Path, build: Build, documents: Documents
) -> None:
    store = build(tmp_path, documents)
    (tmp_path / f"_MAIN_{store.generation()}.toc").write_bytes(b"not a table of contents")
    engine = WhooshEngine(tmp_path)
    assert not engine.ready()
    with pytest.raises(DamagedIndexError, match="repair"):
        engine.search(SearchRequest("a"))


def test_threads_search_while_commits_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: Build
) -> None:
    """Every answer is that of one commit: n documents of one revision, never a mixture."""
    monkeypatch.setattr(newest, "CHECK_SECONDS", 0.001)
    size = 30

    def revision(number: int) -> list[Document]:
        return [Document(f"d{n}", f"bản {number}", f"xuân {number} {n}") for n in range(size)]

    store = build(tmp_path, revision(0))
    engine = WhooshEngine(tmp_path, cache_bytes=1 << 20)
    failures: list[object] = []
    seen: set[str] = set()
    stop = threading.Event()

    def search() -> None:
        try:
            while not stop.is_set():
                results = engine.search(SearchRequest("bản xuân", size=100))
                titles = {hit.title for hit in results.hits}
                if results.total != size or len(results.hits) != size or len(titles) != 1:
                    failures.append((results.total, titles))
                seen.update(titles)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(1, 8):
        add(store, *revision(number), delete=tuple(f"d{n}" for n in range(size)))
        time.sleep(0.02)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(seen) > 1
    assert {hit.title for hit in engine.search(SearchRequest("xuân")).hits} == {"bản 7"}


def test_a_name_filters_in_whatever_spelling(tmp_path: Path, build) -> None:
    build(
        tmp_path / "index",
        [
            Document("old", "", "Sáng nay tại tỉnh Hòa Bình, ông Cao Tường Huy phát biểu."),
            Document("new", "", "Sáng nay tại tỉnh Hoà Bình, bà Lê Thị Hoa phát biểu."),
            Document("other", "", "Sáng nay tại tỉnh Hà Giang, ông Cao Tường Huy phát biểu."),
        ],
    )
    engine = WhooshEngine(tmp_path / "index")
    found = engine.search(SearchRequest("sáng nay", facets=("names", "places")))
    counts = {value.value: value.count for values in found.facets.values() for value in values}
    for name in ("Hòa Bình", "Hoà Bình"):
        assert set(ids(engine, SearchRequest("sáng", places=(name,), group=False))) == {
            "old",
            "new",
        }
    assert set(ids(engine, SearchRequest("sáng", names=("Cao Tường Huy",), group=False))) == {
        *("old", "other"),
    }
    assert ids(engine, SearchRequest("sáng", names=("Cao Tường Huy",), places=("Hà Giang",))) == [
        "other"
    ]
    assert ids(engine, SearchRequest("sáng", names=("Không Ai",))) == []
    assert counts["Cao Tường Huy"] == 2


def test_a_word_may_be_repeated_hundreds_of_times(tmp_path: Path, build) -> None:
    documents = [Document(f"d{n}", "", f"gặp gỡ lần {n}") for n in range(80)]
    documents.append(Document("much", "", "gặp-" * 600 + " gỡ"))
    build(tmp_path / "index", documents)
    engine = WhooshEngine(tmp_path / "index")
    for query in ("gap go", "gặp OR lần", "gap go lan"):
        for facets in ((), ("year",)):
            assert engine.search(SearchRequest(query, facets=facets)).total >= 80
