"""What tells an analyzer from what it was before: the terms that it makes of a probe.

An index whose segments bear another fingerprint holds terms that queries no longer ask for: it has
to be made anew. The probe has what is easy to treat in another way: tone marks old and new, i and
y, đ, NFD, capitals, digits, hyphens, apostrophes, legal numbers, abbreviations, foreign words. What
pyvi makes of it is not tried, as its model takes a while to load; the digests of its files stand
for it.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import blake2b
from typing import Final

from index.analysis.analyzers import ABBREVIATIONS, ACCENTED, FOLDED, PAIRS
from index.analysis.pyvi_model import DIGESTS

PROBE: Final = (
    "Gặp gỡ đầu xuân 2025: hoà bình và hòa bình, thuỷ lợi và thủy lợi, kĩ sư và kỹ sư, quý, quí",
    "ĐƯỜNG SẮT, Dương Thị Đường, đương nhiên; Ðắk Lắk, Đăk Lăk, Krông-Pắc, K'Bang, H’Mông",
    "Uỷ ban nhân dân (UBND) tỉnh Hà Giang, Bộ Giáo dục và Đào tạo (GD&ĐT), Covid-19, G7, 4.0",
    "Nghị định 01/2024/NĐ-CP, ngày 19-21/2, 1.250.000 đồng, 3,5%, 20h30', +84 912 345 678",
    "Tie\u0302\u0301ng Vie\u0323\u0302t, go\u0300\u031b; Zürich, naïve, Straße, İstanbul, ﬁ, ½, ²",
    "chia\u00adnhỏ, không\u200bcách, a_b, e-mail: ai@vi.du.vn, https://vi.du/đường?x=1#y",
)


@cache
def fingerprint() -> str:
    """16 hex digits that change whenever an analyzer makes other terms of the probe."""
    terms = [
        [token.text for token in analyzer(line, positions=True)]
        for analyzer in (FOLDED, ACCENTED, PAIRS, ABBREVIATIONS)
        for line in PROBE
    ]
    content = json.dumps([terms, sorted(DIGESTS.items())])
    return blake2b(content.encode(), digest_size=8).hexdigest()
