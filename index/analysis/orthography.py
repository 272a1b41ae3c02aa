"""Tables of Vietnamese spelling that `normalize` and `fold` read: tones, nuclei, i/y, stray horns.

Sources: the nuclei and codas are those of chữ quốc ngữ as listed in Wikipedia, "Vietnamese
alphabet" and "Vietnamese phonology"; where the tone mark stands is the "old style" of the same
pages (and of most of the press); i/y follows Decision 240/QĐ (1984) of the Ministry of Education
on open syllables after h k l m s t qu. A test checks every table against pyvi's lexicon.
"""

from __future__ import annotations

from typing import Final


def _words(table: str) -> list[str]:
    return table.split()


TONES: Final = "\u0300\u0301\u0309\u0303\u0323"
"""The five combining tone marks: huyền, sắc, hỏi, ngã, nặng."""

VOWELS: Final = "aăâeêioôơuưy"
"""The twelve vowel letters; each takes each tone."""

ONSETS: Final = (
    *("ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th", "tr", "ch"),
    *"bcdđghklmnpqrstvx",
)
"""Initial consonants, two and three letters first, so that `qu` and `gi` keep their u and i."""

CODAS: Final = ("ch", "ng", "nh", "c", "k", "m", "n", "p", "t")

RIMES: Final = {
    nucleus: frozenset(_words(codas))
    for nucleus, codas in {
        **{"a": "c ch m n ng nh p t", "ă": "c k m n ng p t", "â": "c m n ng p t"},
        **{"e": "c m n ng p t", "ê": "c ch m n ng nh p t", "i": "c ch m n nh p t"},
        **{"o": "c m n ng p t", "ô": "c m n ng p t", "ơ": "m n p t"},
        **{"u": "c m n ng p t", "ư": "c m n ng t", "y": "ch n nh p t"},
        **{"iê": "c m n ng p t", "yê": "m n ng t", "oa": "c ch m n ng nh p t"},
        **{"oă": "c m n ng t", "oe": "m n t", "oo": "c ng", "uâ": "n ng t"},
        **{"uê": "ch nh", "uô": "c m n ng t", "ươ": "c m n ng p t", "uy": "ch n nh p t"},
        "uyê": "n t",
    }.items()
}
"""Nuclei of closed syllables, and the final consonants that each can stand before (k: Đắk Lắk)."""

CLOSED_NUCLEI: Final = frozenset(RIMES)
"""What can stand before a final consonant. The tone stands on the last letter: hoàn, nước."""

STOP_CODAS: Final = frozenset(_words("c ch p t"))
STOP_TONES: Final = frozenset("\u0301\u0323")
"""Syllables that end in these codas carry sắc or nặng and no other tone."""

OPEN_NUCLEI: Final = {
    **dict.fromkeys(VOWELS, 0),
    **dict.fromkeys(_words("ai ao au ay âu ây eo êu ia iu oa oe oi ôi ơi ua ui uy ưa ưi ưu"), 0),
    **dict.fromkeys(_words("uê uơ iêu yêu oai oao oay oeo uôi uya uyu ươi ươu uây uêu"), 1),
}
"""What can end a syllable, and which of its letters carries the tone: hòa, khỏe, thúy; thuở."""

# One horn of ươ typed on the wrong one of the two letters, or on one only. No Vietnamese syllable
# has these, so the repair is certain: nuớc → nước, đựoc → được, thưở → thuở.
CLOSED_REPAIRS: Final = {"uơ": "ươ", "ưo": "ươ"}
OPEN_REPAIRS: Final = {"uơi": "ươi", "ưoi": "ươi", "uơu": "ươu", "ưou": "ươu", "ươ": "uơ"}

OPEN_I_Y: Final = {"h": "y", "k": "y", "l": "y", "m": "y", "qu": "y", "s": "i", "t": "y"}
"""Onsets after which a lone i and y are the same sound, and the letter that keys use (the commoner
one in print: kỹ, lý, mỹ, quý, tỷ, hy, but sĩ). 25 such pairs are in pyvi's lexicon. Elsewhere they
are not free (vi/vy, i/y) or other sounds (tui/tuy, tai/tay)."""

STROKES: Final = {"đ": "d", "ð": "d", "ħ": "h", "ł": "l", "ø": "o", "ı": "i", "ŧ": "t", "ɖ": "d"}
"""Letters with a stroke or without their dot: Unicode gives them no decomposition."""
