"""Misspelt syllables: what was meant is proposed, the likelier the cheaper; nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key
from index.analysis.phonotactics import is_syllable
from search.interpret.confusions import NEIGHBOURS
from search.interpret.slips import DEAREST, merge, slips, split

TEXT = (
    "ngành ngạnh nhành nành cành giả giã già gia giá xuất suất sắc xắc chuyện truyện trải chải "
    "dành giành rành lên nên nghỉ nghĩ nghi quyển quyền huyền nguyễn nguyên nguyện định đình đỉnh "
    "đường dương đương đượng tiếng tiến tiền chiếc chiết thiếc tranh trang trăng trắng việc việt "
    "không phải phổi khó ông ngày nay năm nắm nằm nam bị mọt một mốt môt hưu hươu kỹ lý xã hội "
    "clausewitz swansea music bus covid 2024 2025 khi hòa bình hoàn thúy"
)
WORDS = TEXT.split()


class Words:
    """A vocabulary of given syllables."""

    def __init__(self, words: Sequence[str]) -> None:
        self.by_letters: dict[str, list[str]] = {}
        for word in words:
            self.by_letters.setdefault(fold_key(accented_key(word)), []).append(word)

    def spellings(self, folded: str) -> Sequence[str]:
        return self.by_letters.get(folded, ())


VOCABULARY = Words(WORDS)


def proposed(typed: str) -> list[str]:
    return [slip.candidate for slip in slips(accented_key(typed), VOCABULARY)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[("nghành", "ngành"), ("suất", "xuất"), ("chuyện", "truyện")],
        *[("dành", "giành"), ("nghỉ", "nghĩ"), ("nghĩ", "nghỉ"), ("chuếc", "chiếc")],
        *[("đườg", "đường"), ("hiu", "hưu"), ("trăgn", "trăng")],
        *[("bbị", "bị"), ("mộtt", "một"), ("kyx", "kỹ"), ("tiếgn", "tiếng"), ("tiêng", "tiếng")],
        *[("ngfay", "ngày"), ("na9m", "năm"), ("tiếngs", "tiếng"), ("nguyển", "nguyễn")],
        *[("clasewitz", "clausewitz"), ("swasea", "swansea"), ("musi", "music")],
    ],
)
def test_what_was_meant_comes_first(typed: str, meant: str) -> None:
    assert proposed(typed)[:1] == [meant]


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("giả", "giã giá gia"),  # hỏi for ngã, another tone, a tone too many
        ("nghi", ""),  # bare letters: marks are restored elsewhere
        ("tiêng", "tiếng tiền"),
        ("trãng", "trắng tranh"),
    ],
)
def test_the_likelier_is_cheaper(typed: str, order: str) -> None:
    assert [word for word in proposed(typed) if word in order.split()] == order.split()


def test_i_and_y_are_both_what_may_have_been_typed() -> None:
    assert accented_key("hi") == accented_key("hy")
    assert {"hội", "kỹ"} <= set(proposed("hi"))


def test_regional_pairs_cost_less_than_keys_and_marks_less_than_both() -> None:
    costs = {s.candidate: s.cost for s in slips("trải", VOCABULARY)}
    assert costs["chải"] < {s.candidate: s.cost for s in slips("phải", Words(["phổi"]))}["phổi"]
    assert {s.candidate: s.cost for s in slips("giả", VOCABULARY)}["giã"] < costs["chải"]


def test_two_slips_cost_more_than_one() -> None:
    costs = {s.candidate: s.cost for s in slips("xuân", Words(["xuất", "suất", "suân", "suấn"]))}
    assert costs["suân"] < costs["suấn"] < DEAREST


@pytest.mark.parametrize("typed", ["duong", "tieng", "nguyen"])
def test_bare_letters_are_not_restored_here(typed: str) -> None:
    assert all(fold_key(word) != typed for word in proposed(typed))


def test_marks_cost_nothing_where_none_were_typed() -> None:
    costs = {s.candidate: s.cost for s in slips("dươg", VOCABULARY)}
    bare = {s.candidate: s.cost for s in slips("duog", VOCABULARY)}
    assert bare["đường"] == bare["dương"] == bare["đương"]
    assert costs["dương"] < costs["đường"]


@pytest.mark.parametrize("typed", ["2026", "1", "25", "f0", "covid19", "20245", "a" * 60, "", "ơ"])
def test_numbers_and_what_is_too_short_or_long_stay(typed: str) -> None:
    assert proposed(typed) == []


syllables = st.sampled_from([word for word in WORDS if len(word) > 2 and is_syllable(word)])


@given(syllables, st.data())
def test_one_slip_of_a_finger_is_undone(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    kind = data.draw(st.sampled_from(["dropped", "doubled", "swapped", "neighbour"]))
    head, letter, tail = word[:at], word[at], word[at + 1 :]
    match kind:
        case "dropped":
            typed = head + tail
        case "doubled":
            typed = head + letter * 2 + tail
        case "swapped":
            typed = head + tail[:1] + letter + tail[1:]
        case _:
            assume(letter in NEIGHBOURS)
            typed = head + data.draw(st.sampled_from(sorted(NEIGHBOURS[letter]))) + tail
    key = accented_key(typed)
    assume(key != word and fold_key(key) != fold_key(word))
    assert word in proposed(key)


@given(st.text(max_size=30) | st.sampled_from(WORDS))
def test_any_key_has_costs_in_order_from_the_vocabulary(text: str) -> None:
    key = accented_key(text)
    found = slips(key, VOCABULARY)
    assert all(0 < slip.cost < DEAREST for slip in found)
    assert all(one.cost <= other.cost for one, other in pairwise(found))
    assert {slip.candidate for slip in found} <= set(WORDS) - {key}
    assert len({slip.candidate for slip in found}) == len(found)


def test_neighbouring_keys() -> None:
    assert NEIGHBOURS["g"] == frozenset("ftyhvb")
    assert NEIGHBOURS["q"] == frozenset("wa")
    assert all(one in NEIGHBOURS[other] for one in NEIGHBOURS for other in NEIGHBOURS[one])


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("khôngphải", ("không", "phải")),
        ("khongphai", ("khong", "phai")),
        ("hòabình", ("hòa", "bình")),
    ],
)
def test_two_syllables_without_their_space(typed: str, parts: tuple[str, str]) -> None:
    assert parts in {found[:2] for found in split(accented_key(typed), VOCABULARY)}


@pytest.mark.parametrize("typed", ["không", "covid19", "xahoi2024", "clausewitz", "", "x" * 99])
def test_what_is_no_two_syllables(typed: str) -> None:
    assert split(typed, VOCABULARY) == []


def test_a_syllable_with_a_space_too_many() -> None:
    found = merge("nguy", "ễn", VOCABULARY)
    assert found
    assert found.candidate == "nguyễn"
    assert merge("kh", "ong", VOCABULARY) is not None
    assert merge("xã", "hội", VOCABULARY) is None
    assert merge("20", "24", VOCABULARY) is None
    assert merge("x" * 20, "y" * 20, VOCABULARY) is None


def test_every_process_proposes_the_same() -> None:
    code = (
        "from tests.search.interpret.test_slips import Words, slips\n"
        "print(*slips('wai', Words('bai cai dai gai hai lai mai nai rai sai tai vai'.split())))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1
