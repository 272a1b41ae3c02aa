"""What people see: the search page and the page of one document. Both work without JavaScript."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, Response, make_response, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.routing import BaseConverter

from index.errors import MissingIndexError
from search.request import Facet, RequestError, SearchRequest
from search.results import Highlights
from web import api
from web.chips import chips
from web.errors import wants_json
from web.excerpt import continued
from web.fixes import fixes
from web.form import Form
from web.histogram import histogram
from web.language import current_language
from web.messages import MESSAGES, message
from web.operations import operation
from web.searching import answer, time_of_one
from web.services import services
from web.starters import starters

blueprint = Blueprint("pages", __name__)

FACETS: tuple[Facet, ...] = ("source", "year", "month", "names", "places")
LINKED_SCHEMES = frozenset({"http", "https"})


class IdConverter(BaseConverter):
    """Any id in an address: slashes, also at the beginning, and line breaks included."""

    regex = "(?s:.+)"
    part_isolating = False


@blueprint.get("/")
def index() -> Response:
    """The start page, or with `?q=` the results; the address holds everything that was chosen."""
    given = request.args.to_dict(flat=False)
    form = Form.from_params(given)
    if not form["q"]:
        documents = _document_count()
        examples = starters(services().engine) if documents else ()
        return _page("landing.html", form=form, documents=documents, examples=examples)
    try:
        wanted = replace(SearchRequest.from_params(given), facets=FACETS)
    except RequestError as error:
        return _bad_request(form, error)
    with time_of_one():
        results = answer(wanted)
        changes = [] if results.total else fixes(form, current_language())
        examples = () if results.total else starters(services().engine)
    template = "results.html" if results.total else "empty.html"
    return _page(
        template,
        form=form,
        results=results,
        folded=any(_has_folded_mark(hit.highlights) for hit in results.hits),
        fixes=changes,
        examples=examples,
        bars=histogram(results.facets),
        chips=chips(form, current_language()),
    )


@blueprint.get("/documents/<id:document_id>")
@operation(api.DOCUMENT_OPERATION)
def document(document_id: str) -> Response:
    """One document with the matches of `?q=` marked; JSON for who prefers it."""
    if wants_json():
        return api.document_json(document_id)
    given = request.args.to_dict(flat=False)
    form = Form.from_params(given)
    try:
        wanted = SearchRequest.from_params(given)
    except RequestError:  # a bad query must not hide the document that it leads to
        wanted = SearchRequest("")
    found = services().engine.highlighted_document(document_id, wanted.query, wanted.mode)
    if found is None:
        raise api.missing_document(document_id)
    # A lead's heading is the beginning of its text: it is not shown, and its marks do not count.
    title = found.title_html if found.document.title else str(escape(found.heading))
    heading, *paragraphs = _numbered((title, *found.body_html))
    marks = sum(part.count("<mark") for part in (heading, *paragraphs))
    response = _page(
        "document.html",
        form=form,
        found=found,
        heading=heading,
        paragraphs=paragraphs,
        marks=marks,
        url=_safe_link(found.document.url),
    )
    response.vary.add("Accept")
    return response


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """What lets a browser offer this search in its address bar (OpenSearch 1.1)."""
    response = make_response(render_template("opensearch.xml", root=request.url_root.rstrip("/")))
    response.mimetype = "application/opensearchdescription+xml"
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.vary.update(("Accept-Language", "Cookie"))
    return response


@blueprint.app_context_processor
def _in_templates() -> dict[str, Any]:
    return {
        "document_url": document_url,
        "language_url": language_url,
        "own_url": own_url,
        "continued": continued,
    }


def document_url(document_id: str, form: Form | None = None) -> str:
    """The address of a document's page, with the form that led there so that one can go back."""
    values: dict[str, Any] = {"document_id": document_id, **(form.values if form else {})}
    return url_for("pages.document", **values)


def language_url(language: str) -> str:
    """The page that is shown now, in another language."""
    given = request.args.to_dict(flat=False) | {"lang": [language]}
    return f"{quote(request.path)}?{urlencode(given, doseq=True, errors='replace')}"


def own_url() -> str:
    """The whole address of the page that is shown now, in whichever language it is read."""
    given = request.args.to_dict(flat=False)
    given.pop("lang", None)
    query = urlencode(given, doseq=True, errors="replace")
    return f"{request.url_root.rstrip('/')}{quote(request.path)}{'?' if query else ''}{query}"


def _page(template: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> Response:
    response = make_response(render_template(template, **values), status)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _document_count() -> int | None:
    """None while there is no index: the start page then says so instead of failing."""
    engine = services().engine
    try:
        return int(engine.stats()["documents"]) if engine.ready() else None
    except MissingIndexError:
        return None


def _bad_request(form: Form, error: RequestError) -> Response:
    language = current_language()
    key = f"bad_{error.parameter}"
    if key not in MESSAGES[language]:
        key = "bad_other"
    text = message(language, key, parameter=error.parameter)
    return _page("invalid.html", HTTPStatus.BAD_REQUEST, form=form, text=text, error=error)


def _has_folded_mark(highlights: Highlights) -> bool:
    """Whether the two kinds of marks need explaining."""
    return any('class="folded"' in html for html in (highlights.title, *highlights.snippets))


def _safe_link(url: str | None) -> str | None:
    """The address if a browser may be sent there; seeds may hold any text, `javascript:` too."""
    try:
        return url if url and urlsplit(url).scheme in LINKED_SCHEMES else None
    except ValueError:  # such as an unfinished IPv6 address
        return None


def _numbered(parts: tuple[str, ...]) -> list[Markup]:
    """Safe HTML whose marks are numbered from m1 on, so that links lead to each."""
    numbers = count(1)
    return [
        Markup(re.sub("<mark", lambda _: f'<mark id="m{next(numbers)}"', part)) for part in parts
    ]
