"""What the blueprints work with, kept on the application: no module-level state.

A test passes its own engine and reindexing function; a server gets the real ones from `create_app`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app

from search.engine import SearchEngine
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
    process: str = field(default_factory=lambda: secrets.token_hex(4))
    """Tells this process from all others, whose code may be another."""
    progress: LiveProgress = field(default_factory=LiveProgress)
    """Of the reindexing that a visitor asked for; held while it runs: one at a time."""
    traffic: Traffic = field(default_factory=Traffic)


def services() -> Services:
    """The services of the application that handles this request."""
    return cast("Services", current_app.extensions[EXTENSION])
