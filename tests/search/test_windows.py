"""The best window of a text is the one that a patient reader would choose."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key
from search.highlight import MAX_GAP, Span, highlight
from search.occurrences import HighlightSpec, Needle, Stem
from search.windows import EXACT_WEIGHT, NEIGHBOUR_WEIGHT, OCCURS_WEIGHT, best_windows

LENGTH = 40
WEIGHTS = {"occurs": OCCURS_WEIGHT, "exact": EXACT_WEIGHT, "neighbour": NEIGHBOUR_WEIGHT}
WORDS = ("gặp", "gap", "gỡ", "go", "xuân", "đầu", "năm", "của", "và", "nghiêng ngả")
texts = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from((" ", " ", ", ", ". - "))), max_size=40
).map(lambda pieces: "".join(word + gap for word, gap in pieces))
queries = st.lists(
    st.sampled_from(("gặp", "gỡ", "go", "gặp gỡ", "gặp gỡ đầu xuân năm của và", "xuân", "năm")),
    max_size=4,
    unique=True,
)


def spec_of(phrases: list[str]) -> HighlightSpec:
    def stem(word: str) -> Stem:
        key = accented_key(word)
        return Stem((fold_key(key),), (key,))

    return HighlightSpec(tuple(Needle(tuple(map(stem, phrase.split()))) for phrase in phrases))


Occurrence = tuple[int, int, int, bool]


def features(found: list[Occurrence]) -> list[set[tuple[int, str]]]:
    shown = [
        {(needle, "occurs")} | ({(needle, "exact")} if exact else set())
        for *_, needle, exact in found
    ]
    for at, (one, other) in enumerate(pairwise(found), 1):
        if other[2] == one[2] + 1 and other[0] - one[1] <= MAX_GAP:
            shown[at].add((other[2], "neighbour"))
    return shown


def reference(spec: HighlightSpec, found: list[Occurrence]) -> Span | None:
    """Every window tried, the first of the best taken."""
    if not found or found[-1][1] - found[0][0] <= LENGTH:
        return (found[0][0], max(end for _, end, _, _ in found)) if found else None
    shown = features(found)
    often = [sum(needle == n for _, _, needle, _ in found) for n in range(len(spec.needles))]

    def worth(first: int, last: int) -> float:
        total = 0.0
        for needle, kind in set().union(*shown[first : last + 1]):
            length = len(spec.needles[needle].stems)
            weight = {"occurs": OCCURS_WEIGHT * length, "exact": EXACT_WEIGHT}.get(
                kind, NEIGHBOUR_WEIGHT
            )
            total += weight / sqrt(often[needle])
        return total

    best, best_worth, first = (0, 0), 0.0, 0
    for last, (_, end, _, _) in enumerate(found):
        while first < last and found[first][0] < end - LENGTH:
            first += 1
        if worth(first, last) > best_worth + 1e-9:
            best, best_worth = (first, last), worth(first, last)
    chosen = found[best[0] : best[1] + 1]
    return chosen[0][0], max(end for _, end, _, _ in chosen)


@given(st.lists(st.tuples(texts, st.integers(0, 30)), min_size=1, max_size=3), queries)
def test_each_text_gets_the_window_worth_most(
    several: list[tuple[str, int]], query: list[str]
) -> None:
    spec = spec_of(query)
    page = highlight(spec, [text for text, _ in several], [0] * len(several))
    windows = best_windows(page, [begin for _, begin in several], LENGTH)
    found = list(zip(*page.columns, strict=True))
    bounds = pairwise(page.bounds)
    for (_, begin), offset, here, window in zip(
        several, page.texts.offsets, bounds, windows, strict=True
    ):
        mine = [(s - offset, e - offset, n, x) for s, e, n, x in found[slice(*here)]]
        assert window == reference(spec, [o for o in mine if o[0] >= begin])
