"""Requests that cost a server the most, made of an index's own commonest words.

Whoever attacks knows the texts: so the worst that can be asked is asked with the syllables, pairs
and names that most documents hold, at every limit that the API has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, pairwise
from string import ascii_lowercase
from typing import Any
from urllib.parse import urlencode

import numpy as np

from index.snapshot import Snapshot
from search.parameters import MAX_DEPTH, MAX_QUERY_CHARACTERS

FACETS = "source,year,month,names,places"
BATCH = 20


@dataclass(frozen=True, slots=True)
class Hostile:
    """One request; `body` is the JSON that is posted, None for a GET."""

    name: str
    path: str
    body: Any = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The commonest syllables, spelled with marks and without, pairs, names and sources, best
    first; and the id of the longest of some documents."""

    folded: list[str]
    accented: list[str]
    pairs: list[str]
    names: list[str]
    sources: list[str]
    longest: str

    @classmethod
    def of(cls, snapshot: Snapshot) -> Vocabulary:
        return cls(
            folded=_commonest(snapshot, "folded", 256),
            accented=_commonest(snapshot, "accented", 256),
            pairs=[pair.replace("_", " ") for pair in _commonest(snapshot, "pairs", 256)],
            names=_commonest(snapshot, "names", 8),
            sources=_commonest(snapshot, "source", 8),
            longest=_longest(snapshot),
        )


def _commonest(snapshot: Snapshot, field: str, count: int) -> list[str]:
    """Terms of the largest segment by document frequency."""
    segment = max(snapshot.segments, key=lambda segment: segment.doc_count_all)
    reader = segment.field(field)
    if reader is None or not reader.term_count:
        return []
    best = np.argsort(-reader.dfs(0, reader.term_count), kind="stable")[:count]
    return [reader.key(term).decode() for term in best.tolist()]


def _longest(snapshot: Snapshot) -> str:
    segment = max(snapshot.segments, key=lambda segment: segment.doc_count_all)
    number = int(np.argmax(segment.lengths("folded")))
    return str(segment.stored(number)["id"])


def queries(words: Vocabulary) -> dict[str, str]:
    """The text of `q` by what is nasty about it."""
    folded, accented, pairs = words.folded, words.accented, words.pairs
    prefixes = [f"{letter}*" for letter in ascii_lowercase]
    built = {
        "common words": folded,
        "common words with marks": accented,
        "ten common words": folded[:10],
        "three common words": folded[:3],
        "one word again and again": folded[:1] * 500,
        "alternatives": [f"{word} OR" for word in folded],
        "alternatives with marks": [f"{word} OR" for word in accented],
        "prefixes": prefixes,
        "wide prefixes": ["t*", "n*", "c*", "h*", "d*", "k*", "l*", "b*"],
        "prefixes in the title": [f"title:{prefix}" for prefix in prefixes],
        "excluded prefixes": [*folded[:4], *(f"-{prefix}" for prefix in prefixes)],
        "patterns": ["*a*", "?", "a*b*", "**", "[a-z]*", "t?n*"] * 20,
        "phrases of two": [f'"{pair}"' for pair in pairs],
        "phrases of three": [f'"{" ".join(folded[at : at + 3])}"' for at in range(64)],
        "phrases with marks": [f'"{" ".join(accented[at : at + 2])}"' for at in range(64)],
        "a long phrase": ['"', *folded[:64], '"'],
        "a long phrase of one word": ['"', *folded[:1] * 200, '"'],
        "a phrase that ends in a prefix": [f'"{pair} t"*' for pair in pairs],
        "excluded": [folded[0], *(f"-{word}" for word in folded[1:])],
        "excluded phrases": [folded[0], *(f'-"{pair}"' for pair in pairs)],
        "only exclusions": [f"-{word}" for word in folded],
        "titles": [f"title:{word}" for word in folded],
        "authors": [f"author:{word}" for word in folded],
        "sources": [f"source:{word}" for word in folded],
        "everything in all ways": [
            part
            for word, pair, letter in zip(folded, pairs, cycle(ascii_lowercase), strict=False)
            for part in (word, f'"{pair}"', f"{letter}*", f"-title:{word}", "OR")
        ],
        "days": [f"date:{year}-{month:02}" for year in range(2000, 2030) for month in range(1, 13)],
        "alternative days": [f"date:{year} OR" for year in range(1900, 2100)],
        "all days": ["date:1000-01-01..2999-12-31", *(["OR date:1990..2030"] * 40)],
        "excluded days": [folded[0], *(f"-date:{year}" for year in range(1930, 2030))],
        "provinces": ['~"Hà Giang"', '~"Quảng Ninh"', '~"Hà Nội"', '~"Cần Thơ"'] * 16,
        "typing errors": [f"{word}{letter}x" for word, letter in zip(folded, cycle("qzwj"))],
        "unknown words": [f"{a}{b}{a}q" for a, b in zip(folded, reversed(folded), strict=True)],
        "words run together": ["".join(pair) for pair in pairwise(folded)],
        "keys of Telex": [f"{word}s{word[-1]}w" for word in folded],
        "keys of VNI": [f"{word}1{word[-1]}6" for word in folded],
        "one long word": ["a" * MAX_QUERY_CHARACTERS],
        "one long word of syllables": ["nguyen" * 200],
        "combining marks": ["a" + "\u0301" * 300, "e" + "\u0323\u0302" * 200],
        "quotes": ['"'] * MAX_QUERY_CHARACTERS,
        "brackets and dashes": ["-" * 300 + "(" * 300 + "gap"],
        "numbers": [str(number) for number in range(1, 300)],
        "single letters": list(ascii_lowercase) * 20,
        "abbreviations": ["UBND", "HĐND", "TPHCM", "CSGT", "ĐBQH", "THPT", "BHYT"] * 10,
        "emoji": ["😀👨‍👩‍👧‍👦"] * 60,
    }
    return {name: _cut(parts) for name, parts in built.items()}


