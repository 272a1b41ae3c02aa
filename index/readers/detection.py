"""Which character set bytes are in, judged by the Vietnamese that they give.

UTF-8 that decodes is UTF-8, whatever else it might be. Other bytes are decoded with every
candidate, and what comes out is scored: the share of the words with marked letters that are
well-formed Vietnamese syllables (`analysis.phonotactics`), where letters and signs that no
Vietnamese text has count as wrong words. A glance at the first words passes over the candidates
that make no sense at all; only the others are judged by a larger sample.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

from index.analysis.normalize import accented_key, nfc
from index.analysis.phonotactics import is_syllable
from index.readers import charsets
from index.readers.capitals import restore_capitals

CANDIDATES: Final = ("tcvn3", "vni", "viscii", "cp1258", "tcvn", "vps")
"""Tried in this order, the commonest in archives first: a later one must be better."""
FOREIGN: Final = 0.02  # of the characters of what is taken for UTF-16 without a mark
SAMPLE_CHARS: Final = 100_000
SAMPLE_BYTES: Final = 200_000  # from where the first letter with marks stands
_LEAD: Final = 200
GLANCE_BYTES: Final = 600
MIN_GLANCED: Final = 20  # words and signs that a glance must show to say so
HOPELESS: Final = 0.5  # of the words of a glance are right at most, of a candidate passed over
_HIGH_BYTE: Final = re.compile(rb"[\x80-\xff]")
MIN_SCORE: Final = 0.8
MIN_WORDS: Final = 3  # with marked letters, well-formed, that a judgement needs
WRONG: Final = 4  # right words that weigh as much as a wrong one, between two good candidates

_CAPITALS_LOST: Final = ("tcvn3", "vps")
_LETTERS: Final = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_ALL: Final = f"a-zA-Z{_LETTERS}{_LETTERS.upper()}"
# Possessive, and only from where a word begins: linear on any text.
_MARKED: Final = re.compile(rf"(?<![{_ALL}])[a-zA-Z]*+[{_LETTERS}{_LETTERS.upper()}][{_ALL}]*+")
_FOREIGN: Final = re.compile(
    rf"(?<!\w)[™®]|[^\t\n\r\f -~{_LETTERS}{_LETTERS.upper()}"
    r"\xa0“”‘’–—…•·°²³½¼¾±×÷§©®™«»€£\u200b\ufeff\u2190-\u27bf]+"
)
_LONGEST_WORD: Final = len("nghuyêng")
_ONE_LETTER_WORDS: Final = frozenset("àáạảăâéêíìỉôồổốơờởớợủùúụưừứựýỷỵđ")
# TCVN and TCVN3 differ only in bytes that are capitals in the one, punctuation in the other: what
# the one reads as `M’` or `C…` says nothing.
_APOSTROPHE: Final = re.compile(r"[A-ZĐ][ÒẶ]")
_VIQR_SIGN: Final = re.compile(r"[aeo]\^|[ou][+*]|a\(|\bdd", re.IGNORECASE)
_VIQR_SHARE: Final = 0.02  # of its characters are such signs; Vietnamese has .05


class Detected(NamedTuple):
    """Text in NFC, and the name of the character set that it was decoded from."""

    text: str
    encoding: str


def detect(data: bytes) -> Detected | None:
    """The text of bytes that are not UTF-8 and have no mark; None if they make no Vietnamese.

    A sample decides.
    """
    charsets.register()
    marked = _HIGH_BYTE.search(data)
    begin = max(0, marked.start() - _LEAD) if marked else 0
    sample = data[begin : begin + SAMPLE_BYTES]
    likely = [name for name in CANDIDATES if not _hopeless(sample[:GLANCE_BYTES], name)]
    judged = {name: judge(text) for name in likely if (text := decoded(sample, name))}
    good = [name for name in judged if judged[name].vietnamese]
    for name in sorted(good, key=lambda name: -judged[name].worth):  # stable: the commoner first
        text = decoded(data, name)
        if text is not None:
            return Detected(text, name)
    return None


def detect_viqr(text: str) -> str | None:
    """What ASCII `text` says if it is VIQR, else None; signs of VIQR must be all over it."""
    if len(_VIQR_SIGN.findall(text)) < max(MIN_WORDS, _VIQR_SHARE * len(text)):
        return None
    read = decoded(text.encode(), "viqr")
    return read if read and judge(read[:SAMPLE_CHARS]).vietnamese else None


def detect_utf16(data: bytes) -> Detected | None:
    """UTF-16 without a byte order mark: every other byte of plain letters is 0."""
    if len(data) % 2:
        return None
    for encoding, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[0::2])):
        if zeros.count(0) * 2 >= len(zeros) > 0:
            try:
                text = nfc(data.decode(encoding))
            except UnicodeDecodeError:
                continue
            if "\0" not in text and len(_FOREIGN.findall(text)) <= FOREIGN * len(text):
                return Detected(text, encoding)
    return None


def decoded(data: bytes, encoding: str) -> str | None:
    """NFC text of `data` in a known character set, capitals restored; None if it is not in it."""
    charsets.register()
    try:
        text = nfc(data.decode(encoding))
    except (UnicodeDecodeError, LookupError):
        return None
    return restore_capitals(text) if encoding in _CAPITALS_LOST else text


def _hopeless(glance: bytes, name: str) -> bool:
    """Whether a character set makes so little of a text's beginning that no more need be read."""
    seen = judge(nfc(glance.decode(name, "replace")))
    return seen.good + seen.bad >= MIN_GLANCED and seen.good < HOPELESS * (seen.good + seen.bad)


class Judgement(NamedTuple):
    """Words with marks that are Vietnamese, and words and runs of signs that are not."""

    good: int
    bad: int

    @property
    def vietnamese(self) -> bool:
        return self.good >= MIN_WORDS and self.good >= MIN_SCORE * (self.good + self.bad)

    @property
    def worth(self) -> int:
        """What ranks the candidates that make Vietnamese: a wrong word weighs more than a right."""
        return WRONG * (-self.bad) + self.good


def judge(text: str) -> Judgement:
    """How Vietnamese the words of NFC `text` are that have marks."""
    good = bad = 0
    for word, count in Counter(_MARKED.findall(text)).items():
        if len(word) == 2 and _APOSTROPHE.fullmatch(word):
            continue
        if len(word) <= _LONGEST_WORD and _is_word(word):
            good += count
        else:
            bad += count
    return Judgement(good, bad + len(_FOREIGN.findall(text)))


@lru_cache(maxsize=1 << 15)
def _is_word(word: str) -> bool:
    if len(word) == 1 and word.lower() not in _ONE_LETTER_WORDS:
        return False
    cased = word.islower() or word.isupper() or word.istitle()
    return cased and is_syllable(accented_key(word))
