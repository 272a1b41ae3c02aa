"""What a query wants marked in the texts found, and what its words count there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Sequence as Row
from dataclasses import replace

from search.occurrences import HighlightSpec, Needle, Stem
from search.parser import tree
from search.parser.boosts import Boosts
from search.parser.reading import Reading, Sequence
from search.parser.reading import Syllable as Meant
from search.ranking import FIELD_WEIGHTS

Idf = Callable[[str, str], float]
"""The inverse document frequency of a term, by field and text."""


def highlight(readings: Iterable[Reading], *, exact: bool) -> HighlightSpec:
    """What to mark: words, phrases and prefixes wherever they stand, `title:` in titles."""
    sequences = [
        sequence
        for reading in readings
        for sequence in (
            *(Sequence(word) for run in reading.runs for word in run),
            *(Sequence(each.other) for each in reading.expanded),
            *(
                Sequence((other,))
                for run in reading.runs
                for word in run
                for other in _others(word)
            ),
            *(s for s in reading.required if s.field in ("", "title")),
            *(Sequence(other) for s in reading.required for other in s.others),
        )
    ]
    return HighlightSpec(tuple(dict.fromkeys(map(_needle, sequences))), exact=exact)


def _others(word: tuple[Meant, ...]) -> Iterator[Meant]:
    for syllable in word:
        for folded, _ in syllable.others:
            yield Meant(folded, folded, folded)


def _needle(sequence: Sequence) -> Needle:
    stems = [Stem((s.folded,), (s.accented,)) for s in sequence.syllables]
    if sequence.prefix:
        last = sequence.syllables[-1]
        stems[-1] = Stem(
            tuple(tree.folded_stems(last)), tuple(tree.accented_stems(last)), prefix=True
        )
    return Needle(tuple(stems), title_only=sequence.field == "title")


def weighed(spec: HighlightSpec, readings: Row[Reading], idf: Idf) -> HighlightSpec:
    """`spec` with the weight of each needle that is one of the plain words: the idf of its
    syllables, less for those that only ask or say little."""
    weights = dict.fromkeys(spec.needles, 0.0)
    for reading in readings:
        boosts = Boosts(FIELD_WEIGHTS, reading)
        for word in (word for run in reading.runs for word in run):
            counts = sum(boosts.factor(s) * _idf(s, idf, exact=spec.exact) for s in word)
            needle = _needle(Sequence(word))
            weights[needle] = max(weights[needle], counts)
    return replace(spec, weights=tuple(weights.values()))


def _idf(syllable: Meant, idf: Idf, *, exact: bool) -> float:
    return idf("accented", syllable.accented) if exact else idf("folded", syllable.folded)
