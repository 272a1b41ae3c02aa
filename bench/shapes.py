"""The query sets: seeded draws from the corpus's own tokens, one set for each shape of query.

"c" stands for common: a term in 3-60 % of the documents. Multi-term queries take their terms from
one document or from one run of its text, as people's queries do, so that they mostly have hits.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.conditions import strip_marks
from bench.corpus import Layout, folded_tokens
from index.analysis.syllables import surfaces

Operator = Literal["term", "all", "any", "phrase", "prefix"]
SEED = 2025
LENGTHS = (1, 2, 2, 3, 3, 4, 5, 6, 8, 10)
"""Words of the queries that a mixed load is made of."""

OPERATORS: dict[str, Operator] = {
    "rare": "term",
    "common": "term",
    "AND 2": "all",
    "OR 3": "any",
    "OR 8": "any",
    "phrase": "phrase",
    "prefix": "prefix",
    "prefix c": "prefix",
    "question": "any",
}
"""Single-field shapes, in the order of the tables."""


@dataclass(frozen=True, slots=True)
class Query:
    """`terms` are folded tokens; a prefix query has one, the prefix. `text` is what a person would
    type for it where the shape is one for the search box, else empty."""

    shape: str
    operator: Operator
    terms: tuple[str, ...]
    text: str = ""


class QuerySets:
    """Draws queries from a layout's tokens. Holds the documents' token lines of a sample only."""

    def __init__(self, layout: Layout, *, seed: int = SEED, sample: int = 2_000) -> None:
        self._seed = seed
        frequencies: Counter[str] = Counter()
        self._lines: list[list[str]] = []
        chosen = set(random.Random(seed).sample(range(layout.docs), min(sample, layout.docs)))
        for number, line in enumerate(layout.token_lines()):
            tokens = line.split(" ")
            frequencies.update(set(tokens))
            if number in chosen and len(tokens) >= 30:
                self._lines.append(tokens)
        if not self._lines:
            raise SystemExit(f"{layout.corpus}: no document has 30 words or more to ask for")
        low, high = 0.03 * layout.docs, 0.60 * layout.docs
        self._common = {term for term, df in frequencies.items() if low <= df <= high}
        self._rare = sorted(term for term, df in frequencies.items() if 2 <= df <= 10)
        self._lexicon = sorted(t for t, df in frequencies.items() if df >= 2 and len(t) >= 4)

    def draw(self, shape: str, count: int) -> list[Query]:
        """`count` different queries of a shape in OPERATORS (fewer if the corpus has fewer)."""
        rng = random.Random(f"{self._seed}:{shape}")
        draw = self._draws()[shape]
        found: dict[tuple[str, ...], None] = {}
        for _ in range(count * 50):
            terms = draw(rng)
            if terms is not None:
                found[terms] = None
            if len(found) == count:
                break
        return [Query(shape, OPERATORS[shape], terms) for terms in found]

    def _draws(self) -> dict[str, Callable[[random.Random], tuple[str, ...] | None]]:
        return {
            "rare": lambda rng: (rng.choice(self._rare),),
            "common": lambda rng: self._from_one_text(rng, 1),
            "AND 2": lambda rng: self._from_one_text(rng, 2),
            "OR 3": lambda rng: self._from_one_text(rng, 3),
            "OR 8": lambda rng: self._run(rng, 8),
            "phrase": lambda rng: self._run(rng, rng.choice((3, 4))),
            "prefix": self._prefix_of_the_lexicon,
            "prefix c": self._prefix_of_a_text,
            "question": lambda rng: self._run(rng, 10),
        }

    def _from_one_text(self, rng: random.Random, count: int) -> tuple[str, ...] | None:
        """Different common terms of one document."""
        common = sorted(self._common.intersection(rng.choice(self._lines)))
        return tuple(rng.sample(common, count)) if len(common) >= count else None

    def _run(self, rng: random.Random, count: int) -> tuple[str, ...]:
        """Consecutive tokens of one document."""
        tokens = rng.choice(self._lines)
        start = rng.randrange(len(tokens) - count + 1)
        return tuple(tokens[start : start + count])

    def _prefix_of_the_lexicon(self, rng: random.Random) -> tuple[str, ...] | None:
        """The beginning of a term; every term of the lexicon is as likely."""
        term = rng.choice(self._lexicon)
        return (term[: rng.randint(3, len(term) - 1)],)

    def _prefix_of_a_text(self, rng: random.Random) -> tuple[str, ...] | None:
        """Two or three letters of a running text's word: what a person types first."""
        term = rng.choice(rng.choice(self._lines))
        return (term[: rng.choice((2, 3))],) if len(term) >= 4 else None


def box_queries(layout: Layout, count: int, *, seed: int = SEED) -> list[Query]:
    """Ten consecutive words of a text as typed into the search box, every other one without marks.

    Shapes "typed" and "unaccented"; `text` holds what is typed.
    """
    texts = typed_queries(layout, count, lengths=(10,), seed=seed)
    return [
        Query(("typed", "unaccented")[at % 2], "any", tuple(folded_tokens(text)), text)
        for at, text in enumerate(texts)
    ]


def typed_queries(
    layout: Layout, count: int, *, lengths: Sequence[int] = LENGTHS, seed: int = SEED
) -> list[str]:
    """Runs of words of the corpus's texts, of one of `lengths`, every other one without marks."""
    rng = random.Random(f"{seed}:box")
    chosen = set(rng.sample(range(layout.docs), min(2 * count, layout.docs)))
    queries: list[str] = []
    for number, document in enumerate(layout.documents()):
        words = surfaces(document.text) if number in chosen else []
        if len(words) < 30:
            continue
        length = rng.choice(lengths)
        start = rng.randrange(len(words) - length + 1)
        text = " ".join(words[start : start + length])
        queries.append(strip_marks(text) if len(queries) % 2 else text)
        if len(queries) == count:
            break
    return queries
