"""The systems that timtin is measured against, each behind the same small protocol.

A peer is a module with a class that satisfies `Peer`. Its package is optional: `available` says
which peers can be imported here, and why the others cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from bench.shapes import Operator

TOP = 10


class Session(Protocol):
    """An open index. `top` is what is timed: everything from tokens to the best ten documents with
    scores. What it returns is the system's own; `lines` turns it into line numbers, untimed."""

    def top(self, operator: Operator, terms: Sequence[str]) -> object: ...

    def lines(self, hits: object) -> list[int]:
        """Line numbers (from 0) of the hits, best first."""
        ...

    def count(self, operator: Operator, terms: Sequence[str]) -> int | None:
        """How many documents match; None if the system cannot say."""
        ...

    def close(self) -> None: ...


class Peer(Protocol):
    name: str

    def supports(self, operator: Operator) -> bool: ...

    def build(self, tokens: Path, folder: Path) -> None:
        """Index the lines of `tokens` (space-separated tokens) into the empty `folder`."""
        ...

    def open(self, folder: Path) -> Session: ...


NAMES = ("tantivy", "fts5", "whoosh", "whoosh_all", "xapian", "bm25s")


def load(name: str) -> Peer:
    """The peer of that name; ImportError if its package is not installed."""
    module = import_module(f"bench.peers.{name.removesuffix('_all')}")
    return cast("Peer", module.peer(name))


def available(names: Sequence[str] = NAMES) -> tuple[list[Peer], list[str]]:
    """(the peers that can be used here, notes about those that cannot)."""
    peers, notes = [], []
    for name in names:
        try:
            peers.append(load(name))
        except ImportError as error:
            notes.append(f"{name}: skipped, {error}")
    return peers, notes


def token_lines(tokens: Path) -> Iterator[str]:
    """The lines of a token file, one at a time."""
    with tokens.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n")
