"""Texts cut into numbered chunks are those that spaces and line breaks make, by arrays or not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import chunks
from index.analysis.chunks import BREAK, END, Chunks, Runs
from index.analysis.normalize import accented_key
from index.analysis.syllables import surfaces
from index.builder import Vocabulary

TEXTS = st.lists(
    st.text(st.sampled_from("ab ă\n.“_-\u0301\u200b😀"), max_size=30) | st.text(), max_size=8
)
both_ways = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@both_ways
@given(texts=TEXTS)
def test_what_is_cut_is_the_text(loops: None, texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    known = Chunks()
    for _ in range(2):
        cut = known.cut(texts)
        found = [
            [known[number] for number in part.tolist() if number != END and known[number]]
            for part in np.split(cut.numbers, cut.ends)
        ]
        expected = [[c for c in t.replace("\n", " \n ").split(" ") if c] for t in texts]
        assert found == [*expected, []]
        assert (cut.numbers[cut.ends] == END).all()


def test_the_tables_grow(loops: None) -> None:
    texts = [" ".join(f"{word:x}" * 3 for word in range(n, n + 9_000)) for n in (0, 5_000)]
    known = Chunks()
    cut = known.cut([*texts, "\n"])
    assert len(known) == 14_000 + 3
    assert len(np.unique(cut.numbers)) >= 14_000 + 2
    assert BREAK in cut.numbers[-4:] and cut.numbers[-1] == END
    runs = Runs(known, lambda chunk: [len(chunk)] * (len(chunk) % 3))
    runs.put(END, [])
    values, lengths = runs.of(cut.numbers)
    chunk = [known[number] for number in cut.numbers.tolist()]
    assert lengths.tolist() == [
        len(c) % 3 if n else 0 for c, n in zip(chunk, cut.numbers, strict=True)
    ]
    assert values.tolist() == [
        len(c) for c, n in zip(chunk, cut.numbers, strict=True) for _ in range(n and len(c) % 3)
    ]


@both_ways
@given(texts=TEXTS)
def test_the_syllables_of_chunks_are_those_of_the_text(loops: None, texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    vocabulary = Vocabulary()
    accented, _ = vocabulary.analyze(texts)
    keys = list(vocabulary.accented)
    expected = [[accented_key(surface) for surface in surfaces(text)] for text in texts]
    assert accented.counts.tolist() == list(map(len, expected))
    assert [keys[term] for term in accented.terms.tolist()] == [
        key for some in expected for key in some
    ]


def test_what_is_known_is_bounded(loops: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MAX_CHUNKS", 10)
    vocabulary = Vocabulary()
    vocabulary.analyze([" ".join(map(str, range(20)))])
    assert vocabulary.chunks.full()
    vocabulary.trim()
    assert len(vocabulary.chunks) < 10