def _cut(parts: Sequence[str]) -> str:
    """As much of it as a query may hold."""
    return " ".join(parts)[:MAX_QUERY_CHARACTERS]


def requests(words: Vocabulary) -> Iterator[Hostile]:
    """Every query in every way to search, and what else costs."""
    texts = queries(words)
    deep = {"page": MAX_DEPTH // 100, "size": 100}
    ways: dict[str, dict[str, Any]] = {
        "": {},
        "exact": {"mode": "exact"},
        "raw": {"mode": "raw"},
        "with facets": {"facets": FACETS},
        "by date, with facets": {"sort": "date", "facets": FACETS},
        "fresh": {"sort": "fresh"},
        "the last page": deep,
        "the last page by date": {**deep, "sort": "date"},
        "100 hits, exact, with facets": {"size": 100, "mode": "exact", "facets": FACETS},
        "ungrouped, the last page": {**deep, "group": 0},
    }
    for text_name, text in texts.items():
        for way, parameters in ways.items():
            name = f"{text_name}, {way}" if way else text_name
            yield Hostile(name, f"/search?{urlencode({'q': text, **parameters})}")
        for path in ("/", "/feed", "/suggest"):
            yield Hostile(f"{path} {text_name}", f"{path}?{urlencode({'q': text})}")
        query = urlencode({"q": text, "id": words.longest})
        yield Hostile(f"/explain {text_name}", f"/explain?{query}")
        document = f"/documents/{words.longest}?{urlencode({'q': text})}"
        yield Hostile(f"/documents {text_name}", document)
    yield from _narrow(words)
    yield from _suggestions(words)
    for text_name in ("common words with marks", "phrases of two", "wide prefixes"):
        search = {"q": texts[text_name], "size": 100, "facets": FACETS.split(",")}
        yield Hostile(f"batch: {text_name}", "/search/batch", {"searches": [search] * BATCH})


def _narrow(words: Vocabulary) -> Iterator[Hostile]:
    query = _cut(words.folded[:10])
    days = {"from": "1900-01-01", "to": "2100-12-31"}
    for kind, values in (("name", words.names), ("place", words.names), ("source", words.sources)):
        for value in values[:3]:
            path = f"/search?{urlencode({'q': query, kind: value, 'facets': FACETS, **days})}"
            yield Hostile(f"{kind} {value}", path)


def _suggestions(words: Vocabulary) -> Iterator[Hostile]:
    for typed in (*ascii_lowercase, "ng", "th", "nh", "tr"):
        yield Hostile(f"/suggest {typed}", f"/suggest?{urlencode({'q': typed, 'limit': 20})}")
    for word, letter in zip(islice(words.folded, 20), cycle("tnc"), strict=False):
        typed = f"{word} {letter}"
        yield Hostile(f"/suggest {typed}", f"/suggest?{urlencode({'q': typed, 'limit': 20})}")
