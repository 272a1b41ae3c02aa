"""What every engine can do: the one seam between the front ends and an index.

Front ends speak `SearchRequest` and `SearchResults` and never see Whoosh; another engine (a
cluster, say) is another class with these methods. All are safe to call from many threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from search.explanation import Explanation
from search.request import Mode, SearchRequest
from search.results import SearchResults, Suggestion

if TYPE_CHECKING:
    from index.documents import Document


@dataclass(frozen=True, slots=True)
class HighlightedDocument:
    """A whole document with the matches of a query marked, for its own page.

    `heading` is plain text: the title, or the beginning of a text that has none. `title_html` is
    the heading with marks, `body_html` one string of safe HTML a paragraph (the only tags are
    marks), and `marks` the number of marks in both.
    """

    document: Document
    heading: str
    title_html: str
    body_html: tuple[str, ...]
    marks: int


class SearchEngine(Protocol):
    """Answers from the newest commit; notices a commit of another process by itself.

    Until there is an index, `ready()` is False and the other methods raise `MissingIndexError`.
    """

    def search(self, request: SearchRequest) -> SearchResults:
        """The page of hits that the request asks for; a page past the last hit is empty."""

    def document(self, document_id: str) -> Document | None:
        """The document with this id, or None."""

    def highlighted_document(
        self, document_id: str, query: str = "", mode: Mode = "auto"
    ) -> HighlightedDocument | None:
        """The document with what `query` matches marked, or None."""

    def explain(self, request: SearchRequest, document_id: str) -> Explanation | None:
        """Why the document with this id is, or is not, among the hits of the request, part by part
        of the query; None if there is no such document."""

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """At most `limit` ways to go on from what was typed so far, the likeliest first."""

    def stats(self) -> dict[str, Any]:
        """Counts for people and monitors: documents, segments, generation, terms, bytes cached."""

    def generation(self) -> int:
        """The number of the commit that answers now; -1 if there is no index."""

    def commit_id(self) -> str:
        """A name of the commit that answers now: letters, digits and dashes. No two commits share
        one, even if the index was made anew; what answers the same has the same."""

    def ready(self) -> bool:
        """Whether there is an index to answer from."""

    def close(self) -> None:
        """Let go of files and caches; the engine is not used afterwards."""
