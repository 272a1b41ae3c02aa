"""Laws of marking: nothing but matches is marked, nothing is lost, nothing is left unescaped."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis.normalize import nfc
from index.analysis.syllables import Syllable, syllables
from search.flat import BETWEEN, FlatTexts, flatten
from search.highlight import Highlighted, highlight
from search.occurrences import HighlightSpec, Needle, Needles, Stem

from .made import any_specs, any_texts, phrase, specs, stem, texts, words

MARK = re.compile(r'<mark(?: class="folded")?>|</mark>')


def html(spec: HighlightSpec, text: str) -> str:
    """`text` with all occurrences marked, strays too."""
    flat = FlatTexts([text])
    page = Highlighted.of(spec, flat, Needles(spec).find(flat))
    return page.text(0).html(0, len(text))


def clear_html(spec: HighlightSpec, text: str) -> str:
    """`text` marked as a page shows it."""
    return highlight(spec, [text], [0]).text(0).html(0, len(text))


Found = tuple[int, int, int, bool]
"""Start, end, needle, exact."""


def found_in(spec: HighlightSpec, texts: list[str]) -> list[list[Found]]:
    """What is found in each text, looked for in all of them at once."""
    flat = FlatTexts(texts)
    page = Highlighted.of(spec, flat, Needles(spec).find(flat))
    found = list(zip(*page.columns, strict=True))
    here = [found[low:high] for low, high in pairwise(page.bounds)]
    return [
        [(start - offset, end - offset, needle, exact) for start, end, needle, exact in part]
        for part, offset in zip(here, flat.offsets, strict=True)
    ]


def matches(spec: HighlightSpec, stem: Stem, syllable: Syllable) -> bool | None:
    """Whether the syllable is what the stem describes, spelled as typed; None if it is not."""
    if stem.prefix:
        similar = syllable.folded.startswith(stem.folded)
        exact = syllable.accented.startswith(stem.accented)
    else:
        similar = syllable.folded in stem.folded
        exact = syllable.accented in stem.accented
    return exact if exact or (similar and not spec.exact) else None


def reference(spec: HighlightSpec, text: str) -> list[Found]:
    """What is to be found in `text`, by analysing it as the index does."""
    found = []
    cut = syllables(text)
    for number, needle in enumerate(spec.needles):
        for at in range(len(cut) - len(needle.stems) + 1):
            here = cut[at : at + len(needle.stems)]
            kinds = [matches(spec, *pair) for pair in zip(needle.stems, here, strict=True)]
            if None not in kinds:
                found.append((here[0].start, here[-1].end, number, all(kinds)))
    return sorted(found)


def test_exact_and_folded_spellings_are_marked_apart() -> None:
    assert html(words("gặp gỡ"), "Gặp gỡ, gap gõ <đầu> xuân & gặp Gỡ") == (
        '<mark>Gặp gỡ</mark>, <mark class="folded">gap gõ</mark> &lt;đầu&gt; xuân &amp; '
        "<mark>gặp Gỡ</mark>"
    )


def test_tone_placement_and_i_for_y_are_the_same_spelling() -> None:
    assert html(words("hoà kĩ"), "hòa kỹ") == "<mark>hòa kỹ</mark>"


def test_a_phrase_is_marked_whole_and_only_as_a_phrase() -> None:
    text = "Hà Nội; Hà Giang, Giang Hà. COVID-19, HÀ\nGIANG"
    assert html(phrase("Hà Giang"), text) == (
        "Hà Nội; <mark>Hà Giang</mark>, Giang Hà. COVID-19, <mark>HÀ</mark>\n<mark>GIANG</mark>"
    )
    assert "<mark>COVID-19</mark>" in html(phrase("covid 19"), text)


def test_a_prefix_is_marked_to_the_end_of_its_syllable() -> None:
    assert html(phrase("hội ngh", prefix=True), "Hội nghị, hội nghề, hội, hoi ngh") == (
        "<mark>Hội nghị</mark>, <mark>hội nghề</mark>, hội, "
        '<mark class="folded">hoi</mark> <mark>ngh</mark>'
    )


def test_exact_mode_marks_only_the_spelling_typed() -> None:
    assert html(words("hoi nghi", exact=True), "hội nghị hoi nghi") == (
        "hội nghị <mark>hoi nghi</mark>"
    )


def test_other_scripts_and_hidden_characters_are_marked_too() -> None:
    assert html(words("москва nghị"), "МОСКВА: hội ng\u00adhị.") == (
        "<mark>МОСКВА</mark>: hội <mark>ng\u00adhị</mark>."
    )


def test_title_only_needles_are_not_marked_in_bodies(loops: None) -> None:
    spec = HighlightSpec((Needle((stem("xuân"),), title_only=True),))
    page = highlight(spec, ["xuân\nxuân", "hè\nxuân"], [4, 2])
    assert page.text(0).html(0, 9) == "<mark>xuân</mark>\nxuân"
    assert page.text(1).html(0, 7) == "hè\nxuân"


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("đường", "Ông Dương, con đường", "Ông Dương, con <mark>đường</mark>"),
        ("đường", "Ông Dương", 'Ông <mark class="folded">Dương</mark>'),
        (
            "gap go dau",
            "gặp gỡ đầu năm, đau đầu, dấu",
            '<mark class="folded">gặp gỡ đầu</mark> năm, đau <mark class="folded">đầu</mark>, dấu',
        ),
        ("gap go dau", "đau đầu", '<mark class="folded">đau đầu</mark>'),
        (
            "giá vàng",
            "già vắng, giá vàng, ra",
            '<mark class="folded">già vắng</mark>, <mark>giá vàng</mark>, ra',
        ),
    ],
)
def test_other_words_that_fold_alike_are_left_alone_once_it_is_clear_what_is_meant(
    loops: None, query: str, text: str, expected: str
) -> None:
    assert clear_html(words(query), text) == expected


@given(any_texts, specs)
def test_unmarking_gives_the_text_back(text: str, spec: HighlightSpec) -> None:
    assert unescape(MARK.sub("", html(spec, text))) == text


@given(any_texts, specs)
def test_marks_open_and_close_in_turn_and_all_else_is_escaped(
    text: str, spec: HighlightSpec
) -> None:
    result = html(spec, text)
    tags = MARK.findall(result)
    assert all(tag.startswith("<mark") for tag in tags[::2])
    assert all(tag == "</mark>" for tag in tags[1::2])
    assert len(tags) % 2 == 0
    assert not set(MARK.sub("", result)) & set("<>\"'")


@given(any_texts, specs)
def test_only_syllables_of_the_query_are_marked(text: str, spec: HighlightSpec) -> None:
    wanted = {
        (key, exact)
        for needle in spec.needles
        for stem in needle.stems
        for keys, exact in ((stem.folded, False), (stem.accented, True))
        for key in keys
    }
    for kind, inner in re.findall(
        r"<mark( class=\"folded\")?>(.*?)</mark>", html(spec, text), re.S
    ):
        found = syllables(unescape(inner))
        assert found
        for syllable in found:
            if kind:
                assert not spec.exact
                assert (syllable.folded, False) in wanted
            else:
                assert (syllable.accented, True) in wanted


@given(texts, specs)
def test_every_plain_word_is_found_wherever_the_index_has_it(
    text: str, spec: HighlightSpec
) -> None:
    found = {start for start, _, _, _ in found_in(spec, [text])[0]}
    wanted = {n.stems[0].accented for n in spec.needles if len(n.stems) == 1}
    for syllable in syllables(text):
        if (syllable.accented,) in wanted:
            assert syllable.start in found


@given(st.lists(any_texts, min_size=1, max_size=3), any_specs)
def test_the_fast_way_agrees_with_the_reference(several: list[str], spec: HighlightSpec) -> None:
    assert found_in(spec, several) == [reference(spec, text) for text in several]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(texts, min_size=1, max_size=3), any_specs)
def test_texts_of_a_page_do_not_see_each_other(
    loops: None, several: list[str], spec: HighlightSpec
) -> None:
    page = highlight(spec, several, [0] * len(several))
    for number, text in enumerate(several):
        assert page.text(number).html(0, len(text)) == clear_html(spec, text)


@given(st.lists(st.text().map(nfc), min_size=1, max_size=3))
def test_flattening_keeps_every_offset_and_the_segmentation(several: list[str]) -> None:
    flat = FlatTexts(several)
    assert len(flatten(flat.text)) == len(flat.text) == len(BETWEEN.join(several))
    whole = flat.syllables
    pieces = [slice(low, high) for low, high in pairwise(whole.bounds.tolist())]
    for text, offset, here in zip(several, flat.offsets, pieces, strict=True):
        cut = list(zip(whole.starts[here] - offset, whole.ends[here] - offset, strict=True))
        assert cut == [(s.start, s.end) for s in syllables(text)]
