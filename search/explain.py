"""Why a document is among the hits of a search, or why it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from whoosh.query import Query

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
    segment, local = place
    masks = filters.masks(commit.snapshot, request)
    at = commit.snapshot.segments.index(segment)
    lacking = []
    for name, alone in _filters(request):
        allowed = filters.masks(commit.snapshot, alone)
        if allowed is not None and not allowed[at][local]:
            lacking.append(UnmetRequirement("filtered", name))
    return explained(
        parsed,
        request,
        document_id,
        total=lambda tree: commit.executor.count(tree, masks),
        part=lambda tree: commit.executor.explain(tree, segment.base + local),
        filtered=lacking,
    )


def explained(
    parsed: ParsedQuery,
    request: SearchRequest,
    document_id: str,
    *,
    total: Callable[[Query], int],
    part: Callable[[Query], Part],
    filtered: Sequence[UnmetRequirement],
) -> Explanation:
    """The explanation in any engine: `total` is how many hits a tree has, `part` what it makes of
    the document, `filtered` the filters that leave the document out."""
    if parsed.empty:
        return _explanation(
            request, parsed, document_id, "all", _NOTHING, [UnmetRequirement("empty", "")]
        )
    strictness, tree = parsed.choose(total, by_date=request.sort == "date")
    found = part(tree)
    lacking = [*unmet(found), *filtered]
    return _explanation(request, parsed, document_id, _STRICTNESS[strictness], found, lacking)


def _filters(request: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    """The name of each kind of filter that is set, and the request with no other."""
    bare = SearchRequest(request.query)
    if request.date_from or request.date_to:
        yield "date", replace(bare, date_from=request.date_from, date_to=request.date_to)
    if request.sources:
        yield "source", replace(bare, sources=request.sources)
    if request.names:
        yield "name", replace(bare, names=request.names)
    if request.places:
        yield "place", replace(bare, places=request.places)


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
