"""Every installed peer indexes and finds what it should: else comparisons mean nothing."""

import random
from pathlib import Path

import pytest

from bench.peers import NAMES, TOP, Session, load
from bench.shapes import Operator

WORDS = ["duong", "dua", "gap", "go", "dau", "xuan", "and", "or", "not", "2025", "đ2"]


def made_lines(count: int = 60) -> list[list[str]]:
    rng = random.Random(7)
    return [rng.choices(WORDS, k=rng.randint(3, 12)) for _ in range(count)]


def matches(operator: Operator, terms: tuple[str, ...], tokens: list[str]) -> bool:
    if operator == "prefix":
        return any(token.startswith(terms[0]) for token in tokens)
    if operator == "phrase":
        runs = (tokens[i : i + len(terms)] for i in range(len(tokens)))
        return list(terms) in list(runs)
    held = [term in tokens for term in terms]
    return all(held) if operator == "all" else any(held)


QUERIES: list[tuple[Operator, tuple[str, ...]]] = [
    ("term", ("xuan",)),
    ("term", ("missing",)),
    ("all", ("gap", "and")),
    ("any", ("or", "dau", "not")),
    ("phrase", ("gap", "go")),
    ("phrase", ("dau", "dau", "xuan")),
    ("prefix", ("du",)),
]


@pytest.mark.parametrize("name", NAMES)
def test_peer_finds_what_brute_force_finds(name: str, tmp_path: Path) -> None:
    try:
        peer = load(name)
    except ImportError as error:
        pytest.skip(str(error))
    lines = made_lines()
    tokens, folder = tmp_path / "tokens.txt", tmp_path / "index"
    tokens.write_text("\n".join(map(" ".join, lines)) + "\n", encoding="utf-8")
    folder.mkdir()
    peer.build(tokens, folder)
    session = peer.open(folder)
    for operator, terms in QUERIES:
        if peer.supports(operator):
            check(session, operator, terms, lines)
    session.close()


def check(
    session: Session, operator: Operator, terms: tuple[str, ...], lines: list[list[str]]
) -> None:
    found = session.lines(session.top(operator, terms))
    expected = {n for n, tokens in enumerate(lines) if matches(operator, terms, tokens)}
    assert set(found) <= expected
    assert len(found) == len(set(found)) == min(TOP, len(expected))
    assert session.count(operator, terms) in (None, len(expected))
