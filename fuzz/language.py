"""Targets in what is done to any text: analysis, times, bylines, names, dirt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from fuzz.target import Check, Target, text_of
from index.analysis.abbreviations import definitions
from index.analysis.fold import fold_key, fold_text
from index.analysis.normalize import MAX_KEY_BYTES, accented_key, nfc
from index.analysis.syllables import syllables
from index.analysis.words import segmenter
from index.metadata.bylines import agency, split_credits
from index.metadata.dates import first_full_date, publication_date, url_day
from index.metadata.mentioned import MAX_TERMS, mentioned_days
from index.metadata.names import named
from index.metadata.periods import find_periods
from index.metadata.provinces import widened
from index.readers.capitals import restore_capitals
from index.readers.legacy_fonts import respelled
from index.readers.mojibake import mended

PROSE = (
    "Sáng 26.2, tại phòng họp, Tỉnh ủy Hà Giang tổ chức họp Đoàn đại biểu tham dự Gặp gỡ đầu xuân "
    "năm 2024.\nỦy ban nhân dân (UBND) các tỉnh Quảng Ninh, Lạng Sơn ra công văn số 57-NQ/TW.\n\n"
    "Tin, ảnh: TRẦN KẾ\nNguồn Hà Giang: http://baohagiang.vn/thoi-su/202402/hop-9cb105d/"
).encode()
WORDS = tuple(
    word.encode()
    for word in (
        *("gặp", "gỡ", "đầu", "xuân", "hoà", "hòa", "kỹ", "kĩ", "nứơc", "vịêt", "thuýên", "ĐƯỜNG"),
        *("UBND", "(UBND)", "Ủy ban nhân dân", "Hà Giang", "Nguyễn Văn A", "TP.HCM", "57-NQ/TW"),
        *("\u200b", "\u00ad", "\ufeff", "\u00a0", "\ufffd", "\u0301", "\u0323", "\u031b", "đ", "Đ"),
        *(
            "\u2028",
            "\u0085",
            "\u0130",
            "ß",
            "ﬁ",
            "²",
            "①",
            "Ｔ",
            "日本",
            "Москва",
            "🇻🇳",
            "\U000e0061",
        ),
        *(
            " ",
            "\n",
            "\n\n",
            "\t",
            ".",
            ",",
            ";",
            ":",
            "(",
            ")",
            "-",
            "–",
            "/",
            '"',
            "_",
            "&",
            "<b>",
        ),
    )
)
TIMES = tuple(
    word.encode()
    for word in (
        *("sáng", "chiều nay", "ngày", "tháng", "năm", "từ", "đến", "và", "quý", "tuần", "hôm qua"),
        *("25/2", "25/2/2025", "25.1.2024", "19-21/2", "2025", "2024-2025", "2025-02-26", "1342"),
        *(
            "tháng Giêng",
            "âm lịch",
            "mùng 3 Tết",
            "thứ Hai",
            "cách đây",
            "nửa đầu năm",
            "thập niên",
        ),
        *("99/99/9999", "0/0/0000", "29/2", "31/12", "1/1", "6 tháng đầu năm", "(1954 - 1975)"),
    )
)
CREDITS = tuple(
    word.encode()
    for word in (
        *("Tin, ảnh:", "Nguồn:", "Theo", "(TTXVN)", "BHG -", "TRẦN KẾ", "http://a.vn/202402/b"),
        *("Ảnh:", "Bài:", "Tổng hợp", "VnExpress", "PV", "\n\n", "\n", " - ", "/"),
    )
)


def _of_text(check: Callable[[str], None]) -> Callable[[Path], Check]:
    return lambda _: lambda data: check(text_of(data))


def _analysis(text: str) -> None:
    text = nfc(text)
    end = 0
    for syllable in syllables(text):
        assert end <= syllable.start < syllable.end <= len(text)
        end = syllable.end
        key = accented_key(text[syllable.start : syllable.end])
        assert accented_key(key) == key, "accented keys are idempotent"
        assert fold_key(fold_key(key)) == fold_key(key), "folding is idempotent"
        assert len(key.encode()) <= MAX_KEY_BYTES
    fold_text(text)
    for definition in definitions(text):
        assert definition.term()


def _words(text: str) -> None:
    text = nfc(text)
    found = segmenter()
    end = 0
    for start, stop, _ in found.word_spans(text):
        assert end <= start < stop <= len(text)
        end = stop
    words = found.words(text)
    named(text, words.runs)


def _times(text: str) -> None:
    text = nfc(text)
    for published in (None, date(2025, 2, 26)):
        for period in find_periods(text, published):
            assert period.first <= period.last
            assert 0 <= period.start < period.end <= len(text)
    for day in (None, "2025-02-26"):
        terms = mentioned_days(text, day)
        assert len(terms) <= MAX_TERMS
        assert all(len(term) == 8 and term.isdecimal() for term in terms)
    for dated in (publication_date(text), first_full_date(text), url_day(text)):
        assert dated is None or date.fromisoformat(dated.date)


def _credits(text: str) -> None:
    text = nfc(text)
    lines = [line.strip() for line in text.split("\n")]
    kept, found = split_credits(lines)
    assert len(kept) <= len(lines)
    assert found.url is None or found.url.isprintable()
    agency(text)
    widened(text)


def _dirt(text: str) -> None:
    text = nfc(text)
    nfc(mended(text))
    assert len(restore_capitals(text)) >= 0
    respelled(text)


TARGETS = (
    Target("analysis", _of_text(_analysis), (PROSE,), WORDS, share=6),
    Target("words", _of_text(_words), (PROSE,), WORDS, share=4),
    Target("times", _of_text(_times), (PROSE,), (*TIMES, *WORDS), share=6),
    Target("credits", _of_text(_credits), (PROSE,), (*CREDITS, *WORDS), share=6),
    Target(
        "dirt",
        _of_text(_dirt),
        (PROSE, PROSE.decode().encode("cp1252", "ignore"), PROSE.decode("latin-1").encode()),
        (*WORDS, *(word.decode("latin-1").encode() for word in WORDS)),
        share=6,
    ),
)
