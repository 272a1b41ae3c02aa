"""Tokens into postings, a field at a time, by sorting arrays.

Every token becomes one 64-bit key that holds term, document and position; one `np.sort` over the
keys of a field is its inverted index. Term numbers are ranks in byte order, so sorted keys are
sorted terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis.fold import fold_key
from index.codec import integers
from index.codec.integers import Ints, starts_of
from index.codec.postings import FieldWriter, Postings

# A key of a field with positions is term | document | position, of one without term | document.
DOC_BITS, POSITION_BITS = 18, 24
MAX_BATCH_DOCS = 1 << DOC_BITS
MAX_TOKENS = 1 << POSITION_BITS  # tokens of one document that are indexed; the rest is only stored


class Tokens(NamedTuple):
    """Tokens of one field over a batch: term numbers, one document after another, and their
    counts.
    """

    terms: Ints
    counts: Ints


class Numbers(dict[str, int]):
    """Numbers strings in the order in which they first appear."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number

    def tokens(self, texts: Iterable[list[str]]) -> Tokens:
        """Texts, each a list of terms, as tokens."""
        numbers: list[int] = []
        counts = []
        for words in texts:
            kept = words[:MAX_TOKENS]
            numbers += [self[word] for word in kept]
            counts.append(len(kept))
        return Tokens(np.array(numbers, np.int64), np.array(counts, np.int64))


def ranked(terms: Ints, numbers: Numbers, suffix: str = "") -> tuple[Ints, list[bytes]]:
    """Term numbers replaced by ranks in byte order of `key + suffix`, and the keys in that
    order.
    """
    used = np.flatnonzero(np.bincount(terms, minlength=len(numbers)))
    texts = list(numbers)
    keys = [(texts[number] + suffix).encode() for number in used.tolist()]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rank = np.zeros(len(numbers), np.int64)
    rank[used[order]] = np.arange(len(order))
    return rank[terms], [keys[at] for at in order]


def invert(
    tokens: Tokens, numbers: Numbers, *, with_positions: bool = True
) -> tuple[list[bytes], Postings]:
    """The terms of a field, sorted, and their postings."""
    ranks, keys = ranked(tokens.terms, numbers)
    docs = np.repeat(np.arange(len(tokens.counts)), tokens.counts)
    shift = POSITION_BITS if with_positions else 0
    packed = (ranks << DOC_BITS | docs) << shift
    if with_positions:
        packed |= np.arange(len(docs)) - np.repeat(starts_of(tokens.counts)[:-1], tokens.counts)
    packed.sort()
    return keys, _inverted(packed, shift, len(keys))


def write_sharing(
    field: FieldWriter,
    keys: list[bytes],
    postings: Postings,
    parent_keys: list[bytes],
    parent: Postings,
) -> None:
    """Write accented terms: only positions that are not all those of the folded term are kept."""
    rank = {key: at for at, key in enumerate(parent_keys)}
    parents = np.array([rank[fold_key(key.decode()).encode()] for key in keys], np.int64)
    own = _rarer(parents, postings, parent)
    assert postings.positions is not None
    kept = postings.positions[np.repeat(own, postings.freqs)]
    field.add(keys, postings._replace(positions=kept, own=own), parents)


def _rarer(parents: Ints, postings: Postings, parent: Postings) -> npt.NDArray[np.bool_]:
    """Whether a term is rarer in each of its documents than the one that it belongs to."""
    if native := integers.kernels():
        own = np.empty(len(postings.ids), np.bool_)
        starts = starts_of(parent.dfs)
        native.rarer(parents, *postings[:3], starts, parent.ids, parent.freqs, own)
        return own
    place = np.repeat(np.arange(len(parent.dfs)), parent.dfs) << DOC_BITS | parent.ids
    wanted = np.repeat(parents, postings.dfs) << DOC_BITS | postings.ids
    return parent.freqs[np.searchsorted(place, wanted)] > postings.freqs


def invert_pairs(tokens: Tokens, numbers: Numbers) -> tuple[list[bytes], Postings]:
    """Adjacent folded syllables `a_b`. Ordering `a` by `a_` makes pairs of ranks sort as terms
    do.
    """
    docs = np.repeat(np.arange(len(tokens.counts)), tokens.counts)
    inner = np.flatnonzero(docs[1:] == docs[:-1])
    left, heads = ranked(tokens.terms[inner], numbers, "_")
    right, tails = ranked(tokens.terms[inner + 1], numbers)
    packed = (left * len(tails) + right << DOC_BITS) | docs[inner]
    packed.sort()
    pairs = packed >> DOC_BITS
    distinct = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    firsts, seconds = np.divmod(distinct, max(len(tails), 1))
    keys = [heads[a] + tails[b] for a, b in zip(firsts.tolist(), seconds.tolist(), strict=True)]
    return keys, _inverted(packed, 0, len(keys))


def invert_keywords(values: list[list[bytes]]) -> tuple[list[bytes], Postings]:
    """The same of terms that are given, those of each document."""
    postings = sorted((term, docnum) for docnum, terms in enumerate(values) for term in terms)
    keys = sorted({term for term, _ in postings})
    rank = {key: at for at, key in enumerate(keys)}
    packed = np.array([rank[term] << DOC_BITS | docnum for term, docnum in postings], np.int64)
    return keys, _inverted(packed, 0, len(keys))


def _inverted(packed: Ints, shift: int, terms: int) -> Postings:
    """Postings of so many terms from sorted keys, one per token; positions have `shift` bits."""
    if native := integers.kernels():
        dfs, positions = np.empty(terms, np.int64), np.empty(len(packed) if shift else 0, np.int64)
        ids, freqs = np.empty((2, len(packed)), np.int64)
        _, docs = native.invert(packed, shift, DOC_BITS, dfs, ids, freqs, positions)
        return Postings(dfs, ids[:docs], freqs[:docs], positions if shift else None)
    keys = packed >> shift
    heads = np.flatnonzero(np.diff(keys, prepend=-1))
    freqs = np.diff(heads, append=len(keys))
    found = keys[heads]
    dfs = np.diff(np.flatnonzero(np.diff(found >> DOC_BITS, prepend=-1)), append=len(found))
    whole = packed & (MAX_TOKENS - 1) if shift else None
    return Postings(dfs, found & (MAX_BATCH_DOCS - 1), freqs, whole)
