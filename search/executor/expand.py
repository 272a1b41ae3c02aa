"""Which terms of a field a prefix, a pattern, a range or a misspelling stands for.

Each function returns ordinals of one segment's dictionary, ascending; the same terms that Whoosh's
`_btexts` yields, found by binary search and a scan of the keys that can match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from whoosh.codec.base import Automata
from whoosh.lang.morph_en import variations
from whoosh.query import FuzzyTerm, Prefix, Query, Regex, TermRange, Variations, Wildcard
from whoosh.query.terms import PatternQuery

from index.codec.postings import FieldReader
from search.executor.statistics import FieldModel

Ordinals = Sequence[int]


def ordinals(query: Query, reader: FieldReader, model: FieldModel) -> Ordinals | None:
    """The terms that the query stands for; None if that is not known here."""
    if isinstance(query, Prefix):
        return range(*reader.prefix_range(model.to_bytes(query.text)))
    if isinstance(query, Wildcard | Regex):
        return _pattern(query, reader, model)
    if isinstance(query, TermRange):
        return _between(query, reader, model)
    if isinstance(query, FuzzyTerm):
        return list(_within(query, reader))
    if isinstance(query, Variations):
        found = {reader.find(model.to_bytes(text)) for text in variations(query.text)}
        return sorted(found - {-1})
    return None


def _pattern(query: PatternQuery, reader: FieldReader, model: FieldModel) -> Ordinals:
    matches = re.compile(query._get_pattern()).match
    low, high = reader.prefix_range(model.to_bytes(query._find_prefix(query.text)))
    keys = reader.keys(low, high)
    return [low + at for at, key in enumerate(keys) if matches(key.decode())]


def _between(query: TermRange, reader: FieldReader, model: FieldModel) -> Ordinals:
    low, high = 0, reader.term_count
    if query.start is not None:
        start = model.to_bytes(query.start)
        low = reader.lower_bound(start)
        if query.startexcl and low < high and reader.key(low) == start:
            low += 1
    end = b"\xff\xff\xff\xff" if query.end is None else model.to_bytes(query.end)
    high = reader.lower_bound(end)
    if not query.endexcl and high < reader.term_count and reader.key(high) == end:
        high += 1
    return range(low, max(low, high))


def _within(query: FuzzyTerm, reader: FieldReader) -> Iterator[int]:
    """Whoosh's Levenshtein automaton, skipping through the dictionary."""
    automaton = Automata.levenshtein_dfa(query.text, query.maxdist, query.prefixlength)
    at, text = 0, reader.key(0).decode() if reader.term_count else ""
    while at < reader.term_count:
        wanted = automaton.next_valid_string(text)
        if not wanted:
            return
        at = reader.lower_bound(wanted.encode())
        if at == reader.term_count:
            return
        text = reader.key(at).decode()
        if text == wanted:
            yield at
            text += "\0"
