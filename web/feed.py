"""`/feed`: the newest documents that a query finds, as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from search.parameters import SearchParameters
from search.request import SearchRequest
from web.form import Form
from web.operations import Operation, operation, query
from web.revalidation import lasting, not_modified
from web.searching import answer

blueprint = Blueprint("feed", __name__)

MEDIA_TYPE = "application/atom+xml"
UNDATED = "1970-01-01"
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@blueprint.get("/feed")
@operation(
    Operation(
        summary="A feed of a query",
        description="The newest documents that a query finds, for feed readers: Atom.",
        parameters=SearchParameters,
        answer_description="An Atom feed.",
        media_types=(MEDIA_TYPE,),
        problems={HTTPStatus.BAD_REQUEST: "A parameter is outside what is allowed; it is named."},
        revalidated=True,
    )
)
def feed() -> Response:
    """The hits of the query, newest first, one entry each."""
    wanted = SearchRequest.from_parameters(query(SearchParameters))
    if (same := not_modified()) is not None:
        return same
    results = answer(replace(wanted, sort="date", page=1))
    form = Form.from_params(request.args.to_dict(flat=False))
    days = [hit.date for hit in results.hits if hit.date]
    text = render_template(
        "feed.xml",
        form=form,
        results=results,
        root=request.url_root.rstrip("/"),
        own=f"/feed?{urlencode(form.values, doseq=True, errors='replace')}",
        updated=_time(max(days, default=UNDATED)),
        time=_time,
    )
    return lasting(Response(_UNWRITABLE.sub("\ufffd", text), mimetype=MEDIA_TYPE), results)


def _time(day: str | None) -> str:
    """Midnight of an ISO day, as Atom wants it."""
    return datetime.fromisoformat(day or UNDATED).replace(tzinfo=UTC).isoformat()
