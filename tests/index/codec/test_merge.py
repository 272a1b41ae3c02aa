"""Merging segments must lead to what indexing all their live documents at once leads to."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
import whoosh.index
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import native
from index.builder import Vocabulary, build_segment
from index.codec import merge_fields as merging
from index.codec.merge import Source, merge
from index.codec.segment_file import SegmentFile
from index.codec.whoosh_codec import TimtinCodec
from index.documents import Document
from index.schema import SCHEMA

WORDS = st.sampled_from(
    ["gặp", "gỡ", "đầu", "xuân", "hà", "giang", "máy", "bay", "rơi", "25/2", "a_b"]
)
TEXT = st.lists(WORDS, max_size=30).map(" ".join)


def build(path: Path, documents: list[Document]) -> SegmentFile:
    build_segment(path, documents, b"", Vocabulary())
    return SegmentFile(path)


def content(file: SegmentFile) -> dict[str, object]:
    fields = {}
    for name in file.field_names():
        field = file.field(name)
        assert field is not None
        keys = field.keys(0, field.term_count)
        everything = field.all_of(0, field.term_count)
        fields[name] = (keys, [None if part is None else part.tolist() for part in everything])
    paths, names = file.ordinals("path")
    return {
        "fields": {name: value for name, value in fields.items() if value[0]},
        "stored": [file.stored.record(docnum) for docnum in range(file.doc_count)],
        "paths": [names[at] for at in paths],
        "dates": file.integers("date").tolist(),
        "lengths": {name: file.lengths(name).tolist() for name in file.columns("len")},
        "digests": file.digests(),
    }


@pytest.fixture(params=["arrays", "compiled", "coming"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """By NumPy alone, with the compiled loops, and with loops that are there now and then: they are
    loaded beside the work, and may come at any step of it."""
    assert native.load("index.codec"), "the tests need Numba: the extra `native`"
    turns = {"arrays": cycle([False]), "compiled": cycle([True]), "coming": cycle([False, True])}
    turn = turns[request.param]
    monkeypatch.setattr(native.Loops, "__call__", lambda it: it.loaded if next(turn) else None)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    parts=st.lists(
        st.lists(st.tuples(TEXT, st.booleans()), min_size=1, max_size=6), min_size=1, max_size=4
    ),
    group_bytes=st.sampled_from([40, 3_000_000]),
)
def test_merge_equals_indexing_the_live_documents(
    loops: None,
    parts: list[list[tuple[str, bool]]],
    group_bytes: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    sources, survivors = [], []
    for number, part in enumerate(parts):
        documents = [
            Document(id=f"{number}-{at}", title="", body=text, path=f"{number}.txt")
            for at, (text, _) in enumerate(part)
        ]
        live = np.array([alive for _, alive in part])
        survivors += [document for document, alive in zip(documents, live, strict=True) if alive]
        file = build(folder / f"{number}.tim", documents)
        sources.append(Source(file, None if live.all() else live))
    if not survivors:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "GROUP_BYTES", group_bytes)
        merge(folder / "merged.tim", sources)
    expected = build(folder / "expected.tim", survivors)
    assert content(SegmentFile(folder / "merged.tim")) == content(expected)


def test_merge_keeps_compressed_records_and_lengths(
    tmp_path: Path, documents: list[Document]
) -> None:
    files = [build(tmp_path / f"{at}.tim", documents[at::2]) for at in range(2)]
    merge(tmp_path / "m.tim", [Source(file, None) for file in files])
    merged = SegmentFile(tmp_path / "m.tim")
    merged.check()
    assert merged.field_lengths["folded"] == sum(file.field_lengths["folded"] for file in files)


def test_shared_positions_merge_with_positions_of_their_own(
    tmp_path: Path, documents: list[Document]
) -> None:
    """A segment written by a stock Whoosh writer keeps all positions; ours shares them."""
    shared = build(tmp_path / "shared.tim", documents)
    (tmp_path / "stock").mkdir()
    writer = whoosh.index.create_in(tmp_path / "stock", SCHEMA).writer(codec=TimtinCodec())
    writer.add_document(id="x", folded="đường dương", accented="đường dương", path="p")
    writer.commit()
    plain = SegmentFile(next((tmp_path / "stock").glob("*.tim")))
    merge(tmp_path / "merged.tim", [Source(shared, None), Source(plain, None)])
    merged = SegmentFile(tmp_path / "merged.tim")
    merged.check()
    before, after = shared.field("accented"), merged.field("accented")
    assert before is not None
    assert after is not None
    assert before.parent is not None
    assert after.parent is None
    for term in range(before.term_count):
        positions = before.positions(term).tolist()
        found = after.positions(after.find(before.key(term))).tolist()
        assert found[: len(positions)] == positions
