"""What is understood, however it is typed; and that what needs no reading is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.normalize import accented_key, nfc
from index.analysis.syllables import surfaces
from index.documents import Document
from index.store import IndexStore
from search.engines.newest import interpreter_of
from search.interpret.interpreter import Interpreter
from search.parser import parse

TEXT = """
Chương trình gặp gỡ đầu xuân diễn ra tại thành phố Hà Giang.
Lãnh đạo tỉnh gặp gỡ đầu xuân với các doanh nghiệp trong tỉnh.
Đường cao tốc Bắc Nam qua tỉnh sẽ được xây dựng trong năm nay.
Hội nghị bàn về đường cao tốc và đường sắt qua biên giới.
Người dân đi xe bus và taxi đến sân bay Nội Bài.
Xe bus mới chạy từ bến xe đến bệnh viện, giá vé xe bus không đổi.
Virus corona và dịch COVID19 làm học sinh nghỉ học ở nhà.
Ông Dương họp với ngành giáo dục về kỳ thi năm nay.
Ngành giáo dục tỉnh công bố điểm thi vào lớp mười.
Giá xăng dầu hôm nay tăng nhẹ, giá xăng dầu thế giới giảm.
Mưa lớn gây lũ ở miền núi, nhiều người dân phải sơ tán.
Đội bóng MU thua trận thứ sáu, six nations là giải bóng bầu dục.
"""


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    with store.transaction(processes=1) as transaction:
        transaction.add(Document(str(n), "", TEXT) for n in range(20))
        transaction.commit()
    found = interpreter_of(store.snapshot())
    assert found is not None
    return found


def understood(interpreter: Interpreter, query: str) -> str:
    meaning = interpreter.interpret([accented_key(s) for s in surfaces(nfc(query))])
    for guesses in meaning.guesses:
        assert 0.9 < sum(guess.probability for guess in guesses) < 1.0001
        assert sorted(guesses, key=lambda guess: -guess.probability) == list(guesses)
    return " ".join(guesses[0].accented for guesses in meaning.guesses)


@pytest.mark.parametrize(
    "typed",
    [
        "gặp gỡ đầu xuân",
        "gap go dau xuan",
        "gawpj gowx ddaauf xuaan",
        "gặp go đầu xuan",
        "ga85p go74 d9a6u2 xua6n",
        "gap gỡ đàu xuân",
    ],
)
def test_one_meaning_has_many_typings(interpreter: Interpreter, typed: str) -> None:
    assert understood(interpreter, typed) == "gặp gỡ đầu xuân"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("duong cao toc bac nam", "đường cao tốc bắc nam"),
        ("dduwowngf cao toocs", "đường cao tốc"),
        ("nghành giáo dục", "ngành giáo dục"),
        ("giá săng dầu", "giá xăng dầu"),
        ("nguời dân sơ tan", "người dân sơ tán"),
        ("hoc sinh nghi hoc", "học sinh nghỉ học"),
    ],
)
def test_what_was_meant(interpreter: Interpreter, typed: str, meant: str) -> None:
    assert understood(interpreter, typed) == meant


@pytest.mark.parametrize(
    "foreign", ["xe bus", "six nations", "virus corona", "covid19", "taxi", "iphone 15 pro", "f0"]
)
def test_foreign_words_survive(interpreter: Interpreter, foreign: str) -> None:
    assert understood(interpreter, foreign) == foreign


def test_words_that_the_index_does_not_know_are_left_alone(interpreter: Interpreter) -> None:
    for text in ("triết học cổ điển", "zzzz qqqq", "clausewitz swansea", "привет мир"):
        assert understood(interpreter, text) == text


@pytest.mark.parametrize(
    ("typed", "at", "meant"),
    [
        ("nghành giáo dục", 0, "ngành"),
        ("giá săng dầu", 1, "xăng"),
        ("hội nghi bàn về", 1, "nghị"),
        ("giá vé se bus", 2, "xe"),
    ],
)
def test_corrections_of_a_syllable(
    interpreter: Interpreter, typed: str, at: int, meant: str
) -> None:
    corrections = interpreter.corrections(typed.split(), at)
    assert corrections[0].accented == meant
    assert typed.split()[at] not in [guess.accented for guess in corrections]


def test_what_is_like_nothing_has_no_corrections(interpreter: Interpreter) -> None:
    for typed in ("zzzzzzzz", "привет", "2025", "a" * 100):
        assert interpreter.corrections(["giá", typed], 1) == ()


def test_a_common_word_says_less(interpreter: Interpreter) -> None:
    assert interpreter.weight("dân") < interpreter.weight("virus")
    assert interpreter.weight("chưa thấy") == 1.0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_an_error(interpreter: Interpreter, text: str) -> None:
    typed = [accented_key(s) for s in surfaces(nfc(text))]
    meaning = interpreter.interpret(typed)
    assert len(meaning.guesses) == len(typed)


def test_many_syllables_are_answered(interpreter: Interpreter) -> None:
    typed = ["duong", "gawpj", "ga85p", "nghành"] * 16
    assert len(interpreter.interpret(typed).guesses) == 64


def test_of_many_spellings_none_may_be_likely(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    spellings = ("bò", "bỏ", "bơ", "bo", "bồ", "bó", "bọ", "bố", "bờ", "bộ", "bô", "bổ")
    with store.transaction(processes=1) as transaction:
        transaction.add(Document(key, "", f"Một {key} nữa. " * 20) for key in spellings)
        transaction.commit()
    interpreter = interpreter_of(store.snapshot())
    assert interpreter is not None
    [guesses, _] = interpreter.interpret(("bo", "edca")).guesses
    assert guesses[0].probability < 0.15
    parsed = parse("bo EDCA", "auto", interpreter)
    assert parsed.choose(lambda tree: 1)
