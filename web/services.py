"""What the blueprints work with, kept on the application: no module-level state.

A test passes its own engine and reindexing function; a server gets the real ones from `create_app`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app

from search.engine import SearchEngine
from web.metrics import Metrics
from web.reindexing import LiveProgress
from web.settings import Settings
from web.traffic import Traffic

Reindex = Callable[[], Mapping[str, Any]]
"""Bring the index up to date with the seeds and return the report as a JSON object."""

EXTENSION = "timtin"


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    engine: SearchEngine
    reindex: Reindex
    progress: LiveProgress
    """Of the reindexing that a visitor asked for; held while it runs: one at a time."""
    traffic: Traffic
    metrics: Metrics
    version: str
    """Tells this server from all others, whose code may be another; not its processes apart."""


def services() -> Services:
    """The services of the application that handles this request."""
    return cast("Services", current_app.extensions[EXTENSION])
