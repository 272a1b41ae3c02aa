"""Which character set bytes are in, judged by the Vietnamese that they give.

UTF-8 that decodes is UTF-8, whatever else it might be. Other bytes are decoded with every
candidate, and what comes out is scored: the share of the words with marked letters that are
well-formed Vietnamese syllables (`analysis.phonotactics`), where letters and signs that no
Vietnamese text has count as wrong words.
"""

from __future__ import annotations

import re
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
_HIGH_BYTE: Final = re.compile(rb"[\x80-\xff]")
MIN_SCORE: Final = 0.8
MIN_WORDS: Final = 3  # with marked letters, well-formed, that a judgement needs
WRONG: Final = 4  # right words that weigh as much as a wrong one, between two good candidates

_CAPITALS_LOST: Final = ("tcvn3", "vps")
_LETTERS: Final = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_MARKED: Final = re.compile(rf"[a-z{_LETTERS}]*[{_LETTERS}][a-z{_LETTERS}]*", re.IGNORECASE)
_FOREIGN: Final = re.compile(
    rf"(?<!\w)[™®]|[^\t\n\r\f -~{_LETTERS}{_LETTERS.upper()}"
    r"\xa0“”‘’–—…•·°²³½¼¾±×÷§©®™«»€£\u200b\ufeff]+"
)
_ONE_LETTER_WORDS: Final = frozenset("àáạảăâéêíìỉôồổốơờởớợủùúưừứựýỷỵđ")
# TCVN and TCVN3 differ only in bytes that are capitals in the one, punctuation in the other: what
# the one reads as `M’` says nothing.
_APOSTROPHE: Final = re.compile(r"[A-Z]Ò")
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
    judged = {name: judge(text) for name in CANDIDATES if (text := decoded(sample, name))}
    good = [name for name in CANDIDATES if name in judged and judged[name].vietnamese]
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
    words = [word for word in _MARKED.findall(text) if not _APOSTROPHE.fullmatch(word)]
    good = sum(map(_is_word, words))
    return Judgement(good, len(words) - good + len(_FOREIGN.findall(text)))


def _is_word(word: str) -> bool:
    if len(word) == 1 and word.lower() not in _ONE_LETTER_WORDS:
        return False
    cased = word.islower() or word.isupper() or word.istitle()
    return cased and is_syllable(accented_key(word))
