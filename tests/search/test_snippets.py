"""Laws of snippets: pieces of the text, in its order, that show what was found."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, nfc
from search.highlight import highlight
from search.occurrences import HighlightSpec, Needle, Stem
from search.snippets import (
    FURTHER_CHARACTERS,
    HEADING_CHARACTERS,
    MAX_SNIPPETS,
    SNIPPET_CHARACTERS,
    heading,
    snippets,
)
from search.windows import best_windows

MARK = re.compile(r'<mark(?: class="folded")?>|</mark>')
WORDS = ["gặp", "gỡ", "gap", "xuân", "đầu", "năm", "của", "và", "<b>", "&", "a" * 60]
GAPS = [" ", " ", " ", " ", ". ", "\n", ", "]
texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=150).map(
    lambda pieces: "".join(word + gap for word, gap in pieces)
)


def needle(phrase: str) -> Needle:
    keys = [accented_key(word) for word in phrase.split()]
    return Needle(tuple(Stem((fold_key(key),), (key,)) for key in keys))


def cut(text: str, *phrases: str) -> tuple[str, ...]:
    return cut_after(0, text, *phrases)


def cut_after(begin: int, text: str, *phrases: str) -> tuple[str, ...]:
    spec = HighlightSpec(tuple(map(needle, phrases)))
    page = highlight(spec, [text], [0])
    [window] = best_windows(page, [begin], SNIPPET_CHARACTERS)
    return snippets(text, page.text(0), window, begin)


def plain(snippet: str) -> str:
    return unescape(MARK.sub("", snippet))


queries = st.lists(st.sampled_from(["gặp", "gỡ", "gặp gỡ", "xuân", "đầu xuân", "của"]), max_size=4)


@given(st.one_of(texts, st.text(max_size=400).map(nfc)), queries)
def test_snippets_are_pieces_of_the_text_in_its_order(text: str, query: list[str]) -> None:
    found = cut(text, *query)
    assert len(found) <= MAX_SNIPPETS
    position = 0
    for snippet in found:
        piece = plain(snippet)
        bare = [piece, piece.removeprefix("…"), piece.removesuffix("…"), piece[1:-1]]
        places = [(at, len(p)) for p in bare if (at := text.find(p, position)) >= 0]
        assert places
        position = sum(places[0])


@given(texts, queries)
def test_snippets_are_short(text: str, query: list[str]) -> None:
    lengths = sorted((len(plain(snippet)) for snippet in cut(text, *query)), reverse=True)
    for length in lengths[:1]:
        assert length <= SNIPPET_CHARACTERS + 2
    for length in lengths[1:]:
        assert length <= FURTHER_CHARACTERS + 2


@given(texts, queries)
def test_a_snippet_shows_a_match_if_the_text_has_one(text: str, query: list[str]) -> None:
    spec = HighlightSpec(tuple(map(needle, query)))
    marked = "<mark" in highlight(spec, [text], [0]).text(0).html(0, len(text))
    found = cut(text, *query)
    assert all("<mark" in snippet for snippet in found) == marked or not found


@given(texts, queries)
def test_everything_but_marks_is_escaped(text: str, query: list[str]) -> None:
    for snippet in cut(text, *query):
        assert not set(MARK.sub("", snippet)) & set("<>\"'")
        tags = MARK.findall(snippet)
        assert all(tag.startswith("<mark") for tag in tags[::2])
        assert all(tag == "</mark>" for tag in tags[1::2])


def test_the_densest_window_wins() -> None:
    text = f"Gặp ông. {'Năm qua. ' * 40}Chương trình gặp gỡ đầu xuân. {'Năm nay. ' * 40}Xuân về."
    found = cut(text, "gặp", "gỡ", "đầu", "xuân")
    assert len(found) == 1
    assert "<mark>gặp gỡ đầu xuân</mark>" in found[0]


def test_the_spelling_typed_wins_over_a_folded_one() -> None:
    text = f"Ông Dương nói. {'Năm qua. ' * 40}Con đường mới."
    assert "<mark>đường</mark>" in cut(text, "đường")[0]


def test_what_the_best_window_lacks_is_shown_in_further_ones() -> None:
    text = f"Xuân về. {'Năm qua. ' * 40}Cuộc gặp gỡ. {'Năm nay. ' * 40}"
    found = cut(text, "gặp gỡ", "xuân")
    assert [MARK.sub("", snippet)[:8] for snippet in found] == ["Xuân về.", "Cuộc gặp"]
    assert "<mark>Xuân</mark>" in found[0]
    assert "<mark>gặp gỡ</mark>" in found[1]


def test_a_text_without_a_match_is_shown_from_its_beginning() -> None:
    text = "Sáng 25/2, hội nghị diễn ra tại Hạ Long. " * 20
    (snippet,) = cut(text, "máy bay")
    assert snippet.startswith("Sáng 25/2, hội nghị")
    assert snippet.endswith("…")


def test_an_empty_text_has_no_snippets() -> None:
    assert cut("", "gặp") == ()


def test_a_heading_is_the_title_or_the_beginning_of_the_text() -> None:
    assert heading("Họp báo\nSáng 25/2", 7) == (0, 7, False)
    assert heading(" Sáng 25/2. \nChiều", 0) == (1, 11, False)
    assert heading("", 0) == (0, 0, False)
    lead = "Chương trình gặp gỡ đầu xuân, " * 10
    start, end, cut = heading(lead, 0)
    assert (start, cut) == (0, True)
    assert end <= HEADING_CHARACTERS
    assert lead[end - 1].isalpha()
    assert not lead[end].isalpha()


def test_snippets_begin_after_the_title() -> None:
    title = "Gặp gỡ đầu xuân"
    text = f"{title}\nChương trình gặp gỡ đầu xuân diễn ra. {'Năm qua. ' * 30}"
    (snippet,) = cut_after(len(title) + 1, text, "gặp", "gỡ")
    assert snippet.startswith("Chương trình <mark>gặp gỡ</mark> đầu xuân")
    assert cut_after(len(title), title, "gặp") == ()
