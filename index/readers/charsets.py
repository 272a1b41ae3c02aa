"""Character sets that Python lacks, as codecs: TCVN, TCVN3 (ABC), VISCII, VPS, VNI and VIQR.

`register` makes them known to `codecs`; what they decode may need NFC. Sources: TCVN 5712:1993
(VN1, and VN3 as Windows fonts have it) and VISCII (RFC 1456) are the tables of glibc's iconv, and a
test compares them; VIQR is RFC 1456; VNI Windows and VPS are as input methods publish them (xvnkb,
x-unikey). Windows fonts in TCVN3 and VNI keep the punctuation of cp1252.

TCVN3 has no capitals for letters with a tone, VPS for some, since a capital font shows the small
ones: they are encoded as small letters; `capitals` undoes that.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache, partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing_extensions import Buffer

_UNDEFINED: Final = "\ufffe"  # what `codecs.charmap_decode` takes for a byte without a character
_ASCII: Final = "".join(map(chr, range(0x80)))
_HIGH_1252: Final = "".join(
    bytes([code]).decode("cp1252", "replace").replace("\ufffd", _UNDEFINED)
    for code in range(0x80, 0xA0)
)

_TCVN_LOW: Final = dict(
    zip(
        (0x01, 0x02, 0x04, 0x05, 0x06, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17),
        "ÚỤỪỬỮỨỰỲỶỸÝỴ",
        strict=True,
    )
)
_TCVN_HIGH: Final = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_VISCII_LOW: Final = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_VISCII_HIGH: Final = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VPS_HIGH: Final = (
    "ÀẢÃẤẦẨọỗĂếềểệẮẰẲẾ\ufffe\ufffeỀỂỄỐỒỔỖýỷỵỚỜỞ\xa0ắằẳẵặỠớÙờởỡŨỨợỪổỬỲỸÍÌộỈĨÓửữÒỎÕự"
    "ầÁÂấẩẫậđẻÉÊẹỉễịỹƯỦồốÔỏơÈừứÚũưÝẺ\ufffeàáâãảạă\ufffeèéêẽìí\ufffeĩẴĐòóôõ\ufffeƠụùúủ\ufffeỶẼỳ"
)
_TCVN3_HIGH: Final = _HIGH_1252 + "".join(
    _UNDEFINED if letter.isupper() and letter not in "ĂÂÊÔƠƯĐ" else letter
    for letter in _TCVN_HIGH[0x20:]
)


def _with(low: Mapping[int, str]) -> str:
    return "".join(low.get(code, letter) for code, letter in enumerate(_ASCII))


TABLES: Final[Mapping[str, str]] = {
    "tcvn": _with(_TCVN_LOW) + _TCVN_HIGH,
    "tcvn3": _ASCII + _TCVN3_HIGH,
    "viscii": _with(_VISCII_LOW) + _VISCII_HIGH,
    "vps": _ASCII + _VPS_HIGH,
}
"""The character of each byte of the sets of one byte a letter; U+FFFE where there is none."""

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"

# VNI Windows writes a letter's marks behind it, and these letters alone: all in cp1252.
_VNI_TONES: Final = {"ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_HATS: Final = {
    **{"â": _HAT, "á": _HAT + _ACUTE, "à": _HAT + _GRAVE, "å": _HAT + _HOOK},
    **{"ã": _HAT + _TILDE, "ä": _HAT + _DOT},
}
_VNI_BREVES: Final = {
    **{"ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK},
    **{"ü": _BREVE + _TILDE, "ë": _BREVE + _DOT},
}
_VNI_LETTERS: Final = {
    **{"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"},
}
_VIQR_MARKS: Final = {
    **{"'": _ACUTE, "`": _GRAVE, "?": _HOOK, "~": _TILDE, ".": _DOT},
    **{"^": _HAT, "(": _BREVE, "+": _HORN, "*": _HORN},
}
_VIQR_SIGNS: Final = {mark: sign for sign, mark in _VIQR_MARKS.items() if sign != "*"}
# A letter and the signs that it can have, a stroke, or a sign that is meant as such: \\?
_VIQR: Final = re.compile(
    r"""\\(?s:.) | [dD][dD]
    | [aA](?:[\^(]['`?~.]?|['`?~.]) | [eE](?:\^['`?~.]?|['`?~.])
    | [oO](?:[\^+*]['`?~.]?|['`?~.]) | [uU](?:[+*]['`?~.]?|['`?~.]) | [iIyY]['`?~.]""",
    re.VERBOSE,
)


def _vni_pairs() -> dict[str, str]:
    """What VNI writes for each marked letter, in both cases: `ấ` → `aá`."""
    shapes = {"a": (_VNI_HATS, _VNI_BREVES), "e": (_VNI_HATS,), "o": (_VNI_HATS,)}
    written = {letter: sign for sign, letter in _VNI_LETTERS.items()}
    for base in "aeouyơư":
        for signs in (_VNI_TONES, *shapes.get(base, ())):
            for sign, marks in signs.items():
                letter = unicodedata.normalize("NFC", base + marks)
                written.setdefault(letter, written.get(base, base) + sign)
    return written | {letter.upper(): sign.upper() for letter, sign in written.items()}


def _vni_patterns() -> Iterator[str]:
    """For each letter its signs, then the letters that are one sign."""
    for first in sorted({sign[0] for sign in _VNI_LETTER if len(sign) > 1}):
        seconds = sorted(sign[1] for sign in _VNI_LETTER if sign[0] == first and len(sign) > 1)
        yield f"{first}[{''.join(seconds)}]"
    yield f"[{''.join(sorted(sign for sign in _VNI_LETTER if len(sign) == 1))}]"


_VNI_SIGNS: Final = _vni_pairs()
_VNI_LETTER: Final = {
    sign[0] + case(sign[1:]): letter
    for letter, sign in _VNI_SIGNS.items()
    for case in (str.upper, str.lower)
}
_VNI_TAKEN: Final = frozenset("".join(_VNI_LETTER)) - frozenset("aeouyAEOUY")
_VNI: Final = re.compile("|".join(_vni_patterns()))


def _decode_vni(data: Buffer, errors: str = "strict") -> tuple[str, int]:
    text = bytes(data).decode("cp1252", errors)
    return _VNI.sub(lambda match: _VNI_LETTER[match[0]], text), len(bytes(data))


def _encode_vni(text: str, errors: str = "strict") -> tuple[bytes, int]:
    signs = "".join(map(_vni_sign, unicodedata.normalize("NFC", text)))
    return signs.encode("cp1252", errors), len(text)


def _vni_sign(character: str) -> str:
    """What writes a character; foreign letters that would be read as marks (ö, ñ) have nothing."""
    sign = _VNI_SIGNS.get(character)
    return sign or (_UNDEFINED if character in _VNI_TAKEN else character)


def _decode_viqr(data: Buffer, errors: str = "strict") -> tuple[str, int]:
    return _VIQR.sub(_viqr_letter, bytes(data).decode("ascii", errors)), len(bytes(data))


def _viqr_letter(match: re.Match[str]) -> str:
    return _viqr_letters(match[0])


@lru_cache(maxsize=1 << 10)
def _viqr_letters(written: str) -> str:
    if written[0] == "\\":
        return written[1]
    if written[0] in "dD":
        return "Đ" if written[0] == "D" else "đ"
    base, *signs = list(written)
    return unicodedata.normalize("NFC", base + "".join(_VIQR_MARKS[sign] for sign in signs))


def _encode_viqr(text: str, errors: str = "strict") -> tuple[bytes, int]:
    out: list[str] = []
    composed = unicodedata.normalize("NFC", text)
    for character, following in zip_longest(composed, composed[1:], fillvalue=""):
        stroke = {"đ": "dd", "Đ": "DD"}.get(character)
        if stroke:
            out.append(stroke)
        elif character == "\\":
            out.append("\\\\")
        elif character in _VIQR_MARKS:
            after = out[-1][-1] if out else " "
            out.append("\\" + character if after in "aAeEiIoOuUyY^(+'`?~." else character)
        elif character in "dD" and ((out and out[-1] in "dD") or following in ("đ", "Đ")):
            out.append("\\" + character)
        else:
            out.append(_viqr_signs(character))
    return "".join(out).encode("ascii", errors), len(text)


@lru_cache(maxsize=1 << 10)
def _viqr_signs(character: str) -> str:
    """A letter and the signs of its marks, that of its shape first; as it is if it has none, or is
    no letter of Vietnamese: `n~` would not be read as ñ."""
    base, *marks = list(unicodedata.normalize("NFD", character))
    marks.sort(key=lambda mark: mark not in (_HAT, _BREVE, _HORN))
    written = base + "".join(_VIQR_SIGNS.get(mark, mark) for mark in marks)
    return written if marks and _VIQR.fullmatch(written) else character


@cache
def _charmap(name: str) -> tuple[str, dict[int, int]]:
    """The decoding table of a set, and its inverse in which capitals that it lacks are small."""
    table = TABLES[name]
    inverse = {ord(letter): code for code, letter in enumerate(table) if letter != _UNDEFINED}
    for letter in table[0x80:]:
        if letter != _UNDEFINED and len(letter.upper()) == 1:
            inverse.setdefault(ord(letter.upper()), inverse[ord(letter)])
    return table, inverse


def _single_byte(name: str) -> codecs.CodecInfo:
    def decode(data: Buffer, errors: str = "strict") -> tuple[str, int]:
        return codecs.charmap_decode(bytes(data), errors, _charmap(name)[0])

    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        text = unicodedata.normalize("NFC", text)
        return codecs.charmap_encode(text, errors, _charmap(name)[1])

    return codecs.CodecInfo(encode, decode, name=name)


_CODECS: Final[Mapping[str, Callable[[], codecs.CodecInfo]]] = {
    **{name: partial(_single_byte, name) for name in TABLES},
    "vni": lambda: codecs.CodecInfo(_encode_vni, _decode_vni, name="vni"),
    "viqr": lambda: codecs.CodecInfo(_encode_viqr, _decode_viqr, name="viqr"),
}
NAMES: Final = tuple(_CODECS)


def _find(name: str) -> codecs.CodecInfo | None:
    make = _CODECS.get({"abc": "tcvn3", "tcvn5712": "tcvn", "tcvn_3": "tcvn3"}.get(name, name))
    return make() if make else None


@cache
def register() -> None:
    """Make the character sets known to Python, under `NAMES`; `abc` is `tcvn3`."""
    codecs.register(_find)
