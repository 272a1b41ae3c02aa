"""The text that analysis is tried on: Vietnamese, what is nearly Vietnamese, and what is not."""

from __future__ import annotations

import unicodedata
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import strategies as st

SYLLABLES = (
    *("gặp", "gỡ", "đầu", "xuân", "Hà", "Giang", "Quảng", "Ninh", "hội", "nghị", "Ủy", "ban"),
    *("công", "tác", "liên", "hợp", "hoà", "bình", "thuý", "khoẻ", "kĩ", "thuật", "quý", "già"),
    *("Nguyễn", "Thị", "Đường", "TP", "UBND", "nứơc", "vịêt", "thuýên", "2025", "25", "a", "Ô"),
)
DIRT = (
    *(" ", "  ", "\n", "\t", "\u00a0", "\u200b", "\u200d", "\u00ad", "\ufeff", "\u0301", "\u0323"),
    *("_", "-", "--", "->", "==>", "...", ",", ".", "/", "@", "+", "“", "”", "–", "'", "\0", ">>"),
    *("25.2.2022", "1.234,5", "19-21/2", "COVID-19", "UBND.", "Tp.", "ThS.", "http://a.vn/b?c=d"),
    *(
        "tin@bao.com.vn",
        "a.b+c@d",
        "İ",
        "Σ",
        "ß",
        "ﬁ",
        "m²",
        "Ａ",
        "한",
        "漢字",
        "𝗧𝗶𝗻",
        "❤️",
        "🇻🇳",
        "\ufffd",
    ),
)


@pytest.fixture(scope="session")
def texts() -> st.SearchStrategy[str]:
    """Syllables and dirt in any order, in NFC or not."""
    pieces = st.one_of(
        st.sampled_from(SYLLABLES),
        st.just(" "),
        st.sampled_from(DIRT),
        st.text(max_size=3),
    )
    forms = st.sampled_from(("NFC", "NFD"))
    joined = st.lists(pieces, max_size=40).map("".join)
    return st.builds(unicodedata.normalize, forms, joined)


@pytest.fixture(scope="session")
def seeds() -> list[str]:
    """The two texts that the project began with."""
    folder = Path(__file__).parents[3] / "seeds"
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]


@pytest.fixture(scope="session")
def lexicon() -> list[str]:
    """pyvi's lexicon, read without importing pyvi."""
    spec = find_spec("pyvi")
    assert spec is not None
    assert spec.submodule_search_locations
    words = Path(spec.submodule_search_locations[0], "models", "words.txt")
    return unicodedata.normalize("NFC", words.read_text("utf-8")).lower().split("\n")


@pytest.fixture(scope="session")
def lexicon_syllables(lexicon: list[str]) -> list[str]:
    return sorted({syllable for word in lexicon for syllable in word.split(" ") if syllable})
