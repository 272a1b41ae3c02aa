"""How documents go on from what was typed, read off their own text with its marks and capitals.

For each pair that may come next, a few of the documents that hold it are looked into, from all over
the collection. How many of them go on in the same way says how common a longer phrase is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from whoosh.query import And, Or, Query, Term

from index.analysis.analyzers import JOINER
from index.analysis.normalize import accented_key
from index.analysis.phonotactics import is_syllable
from index.snapshot import Snapshot
from search.engines.newest import Commit
from search.suggest import following
from search.suggest.function_words import FUNCTION_WORDS
from search.suggest.places import LONGEST, Place, pattern, places
from search.suggest.typed import Typed
from search.suggest.words import Words

SAMPLE = 10
"""Documents looked into for each pair."""
SOURCE = 20_000
"""Characters of a document that are looked through."""
GOES_ON = 0.7
"""A phrase that goes on in one way so often is only the beginning of the longer one,"""
STOPS = 0.3
"""unless it ends so often: at a comma, say, or before a word that only holds sentences together."""
CUT = 0.5
"""A phrase is cut off if so often what comes next belongs to its last syllable."""
WEIGHT_OF_LENGTH = 0.35
OTHER_MARKS = 0.02
"""What a phrase is worth whose marks are not those typed."""
NO_WORD = 0.1
"""And one that does not begin with a word that pyvi knows: it may begin in the middle of one."""
INSIDE = 0.02
"""And one that does begin in the middle of one: *gia và* of *quốc gia và vùng lãnh thổ*."""
LOOSE = 0.1
"""And one in which a word that names nothing comes next: *tai nạn giữa hai xe*."""
SEGMENTED = 0.05
"""How much oftener a pair that is no word may be found than the same as a word: pyvi errs, too."""
FAINT = 0.02
"""Of the best phrase's worth: what is worth less is not offered."""
LOWER_SHARE = 0.25
"""How often a phrase must be written small to be shown so: capitals are often those of a title."""

_FIRST = re.compile(r"[ \-–/]")


@dataclass(slots=True)
class Phrase:
    """A phrase as documents write it; `documents` is about how many hold it, `stops` the share
    in which it ends there, `worth` its place in the order."""

    text: str
    syllables: tuple[str, ...]
    typed: int
    documents: float
    stops: float
    worth: float = 0.0


@dataclass(slots=True)
class _Tally:
    """Everything read that has the same syllables with the same marks."""

    documents: set[int] = field(default_factory=set)
    stops: set[int] = field(default_factory=set)
    places: int = 0
    named: int = 0
    """Places where a name goes on."""
    surfaces: Counter[tuple[str, int]] = field(default_factory=Counter)
    opening: Counter[tuple[str, int]] = field(default_factory=Counter)
    """At the beginning of sentences, where a capital says nothing."""
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)

    def add(self, docnum: int, place: Place, count: int, *, stops: bool) -> None:
        """Count a place whose first `count` syllables these are."""
        self.documents.add(docnum)
        self.places += 1
        self.named += place.names(count - 1)
        surfaces = self.opening if place.opens else self.surfaces
        surfaces[place.text[: place.ends[count - 1]], place.begun] += 1
        self.before[place.before] += 1
        if count < len(place.syllables):
            self.after[place.syllables[count]] += 1
        if stops:
            self.stops.add(docnum)

    def shown(self) -> tuple[str, int]:
        """The commonest way to write it, and where its begun syllable begins."""
        if not self.surfaces:
            text, at = self.opening.most_common(1)[0][0]
            vietnamese = is_syllable(accented_key(_FIRST.split(text, maxsplit=1)[0]))
            return text[:1].lower() + text[1:] if vietnamese else text, at
        small = [row for row in self.surfaces if row[0].islower()]
        common = max(small, key=self.surfaces.__getitem__, default=None)
        if common and self.surfaces[common] >= LOWER_SHARE * self.surfaces.total():
            return common
        return self.surfaces.most_common(1)[0][0]


def phrases(commit: Commit, words: Words, typed: Typed) -> list[Phrase]:
    """Phrases that go on from what was typed, best first; no two with the same syllables."""
    found: dict[tuple[str, ...], Phrase] = {}
    for pair, documents in following.pairs(commit.snapshot, typed, commit.interpreter):
        keys = (*(syllable.folded for syllable in typed.whole[:-1]), *pair.split(JOINER))
        for phrase in _continuations(commit, words, typed, keys, documents):
            found.setdefault(phrase.syllables, phrase)
    least = FAINT * max((phrase.worth for phrase in found.values()), default=0)
    kept = [phrase for phrase in found.values() if phrase.worth >= least]
    return sorted(kept, key=lambda phrase: (-phrase.worth, phrase.text))


