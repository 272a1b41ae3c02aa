"""Places of a text that have the syllables looked for, and how the text goes on from there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from index.analysis.fold import spellings
from index.analysis.normalize import accented_key
from index.analysis.phonotactics import is_syllable
from search.flat import flatten

MOST = 2
"""Places looked at in each text."""
LONGEST = 4
"""Syllables that are added to those looked for, at most."""
BEFORE = 16
"""Characters before a place in which the syllable before it is looked for."""

_SYLLABLE = rb"[0-9a-z\x01\x02]+"
_JOINED = re.compile(r"[^\W_]+(?:[ \-–/][^\W_]+)*")
_BETWEEN = re.compile(r"[ \-–/]")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;\n“\"(•–-])\s*$")
_WORD_BEFORE = re.compile(r"([^\W_]+) $")
_NUMBER_GOES_ON = re.compile(r"[.,]\d")


class Place(NamedTuple):
    """A stretch of a text: `ends[i]` is where accented syllable i ends in it.

    `begun` is where the syllable begins that was only begun; `before` the accented syllable right
    before the stretch; `opens` tells that a sentence begins here, so that a capital says nothing.
    """

    text: str
    syllables: tuple[str, ...]
    ends: tuple[int, ...]
    begun: int
    before: str
    opens: bool

    def names(self, at: int) -> bool:
        """Whether syllables `at` and `at + 1` are both capitalised, as parts of one name are."""
        if at + 1 >= len(self.syllables):
            return False
        own = self.ends[at] - len(self.syllables[at])
        following = self.ends[at] + 1
        return self.text[own].isupper() and self.text[following].isupper()


def pattern(keys: tuple[str, ...]) -> re.Pattern[bytes]:
    """Matches the folded syllables in a flattened text, and what follows them without a break."""
    words = [b"(?:" + b"|".join(s.encode() for s in spellings(key)) + b")" for key in keys]
    return re.compile(
        b"(?<= )" + b" ".join(words) + rb"(?= )((?: " + _SYLLABLE + rb"){0,%d})" % LONGEST
    )


def places(
    text: str, wanted: re.Pattern[bytes], keys: tuple[str, ...], whole: int
) -> Iterator[Place]:
    """Where the text has the syllables `keys`, `whole` of which were typed in full, and how it goes
    on up to a break."""
    flat = b" " + flatten(text).tobytes() + b" "
    for match in islice(wanted.finditer(flat), MOST):
        start, end = match.start() - 1, match.end() - 1
        joined = _JOINED.match(text, start, end)
        words = _BETWEEN.split(joined[0]) if joined else []
        if joined is None or len(words) < len(keys) or any(map(_is_glued, words)):
            continue
        starts, ends = zip(*(word.span() for word in _WORD.finditer(joined[0])), strict=True)
        if words[-1].isdecimal() and _NUMBER_GOES_ON.match(text, joined.end()):
            ends, words = ends[:-1], words[:-1]  # 3 of 3,5
            if len(words) < len(keys):
                continue
        before = _WORD_BEFORE.search(text, max(0, start - BEFORE), start)
        opens = _SENTENCE_START.search(text, max(0, start - 4), start) is not None
        yield Place(
            joined[0][: ends[-1]],
            tuple(map(accented_key, words)),
            ends,
            starts[whole],
            accented_key(before[1]) if before else "",
            opens and not (len(words) > 1 and words[1][:1].isupper()),
        )


def _is_glued(word: str) -> bool:
    """*NamDưới*: two words whose space was lost; *iPhone* and *VinFast* are names."""
    if word.isupper() or word[1:].islower() or not word[1:].isalpha():
        return False
    inner = next(at for at in range(1, len(word)) if word[at].isupper())
    return is_syllable(accented_key(word[:inner])) and is_syllable(accented_key(word[inner:]))
