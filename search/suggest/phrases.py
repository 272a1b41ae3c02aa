"""How documents go on from what was typed, read off their own text with its marks and capitals.

For each pair that may come next, a few of the documents that hold it are looked into. How many of
them go on in the same way says how common a longer phrase is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import NamedTuple

from whoosh.query import And, Term

from index.analysis.analyzers import JOINER
from index.analysis.fold import spellings
from index.analysis.normalize import accented_key
from index.snapshot import Snapshot
from search.executor import Executor
from search.flat import flatten
from search.suggest import following
from search.suggest.function_words import FUNCTION_WORDS
from search.suggest.typed import Typed

SAMPLE = 8
"""Documents looked into for each pair, and places looked at in each."""
PLACES = 2
SOURCE = 20_000
"""Characters of a document that are looked through."""
LONGEST = 4
"""Syllables that are added to the pair, at most."""
GOES_ON = 0.7
"""A phrase that goes on in one way so often is only the beginning of the longer one,"""
STOPS = 0.3
"""unless it ends so often: at a comma, say, or before a word that only holds sentences together."""
WEIGHT_OF_LENGTH = 0.35
OTHER_MARKS = 0.02
"""What a phrase is worth whose marks are not those typed."""
NO_WORD = 0.1
"""And one that does not begin with a word that pyvi knows: it may begin in the middle of one."""
LOWER_SHARE = 0.25
"""How often a phrase must be written small to be shown so: capitals are often those of a title."""

_SYLLABLE = rb"[0-9a-z\x01\x02]+"
_JOINED = re.compile(r"[^\W_]+(?:[ \-–/][^\W_]+)*")
_BETWEEN = re.compile(r"[ \-–/]")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;\n“\"(•–-])\s*$")


@dataclass(slots=True)
class Phrase:
    """A phrase as documents write it; `documents` is about how many hold it, `stops` the share
    in which it ends there."""

    text: str
    syllables: tuple[str, ...]
    typed: int
    documents: float
    stops: float
    begins_a_word: bool

    def worth(self, typed: Typed) -> float:
        """For the order: common ones first, longer ones a little, marks as typed above all."""
        added = len(self.syllables) - len(typed.whole) - 1
        worth = self.documents * (0.5 + self.stops)
        worth *= 1 + WEIGHT_OF_LENGTH * min(added, LONGEST - 1)
        for own, asked in zip(self.syllables, typed.whole, strict=False):
            if asked.accented not in (asked.folded, own):
                worth *= OTHER_MARKS
        return worth if typed.whole or self.begins_a_word else worth * NO_WORD


@dataclass(slots=True)
class _Tally:
    """Everything read that has the same syllables with the same marks."""

    documents: set[int] = field(default_factory=set)
    stops: set[int] = field(default_factory=set)
    surfaces: Counter[tuple[str, int]] = field(default_factory=Counter)

    def shown(self) -> tuple[str, int]:
        """The commonest way to write it, and where its begun syllable begins."""
        small = [row for row in self.surfaces if row[0].islower()]
        common = max(small, key=self.surfaces.__getitem__, default=None)
        if common and self.surfaces[common] >= LOWER_SHARE * self.surfaces.total():
            return common
        return self.surfaces.most_common(1)[0][0]


def phrases(snapshot: Snapshot, executor: Executor, typed: Typed) -> list[Phrase]:
    """Phrases that go on from what was typed, best first; no two with the same syllables."""
    found: dict[tuple[str, ...], Phrase] = {}
    for pair, documents in following.pairs(snapshot, typed):
        for phrase in _continuations(snapshot, executor, typed, pair, documents):
            if phrase.syllables not in found:
                found[phrase.syllables] = phrase
    return sorted(found.values(), key=lambda phrase: (-phrase.worth(typed), phrase.text))


def _continuations(
    snapshot: Snapshot, executor: Executor, typed: Typed, pair: str, documents: int
) -> Iterator[Phrase]:
    keys = (*(syllable.folded for syllable in typed.whole[:-1]), *pair.split(JOINER))
    joined = [Term("pairs", a + JOINER + b) for a, b in pairwise(keys)]
    top = executor.top(joined[0] if len(joined) == 1 else And(joined), SAMPLE)
    if not top.total:
        return
    pattern = _pattern(keys)
    tallies: dict[tuple[str, ...], _Tally] = {}
    for docnum in top.docs.tolist():
        for found in _read(_text(snapshot, docnum), pattern, keys, len(typed.whole)):
            kept = _without_tail(snapshot, found.syllables, len(keys))
            for count in range(len(keys), kept + 1):
                tally = tallies.setdefault(found.syllables[:count], _Tally())
                tally.documents.add(docnum)
                tally.surfaces[found.text[: found.ends[count - 1]], found.begun] += 1
                if count == kept and count < len(keys) + LONGEST:
                    tally.stops.add(docnum)
    share = min(documents, top.total) / len(top.docs)
    longer: dict[tuple[str, ...], int] = {}
    for syllables, tally in tallies.items():
        count = max(longer.get(syllables[:-1], 0), len(tally.documents))
        longer[syllables[:-1]] = count
    for syllables, tally in tallies.items():
        count = len(tally.documents)
        stops = len(tally.stops) / count
        alone = count < 2 and top.total > 2 and len(syllables) > len(keys)
        goes_on = longer.get(syllables, 0) >= max(2, GOES_ON * count) and stops < STOPS
        if alone or goes_on or _hangs(snapshot, syllables):
            continue
        text, at = tally.shown()
        known = _is_word(snapshot, syllables[:2])
        yield Phrase(text, syllables, at + len(typed.begun), count * share, stops, known)


def _without_tail(snapshot: Snapshot, syllables: tuple[str, ...], least: int) -> int:
    """How many of the syllables come before the first that only holds the sentence together."""
    for at in range(least, len(syllables)):
        if _hangs(snapshot, syllables[: at + 1]):
            return at
    return len(syllables)


def _hangs(snapshot: Snapshot, syllables: tuple[str, ...]) -> bool:
    """Whether a phrase ends in a word that wants another one; *gây ra* is a word of its own."""
    return syllables[-1] in FUNCTION_WORDS and not _is_word(snapshot, syllables[-2:])


def _is_word(snapshot: Snapshot, syllables: tuple[str, ...]) -> bool:
    return snapshot.doc_frequency("words", JOINER.join(syllables).encode()) > 0


def _pattern(keys: tuple[str, ...]) -> re.Pattern[bytes]:
    """Matches the syllables `keys` in a flattened text, and what follows them without a break."""
    words = [b"(?:" + b"|".join(s.encode() for s in spellings(key)) + b")" for key in keys]
    return re.compile(
        b"(?<= )" + b" ".join(words) + rb"(?= )((?: " + _SYLLABLE + rb"){0,%d})" % LONGEST
    )


class _Reading(NamedTuple):
    """A stretch of a text: where each of its accented syllables ends in it, and where the one that
    was begun begins."""

    text: str
    syllables: tuple[str, ...]
    ends: tuple[int, ...]
    begun: int


def _read(
    text: str, pattern: re.Pattern[bytes], keys: tuple[str, ...], whole: int
) -> Iterator[_Reading]:
    """Where the text has the syllables `keys`, `whole` of which are typed in full, and how it goes
    on up to a break."""
    flat = b" " + flatten(text).tobytes() + b" "
    for match in islice(pattern.finditer(flat), PLACES):
        start, end = match.start() - 1, match.end() - 1
        joined = _JOINED.match(text, start, end)
        words = _BETWEEN.split(joined[0]) if joined else []
        if joined is None or len(words) < len(keys) or any(map(_is_glued, words)):
            continue
        starts, ends = zip(*(word.span() for word in _WORD.finditer(joined[0])), strict=True)
        surface = _uncapitalised(text, start, joined[0], words)
        yield _Reading(surface, tuple(map(accented_key, words)), ends, starts[whole])


def _is_glued(word: str) -> bool:
    """*NamDưới*: two words whose space was lost."""
    return not word.isupper() and not word[1:].islower() and word[1:].isalpha()


def _uncapitalised(text: str, start: int, surface: str, words: list[str]) -> str:
    """A capital that only begins a sentence goes; that of a name stays."""
    is_name = len(words) > 1 and words[1][:1].isupper()
    if not is_name and _SENTENCE_START.search(text, max(0, start - 4), start):
        return surface[:1].lower() + surface[1:]
    return surface


def _text(snapshot: Snapshot, docnum: int) -> str:
    segment = next(s for s in reversed(snapshot.segments) if s.base <= docnum)
    record = segment.stored(docnum - segment.base)
    return f"{record.get('title') or ''}\n{record.get('body') or ''}"[:SOURCE]
