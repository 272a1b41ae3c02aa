"""The speed bench's machinery on a made corpus, with SQLite, which is always there."""

import json
import random
from pathlib import Path

import pytest

from bench.corpus import Layout, documents, field_tokens, lay_out
from bench.indexing import index_folder
from bench.peers import load
from bench.processes import measured
from bench.querying import Plan, time_queries
from bench.report import write_section
from bench.shapes import OPERATORS, QuerySets, box_queries
from bench.speed_tables import agreement_table, ratio_table, spread_table

RHYMES = ("ường", "uế", "ày", "an", "iên", "ốt")
SYLLABLES = [a + b for a in ("đ", "th", "ng", "h", "l", "nh") for b in RHYMES]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    rng = random.Random(3)
    corpus = tmp_path / "corpus.jsonl"
    with corpus.open("w", encoding="utf-8") as lines:
        for number in range(40):
            words = rng.choices(SYLLABLES, [1 / rank for rank in range(1, 37)], k=40)
            words[rng.randrange(40)] = f"hiếm{number // 2}"
            record = {"id": f"d{number}", "title": "Huế", "text": " ".join(words)}
            lines.write(json.dumps(record) + "\n")
    return lay_out(corpus, 40, tmp_path / "40")


def test_layout_counts_and_keeps_the_order(layout: Layout) -> None:
    lines = list(layout.token_lines())
    assert len(lines) == len(layout.ids) == layout.docs == 40
    assert layout.token_count == sum(len(line.split()) for line in lines) == 40 * 41
    assert lines[0].startswith("hue ")


def test_field_tokens_are_those_of_the_schema(layout: Layout) -> None:
    document = next(documents(layout.corpus))
    folded, accented, pairs, _, title, title_accented = field_tokens(document)
    assert (len(folded), len(accented), len(pairs)) == (41, 41, 40)
    assert (title, title_accented) == (["hue"], ["huế"])


def test_token_files_are_made_once_and_anew_for_other_documents(layout: Layout) -> None:
    corpus, folder = layout.corpus, layout.folder / "fields"
    made = lay_out(corpus, 30, folder, all_fields=True, reuse=True)
    lines = made.fields.read_text(encoding="utf-8").splitlines()
    folded = [line.split("\t")[0] for line in lines]
    assert folded == list(made.token_lines())
    made.tokens.write_text("kept", encoding="utf-8")
    assert lay_out(corpus, 30, folder, all_fields=True, reuse=True) == made
    assert made.tokens.read_text(encoding="utf-8") == "kept"
    assert lay_out(corpus, 20, folder, all_fields=True, reuse=True).docs == 20
    assert len(list(made.token_lines())) == 20


def test_queries_are_of_their_shape(layout: Layout) -> None:
    sets = QuerySets(layout)
    lengths = {"rare": {1}, "common": {1}, "AND 2": {2}, "OR 3": {3}, "OR 8": {8}, "phrase": {3, 4}}
    for shape, operator in OPERATORS.items():
        queries = sets.draw(shape, 5)
        assert queries == sets.draw(shape, 5)
        for query in queries:
            assert query.operator == operator
            assert len(query.terms) in lengths.get(shape, {1, 10})
    texts = [set(line.split()) for line in layout.token_lines()]
    for query in sets.draw("rare", 5):
        assert 2 <= sum(query.terms[0] in text for text in texts) <= 10
    assert [q.shape for q in box_queries(layout, 2)] == ["typed", "unaccented"]


def test_systems_are_timed_and_compared(layout: Layout) -> None:
    peer = load("fts5")
    folder = index_folder(layout, "fts5")
    folder.mkdir(parents=True)
    peer.build(layout.tokens, folder)
    plan = Plan(queries=4, cold_queries=2, checked_queries=2, rounds=2)
    figures = time_queries(layout, [peer, peer], plan, lambda _: None)
    assert figures.agreement["phrase"]["fts5"] == (2, 2)
    assert list(figures.warm) == list(OPERATORS)
    assert spread_table(figures.cold).count("\n") == 2
    assert "1.00 / 1.00" in ratio_table(figures.warm, "fts5")
    assert agreement_table(figures).count("2/2") == len(OPERATORS)


def test_a_build_is_measured_in_a_process_of_its_own(layout: Layout) -> None:
    folder = index_folder(layout, "fts5")
    run = measured("bench.builds:peer", "fts5", str(layout.tokens), str(folder))
    assert run.seconds > 0
    assert run.peak_bytes > 1_000_000
    assert (folder / "fts5.db").is_file()


def test_results_are_replaced_section_by_section(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    for name, text in (("speed", "one"), ("http", "two"), ("speed", r"three \1")):
        write_section(name, text, path)
    kept = path.read_text(encoding="utf-8")
    assert "one" not in kept
    assert kept.index(r"three \1") < kept.index("two")
