"""The typing conditions of the relevance bench: known queries, and laws that hold for any."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.conditions import CONDITIONS, make, nfc, nfd, other_placement, strip_marks, telex, vni
from bench.slips import KINDS, slip

SYLLABLES = [
    *("gặp", "gỡ", "đầu", "xuân", "Nguyễn", "Ái", "Quốc", "được"),
    *("đường", "hoà", "thúy", "khỏe", "quý", "già", "sĩ", "UBND"),
]
queries = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=8).map(" ".join)
any_text = st.text(max_size=40)


class Last(random.Random):
    """Always draws the first choice: tone key last, one hook key."""

    def random(self) -> float:
        return 0.0


class After(random.Random):
    """Always draws the second choice: tone key after its vowel, two hook keys."""

    def random(self) -> float:
        return 0.9


@pytest.mark.parametrize(
    ("text", "last", "after"),
    [
        ("gặp gỡ đầu xuân", "gawpj gowx ddaauf xuaan", "gawjp gowx ddaafu xuaan"),
        ("tiếng Việt", "tieengs Vieetj", "tieesng Vieejt"),
        ("Đường ưu tiên", "Dduowngf uwu tieen", "Dduwowfng uwu tieen"),
        ("bus 12", "bus 12", "bus 12"),
    ],
)
def test_telex_writes_the_keys(text: str, last: str, after: str) -> None:
    assert telex(text, Last()) == last
    assert telex(nfd(text), After()) == after


def test_vni_writes_digits() -> None:
    assert vni("tiếng Việt", After()) == "tie61ng Vie65t"
    assert vni("Đường đến Huế", Last()) == "D9uo7ng2 d9e6n1 Hue61"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("hoà bình", "hòa bình"),
        ("Thúy khỏe", "Thuý khoẻ"),
        ("HÒA", "HOÀ"),
        ("quý khách già", "quý khách già"),
        ("hoàn toàn", "hoàn toàn"),
        ("thuế", "thuế"),
    ],
)
def test_placement_moves_the_tone_of_open_syllables(text: str, other: str) -> None:
    assert other_placement(text) == other
    assert other_placement(other) == text


def test_stripped_has_no_marks_and_keeps_case() -> None:
    assert strip_marks("Đường đến ỦY BAN") == "Duong den UY BAN"


@given(any_text)
def test_strip_marks_is_idempotent_and_blind_to_composition(text: str) -> None:
    assert strip_marks(strip_marks(text)) == strip_marks(text)
    assert strip_marks(nfd(text)) == strip_marks(nfc(text))


@given(st.sampled_from(sorted(CONDITIONS)), any_text)
def test_every_condition_is_repeatable(condition: str, text: str) -> None:
    assert make(condition, text) == make(condition, text)


@given(queries)
def test_only_typo_and_keys_change_the_letters(query: str) -> None:
    folded = strip_marks(query).lower()
    for condition in ("typed", "stripped", "nfd", "placement", "upper", "partial"):
        assert strip_marks(make(condition, query)).lower() == folded


@given(queries)
def test_partial_strips_half_of_the_marked_syllables(query: str) -> None:
    marked = sum(strip_marks(s) != s for s in query.split())
    left = sum(strip_marks(s) != s for s in make("partial", query).split())
    assert left == marked // 2


@given(queries, st.integers())
def test_a_slip_changes_one_syllable(query: str, seed: int) -> None:
    changed = slip(query, random.Random(seed))
    pairs = list(zip(query.split(), changed.split(), strict=True))
    assert sum(a != b for a, b in pairs) == 1


@pytest.mark.parametrize(
    ("kind", "word", "becomes"),
    [
        ("hỏi/ngã", "nghĩ", {"nghỉ"}),
        ("hỏi/ngã", "nghi", {None}),
        ("s/x", "Sáng", {"Xáng"}),
        ("ch/tr", "trời", {"chời"}),
        ("d/gi/r", "gia", {"da", "ra"}),
        ("d/gi/r", "đi", {None}),
        ("l/n", "nam", {"lam"}),
        ("l/n", "nhà", {None}),
        ("dropped", "nam", {"am", "nm", "na"}),
        ("doubled", "nam", {"nnam", "naam", "namm"}),
        ("neighbour", "ở", {None}),
    ],
)
def test_kinds_of_slips(kind: str, word: str, becomes: set[str | None]) -> None:
    assert {KINDS[kind](word, random.Random(seed)) for seed in range(40)} == becomes


def test_nothing_to_slip_on() -> None:
    assert slip("2025 & ?", random.Random(1)) == "2025 & ?"
    assert unicodedata.is_normalized("NFC", make("typo", nfd("hòa bình")))
