"""How often Vietnamese is misspelt, and how: the rates that `slips` turns into costs.

A rate is P(this slip | an intended syllable that it can befall), where 2 % of all syllables are
misspelt. Which sounds are confused is well known (hỏi/ngã from Thanh Hóa southwards, s/x, ch/tr,
d/gi/r and l/n in the north, -n/-ng and -c/-t in the south; see Wikipedia, "Vietnamese phonology",
regional variation). How often was counted on one half of 1,487 corrections made by editors of the
Vietnamese Wikipedia, over how often news has a syllable, a sound or a letter that the slip can
befall. Rates of keys are doubled, since nobody proofreads a query.
"""

from __future__ import annotations

from itertools import permutations
from typing import Final

from index.analysis.orthography import TONES

_, _, _HOOK, _TILDE, _ = TONES

TONE_LEFT_OUT: Final = 2.2e-3
TONE_ADDED: Final = 7e-4
TONE_CHANGED: Final = 9e-4
HOOK_FOR_TILDE: Final = 1.6e-2

TONES_CONFUSED: Final = {
    **dict.fromkeys(permutations(TONES, 2), TONE_CHANGED),
    **{(tone, ""): TONE_ADDED for tone in TONES},
    **{("", tone): TONE_LEFT_OUT for tone in TONES},
    (_HOOK, _TILDE): HOOK_FOR_TILDE,
    (_TILDE, _HOOK): HOOK_FOR_TILDE,
}
"""(typed, meant) tone mark → rate."""

LETTERS_CONFUSED: Final = {
    (pair[0], pair[1]): rate
    for rate, pairs in {
        4e-3: "dđ aă",
        2e-3: "eê oô oơ uư aâ đd âa âă",
        1e-3: "êe ôo ơo ưu ăa",
        6e-4: "ăâ ôơ ơô",
    }.items()
    for pair in pairs.split()
}
"""(typed, meant) letters that fold to one → rate."""


def _pairs(rates: dict[float, str]) -> dict[frozenset[str], float]:
    return {frozenset(pair.split("/")): rate for rate in rates for pair in rates[rate].split()}


ONSETS_CONFUSED: Final = _pairs(
    {
        1.1e-2: "s/x d/gi",
        5e-3: "ch/tr",
        1e-3: "l/n d/r gi/r ng/ngh g/gh c/k k/qu f/ph j/gi z/d z/gi",
        3e-4: "d/v gi/v kh/ph kh/h t/th",
    }
)
"""Folded onsets that are written for each other, either way → rate."""

NUCLEI_CONFUSED: Final = _pairs(
    {
        1e-3: "e/ie iu/uu ieu/uou ai/ay",
        5e-4: "i/ie u/uo ui/uoi oi/uoi au/ao eo/oe uu/uou",
    }
)
"""Folded nuclei, as above."""

CODAS_CONFUSED: Final = _pairs(
    {
        3e-3: "c/t ch/nh",
        2e-3: "n/ng",
        1e-3: "m/n n/nh n/t",
        4e-4: "c/ng ng/nh m/p p/t c/p ch/t c/ch",
    }
)
"""Final consonants, as above."""

DROPPED: Final = 8e-4
DOUBLED: Final = 2e-4
SWAPPED: Final = 2.5e-4
"""For each letter of the syllable, or each place between two."""

NEIGHBOUR_HIT: Final = 1e-4
OTHER_HIT: Final = 2.2e-5
NEIGHBOUR_ADDED: Final = 3e-5
OTHER_ADDED: Final = 1e-5
"""For each letter, or each place between two, and each key that can be hit instead or as well."""

STRAY_KEY: Final = 3e-4
"""A Telex tone key, or a VNI digit, that stayed in the syllable: ngfay, na9m (estimated)."""

SPACE_LEFT_OUT: Final = 5e-4
SPACE_ADDED: Final = 2e-4

SLOPPY: Final = 20.0
"""How many times likelier a second slip in one syllable is than the first (estimated)."""

_ROWS = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
_AT = {
    key: (column + shift, row)
    for row, (keys, shift) in enumerate(_ROWS)
    for column, key in enumerate(keys)
}
NEIGHBOURS: Final[dict[str, frozenset[str]]] = {
    key: frozenset(
        other
        for other, (u, v) in _AT.items()
        if other != key and abs(v - y) <= 1 and abs(u - x) <= 1
    )
    for key, (x, y) in _AT.items()
}
"""The keys that touch each letter's key on a QWERTY board."""
