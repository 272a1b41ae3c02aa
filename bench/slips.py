"""One realistic slip in a Vietnamese query: what a hurried or a regional speller types.

The kinds are the usual misspellings by region (hỏi/ngã from Thanh Hóa southwards; s/x, ch/tr,
d/gi/r and l/n in the north) and three slips of the finger: a dropped, a doubled or a neighbouring
key of a QWERTY board. Each kind changes one syllable and gives None where it does not apply.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

_SYLLABLE = re.compile(r"[^\W\d_]{2,}")
_ONSET = re.compile(r"(?:ngh|ng|nh|ch|tr|th|ph|kh|gh|gi(?=[^\W\d_])|qu|[bcdđghklmnprstvx])?")
_SWAP_HOOK_TILDE = str.maketrans({"\u0309": "\u0303", "\u0303": "\u0309"})

# Onset → what it is mistaken for.
_CONFUSED: dict[str, dict[str, str]] = {
    "s/x": {"s": "x", "x": "s"},
    "ch/tr": {"ch": "tr", "tr": "ch"},
    "d/gi/r": {"d": "gi r", "gi": "d r", "r": "d gi"},
    "l/n": {"l": "n", "n": "l"},
}

# Keys that touch each letter's key on a QWERTY board.
_NEIGHBOURS = {
    "q": "wa", "w": "qeas", "e": "wrsd", "r": "etdf", "t": "ryfg", "y": "tugh", "u": "yihj",
    "i": "uojk", "o": "ipkl", "p": "ol", "a": "qwsz", "s": "awedxz", "d": "serfcx",
    "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb", "j": "huikmn", "k": "jiolm", "l": "kop",
    "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip

Slip = Callable[[str, random.Random], str | None]


def _hook_tilde(word: str, _: random.Random) -> str | None:
    decomposed = unicodedata.normalize("NFD", word)
    swapped = decomposed.translate(_SWAP_HOOK_TILDE)
    return unicodedata.normalize("NFC", swapped) if swapped != decomposed else None


def _onset(table: dict[str, str]) -> Slip:
    def confuse(word: str, rng: random.Random) -> str | None:
        found = _ONSET.match(word.lower())
        onset = found.group() if found else ""
        if onset not in table or len(word) == len(onset):
            return None
        other = rng.choice(table[onset].split())
        return (other.capitalize() if word[0].isupper() else other) + word[len(onset) :]

    return confuse


def _dropped(word: str, rng: random.Random) -> str | None:
    if len(word) < 3:
        return None
    at = rng.randrange(len(word))
    return word[:at] + word[at + 1 :]


def _doubled(word: str, rng: random.Random) -> str | None:
    at = rng.randrange(len(word))
    return word[:at] + word[at] + word[at:]


def _neighbour(word: str, rng: random.Random) -> str | None:
    places = [i for i, char in enumerate(word) if char in _NEIGHBOURS]
    if not places:
        return None
    at = rng.choice(places)
    return word[:at] + rng.choice(_NEIGHBOURS[word[at]]) + word[at + 1 :]


KINDS: dict[str, Slip] = {
    "hỏi/ngã": _hook_tilde,
    **{name: _onset(table) for name, table in _CONFUSED.items()},
    "dropped": _dropped,
    "doubled": _doubled,
    "neighbour": _neighbour,
}


def slip(text: str, rng: random.Random) -> str:
    """NFC `text` with one slip of a kind and place drawn from `rng`; as it is if it has no
    syllable of two letters."""
    words = list(_SYLLABLE.finditer(text))
    kinds = list(KINDS.values())
    rng.shuffle(kinds)
    for kind in kinds:
        for word in rng.sample(words, len(words)):
            changed = kind(word.group(), rng)
            if changed is not None and changed != word.group():
                return text[: word.start()] + changed + text[word.end() :]
    return text
