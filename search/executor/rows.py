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
from search.executor.layout import kernels, table
from search.executor.postings import SegmentView, TermPostings
from search.executor.statistics import F64

Weighed = tuple[str, TermPostings, float]
"""A field, a term of it, and the boost that its scores are multiplied by."""


class Rows:
    """`docs` are sorted ids; a row has one float64 a document, 0 where the term is absent."""

    def __init__(self, view: SegmentView, docs: Ids, terms: Iterable[Weighed]) -> None:
        self.docs = docs
        self._rows: dict[tuple[int, float], F64] = {}
        fields: dict[str, list[Weighed]] = {}
        for each in {
            (id(term), boost): (field, term, boost) for field, term, boost in terms
        }.values():
            fields.setdefault(each[0], []).append(each)
        found = [each for some in fields.values() for each in some]
        if found:
            native = kernels()
            scores = (
                _natively(native, view, docs, fields) if native else _scores(view, docs, fields)
            )
            keys = ((id(term), boost) for _, term, boost in found)
            self._rows.update(zip(keys, scores, strict=True))

    def of(self, term: TermPostings, boost: float = 1.0) -> F64:
        return self._rows[id(term), boost]


def _scores(view: SegmentView, docs: Ids, fields: dict[str, list[Weighed]]) -> F64:
    """Scores, float64 [terms, docs], in the order of `fields`."""
    terms = [term for some in fields.values() for _, term, _ in some]
    freqs = _frequencies(terms, docs)
    scores = np.empty(freqs.shape)
    first = 0
    for field, some in fields.items():
        check()
        last, model = first + len(some), terms[first].model
        norms = model.norms.take(view.lengths(field).take(docs))
        idfs = np.array([[term.idf] for _, term, _ in some])
        boosts = np.array([[boost] for *_, boost in some])
        scores[first:last] = model.score(idfs, freqs[first:last], norms) * boosts
        first = last
    return scores


def _natively(native: Any, view: SegmentView, docs: Ids, fields: dict[str, list[Weighed]]) -> F64:
    """What `_scores` gives."""
    found = [each for some in fields.values() for each in some]
    models = [some[0][1].model for some in fields.values()]
    norms = np.empty((len(models), len(docs)))
    for field, model, norm in zip(fields, models, norms, strict=True):
        check()
        model.norms.take(view.lengths(field).take(docs), out=norm)
    factors = [model.k1 + 1 if model.scorable else 0.0 for model in models]
    sizes = [len(some) for some in fields.values()]
    scores = np.empty((len(found), len(docs)))
    native.score(
        np.require(docs, requirements=["C", "W"]),  # what the loop is compiled for
        table([term.row for _, term, _ in found]),
        np.array([(term.idf, boost) for _, term, boost in found]),
        np.repeat(factors, sizes),
        norms,
        np.repeat(np.arange(len(sizes)), sizes),
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
