"""Why a document is among the hits of a search, or why it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from search import filters
from search.engines.newest import Commit
from search.explanation import Explanation, Part, StrictnessName, UnmetRequirement, unmet
from search.parser import ParsedQuery
from search.parser.tree import Strictness
from search.request import SearchRequest

_STRICTNESS: Final[dict[Strictness, StrictnessName]] = {
    Strictness.ALL: "all",
    Strictness.MOST: "most",
    Strictness.SOME: "some",
    Strictness.ANY: "any",
}
_NOTHING = Part("nothing", "", matched=False, score=0.0)


def explain(
    commit: Commit, parsed: ParsedQuery, request: SearchRequest, document_id: str
) -> Explanation | None:
    """The document's part in the search `request`, which reads as `parsed`; None if the commit has
    no such document. Pages, facets and grouping do not matter.
    """
    place = commit.snapshot.find(document_id)
    if place is None:
        return None
    if parsed.empty:
        return _explanation(
            request, parsed, document_id, "all", _NOTHING, [UnmetRequirement("empty", "")]
        )
    masks = filters.masks(commit.snapshot, request)
    strictness, tree = parsed.choose(
        lambda tree: commit.executor.count(tree, masks), by_date=request.sort == "date"
    )
    segment, local = place
    part = commit.executor.explain(tree, segment.base + local)
    lacking = unmet(part)
    at = commit.snapshot.segments.index(segment)
    for name, alone in _filters(request):
        allowed = filters.masks(commit.snapshot, alone)
        if allowed is not None and not allowed[at][local]:
            lacking.append(UnmetRequirement("filtered", name))
    return _explanation(request, parsed, document_id, _STRICTNESS[strictness], part, lacking)


def _filters(request: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    """The name of each kind of filter, and the request with no other."""
    if request.date_from or request.date_to:
        yield "date", replace(request, source=None)
    if request.source:
        yield "source", replace(request, date_from=None, date_to=None)


def _explanation(
    request: SearchRequest,
    parsed: ParsedQuery,
    document_id: str,
    strictness: StrictnessName,
    part: Part,
    lacking: list[UnmetRequirement],
) -> Explanation:
    return Explanation(
        query=request.query,
        document=document_id,
        found=not lacking,
        score=0.0 if lacking else part.score,
        interpretation=parsed.interpretation,
        strictness=strictness,
        unmet=tuple(lacking),
        part=part,
    )
