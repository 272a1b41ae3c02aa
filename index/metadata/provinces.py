"""Vietnam's provinces and cities before and after the mergers of 2025: data, and names looked up.

Source: Nghị quyết 202/2025/QH15 of 12 June 2025 on arranging province-level units, in force from
1 July 2025: 63 provinces became 34. Its article 1 lists, for each new one, those it was made of.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key

MERGED: Final = {
    "Tuyên Quang": ("Hà Giang", "Tuyên Quang"),
    "Lào Cai": ("Yên Bái", "Lào Cai"),
    "Thái Nguyên": ("Bắc Kạn", "Thái Nguyên"),
    "Phú Thọ": ("Hòa Bình", "Vĩnh Phúc", "Phú Thọ"),
    "Bắc Ninh": ("Bắc Giang", "Bắc Ninh"),
    "Hưng Yên": ("Thái Bình", "Hưng Yên"),
    "Hải Phòng": ("Hải Dương", "Hải Phòng"),
    "Ninh Bình": ("Hà Nam", "Nam Định", "Ninh Bình"),
    "Quảng Trị": ("Quảng Bình", "Quảng Trị"),
    "Đà Nẵng": ("Quảng Nam", "Đà Nẵng"),
    "Quảng Ngãi": ("Kon Tum", "Quảng Ngãi"),
    "Gia Lai": ("Bình Định", "Gia Lai"),
    "Khánh Hòa": ("Ninh Thuận", "Khánh Hòa"),
    "Lâm Đồng": ("Đắk Nông", "Bình Thuận", "Lâm Đồng"),
    "Đắk Lắk": ("Phú Yên", "Đắk Lắk"),
    "Hồ Chí Minh": ("Bà Rịa - Vũng Tàu", "Bình Dương", "Hồ Chí Minh"),
    "Đồng Nai": ("Bình Phước", "Đồng Nai"),
    "Tây Ninh": ("Long An", "Tây Ninh"),
    "Cần Thơ": ("Sóc Trăng", "Hậu Giang", "Cần Thơ"),
    "Vĩnh Long": ("Bến Tre", "Trà Vinh", "Vĩnh Long"),
    "Đồng Tháp": ("Tiền Giang", "Đồng Tháp"),
    "Cà Mau": ("Bạc Liêu", "Cà Mau"),
    "An Giang": ("Kiên Giang", "An Giang"),
}
"""New province → those before it that it was made of, itself last."""

UNCHANGED: Final = (
    *("Hà Nội", "Huế", "Lai Châu", "Điện Biên", "Sơn La", "Lạng Sơn", "Quảng Ninh", "Thanh Hóa"),
    *("Nghệ An", "Hà Tĩnh", "Cao Bằng"),
)
"""The eleven that were not merged (Huế had been Thừa Thiên Huế until 2024)."""

# Other spellings and names of the press; also those of before 1991 and of before 2025.
_OTHER_NAMES: Final = {
    "Bắc Cạn": "Bắc Kạn",
    "Đắc Lắc": "Đắk Lắk",
    "Đăk Lăk": "Đắk Lắk",
    "Đắk Lăk": "Đắk Lắk",
    "Đắc Nông": "Đắk Nông",
    "Đăk Nông": "Đắk Nông",
    "Kontum": "Kon Tum",
    "Thừa Thiên Huế": "Huế",
    "Thừa Thiên - Huế": "Huế",
    "Bà Rịa Vũng Tàu": "Bà Rịa - Vũng Tàu",
    "Vũng Tàu": "Bà Rịa - Vũng Tàu",
    "Sài Gòn": "Hồ Chí Minh",
    "TP HCM": "Hồ Chí Minh",
    "TPHCM": "Hồ Chí Minh",
    "TP Hồ Chí Minh": "Hồ Chí Minh",
    "Thành phố Hồ Chí Minh": "Hồ Chí Minh",
}


def _key(name: str) -> str:
    """What spellings of a name have in common: syllables apart from marks' places and case."""
    return " ".join(accented_key(word) for word in re.findall(r"\w+", name))


_OLD_TO_NEW: Final = {old: new for new, olds in MERGED.items() for old in olds if old != new}
_CANONICAL: Final = {
    **{_key(name): name for name in (*MERGED, *_OLD_TO_NEW, *UNCHANGED)},
    **{_key(other): name for other, name in _OTHER_NAMES.items()},
}
NAMES: Final = frozenset(_CANONICAL)
"""Lower-case names of all provinces, as `province` compares them."""


_FOLDED: Final = {fold_key(key): name for key, name in _CANONICAL.items()}


@lru_cache(maxsize=1 << 14)
def province(name: str) -> str | None:
    """The province, old or new, that `name` names, in its usual spelling; None if it names none."""
    return _CANONICAL.get(_key(name))


def widened(name: str) -> tuple[str, ...]:
    """`name` and what the mergers of 2025 make of it.

    A province of before is also the one it went into; one that took others in is also these.
    (`name`,) if it is no province, or was not merged. Marks may be left out altogether.
    """
    known = province(name) or (_FOLDED.get(_key(name)) if name.isascii() else None)
    if known is None:
        return (name,)
    if known in _OLD_TO_NEW:
        return (known, _OLD_TO_NEW[known])
    return (known, *(old for old in MERGED.get(known, ()) if old != known))
