"""The compiled loops make the page that NumPy makes, to the last bit."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import native
from index.analysis.normalize import nfc
from search.closeness import closeness
from search.columns import kernels
from search.highlight import Highlighted, highlight
from search.occurrences import HighlightSpec, Needle
from search.page import Stored, hits_of
from search.results import Hit

from .made import GAPS, WORDS, any_texts, phrase, stem, texts, weighed_specs, words

Record = dict[str, Any]

odd_texts = st.text(
    st.one_of(
        st.sampled_from("aàÀgpxuânkyĩ19 .!?…:;'\"”)»&<>\n_²ﬁ"),
        st.sampled_from("\u00ad\u200b\u2060\ufeff\u0301\u0323\u031b\U000e0100\u3000\u2028\x1c\x85"),
        st.characters(),  # surrogates too
    ),
    max_size=80,
)
titles = st.one_of(st.just(""), any_texts, odd_texts)
bodies = st.one_of(st.just(""), any_texts, odd_texts, st.lists(texts, max_size=12).map("".join))
records = st.lists(
    st.builds(lambda title, body: {"id": "", "title": title, "body": body}, titles, bodies),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    assert native.load(), "the tests need Numba: the extra `native`"
    assert kernels()


def shown(records: list[Record], spec: HighlightSpec) -> tuple[Hit, ...]:
    return hits_of([*map(Stored, records)], [0.0] * len(records), spec)


def columns(page: Highlighted) -> list[list[Any]]:
    return [column.tolist() for column in (*page.found, *page.marks, page.bounds)]


@settings(max_examples=400)
@given(records, weighed_specs())
def test_the_same_hits(records: list[Record], spec: HighlightSpec) -> None:
    hits = shown(records, spec)
    with native.without():
        assert shown(records, spec) == hits


@settings(max_examples=400)
@given(records, weighed_specs())
def test_the_same_is_found_and_marked(records: list[Record], spec: HighlightSpec) -> None:
    texts = [f"{record['title']}\n{record['body']}" for record in records]
    ends = [len(record["title"]) for record in records]
    page = highlight(spec, texts, ends)
    with native.without():
        other = highlight(spec, texts, ends)
        assert columns(other) == columns(page)
        assert closeness(other) == closeness(page)


def test_pages_of_long_texts() -> None:
    """As articles are: several windows, a further snippet, sentences to begin with."""
    for seed in range(30):
        rng = random.Random(seed)
        gaps = [*" " * 60, ". ", ".\n", "; ", ".” ", *GAPS]
        articles = [
            {
                "id": str(number),
                "title": "".join(rng.choice(WORDS) + " " for _ in range(rng.randrange(9))).strip(),
                "body": nfc(
                    "".join(
                        (rng.choice(WORDS) if rng.random() < 0.1 else "năm") + rng.choice(gaps)
                        for _ in range(rng.randrange(600))
                    )
                ),
            }
            for number in range(10)
        ]
        chosen = [rng.choice(WORDS) for _ in range(10)]
        needles = (*words(" ".join(chosen)).needles, *phrase("gặp gỡ").needles)
        needles += (Needle((stem("ngh", prefix=True),)),)
        spec = HighlightSpec(tuple(dict.fromkeys(needles)))
        spec = HighlightSpec(spec.needles, weights=tuple(rng.random() for _ in spec.needles))
        hits = shown(articles, spec)
        with native.without():
            assert shown(articles, spec) == hits
