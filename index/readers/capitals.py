"""Capitals that a character set could not write, guessed back from what stands around them.

TCVN3 shows capitals with a tone by another font, so that text in it reads `TRầN Kế` and `ủy ban`.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_TONED = "àáạảãầấậẩẫằắặẳẵèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ"
_LARGE = "A-ZĂÂÊÔƠƯĐ"
_CHANGE = re.compile(rf"[{_LARGE}][{_LARGE}][{_TONED}]|[{_TONED}][{_LARGE}]")  # in all to mend
_OPENING = re.compile(rf"(?:^|[.!?…]\s)[\s\"“‘(–-]*([{_TONED}])")
# Names and titles that the press writes with a capital: those that begin with a vowel and its tone.
_TITLES = re.compile(
    r"\b(?P<before>[Cc]hâu |Nam |Đông |Tây |Bắc )?"
    r"(?P<name>ủy(?= (?:ban|viên)\b)|ấn(?= Độ\b)|ả(?= [Rr]ập\b)|á(?= Châu\b)|úc|(?<=[umgyc] )á)\b"
)


def restore_capitals(text: str) -> str:
    """NFC `text` with small letters that must have been capitals.

    A word whose ASCII letters are two capitals and more is all capitals (`TRầN` → `TRẦN`), and so
    are words without small ASCII letters next to one that was mended (`Kế` → `KẾ`). A letter that
    opens a sentence is a capital, and so is that of some titles and names (`ủy ban` → `Ủy ban`).
    """
    return "\n".join(map(_restored, text.split("\n")))


def _restored(line: str) -> str:
    line = _TITLES.sub(_capital, _shouted(line) if _CHANGE.search(line) else line)
    return _OPENING.sub(lambda match: match[0][:-1] + match[1].upper(), line)


def _shouted(line: str) -> str:
    """`line` with the words in capitals that are so but for some letters."""
    words = list(_WORD.finditer(line))
    mended = [_mended(match[0]) for match in words]
    for number, match in enumerate(words):
        neighbours = (*mended[max(0, number - 1) : number], *mended[number + 1 : number + 2])
        if not mended[number] and any(neighbours) and not _has_small(match[0]):
            mended[number] = True
    parts, end = [], 0
    for match, shouted in zip(words, mended, strict=True):
        parts += [line[end : match.start()], match[0].upper() if shouted else match[0]]
        end = match.end()
    return "".join([*parts, line[end:]])


def _capital(match: re.Match[str]) -> str:
    before, name = match["before"] or "", match["name"]
    return match[0] if name == "á" and not before else before + name.capitalize()


def _mended(word: str) -> bool:
    """Whether a word is in capitals but for letters that the character set has no capitals of."""
    plain = [letter for letter in word if letter.isascii()]
    return len(plain) > 1 and all(map(str.isupper, plain)) and not word.isupper()


def _has_small(word: str) -> bool:
    return any(letter.isascii() and letter.islower() for letter in word)
