"""Syllables typed without an input method: `tieengs` (Telex) or `tie6ng1` (VNI) for `tiếng`.

The rules are those of the UniKey manual, Wikipedia's "Telex (input method)" and "VNI", with free
marking: a mark's key may stand anywhere after its letter. A later tone key replaces an earlier one,
the same one twice takes the mark back, as does z (Telex) or 0 (VNI).

`taxi` and `bus` are keys of syllables, too: whether they were meant as keys, the language model
decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from index.analysis import orthography
from index.analysis.normalize import split_syllable
from index.analysis.phonotactics import Parts, compose

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = orthography.TONES
_TELEX_TONES: Final = {"s": _ACUTE, "f": _GRAVE, "r": _HOOK, "x": _TILDE, "j": _DOT, "z": ""}
_VNI_TONES: Final = {"1": _ACUTE, "2": _GRAVE, "3": _HOOK, "4": _TILDE, "5": _DOT, "0": ""}

_VOWELS: Final = frozenset(orthography.VOWELS)
_PLAIN: Final = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u", "đ": "d"}
_CIRCUMFLEX: Final = {"a": "â", "ă": "â", "e": "ê", "o": "ô", "ơ": "ô"}
_HORN: Final = {"o": "ơ", "ô": "ơ", "u": "ư"}
_BREVE: Final = {"a": "ă", "â": "ă"}
_TELEX_LETTERS: Final = {
    key: {
        letter: marked
        for letter, marked in _CIRCUMFLEX.items()
        if _PLAIN.get(letter, letter) == key
    }
    for key in "aeo"
}
_VNI_LETTERS: Final = {"6": _CIRCUMFLEX, "8": _BREVE}
_UO: Final = frozenset(("uo", "ưo", "uơ", "uô"))  # one key writes both horns: duowng, duo7ng
_HORN_FIRST: Final = frozenset(("ua", "ui", "uu"))  # muaw: mưa, guiwr: gửi, huuw: hưu
_LONGEST = 14  # the most keys of one syllable: `nghieengs`, `dduwowngf`, and some taken back


def telex(keys: str) -> str | None:
    """The accented key of the syllable that these Telex keys make.

    None if no mark results, or no Vietnamese syllable does (also: if `keys` has marks already).
    """
    if not _may_be_keys(keys):
        return None
    lowered = keys.lower()
    # A second a, e, o makes a circumflex from afar (tana: tân) if that is one (but ngoeor: ngoẻo).
    return _decode(lowered, _telex_from_afar) or _decode(lowered, _telex_nearby)


def vni(keys: str) -> str | None:
    """The accented key of the syllable that these VNI keys make; None as in `telex`."""
    return _decode(keys.lower(), _vni) if _may_be_keys(keys) else None


def _may_be_keys(keys: str) -> bool:
    return 1 <= len(keys) <= _LONGEST and keys.isascii() and keys.isalnum()


@dataclass(slots=True)
class _Typing:
    """What stands before the cursor: letters with their marks, and the tone of the syllable."""

    letters: list[str] = field(default_factory=list)
    tone: str = ""
    taken_back: set[str] = field(default_factory=set)
    """Keys that took their own mark back: from then on they are letters."""

    def vowels(self) -> list[int]:
        """Places of the letters that take marks: the u of `qu` does not."""
        places = [i for i, letter in enumerate(self.letters) if letter in _VOWELS]
        return places[1:] if self.letters[:2] == ["q", "u"] else places

    def ends_in_vowel(self) -> bool:
        return bool(self.letters) and self.letters[-1] in _VOWELS

    def set_tone(self, key: str, tone: str) -> bool:
        """Give the syllable a tone; False if `key` is a letter here."""
        if key in self.taken_back or _VOWELS.isdisjoint(self.letters):
            return False
        if self.tone == tone:
            self.tone = ""
            self.taken_back.add(key)
            return False
        self.tone = tone
        return True

    def mark(self, key: str, table: dict[str, str], places: list[int]) -> bool:
        """Mark the last letter of `places` that `table` has; False if `key` is a letter here."""
        if key in self.taken_back:
            return False
        marked = table.values()
        for i in reversed(places):
            letter = self.letters[i]
            if letter in table:
                self.letters[i] = table[letter]
                return True
            if letter in marked:
                self.letters[i] = _PLAIN[letter]
                self.taken_back.add(key)
                return False
        return False

    def stroke(self, key: str) -> bool:
        """d → đ at the start; False if `key` is a letter here."""
        return self.mark(key, {"d": "đ"}, [0] if self.letters else [])

    def horn(self, key: str, table: dict[str, str]) -> bool:
        """Both horns of ươ, or the mark of `table`; False if `key` is a letter here."""
        places = self.vowels()
        for i in places:
            pair = "".join(self.letters[i : i + 2])
            if pair in _UO and key not in self.taken_back:
                self.letters[i : i + 2] = "ươ"
                return True
            if pair in _HORN_FIRST:
                return self.mark(key, table, [i])
        return self.mark(key, table, places)

    def syllable(self) -> str | None:
        toneless = "".join(self.letters)
        split = split_syllable(toneless)
        if split is None or (toneless.isascii() and not self.tone):
            return None
        return compose(Parts(*split, self.tone))


def _decode(keys: str, press: Callable[[_Typing, str], bool]) -> str | None:
    """The syllable after all keys; `press` says whether a key made a mark, else it is a letter."""
    typing = _Typing()
    for key in keys:
        if not press(typing, key):
            typing.letters.append(key)
    return typing.syllable()


def _telex_from_afar(typing: _Typing, key: str) -> bool:
    return _telex(typing, key, typing.vowels())


def _telex_nearby(typing: _Typing, key: str) -> bool:
    return _telex(typing, key, typing.vowels()[-1:] if typing.ends_in_vowel() else [])


def _telex(typing: _Typing, key: str, near: list[int]) -> bool:
    if key in _TELEX_TONES:
        return typing.set_tone(key, _TELEX_TONES[key])
    if key == "d":
        return typing.stroke(key)
    if key in _TELEX_LETTERS:
        return typing.mark(key, _TELEX_LETTERS[key], near)
    if key == "w":
        if typing.vowels() or key in typing.taken_back:
            return typing.horn(key, _HORN | _BREVE)
        typing.letters.append("ư")
        return True
    return False


def _vni(typing: _Typing, key: str) -> bool:
    if key in _VNI_TONES:
        return typing.set_tone(key, _VNI_TONES[key])
    if key == "7":
        return typing.horn(key, _HORN)
    if key == "9":
        return typing.stroke(key)
    if key in _VNI_LETTERS:
        return typing.mark(key, _VNI_LETTERS[key], typing.vowels())
    return False
