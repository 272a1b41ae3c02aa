"""Text as it is analysed (NFC), and the accented key: one spelling for what readers take as equal.

Stored text keeps what its author wrote; only keys are unified. The key of a syllable is its
surface without ignorable characters, in plain lower-case letters (Ｔ → t, m² → m2), with the tone
mark where the old style puts it (hoà → hòa, thuý → thúy, nứơc → nước, qúy → quý), the horns of ươ
completed (nuớc → nước), a đ where another letter looks like it (Ðồng → đồng), and one letter for
i/y where either may be written (kĩ → kỹ). A spelling that is not Vietnamese, or carries two
different tones, is left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from index.analysis import orthography

MAX_KEY_BYTES: Final = 80
"""Longer keys are cut at a character boundary: terms stay small whatever the text holds."""

IGNORABLE: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
"""Soft hyphen, zero-width space, non-joiner and joiner, word joiner, byte order mark."""

_CACHED_LENGTH = 40  # longer surfaces are not worth remembering, and would not bound the memory
_LONGEST_SYLLABLE = len("nghuyêng")
# Letters of other languages that look like đ, at least as capitals (Ð, Ɖ): typed for it, and read.
_LOOK_ALIKES: Final = {ord("ð"): "đ", ord("ɖ"): "đ"}
_SURROGATE = re.compile("[\ud800-\udfff]")

_TONE_OF: Final = {
    unicodedata.normalize("NFC", vowel + tone): (vowel, tone)
    for vowel in orthography.VOWELS
    for tone in orthography.TONES
}
_TONELESS: Final = str.maketrans({letter: vowel for letter, (vowel, _) in _TONE_OF.items()})
_SYLLABLE: Final = re.compile(
    rf"({'|'.join(orthography.ONSETS)})?([{orthography.VOWELS}]+)({'|'.join(orthography.CODAS)})?"
)


def nfc(text: str) -> str:
    """`text` in NFC, each lone surrogate replaced by U+FFFD. Everything analysed passes here."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def accented_key(surface: str) -> str:
    """The accented key of one syllable's surface, at most `MAX_KEY_BYTES` bytes of UTF-8.

    Idempotent. `surface` is NFC, as `syllables` cuts it.
    """
    return _cached_key(surface) if len(surface) <= _CACHED_LENGTH else _accented_key(surface)


def strip_ignorable(text: str) -> str:
    """`text` without `IGNORABLE` characters and without combining marks (category Mn)."""
    return "".join(c for c in text if not is_ignorable(c))


def is_ignorable(character: str) -> bool:
    """Whether the character may stand inside a syllable without being part of its key."""
    return character in IGNORABLE or unicodedata.category(character) == "Mn"


def cut_key(key: str) -> str:
    """`key` cut to `MAX_KEY_BYTES` bytes of UTF-8 at a character boundary."""
    if len(key) * 4 <= MAX_KEY_BYTES:
        return key
    return key[:MAX_KEY_BYTES].encode("utf-8", "replace")[:MAX_KEY_BYTES].decode("utf-8", "ignore")


def split_syllable(toneless: str) -> tuple[str, str, str] | None:
    """(onset, nucleus, coda) of a lower-case syllable without tone, or None if none can be."""
    if len(toneless) > _LONGEST_SYLLABLE:
        return None
    match = _SYLLABLE.fullmatch(toneless)
    if match is None:
        return None
    onset, nucleus, coda = match.groups(default="")
    return onset, nucleus, coda


def split_tones(key: str) -> tuple[str, frozenset[str]]:
    """A lower-case NFC key without its tone marks, and which marks (of `TONES`) it had."""
    tones = frozenset(_TONE_OF[c][1] for c in key if c in _TONE_OF)
    return (key.translate(_TONELESS) if tones else key), tones


def _accented_key(surface: str) -> str:
    if not unicodedata.is_normalized("NFKC", surface):
        surface = unicodedata.normalize("NFC", "".join(map(_plain, surface)))
    key = surface.lower().translate(_LOOK_ALIKES)
    if not key.isalnum():
        key = strip_ignorable(key)
    if len(key) <= _LONGEST_SYLLABLE:
        return _unified(key)
    return cut_key(key)


def _plain(character: str) -> str:
    """The ASCII letter or digit that a full-width, bold, raised or ringed one is a form of."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else character


_cached_key = lru_cache(maxsize=1 << 16)(_accented_key)


def _unified(key: str) -> str:
    """The one spelling of a lower-case Vietnamese syllable; anything else unchanged."""
    toneless, tones = split_tones(key)
    parts = split_syllable(toneless)
    if parts is None or len(tones) > 1:
        return key
    onset, nucleus, coda = parts
    if coda:
        nucleus = orthography.CLOSED_REPAIRS.get(nucleus, nucleus)
        if nucleus not in orthography.CLOSED_NUCLEI:
            return key
        place = len(nucleus) - 1
    else:
        nucleus = orthography.OPEN_REPAIRS.get(nucleus, nucleus)
        if nucleus in ("i", "y"):
            nucleus = orthography.OPEN_I_Y.get(onset, nucleus)
        if nucleus not in orthography.OPEN_NUCLEI:
            return key
        place = orthography.OPEN_NUCLEI[nucleus]
    if not tones:
        return onset + nucleus + coda
    (tone,) = tones
    toned = unicodedata.normalize("NFC", nucleus[place] + tone)
    return onset + nucleus[:place] + toned + nucleus[place + 1 :] + coda
