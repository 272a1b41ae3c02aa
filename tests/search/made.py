"""Texts and what to mark in them, for hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, nfc
from index.analysis.syllables import syllables
from search.occurrences import HighlightSpec, Needle, Stem

WORDS = [
    "Gặp",
    "gỡ",
    "gap",
    "go",
    "GẶP",
    "đầu",
    "xuân",
    "xuan",
    "đau",
    "dau",
    "hòa",
    "hoà",
    "kỹ",
    "kĩ",
    "ky",
    "ki",
    "Thủy",
    "quý",
    "nghị",
    "nghĩa",
    "ngh",
    "COVID",
    "19",
    "ﬁ",
    "Straße",
    "Москва",
    "日本",
    "²",
    "x_y",
    "nứơc",
    "a",
]
GAPS = (
    *(" ",) * 6,
    "  ",
    "\n",
    ", ",
    "-",
    "/",
    " <b> ",
    " & ",
    "“",
    "\u00ad",
    "\u200b",
    "🌸",
    "\0",
)

texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=25).map(
    lambda pieces: nfc("".join(word + gap for word, gap in pieces))
)
any_texts = st.one_of(texts, st.text(max_size=60).map(nfc))


def stem(surface: str, *, prefix: bool = False) -> Stem:
    accented = accented_key(surface)
    return Stem((fold_key(accented),), (accented,), prefix)


def words(text: str, *, exact: bool = False) -> HighlightSpec:
    found = syllables(nfc(text))
    return HighlightSpec(tuple(Needle((stem(s.surface),)) for s in found), exact)


def phrase(text: str, *, exact: bool = False, prefix: bool = False) -> HighlightSpec:
    found = syllables(nfc(text))
    stems = tuple(
        stem(s.surface, prefix=prefix and number == len(found) - 1)
        for number, s in enumerate(found)
    )
    return HighlightSpec((Needle(stems),) if stems else (), exact)


specs = st.builds(
    lambda make, chosen, exact: make(" ".join(chosen), exact=exact),
    st.sampled_from([words, phrase]),
    st.lists(st.sampled_from(WORDS), max_size=4),
    st.booleans(),
)

any_specs = st.one_of(
    specs,
    st.builds(
        lambda chosen, exact: phrase(" ".join(chosen), exact=exact, prefix=True),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
        st.booleans(),
    ),
)


@st.composite
def weighed_specs(draw: st.DrawFn) -> HighlightSpec:
    """Words, phrases, prefixes, and needles for titles only; some with weights."""
    parts = draw(st.lists(any_specs, max_size=4))
    needles = tuple(
        needle._replace(title_only=draw(st.sampled_from((False, False, False, True))))
        for needle in dict.fromkeys(needle for part in parts for needle in part.needles)
    )
    weights = draw(st.lists(st.sampled_from((0.0, 0.3, 1.7, 4.1)), min_size=20, max_size=20))
    spec = HighlightSpec(tuple(dict.fromkeys(needles)), draw(st.booleans()))
    return replace(spec, weights=tuple(weights[: len(spec.needles)])) if weights[0] else spec
