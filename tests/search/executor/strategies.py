"""Made corpora and made queries: few words, so that they meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from whoosh import query as q

from search.queries import AtLeast

from .stock import Doc

SYLLABLES = ("hà", "ha", "hạ", "giang", "giáng", "nội", "xuân", "đầu", "2025", "covid")
KEYS = {
    "folded": ("ha", "giang", "noi", "xuan", "dau", "2025", "vắng"),
    "accented": ("hà", "ha", "giang", "giáng", "nội", "đầu"),
    "pairs": ("ha_giang", "ha_noi", "xuan_ha", "ha_ha", "dau_xuan"),
    "title": ("ha", "giang", "noi", "xuan"),
    "nowhere": ("ha",),
}
DAYS = (20240101, 20241231, 20250101, 20250219, 20250220)

texts = st.lists(st.sampled_from(SYLLABLES), max_size=8).map(" ".join)
docs = st.builds(Doc, texts, texts, st.none() | st.sampled_from(DAYS))
corpora = st.lists(st.lists(docs, min_size=1, max_size=12), min_size=1, max_size=3)
boosts = st.sampled_from((1.0, 1.0, 1.0, 0.5, 2.25))


@st.composite
def terms(draw: Any) -> q.Query:
    field = draw(st.sampled_from(sorted(KEYS)))
    return q.Term(field, draw(st.sampled_from(KEYS[field])), boost=draw(boosts))


@st.composite
def phrases(draw: Any) -> q.Query:
    field = draw(st.sampled_from(("folded", "accented", "title")))
    words = draw(st.lists(st.sampled_from(KEYS[field]), min_size=2, max_size=4))
    return q.Phrase(field, words, slop=draw(st.sampled_from((1, 1, 2, 3))), boost=draw(boosts))


prefixes = st.builds(
    q.Prefix,
    st.sampled_from(("folded", "accented", "title")),
    st.sampled_from(("h", "ha", "g", "xu", "gi", "z", "")),
    boost=boosts,
    constantscore=st.booleans(),
)
ranges = st.builds(
    q.NumericRange,
    st.just("date"),
    st.none() | st.sampled_from(DAYS[:3]),
    st.none() | st.sampled_from(DAYS[2:]),
    startexcl=st.booleans(),
    endexcl=st.booleans(),
    boost=boosts,
)
patterns = st.one_of(
    st.builds(q.Wildcard, st.just("folded"), st.sampled_from(("*", "*a", "h?", "[gh]*a*", "x*n"))),
    st.builds(q.Regex, st.just("accented"), st.sampled_from(("gi.*ng", "h|n", ".*"))),
    st.builds(
        q.TermRange,
        st.just("folded"),
        st.none() | st.sampled_from(("2025", "dau", "f")),
        st.none() | st.sampled_from(("giang", "noi", "z")),
        startexcl=st.booleans(),
        endexcl=st.booleans(),
        boost=boosts,
        constantscore=st.booleans(),
    ),
    st.builds(
        q.FuzzyTerm,
        st.just("folded"),
        st.sampled_from(("ha", "xuam", "giagn")),
        maxdist=st.sampled_from((1, 2)),
        prefixlength=st.sampled_from((0, 1)),
        constantscore=st.booleans(),
    ),
    st.builds(q.Variations, st.just("folded"), st.just("ha")),
)
everything = st.builds(q.Every, st.sampled_from((None, "title", "date", "folded")), boost=boosts)
leaves = st.one_of(terms(), terms(), terms(), phrases(), prefixes, ranges, patterns, everything)


def _compounds(parts: st.SearchStrategy[q.Query]) -> st.SearchStrategy[q.Query]:
    several = st.lists(parts, min_size=1, max_size=5)
    return st.one_of(
        st.builds(q.And, several, boost=boosts),
        st.builds(q.And, several, boost=boosts),
        st.builds(q.Or, several, boost=boosts),
        st.builds(q.Or, several, boost=boosts),
        st.builds(AtLeast, several, st.integers(1, 4), boost=boosts),
        st.builds(q.DisjunctionMax, several, boost=boosts),
        st.builds(q.AndMaybe, parts, parts),
        st.builds(q.AndNot, parts, parts),
        st.builds(q.Require, parts, parts),
        st.builds(q.Not, parts),
        st.builds(q.ConstantScoreQuery, parts, st.sampled_from((1.0, 0.25, 0.0))),
    )


queries = st.recursive(leaves, _compounds, max_leaves=8)
