"""The application: `create_app` puts settings, engine and blueprints together.

One file a blueprint: pages (what people see), api (what programs read), admin (reindexing) and ops
(health, metrics). Headers that hold for every answer are set here.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from granian.utils.proxies import wrap_wsgi_with_proxy_headers
from werkzeug.exceptions import BadRequest

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
    logs,
    metrics,
    openapi,
    ops,
    pages,
    rates,
    status,
)
from web.bodies import BoundedBodies
from web.encoding import MsgspecProvider
from web.engines import engine_of, target_of
from web.metrics import Metrics
from web.reindexing import LiveProgress
from web.services import EXTENSION, Reindex, Services
from web.settings import Settings
from web.traffic import Traffic
from web.turns import Turns, threads_share_a_lock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_REQUEST_BYTES = 64 * 1024
"""A batch of searches is the largest body; what is larger is refused before it is read."""

HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")

OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")
"""What monitors on this machine call it: no page elsewhere has these names."""

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


SECURITY_HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    # Queries stay here: a site that a result links to does not learn what was searched.
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)


class Application(Flask):
    """Flask for views and hooks that are plain functions, all of them."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: to look whether it is one costs as much as some of them do."""
        return func


def create_app(
    settings: Settings | None = None,
    engine: SearchEngine | None = None,
    reindex: Reindex | None = None,
    shared: Path | None = None,
) -> Flask:
    """The WSGI application. Settings come from the environment unless given.

    `engine` and `reindex` default to the index and the sync that the settings describe.
    `shared` is the folder of all processes of one server; without it this is the only one.
    """
    settings = settings or Settings.from_environment()
    app = Application("web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    app.json = MsgspecProvider(app)
    folder = shared or _own_folder(app)
    progress, measured = LiveProgress(folder), Metrics()
    engine = engine or engine_of(settings)
    app.extensions[EXTENSION] = Services(
        settings=settings,
        engine=engine,
        reindex=reindex or (lambda: _reindex(settings, progress, measured)),
        progress=progress,
        traffic=Traffic(folder=folder),
        metrics=measured,
        version=blake2b(str(folder).encode(), digest_size=4).hexdigest(),
    )
    _guard(app, settings)
    # First of all, so that what the others refuse is logged and measured as well.
    logs.register(app, settings)
    metrics.register(app, measured, engine.stats)
    app.before_request(_demand_a_host)
    rates.register(app, settings, folder)
    app.url_map.merge_slashes = False  # an id may be an address, "https://…" included
    app.url_map.converters["id"] = pages.IdConverter
    for room in (pages, feed, status, api, explain, admin, ops, openapi, docs, assets):
        app.register_blueprint(room.blueprint)
    language.register(app)
    errors.register(app)
    compression.register(app)
    cors.register(app, settings)
    return app


def _own_folder(app: Flask) -> Path:
    """A folder that goes with the application."""
    folder = tempfile.mkdtemp(prefix="timtin-")
    weakref.finalize(app, shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _guard(app: Flask, settings: Settings) -> None:
    """Answer quick requests in turn; wait for few bodies at a time; believe proxies and answer to
    names as the settings say."""
    application: WSGIApplication = _secured(app.wsgi_app)
    if settings.cluster is None and threads_share_a_lock():  # a cluster answers many at a time
        application = Turns(application)
    bounded = BoundedBodies(application, MAX_REQUEST_BYTES)
    app.wsgi_app = bounded  # type: ignore[method-assign, assignment]
    if settings.trusted_proxies:
        wrapped = wrap_wsgi_with_proxy_headers(app.wsgi_app, list(settings.trusted_proxies))
        app.wsgi_app = wrapped  # type: ignore[method-assign]
    if settings.hosts:
        app.config["TRUSTED_HOSTS"] = [*settings.hosts, *OWN_NAMES]


def _secured(application: WSGIApplication) -> WSGIApplication:
    """The application with the headers that hold for every answer. Put behind all others as they
    are: within the application each would be looked through three times."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def start_secured(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, *SECURITY_HEADERS], *more)

        return application(environ, start_secured)

    return answer


def _demand_a_host() -> None:
    """What is no name of a host must not get into the addresses of a page."""
    if not HOST.fullmatch(request.host):
        raise BadRequest("The header Host is not the name of a host.")


def _reindex(settings: Settings, progress: LiveProgress, measured: Metrics) -> Mapping[str, Any]:
    try:
        report = sync(
            settings.seeds,
            target_of(settings),
            progress=progress,
            limits=settings.limits,
            timeout=WRITER_SECONDS,
        )
    except Exception:
        measured.synced("failed")
        raise
    measured.synced("committed" if report.committed else "unchanged", len(report.failed))
    return report.to_json()
