"""`timtin serve`: the search page and the API, with the index kept up to date if asked."""

from __future__ import annotations

import logging
from threading import Event

from index.errors import MissingIndexError, NewerIndexError, OutdatedIndexError, TimtinError
from index.store import IndexStore
from web import cli_index, cli_watch
from web.cli_parser import Options
from web.engines import target_of
from web.server import Synced, check_address, serve
from web.settings import Settings

log = logging.getLogger(__name__)


def run(options: Options, settings: Settings) -> int:
    # Found out before indexing, which may take long.
    settings = check_address(settings)
    if settings.cluster is None:
        _prepare_folder(options, settings)
    else:
        _prepare_cluster(options, settings)

    def watch(stop: Event, synced: Synced) -> None:
        cli_watch.keep_up_to_date(options, settings, log.info, stop, synced)

    serve(settings, watch if options.watch else None)
    return 0


def _prepare_folder(options: Options, settings: Settings) -> None:
    store = IndexStore(settings.index_folder)
    if store.exists():
        _make_readable(store, options, settings)
        return
    if not settings.seeds.is_dir():
        raise MissingIndexError(
            f"there is no index in {settings.index_folder} and no folder {settings.seeds}",
            "name the folder of texts: timtin serve SEEDS",
        )
    cli_index.run(options, settings)


def _prepare_cluster(options: Options, settings: Settings) -> None:
    """Others may serve and fill the same cluster: one that is away or empty may come back."""
    target = target_of(settings)
    try:
        exists = target.exists()
    except TimtinError as error:  # the server says so until it is there
        log.error("%s", error)
        return
    if not exists and settings.seeds.is_dir():
        cli_index.run(options, settings)


def _make_readable(store: IndexStore, options: Options, settings: Settings) -> None:
    """Index anew what an older version made and this one cannot read: there is nothing to serve."""
    try:
        store.snapshot()
    except NewerIndexError:
        raise
    except OutdatedIndexError as error:
        log.warning("%s", error)
        cli_index.run(options, settings)
    except TimtinError as error:  # the server says so until it is repaired
        log.error("%s", error)
