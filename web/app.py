"""The application: `create_app` puts settings, engine and blueprints together.

One file a blueprint: pages (what people see), api (what programs read), admin (reindexing) and ops
(health). Headers that hold for every answer are set here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response

from index.sync import sync
from search.engine import SearchEngine
from web import (
    admin,
    api,
    assets,
    compression,
    cors,
    docs,
    errors,
    explain,
    feed,
    language,
    openapi,
    ops,
    pages,
    status,
)
from web.encoding import MsgspecProvider
from web.engines import engine_of, target_of
from web.reindexing import LiveProgress
from web.services import EXTENSION, Reindex, Services
from web.settings import Settings

MAX_REQUEST_BYTES = 64 * 1024
"""A batch of searches is the largest body; what is larger is refused before it is read."""

WRITER_SECONDS = 10.0
"""How long a reindexing waits for another writer, such as the watcher, before it gives up."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def create_app(
    settings: Settings | None = None,
    engine: SearchEngine | None = None,
    reindex: Reindex | None = None,
) -> Flask:
    """The WSGI application. Settings come from the environment unless given.

    `engine` and `reindex` default to the index and the sync that the settings describe.
    """
    settings = settings or Settings.from_environment()
    app = Flask("web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    app.json = MsgspecProvider(app)
    progress = LiveProgress()
    app.extensions[EXTENSION] = Services(
        settings=settings,
        engine=engine or engine_of(settings),
        reindex=reindex or (lambda: _reindex(settings, progress)),
        progress=progress,
    )
    app.url_map.merge_slashes = False  # an id may be an address, "https://…" included
    app.url_map.converters["id"] = pages.IdConverter
    for room in (pages, feed, status, api, explain, admin, ops, openapi, docs, assets):
        app.register_blueprint(room.blueprint)
    language.register(app)
    errors.register(app)
    compression.register(app)
    cors.register(app, settings)
    app.after_request(_secure)
    return app


def _reindex(settings: Settings, progress: LiveProgress) -> Mapping[str, Any]:
    report = sync(
        settings.seeds,
        target_of(settings),
        progress=progress,
        limits=settings.limits,
        timeout=WRITER_SECONDS,
    )
    return report.to_json()


def _secure(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    # Queries stay here: a site that a result links to does not learn what was searched.
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response
