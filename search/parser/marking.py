"""What a query wants marked in the texts found, and what its words count there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from search.occurrences import HighlightSpec, Needle, Stem
from search.parser import tree
from search.parser.boosts import Factors
from search.parser.reading import Reading, Sequence
from search.parser.reading import Syllable as Meant
from search.ranking import FIELD_WEIGHTS

Idf = Callable[[str, str], float]
"""The inverse document frequency of a term, by field and text."""


def highlight(readings: Iterable[Reading], *, exact: bool) -> HighlightSpec:
    """What to mark: words, phrases and prefixes wherever they stand, `title:` in titles."""
    sequences = (
        sequence
        for reading in readings
        for sequence in (*map(Sequence, _words(reading)), *_others(reading))
    )
    return HighlightSpec(tuple(dict.fromkeys(map(_needle, sequences))), exact=exact)


def weighed(readings: Iterable[Reading], idf: Idf, *, exact: bool) -> HighlightSpec:
    """The same, with the weight of each needle that is one of the plain words: the idf of its
    syllables, less for those that only ask or say little."""
    weights: dict[Needle, float] = {}
    for reading in readings:
        factor = Factors(FIELD_WEIGHTS, reading).factor
        for word in _words(reading):
            counts = sum([factor(s) * _idf(s, idf, exact=exact) for s in word])
            needle = _needle(Sequence(word))
            weights[needle] = max(weights.get(needle, 0.0), counts)
        for sequence in _others(reading):
            weights.setdefault(_needle(sequence), 0.0)
    return HighlightSpec(tuple(weights), exact=exact, weights=tuple(weights.values()))


def _words(reading: Reading) -> Iterator[tuple[Meant, ...]]:
    return chain(*reading.runs)


def _others(reading: Reading) -> Iterator[Sequence]:
    """All that is to be marked besides the plain words."""
    for expanded in reading.expanded:
        yield Sequence(expanded.other)
    for syllable in chain(*_words(reading)):
        for folded, _ in syllable.others:
            yield Sequence((Meant(folded, folded, folded),))
    yield from (s for s in reading.required if s.field in ("", "title"))
    for sequence in reading.required:
        yield from map(Sequence, sequence.others)


def _needle(sequence: Sequence) -> Needle:
    stems = [Stem((s.folded,), (s.accented,)) for s in sequence.syllables]
    if sequence.prefix:
        last = sequence.syllables[-1]
        stems[-1] = Stem(
            tuple(tree.folded_stems(last)), tuple(tree.accented_stems(last)), prefix=True
        )
    return Needle(tuple(stems), title_only=sequence.field == "title")


def _idf(syllable: Meant, idf: Idf, *, exact: bool) -> float:
    return idf("accented", syllable.accented) if exact else idf("folded", syllable.folded)