def _continuations(
    commit: Commit, words: Words, typed: Typed, keys: tuple[str, ...], documents: int
) -> Iterator[Phrase]:
    parts: list[Query] = [Term("pairs", a + JOINER + b) for a, b in pairwise(keys)]
    if not typed.begun.isascii() and commit.interpreter:
        meant = [
            Term("accented", spelling)
            for spelling in commit.interpreter.spellings(keys[len(typed.whole)])
            if typed.may_become(spelling)
        ]
        parts.append(Or(meant))
    sample, total = _sample(commit, parts[0] if len(parts) == 1 else And(parts))
    if not sample:
        return
    tallies = _tallies(commit.snapshot, words, sample, keys, len(typed.whole))
    share = min(documents, total) / len(sample)
    longer: dict[tuple[str, ...], int] = {}
    for syllables, tally in sorted(tallies.items(), key=lambda row: -len(row[0])):
        count = len(tally.documents)
        stops = len(tally.stops) / count
        alone = count < 2 and total > 2 and len(syllables) > len(keys)
        goes_on = longer.get(syllables, 0) >= max(2, GOES_ON * count) and stops < STOPS
        if alone or goes_on or words.hangs(syllables) or _cut(words, syllables, tally):
            # What it would only be the beginning of is the beginning of less, then.
            longer[syllables[:-1]] = max(longer.get(syllables[:-1], 0), longer.get(syllables, 0))
            continue
        longer[syllables[:-1]] = max(longer.get(syllables[:-1], 0), count)
        text, at = tally.shown()
        phrase = Phrase(text, syllables, at + len(typed.begun), count * share, stops)
        phrase.worth = _worth(phrase, typed, words, tally)
        yield phrase


def _worth(phrase: Phrase, typed: Typed, words: Words, tally: _Tally) -> float:
    """For the order: common ones first, longer ones a little, marks as typed above all."""
    syllables, place = phrase.syllables, len(typed.whole)
    worth = phrase.documents * (0.5 + phrase.stops)
    worth *= 1 + WEIGHT_OF_LENGTH * min(len(syllables) - place - 1, LONGEST - 1)
    worth *= OTHER_MARKS ** typed.disagrees(syllables)
    if words.inside(syllables[0], tally.before):
        return worth * INSIDE
    following = max(place, 1)
    pair = syllables[following - 1 : following + 1]
    if words.known(pair) >= SEGMENTED * phrase.documents:
        return worth
    if not place:
        worth *= NO_WORD
    if pair[1] in FUNCTION_WORDS:
        worth *= LOOSE
    return worth * words.tied(pair)


def _cut(words: Words, syllables: tuple[str, ...], tally: _Tally) -> bool:
    """Whether the phrase mostly ends in the middle of a name, a date or a word."""
    if tally.named > CUT * tally.places:
        return True
    if syllables[-1].isdecimal():
        return any(after.isdecimal() for after in tally.after)
    return words.within(syllables[-2:], tally.after) > CUT * tally.places


def _tallies(
    snapshot: Snapshot, words: Words, sample: list[int], keys: tuple[str, ...], whole: int
) -> dict[tuple[str, ...], _Tally]:
    """How the documents go on, by accented syllables."""
    wanted = pattern(keys)
    tallies: dict[tuple[str, ...], _Tally] = {}
    for docnum in sample:
        for place in places(_text(snapshot, docnum), wanted, keys, whole):
            kept = words.without_tail(place.syllables, len(keys))
            for count in range(len(keys), kept + 1):
                tally = tallies.setdefault(place.syllables[:count], _Tally())
                ends = count == kept and count < len(keys) + LONGEST
                number = count < kept and place.syllables[count].isdecimal()
                tally.add(docnum, place, count, stops=ends or number)
    return tallies


def _sample(commit: Commit, query: Query) -> tuple[list[int], int]:
    """Some of the documents that match, evenly spread over the collection, and how many do."""
    found = commit.executor.matching(query)
    bases = [segment.base for segment in commit.snapshot.segments]
    docs = np.concatenate([ids + base for ids, base in zip(found, bases, strict=True)])
    if len(docs) > SAMPLE:
        return docs[np.linspace(0, len(docs) - 1, SAMPLE).astype(int)].tolist(), len(docs)
    return docs.tolist(), len(docs)


def _text(snapshot: Snapshot, docnum: int) -> str:
    number = bisect_right(snapshot.segments, docnum, key=lambda segment: segment.base)
    segment = snapshot.segments[number - 1]
    record = segment.stored(docnum - segment.base)
    return f"{record.get('title') or ''}\n{record.get('body') or ''}"[:SOURCE]
