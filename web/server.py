"""The production server: Granian around the application, and the watcher beside it.

Granian's main process starts worker processes that answer requests with a few threads each, and a
new one for each that died. The watcher runs in the main process, so that indexing never holds up an
answer; the workers' engines notice the commits by themselves, as they do those of any other
process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from index import native
from index.errors import TimtinError
from index.sync.report import SyncReport
from web import logs
from web.bodies import WAITING
from web.settings import Settings
from web.shared import shared_folder

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

BACKPRESSURE = 256  # connections a worker takes up at a time; more wait in the listening queue
HEADER_SECONDS = 10  # for a client to send the head of its request
HEADER_BYTES = 64 * 1024  # that it may have
STOP_SECONDS = 5  # what a stopping worker gets to finish its answers
WATCH_STOP_SECONDS = 60  # and the watcher to finish the commit that it is writing
WARMING_QUERY = "của OR và OR là OR có"  # some of these are in any Vietnamese text

Synced = Callable[[SyncReport | None], None]
"""Called after every sync with its report, or with None if it failed as a whole."""
Watch = Callable[[threading.Event, Synced], None]
"""Keeps the index up to date until the event is set."""


class AddressError(TimtinError):
    """The address cannot be listened on."""


def serve(settings: Settings, watch: Watch | None = None) -> None:
    """Answer on the settings' address until SIGTERM or SIGINT, then finish what is being answered.

    Raises `AddressError` before anything starts if the address is taken.
    """
    settings = check_address(settings)
    logs.configure(settings.log)
    # A forked worker would inherit the locks of the watcher's threads: start it afresh.
    multiprocessing.set_start_method("spawn", force=True)
    server = _granian(settings)
    stop = threading.Event()
    threads = [threading.Thread(target=_announce, args=(settings, stop), daemon=True)]
    with shared_folder() as shared:
        if watch is not None:
            given = (stop, _counted())
            threads.append(threading.Thread(target=watch, args=given, name="watch", daemon=True))

        def start() -> None:
            for thread in threads:
                thread.start()

        server.on_startup(start)

        try:
            server.serve(target_loader=partial(load, settings, shared), wrap_loader=False)
        finally:
            stop.set()
            for thread in threads:
                if thread.is_alive():
                    thread.join(WATCH_STOP_SECONDS)


def _granian(settings: Settings) -> Any:
    return Granian(
        target="timtin",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads + WAITING,
        backpressure=BACKPRESSURE,
        # HTTP/2 pays off between browsers and the proxy, not between that and here.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES
        ),
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig={"loggers": {"_granian": {"propagate": True}}},  # to where ours go
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )


def _counted() -> Synced:
    """Counts syncs among the metrics of the server."""
    # Only now: prometheus-client has to find the shared folder when it is imported.
    from web.metrics import Metrics  # noqa: PLC0415

    metrics = Metrics()

    def synced(report: SyncReport | None) -> None:
        if report is None:
            metrics.synced("failed")
        else:
            metrics.synced("committed" if report.committed else "unchanged", len(report.failed))

    return synced


def check_address(settings: Settings) -> Settings:
    """The settings with host and port as they will be used; `AddressError` if they are taken.

    Granian itself would not notice: it shares ports.
    """
    host = settings.host or None
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, proto) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
            host, port = probe.getsockname()[:2]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise AddressError(
            f"cannot listen on {settings.host}:{settings.port}: {reason}",
            "choose another with --host and --port",
        ) from error
    return replace(settings, host=host, port=port)


def load(settings: Settings, shared: Path) -> Flask:
    """The application, in a worker process."""
    # The main process does without it, and without what it needs.
    from web.app import create_app  # noqa: PLC0415
    from web.services import EXTENSION  # noqa: PLC0415

    logs.configure(settings.log)
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    app = create_app(settings, shared=shared)
    app.extensions[EXTENSION].metrics.processes.set(1)
    # Loading what was compiled before takes a second or two; beside answers, which it would slow
    # down tenfold, several. Compiling takes longer than anyone should wait.
    wanted = settings.native and settings.cluster is None
    if wanted and not native.load(compiling=False):
        native.load_soon()
    # The first visitor does not wait for what is loaded on first use.
    app.test_client().get("/", query_string={"q": WARMING_QUERY}).close()
    return app


def url(settings: Settings) -> str:
    """The address for a browser; one that means every interface is shown as this machine's."""
    host = _reachable(settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _stop_with_parent() -> None:
    """A main process that was killed takes the worker with it, or its port would stay taken."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _announce(settings: Settings, stop: threading.Event) -> None:
    """Say where the server is as soon as it takes connections."""
    while not stop.is_set():
        try:
            socket.create_connection((_reachable(settings.host), settings.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            print(f"timtin: {url(settings)}", flush=True)
            return
