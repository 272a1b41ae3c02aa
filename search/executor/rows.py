"""Exact term scores of a few documents, for all terms of a query at once.

A query of ten words over four fields asks for forty terms at a dozen documents: what counts is the
number of NumPy calls, so that terms are looked up one by one and computed together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.deadline import check
from search.executor.docset import Ids
from search.executor.layout import field_table, kernels, table
from search.executor.postings import SegmentView, TermPostings
from search.executor.statistics import F64

Weighed = tuple[TermPostings, float]
"""A term, and the boost that its scores are multiplied by."""


class Rows:
    """`docs` are sorted ids; a row has one float64 a document, 0 where the term is absent."""

    def __init__(self, view: SegmentView, docs: Ids, terms: Iterable[Weighed]) -> None:
        self.docs = docs
        self._rows: dict[Weighed, F64] = {}
        found = list(dict.fromkeys(terms))
        if found:
            native = kernels()
            scores = _natively(native, view, docs, found) if native else _scores(view, docs, found)
            self._rows.update(zip(found, scores, strict=True))

    def of(self, term: TermPostings, boost: float = 1.0) -> F64:
        return self._rows[term, boost]


def _scores(view: SegmentView, docs: Ids, found: Sequence[Weighed]) -> F64:
    """Scores, float64 [terms, docs], in the order of `found`."""
    fields: dict[str, list[int]] = {}
    for at, (term, _) in enumerate(found):
        fields.setdefault(term.field, []).append(at)
    freqs = _frequencies([term for term, _ in found], docs)
    scores = np.empty(freqs.shape)
    for field, places in fields.items():
        check()
        terms = [found[at][0] for at in places]
        model = terms[0].model
        norms = model.norms.take(view.lengths(field).take(docs))
        idfs = np.array([[term.idf] for term in terms])
        boosts = np.array([[found[at][1]] for at in places])
        scores[places] = model.score(idfs, freqs[places], norms) * boosts
    return scores


def _natively(native: Any, view: SegmentView, docs: Ids, found: Sequence[Weighed]) -> F64:
    """What `_scores` gives."""
    check()
    fields: dict[str, int] = {}
    owners = [fields.setdefault(term.field, len(fields)) for term, _ in found]
    scores = np.empty((len(found), len(docs)))
    native.score(
        np.require(docs, requirements=["C", "W"]),  # what the loop is compiled for
        table([term.row for term, _ in found]),
        np.array([boost for _, boost in found], np.float64),
        field_table(map(view.row, fields)),
        np.array(owners, np.int64),
        view.size,
        scores,
    )
    return scores


def _frequencies(terms: Sequence[TermPostings], docs: Ids) -> F64:
    """Frequencies, shape [terms, docs], 0 where a term is absent."""
    if all(term.docs.listed for term in terms):
        return _from_lists(terms, docs)
    if not any(term.docs.listed for term in terms):
        return _from_bitmaps(terms, docs)
    found = np.empty((len(terms), len(docs)), np.float64)
    listed = [at for at, term in enumerate(terms) if term.docs.listed]
    mapped = [at for at, term in enumerate(terms) if not term.docs.listed]
    found[listed] = _from_lists([terms[at] for at in listed], docs)
    found[mapped] = _from_bitmaps([terms[at] for at in mapped], docs)
    return found


def _from_lists(terms: Sequence[TermPostings], docs: Ids) -> F64:
    found = _room(terms, docs)
    nearest = np.empty((len(terms), len(docs)), np.int32)
    for term, freqs, ids in zip(terms, found, nearest, strict=True):
        check()
        members = term.docs.ids
        places = members.searchsorted(docs)
        members.take(places, out=ids, mode="clip")
        _take(term.freqs, places, freqs)
    held: F64 = np.multiply(found, nearest == docs, dtype=np.float64)
    return held


def _from_bitmaps(terms: Sequence[TermPostings], docs: Ids) -> F64:
    """The place of a document in a term's list is the number of members before it: those before
    its word of the bitmap, and the bits set below its own."""
    found = _room(terms, docs)
    slots = (docs >> 6).astype(np.intp)  # what `take` needs: anything else it converts each time
    bits = (docs & 63).astype(np.uint64)
    words, before = np.empty(found.shape, np.uint64), np.empty(found.shape, np.int32)
    for term, word, count in zip(terms, words, before, strict=True):
        check()
        term.docs.words.take(slots, out=word, mode="clip")
        term.docs.before.take(slots, out=count, mode="clip")
    below = (np.uint64(1) << bits) - np.uint64(1)
    places = np.add(before, np.bitwise_count(words & below), dtype=np.intp)
    for term, place, freqs in zip(terms, places, found, strict=True):
        check()
        _take(term.freqs, place, freqs)
    check()
    held: F64 = np.multiply(found, words >> bits & np.uint64(1), dtype=np.float64)
    return held


def _take(source: NDArray[Any], places: NDArray[Any], out: NDArray[Any]) -> None:
    """`source[places]` into `out`, which may be of a wider type: then numpy takes no `out`."""
    if source.dtype == out.dtype:
        source.take(places, out=out, mode="clip")
    else:
        out[:] = source.take(places, mode="clip")


def _room(terms: Sequence[TermPostings], docs: Ids) -> NDArray[Any]:
    """An array for frequencies in a type that holds those of all `terms`: mostly bytes."""
    kinds = {term.freqs.dtype for term in terms}
    return np.empty((len(terms), len(docs)), max(kinds, key=lambda kind: kind.itemsize))
