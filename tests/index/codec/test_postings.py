"""Any postings come back as they went in, one term at a time, in ranges, or a few documents."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.codec.check import check_field
from index.codec.container import Container, ContainerWriter
from index.codec.postings import FieldReader, FieldWriter, Postings
from index.errors import DamagedIndexError

DOC_COUNT = 200_000
# Gaps of every width: consecutive documents, exceptions at a byte's and at two bytes' border.
GAP = st.one_of(st.integers(1, 3), st.integers(250, 260), st.integers(1, 2_000))
FAR = st.one_of(st.just(0), st.integers(65_530, 65_540))
POSITIONS = st.lists(
    st.one_of(st.integers(1, 3), st.integers(250, 260), st.integers(65_530, 65_540)),
    min_size=1,
    max_size=6,
).map(lambda gaps: np.cumsum(gaps).tolist())
anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


class Term(NamedTuple):
    """A term as a test sees it: positions (ascending) by document (ascending)."""

    key: bytes
    places: dict[int, list[int]]


@st.composite
def terms(draw: st.DrawFn) -> list[Term]:
    keys = sorted(draw(st.lists(st.binary(max_size=4), unique=True, max_size=12)))
    found = []
    for key in keys:
        gaps = draw(st.lists(GAP, min_size=1, max_size=25))
        gaps[0] += draw(FAR) - 1
        documents = np.cumsum(gaps).tolist()
        often = draw(st.integers(0, 9)) == 0  # now and then a frequency beyond a byte
        places = {doc: draw(POSITIONS) for doc in documents}
        if often:
            places[documents[-1]] = list(range(draw(st.integers(253, 260))))
        found.append(Term(key, places))
    return found


def postings(some: list[Term], *, positions: bool = True) -> Postings:
    places = [at for term in some for at in term.places.values()]
    return Postings(
        np.array([len(term.places) for term in some], np.int64),
        np.array([doc for term in some for doc in term.places], np.int64),
        np.array([len(at) for at in places], np.int64),
        np.array([one for at in places for one in at], np.int64) if positions else None,
    )


def field(path: Path, some: list[Term], *, positions: bool = True, parts: int = 1) -> FieldReader:
    out = ContainerWriter(path.open("wb"))
    writer = FieldWriter(out, "f", has_positions=positions)
    step = max(1, -(-len(some) // parts))
    for low in range(0, len(some), step):
        part = some[low : low + step]
        writer.add([term.key for term in part], postings(part, positions=positions))
    writer.close()
    out.close()
    return FieldReader(Container(path), "f", has_positions=positions)


def tokens(some: list[Term]) -> int:
    return sum(len(at) for term in some for at in term.places.values())


def check(found: FieldReader, some: list[Term]) -> None:
    """Term by term."""
    assert found.keys(0, found.term_count) == [term.key for term in some]
    for ordinal, (_, places) in enumerate(some):
        ids, freqs = found.postings(ordinal)
        assert ids.tolist() == list(places)
        assert freqs.tolist() == [len(at) for at in places.values()]
        assert found.df(ordinal) == len(places)
        if found.has_positions:
            assert found.positions(ordinal).tolist() == [x for at in places.values() for x in at]


@anything
@given(some=terms(), positions=st.booleans(), parts=st.integers(1, 3))
def test_terms_come_back_one_by_one(
    loops: None, some: list[Term], positions: bool, parts: int, tmp_path: Path
) -> None:
    found = field(tmp_path / "x", some, positions=positions, parts=parts)
    check(found, some)
    assert int(check_field(found, DOC_COUNT).sum()) == tokens(some)


@anything
@given(some=terms(), long=st.sampled_from((3, 2048)), data=st.data())
def test_ranges_come_back_together(
    loops: None, some: list[Term], long: int, data: st.DataObject, tmp_path: Path
) -> None:
    found = field(tmp_path / "x", some)
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, len(some))] * 2)))
    expected = postings(some[low:high])
    with patch("index.codec.integers.LONG", long):  # longer runs are read one by one
        ids, freqs, dfs = found.postings_range(low, high)
    assert ids.tolist() == expected.ids.tolist()
    assert freqs.tolist() == expected.freqs.tolist()
    assert dfs.tolist() == expected.dfs.tolist()
    everything = found.all_of(low, high)
    for got, wanted in zip(everything, expected, strict=True):
        assert (None if got is None else got.tolist()) == (
            None if wanted is None else wanted.tolist()
        )


@anything
@given(some=terms().filter(bool), data=st.data())
def test_positions_of_a_few_documents_are_those_of_all(
    loops: None, some: list[Term], data: st.DataObject, tmp_path: Path
) -> None:
    found = field(tmp_path / "x", some)
    ordinal = data.draw(st.integers(0, len(some) - 1))
    places = list(some[ordinal].places.values())
    chosen = sorted(data.draw(st.sets(st.integers(0, len(places) - 1))))
    _, freqs = found.postings(ordinal)
    got = found.positions_in(ordinal, np.array(chosen, np.int64), freqs)
    assert got.tolist() == [at for number in chosen for at in places[number]]
    check_within(found, ordinal, some[ordinal], chosen)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.7, 0.9])
def test_nothing_is_read_from_a_damaged_page(loops: None, part: float, tmp_path: Path) -> None:
    """Gaps, their exceptions, whether a frequency is 1, how much more it is."""
    docs = np.cumsum(np.where(np.arange(150_000) % 2, 1, 300))
    often = Postings(np.array([len(docs)]), docs, np.arange(len(docs)) % 2 + 1, None)
    out = ContainerWriter((tmp_path / "x").open("wb"))
    writer = FieldWriter(out, "f", has_positions=False)
    writer.add([b"t"], often)
    writer.close()
    out.close()
    whole = bytearray((tmp_path / "x").read_bytes())
    start, length = Container(tmp_path / "x").extent("f/post")
    assert (
        FieldReader(Container(tmp_path / "x"), "f", has_positions=False).postings(0)[1].max() == 2
    )
    whole[start + int(part * length)] ^= 1
    (tmp_path / "x").write_bytes(whole)
    damaged = FieldReader(Container(tmp_path / "x"), "f", has_positions=False)
    with pytest.raises(DamagedIndexError, match="checksum mismatch"):
        damaged.postings(0)


def check_within(found: FieldReader, ordinal: int, term: Term, chosen: list[int]) -> None:
    """Asked for the chosen documents and for some that do not hold the term."""
    docs = [list(term.places)[number] for number in chosen]
    others = {doc + 1 for doc in docs} - set(term.places)
    held, freqs, positions = found.within(ordinal, np.array(sorted({*docs, *others}), np.int32))
    assert held.tolist() == docs
    assert freqs.tolist() == [len(term.places[doc]) for doc in docs]
    assert positions.tolist() == [at for doc in docs for at in term.places[doc]]


class Shared(NamedTuple):
    """Coarse terms, and finer ones whose tokens are among those of one coarse term each."""

    parents: list[Term]
    children: list[Term]
    of: list[int]


@st.composite
def shared(draw: st.DrawFn) -> Shared:
    parents = draw(terms())
    children, of = [], []
    for number, parent in enumerate(parents):
        spellings = draw(st.integers(1, 3))
        places: list[dict[int, list[int]]] = [{} for _ in range(spellings)]
        for doc, positions in parent.places.items():
            for at in positions:
                places[draw(st.integers(0, spellings - 1))].setdefault(doc, []).append(at)
        for spelling, theirs in enumerate(places):
            if theirs:
                children.append(Term(b"%03d %d" % (number, spelling), theirs))
                of.append(number)
    return Shared(parents, children, of)


def write_shared(path: Path, some: Shared) -> FieldReader:
    out = ContainerWriter(path.open("wb"))
    parent = FieldWriter(out, "f", has_positions=True)
    parent.add([term.key for term in some.parents], postings(some.parents))
    parent.close()
    own = np.array(
        [
            len(at) != len(some.parents[above].places[doc])
            for term, above in zip(some.children, some.of, strict=True)
            for doc, at in term.places.items()
        ],
        bool,
    )
    everything = postings(some.children)
    assert everything.positions is not None
    kept = everything.positions[np.repeat(own, everything.freqs)]
    child = FieldWriter(out, "a", has_positions=True, shares=True)
    child.add(
        [term.key for term in some.children],
        everything._replace(positions=kept, own=own),
        np.array(some.of, np.int64),
    )
    child.close()
    out.close()
    container = Container(path)
    above = FieldReader(container, "f", has_positions=True)
    return FieldReader(container, "a", has_positions=True, parent=above)


@anything
@given(some=shared(), data=st.data())
def test_shared_positions_are_as_good_as_own_ones(
    some: Shared, data: st.DataObject, tmp_path: Path
) -> None:
    found = write_shared(tmp_path / "x", some)
    check(found, some.children)
    assert int(check_field(found, DOC_COUNT).sum()) == tokens(some.children)
    assert found.parents(0, found.term_count).tolist() == some.of
    if some.children:
        ordinal = data.draw(st.integers(0, len(some.children) - 1))
        places = list(some.children[ordinal].places.values())
        chosen = sorted(data.draw(st.sets(st.integers(0, len(places) - 1))))
        _, freqs = found.postings(ordinal)
        got = found.positions_in(ordinal, np.array(chosen, np.int64), freqs)
        assert got.tolist() == [at for number in chosen for at in places[number]]
        check_within(found, ordinal, some.children[ordinal], chosen)


def test_what_is_only_in_the_parent_takes_no_space(tmp_path: Path) -> None:
    places = {doc: list(range(0, 600, 7)) for doc in range(50)}
    write_shared(tmp_path / "x", Shared([Term(b"duong", places)], [Term(b"x", places)], [0]))
    container = Container(tmp_path / "x")
    assert container.extent("a/post")[1] < container.extent("f/post")[1] / 10


def test_a_field_without_positions_says_so(tmp_path: Path) -> None:
    found = field(tmp_path / "x", [Term(b"a", {3: [1]})], positions=False)
    with pytest.raises(ValueError, match="'f' keeps no positions"):
        found.positions(0)


@pytest.mark.parametrize(
    ("some", "wrong"),
    [
        ([Term(b"b", {1: [0]}), Term(b"a", {1: [0]})], "terms .* out of order"),
        ([Term(b"a", {1: [0]}), Term(b"a", {1: [0]})], "terms .* out of order"),
        ([Term(b"a", {DOC_COUNT: [0]})], "documents do not exist"),
        ([Term(b"a", {1: [0, 7, 7]})], "positions are out of order"),
        ([Term(b"a", {1: [3], 2: [0, 1 << 31]})], "positions are out of order"),
    ],
)
def test_a_check_finds_what_checksums_cannot(tmp_path: Path, some: list[Term], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        check_field(field(tmp_path / "x", some), DOC_COUNT)


@pytest.mark.parametrize(
    ("places", "above"),
    [({1: [4], 3: [5]}, {1: [4], 2: [5]}), ({1: [4]}, {1: [4, 9]}), ({9: [1]}, {1: [1]})],
)
def test_a_check_finds_positions_that_the_parent_does_not_have(
    tmp_path: Path, places: dict[int, list[int]], above: dict[int, list[int]]
) -> None:
    """What is written leaves them to the parent in any case."""
    out = ContainerWriter((tmp_path / "x").open("wb"))
    parent = FieldWriter(out, "f", has_positions=True)
    parent.add([b"a", b"b"], postings([Term(b"a", {0: [2]}), Term(b"b", above)]))
    parent.close()
    child = FieldWriter(out, "a", has_positions=True, shares=True)
    whole = postings([Term(b"x", places)])
    left = whole._replace(positions=np.zeros(0, np.int64), own=np.zeros(len(whole.ids), bool))
    child.add([b"x"], left, np.array([1]))
    child.close()
    out.close()
    container = Container(tmp_path / "x")
    over = FieldReader(container, "f", has_positions=True)
    with pytest.raises(ValueError, match="positions to be shared"):
        check_field(FieldReader(container, "a", has_positions=True, parent=over), 10)
