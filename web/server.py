"""The production server: Granian around the application, and the watcher beside it.

Granian's main process starts one worker process that answers requests with a few threads. The
watcher runs in the main process, so that indexing never holds up an answer; the worker's engine
notices the commits by itself, as it does those of any other process.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from index.errors import TimtinError
from web.app import create_app
from web.settings import Settings

BACKPRESSURE = 256  # connections taken up at a time; more wait in the listening queue
STOP_SECONDS = 5  # what a stopping worker gets to finish its answers
WATCH_STOP_SECONDS = 60  # and the watcher to finish the commit that it is writing
WARMING_QUERY = "của OR và OR là OR có"  # some of these are in any Vietnamese text
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

Watch = Callable[[threading.Event], None]
"""Keeps the index up to date until the event is set."""


class AddressError(TimtinError):
    """The address cannot be listened on."""


def serve(settings: Settings, watch: Watch | None = None) -> None:
    """Answer on the settings' address until SIGTERM or SIGINT, then finish what is being answered.

    Raises `AddressError` before anything starts if the address is taken.
    """
    settings = check_address(settings)
    _log_to_stderr()
    # A forked worker would inherit the locks of the watcher's threads: start it afresh.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        target="timtin",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        blocking_threads=settings.threads,
        backpressure=BACKPRESSURE,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    stop = threading.Event()
    threads = [threading.Thread(target=_announce, args=(settings, stop), daemon=True)]
    if watch is not None:
        threads.append(threading.Thread(target=watch, args=(stop,), name="watch", daemon=True))

    @server.on_startup
    def start() -> None:
        for thread in threads:
            thread.start()

    try:
        server.serve(target_loader=partial(load, settings), wrap_loader=False)
    finally:
        stop.set()
        for thread in threads:
            if thread.is_alive():
                thread.join(WATCH_STOP_SECONDS)


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


def load(settings: Settings) -> Flask:
    """The application, in the worker process."""
    _log_to_stderr()
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    app = create_app(settings)
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


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format=_LOG_FORMAT, stream=sys.stderr)
    # The file watcher says at every step that nothing happened.
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
