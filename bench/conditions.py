"""How people really type a query: nine conditions, made from the carefully typed one.

A judged set gives each query once, with its marks. A search box also gets the same query without
marks, as raw Telex or VNI keys, from a Mac (NFD), with the tone mark on the other vowel, in
capitals, with a slip, or with marks on only some of the syllables. `make` produces these from the
typed query. Where a choice is to be made (which slip, which syllables) it is drawn from a generator
seeded by the condition and the query, so that every run and every system gets the same strings.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator

from bench.slips import slip

SEED = 2025

# Tone marks as combining characters → the key that writes them. Telex and VNI as in the manuals of
# UniKey and in Wikipedia, "Telex (input method)" and "VNI".
_TELEX_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_TELEX_LETTERS = {
    "â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd",
}  # fmt: skip
_VNI_LETTERS = {
    "â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9",
}  # fmt: skip
_TONES = "".join(_TELEX_TONES)
_SYLLABLE = re.compile(r"[^\W_]+")
# Open oa, oe, uy at the end of a syllable, decomposed: the tone stands on the first vowel (old
# style) or on the second (new style). After q, u belongs to the onset and the tone cannot move.
_OLD_STYLE = re.compile(rf"(?<![qQ])([oO]|[uU])([{_TONES}])([aAeEyY])$")
_NEW_STYLE = re.compile(rf"(?<![qQ])([oO]|[uU])([aAeEyY])([{_TONES}])$")
_MOVABLE = {"oa", "oe", "uy"}


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def strip_marks(text: str) -> str:
    """The text as typed on a plain keyboard: no marks, đ as d, case kept."""
    bare = "".join(c for c in nfd(text) if not unicodedata.combining(c))
    return nfc(bare).replace("đ", "d").replace("Đ", "D")


def other_placement(text: str) -> str:
    """The text with the tone mark of every open oa, oe, uy on its other vowel (hòa ↔ hoà)."""
    return _SYLLABLE.sub(lambda m: _move_tone(m.group()), nfc(text))


def _move_tone(syllable: str) -> str:
    decomposed = nfd(syllable)
    if found := _OLD_STYLE.search(decomposed):
        first, tone, second = found.groups()
        moved = first + second + tone
    elif found := _NEW_STYLE.search(decomposed):
        first, second, tone = found.groups()
        moved = first + tone + second
    else:
        return syllable
    if (first + second).lower() not in _MOVABLE:
        return syllable
    return nfc(decomposed[: found.start()] + moved)


def telex(text: str, rng: random.Random) -> str:
    """The Telex keys of the text: `tiếng Việt` → `tieesng Vieejt` or `tieengs Vieetj`."""
    return _as_keys(text, _TELEX_LETTERS, _TELEX_TONES, rng)


def vni(text: str, rng: random.Random) -> str:
    """The VNI keys of the text: `tiếng Việt` → `tie61ng Vie65t` or `tie6ng1 Vie6t5`."""
    return _as_keys(text, _VNI_LETTERS, _VNI_TONES, rng)


def _as_keys(text: str, letters: dict[str, str], tones: dict[str, str], rng: random.Random) -> str:
    """One typist is consistent, so the two free choices are drawn once a query: the tone key after
    its vowel or at the syllable's end, and ươ with one hook key or two."""
    tone_last, one_hook = rng.random() < 0.5, rng.random() < 0.5
    hook = letters["ơ"][-1]

    def keys(match: re.Match[str]) -> str:
        out, held = "", ""
        for char in match.group():
            letter, tone = _split_tone(char)
            key = letters.get(letter.lower(), letter)
            out += letter_case(letter, key)
            if tone and tone_last:
                held = tones[tone]
            elif tone:
                out += tones[tone]
        if one_hook:
            out = re.sub(rf"([uU]){hook}([oO]){hook}", rf"\g<1>\g<2>{hook}", out)
        return out + held

    return _SYLLABLE.sub(keys, nfc(text))


def letter_case(letter: str, keys: str) -> str:
    """The keys with the capital of the letter they write: Đ → Dd."""
    return keys[0].upper() + keys[1:] if letter.isupper() else keys


def _split_tone(char: str) -> tuple[str, str]:
    """(letter without its tone, combining tone or ""): ế → (ê, acute)."""
    decomposed = nfd(char)
    tone = next((c for c in decomposed if c in _TONES), "")
    return nfc(decomposed.replace(tone, "")) if tone else char, tone


def partial(text: str, rng: random.Random) -> str:
    """The text with the marks of half of its marked syllables gone (at least of one)."""
    text = nfc(text)
    marked = [m.span() for m in _SYLLABLE.finditer(text) if strip_marks(m.group()) != m.group()]
    for start, end in rng.sample(marked, (len(marked) + 1) // 2):
        text = text[:start] + strip_marks(text[start:end]) + text[end:]
    return text


CONDITIONS: dict[str, Callable[[str, random.Random], str]] = {
    "typed": lambda text, _: text,
    "stripped": lambda text, _: strip_marks(text),
    "telex": telex,
    "vni": vni,
    "nfd": lambda text, _: nfd(text),
    "placement": lambda text, _: other_placement(text),
    "upper": lambda text, _: nfc(text).upper(),
    "typo": lambda text, rng: slip(nfc(text), rng),
    "partial": partial,
}


def make(condition: str, text: str, seed: int = SEED) -> str:
    """The query `text` as it is typed under `condition` (a key of CONDITIONS)."""
    return CONDITIONS[condition](text, random.Random(f"{seed}:{condition}:{nfc(text)}"))


def variants(text: str, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """(condition, query) for every condition."""
    for condition in CONDITIONS:
        yield condition, make(condition, text, seed)
