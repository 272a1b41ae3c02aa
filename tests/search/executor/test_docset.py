"""Sets of documents behave as Python's sets do, whichever form they are in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.executor.docset import DocSet, at_least, intersect, unite

SIZES = (1, 63, 64, 65, 500, 3000)
FORMS: dict[str, Callable[[DocSet], DocSet]] = {
    "ids": lambda docs: DocSet(docs.size, ids=docs.ids),
    "words": lambda docs: DocSet(docs.size, words=docs.words),
    "both": lambda docs: DocSet(docs.size, ids=docs.ids, words=docs.words),
}


@st.composite
def families(draw: st.DrawFn) -> tuple[int, list[set[int]], list[DocSet]]:
    """Some sets over one size, as Python sets and as DocSets of any form."""
    size = draw(st.sampled_from(SIZES))
    numbers = st.integers(0, size - 1)
    few = st.sets(numbers, max_size=12)
    many = st.builds(lambda start, step: set(range(start, size, step)), numbers, st.integers(1, 4))
    sets = draw(st.lists(few | many, min_size=1, max_size=6))
    docsets = []
    for numbers_of_one in sets:
        made = DocSet(size, np.array(sorted(numbers_of_one), np.int32))
        docsets.append(FORMS[draw(st.sampled_from(sorted(FORMS)))](made))
    return size, sets, docsets


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(family=families(), minimum=st.integers(1, 6))
def test_algebra(
    loops: None, family: tuple[int, list[set[int]], list[DocSet]], minimum: int
) -> None:
    size, sets, docsets = family
    everyone = np.arange(size, dtype=np.int32)
    for numbers, docs in zip(sets, docsets, strict=True):
        assert docs.ids.tolist() == sorted(numbers)
        assert docs.ids.dtype == np.int32
        assert docs.count == len(numbers)
        assert np.flatnonzero(docs.flags()).tolist() == sorted(numbers)
        assert everyone[docs.contains(everyone)].tolist() == sorted(numbers)
        assert docs.contains(everyone[:1]).tolist() == [0 in numbers]
    votes = {number: sum(number in numbers for numbers in sets) for number in range(size)}
    enough = [number for number, count in votes.items() if count >= minimum]
    assert intersect(docsets).ids.tolist() == sorted(set.intersection(*sets))
    assert unite(docsets, size).ids.tolist() == sorted(set.union(*sets))
    assert at_least(docsets, minimum, size).ids.tolist() == enough
    assert docsets[0].minus(docsets[-1]).ids.tolist() == sorted(sets[0] - sets[-1])
    assert intersect(docsets).count == len(set.intersection(*sets))
    assert unite(docsets, size).count == len(set.union(*sets))


def test_union_of_nothing_is_empty() -> None:
    assert unite([], 100).count == 0
    assert at_least([], 1, 100).count == 0
