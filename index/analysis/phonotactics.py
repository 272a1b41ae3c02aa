"""Which syllables Vietnamese can write: onset + rime + tone, after the tables of `orthography`.

`parse` takes an accented key apart, `compose` puts one together. What they do not take is foreign,
an abbreviation or a slip: `phở` is a syllable; `fở`, `phởt`, `kà` and `bus` are not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from index.analysis import orthography
from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, split_syllable, split_tones

# Onset-nucleus pairs that orthography rules out: /k ɣ ŋ/ are k gh ngh before e ê i y and c g ng
# elsewhere (gì is g-i), q comes with u, gi has its i already, a first iê is yê, y stands alone.
_NEVER_MEET = re.compile(
    r"(?:k|gh|ngh)-[^eêiy] | (?:c|ng)-[eêiy] | g-(?:[eêy]|i.) | q- | qu-[uưo] | gi-[iy] | -iê |"
    r"(?!qu-)[^-]+-y.",
    re.VERBOSE,
)


class Parts(NamedTuple):
    """A syllable taken apart; `tone` is one of `orthography.TONES`, or "" for the level tone."""

    onset: str
    nucleus: str
    coda: str
    tone: str


def is_syllable(key: str) -> bool:
    """Whether `key`, an accented key, is a well-formed Vietnamese syllable."""
    return parse(key) is not None


def is_folded_syllable(key: str) -> bool:
    """Whether `key`, a folded key, has the letters of a syllable: `duong` has, `bus` has not."""
    return key in _folded_syllables()


@cache
def _folded_syllables() -> frozenset[str]:
    rimes = [(nucleus, coda) for nucleus, codas in orthography.RIMES.items() for coda in codas]
    rimes += [(nucleus, "") for nucleus in orthography.OPEN_NUCLEI]
    every = (Parts(onset, *rime, "\u0301") for onset in ("", *orthography.ONSETS) for rime in rimes)
    return frozenset(fold_key("".join(parts[:3])) for parts in every if _well_formed(parts))


@lru_cache(maxsize=1 << 15)
def parse(key: str) -> Parts | None:
    """The parts of an accented key, or None if it is no Vietnamese syllable."""
    toneless, tones = split_tones(key)
    split = split_syllable(toneless)
    if split is None or len(tones) > 1 or accented_key(key) != key:
        return None
    parts = Parts(*split, tone="".join(tones))
    return parts if _well_formed(parts) else None


def compose(parts: Parts) -> str | None:
    """The accented key of `parts`, or None if no Vietnamese syllable has them."""
    onset, nucleus, coda, tone = parts
    key = accented_key(
        unicodedata.normalize("NFC", onset + nucleus[:1] + tone + nucleus[1:] + coda)
    )
    return key if is_syllable(key) else None


def _well_formed(parts: Parts) -> bool:
    onset, nucleus, coda, tone = parts
    if coda:
        rime = coda in orthography.RIMES.get(nucleus, ())
    else:
        rime = nucleus in orthography.OPEN_NUCLEI
    if coda in orthography.STOP_CODAS and tone not in orthography.STOP_TONES:
        return False
    return rime and not _NEVER_MEET.match(f"{onset}-{nucleus}")
