"""`/status`: what the index holds and what goes on, as a page and as JSON."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from msgspec import Struct

from index.errors import MissingIndexError
from index.sync.report import Failure
from web import admin
from web.engines import target_of
from web.errors import wants_json
from web.operations import JSON, Operation, operation
from web.reindexing import Reindexing
from web.services import services
from web.settings import Settings

blueprint = Blueprint("status", __name__)

MAX_FAILURES = 200


class Status(Struct, frozen=True):
    """The state of the index, and of the process that answers.

    `committed` is when the newest commit was made (ISO 8601); `failures` are the seeds that are not
    in the index as they stand, with the reason; `index_bytes` is the size on disk.
    """

    documents: int
    deleted: int
    segments: int
    generation: int
    index_bytes: int
    committed: str | None
    failures: tuple[Failure, ...]
    queries_per_minute: int
    reindexing: Reindexing


@blueprint.get("/status")
@operation(
    Operation(
        summary="What the index holds and what goes on",
        description="JSON with `Accept: application/json`, a page for browsers. While a "
        "reindexing runs it says how far that is.",
        answer=Status,
        answer_description="The state at this moment.",
        media_types=(JSON, "text/html"),
    )
)
def status() -> Response:
    """The state of the index, of the last sync and of the server."""
    found = now()
    if wants_json():
        response = jsonify(found)
    else:
        may_reindex = services().settings.reindex_token is not None
        page = render_template("status.html", form=None, status=found, may_reindex=may_reindex)
        response = make_response(page)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/status")
def reindex() -> Response:
    """The page's button, for browsers without JavaScript: the token comes with the form."""
    admin.authorize(request.form.get("token", ""))
    admin.run()
    response: Response = redirect("/status", HTTPStatus.SEE_OTHER)  # type: ignore[assignment]
    return response


def now() -> Status:
    """The state at this moment; an index that is not there is an empty one."""
    engine, settings = services().engine, services().settings
    try:
        stats = engine.stats()
    except MissingIndexError:
        stats = {}
    target = target_of(settings)
    committed = target.committed()
    generation = stats.get("generation", -1)
    return Status(
        documents=stats.get("documents", 0),
        deleted=stats.get("deleted", 0),
        segments=stats.get("segments", 0),
        generation=generation,
        index_bytes=stats.get("index_bytes", 0),
        committed=committed.isoformat(timespec="seconds") if committed else None,
        failures=_failures(settings, generation, target.remembered(generation)),
        queries_per_minute=services().traffic.per_minute(),
        reindexing=services().progress.now(),
    )


@lru_cache(maxsize=2)
def _failures(settings: Settings, generation: int, _remembered: int | None) -> tuple[Failure, ...]:
    """What of the seeds could not be read by the last sync."""
    entries = target_of(settings).entries(generation).values()
    failures = [failure for entry in entries for failure in entry.failures]
    return tuple(sorted(failures, key=lambda f: (f.path, f.line or 0))[:MAX_FAILURES])
