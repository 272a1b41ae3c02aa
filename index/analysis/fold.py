"""Folding: marks, case and đ off, character by character, so that `gap go` finds `Gặp gỡ`.

One table serves both forms, hence they cannot disagree: `fold_key` drops ignorable characters and
makes terms; `fold_text` keeps every offset and serves the highlighter. A character folds to exactly
one character: compatibility decomposition without its marks, case-folded, where that is a single
letter or digit (ệ → e, Đ → d, Ａ → a, ² → 2); otherwise it stays (ß, 한).

Keys unify i/y before they are folded (`kĩ`, `kỹ` → `ky`), running text does not. Whoever looks for
a folded key in folded text therefore looks for any of `spellings(key)`.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from index.analysis import orthography
from index.analysis.normalize import cut_key, is_ignorable, split_syllable

_CACHED_LENGTH = 40  # see normalize: what is longer is computed each time
_OTHER_LETTER = {"i": "y", "y": "i"}
# Where characters fold at all: not CJK ideographs, Hangul syllables, surrogates, planes 2 and up.
_FOLDING = ((0x80, 0x3400), (0xA000, 0xAC00), (0xF900, 0x20000), (0x2F800, 0x2FA20))


def fold_key(accented_key: str) -> str:
    """The folded key of an accented key (or of any string, as for `source_key`). Idempotent."""
    if len(accented_key) <= _CACHED_LENGTH:
        return _cached_key(accented_key)
    return _fold_key(accented_key)


def fold_text(text: str) -> str:
    """NFC `text` folded with its length kept: `fold_text(t)[i]` is `t[i]` folded."""
    if text.isascii():
        return text.lower()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return (codes + _shifts().take(codes)).tobytes().decode("utf-32-le", "surrogatepass")


def spellings(folded_key: str) -> tuple[str, ...]:
    """Every way the syllables of a folded key can look in `fold_text`, the key itself first.

    For the surface s of any syllable without ignorable characters whose key was not cut,
    `fold_text(s)` is in `spellings(fold_key(accented_key(s)))`. `ky` → (`ky`, `ki`).
    """
    parts = split_syllable(folded_key)
    if parts is None:
        return (folded_key,)
    onset, nucleus, coda = parts
    if coda or orthography.OPEN_I_Y.get(onset) != nucleus:
        return (folded_key,)
    return (folded_key, onset + _OTHER_LETTER[nucleus])


def _fold_key(key: str) -> str:
    if key.isascii():
        return cut_key(key.lower())
    return cut_key("".join([_fold_character(c) for c in key if c.isalnum() or not is_ignorable(c)]))


_cached_key = lru_cache(maxsize=1 << 16)(_fold_key)


@lru_cache(maxsize=1 << 12)
def _fold_character(character: str) -> str:
    folded = character
    if not character.isalnum():
        return character
    while (step := _fold_once(folded)) != folded:
        folded = step
    return folded


def _fold_once(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    letters = [c for c in decomposed if unicodedata.category(c) != "Mn"]
    base = letters[0] if len(letters) == 1 else character
    base = orthography.STROKES.get(base, base)
    lowered = base.casefold()
    if len(lowered) != 1:
        lowered = base.lower() if len(base.lower()) == 1 else base
    return lowered if lowered.isalnum() else character


@cache
def _shifts() -> npt.NDArray[np.uint32]:
    """What to add to a code point to fold it, modulo 2**32. Zero pages cost no memory."""
    shifts = np.zeros(0x110000, np.uint32)
    shifts[ord("A") : ord("Z") + 1] = ord("a") - ord("A")
    for start, stop in _FOLDING:
        for code in range(start, stop):
            character = chr(code)
            if character.isalnum() and _may_fold(character):
                folded = _fold_character.__wrapped__(character)
                shifts[code] = (ord(folded) - code) % (1 << 32)
    return shifts


def _may_fold(character: str) -> bool:
    return (
        character in orthography.STROKES
        or character.casefold() != character
        or unicodedata.decomposition(character) != ""
    )
