"""Queries to begin with, on the start page and where nothing was found; they find something."""

from __future__ import annotations

from search.engine import SearchEngine
from search.request import SearchRequest

EXAMPLES = ("gap go dau xuan", '"kết nghĩa cụm dân cư"', 'author:"Trần Kế"')
"""Of the texts that come with timtin: without marks, a phrase, an author."""
BEGINNINGS = ("th", "ng", "c", "b", "g", "tr")
"""Of other collections: the first thing that is suggested to who types one of these."""
MOST = 3


def starters(engine: SearchEngine) -> tuple[str, ...]:
    """The examples if all of them find something, else what the collection itself suggests."""
    found = tuple(e for e in EXAMPLES if engine.search(SearchRequest(e, size=1)).total)
    if len(found) == len(EXAMPLES):
        return found
    suggested = (engine.suggest(begun, 2) for begun in BEGINNINGS)
    queries = (s.text for some in suggested for s in some[:1] if s.kind == "query")
    return tuple(dict.fromkeys(queries))[:MOST]
