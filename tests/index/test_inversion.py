"""Tokens become the postings that one would write down token by token, by loops or without."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.codec.postings import Postings
from index.inversion import Numbers, invert, invert_keywords, invert_pairs

WORDS = ("ba", "ba_", "bà", "b", "đường", "z", "ở", "2025")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=9)
both_ways = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

Places = dict[bytes, dict[int, list[int]]]


def written(keys: list[bytes], postings: Postings) -> Places:
    """By term and document the positions, or as many zeros as the term is there often."""
    found: Places = {}
    ids, freqs = iter(postings.ids.tolist()), iter(postings.freqs.tolist())
    positions = iter([0] * int(postings.freqs.sum()))
    if postings.positions is not None:
        positions = iter(postings.positions.tolist())
    assert len(keys) == len(postings.dfs)
    for key, df in zip(keys, postings.dfs.tolist(), strict=True):
        found[key] = {next(ids): [next(positions) for _ in range(next(freqs))] for _ in range(df)}
    assert not [*ids, *freqs, *positions]
    return found


def expected(texts: list[list[str]], *, with_positions: bool) -> Places:
    found: Places = defaultdict(lambda: defaultdict(list))
    for number, text in enumerate(texts):
        for position, word in enumerate(text):
            found[word.encode()][number].append(position if with_positions else 0)
    return found


@both_ways
@given(texts=TEXTS)
def test_postings_are_those_of_the_tokens(loops: None, texts: list[list[str]]) -> None:
    numbers = Numbers()
    tokens = numbers.tokens(texts)
    for with_positions in (True, False):
        keys, postings = invert(tokens, numbers, with_positions=with_positions)
        assert keys == sorted(keys)
        assert written(keys, postings) == expected(texts, with_positions=with_positions)


@both_ways
@given(texts=TEXTS)
def test_pairs_are_neighbours_of_one_text(loops: None, texts: list[list[str]]) -> None:
    numbers = Numbers()
    keys, postings = invert_pairs(numbers.tokens(texts), numbers)
    pairs = [["_".join(pair) for pair in pairwise(text)] for text in texts]
    assert written(keys, postings) == expected(pairs, with_positions=False)


@both_ways
@given(texts=TEXTS)
def test_terms_that_are_given_are_those_of_their_documents(
    loops: None, texts: list[list[str]]
) -> None:
    keys, postings = invert_keywords([[word.encode() for word in text] for text in texts])
    assert keys == sorted(keys)
    assert written(keys, postings) == expected(texts, with_positions=False)
