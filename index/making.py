"""By what a segment was made: the versions in its meta, and what they mean to the running code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from index.analysis.fingerprint import fingerprint
from index.errors import NewerIndexError, OutdatedIndexError
from index.schema import OLDEST_READABLE, SCHEMA_VERSION

Making = dict[str, Any]
"""Part of a segment's meta: `schema_version` and `analysis`, the fingerprint of the analyzers."""


def current() -> Making:
    """What goes into the meta of a segment that is made now."""
    return {"schema_version": SCHEMA_VERSION, "analysis": fingerprint()}


def merged(metas: Iterable[Mapping[str, Any]]) -> Making:
    """What goes into the meta of a segment that is merged of others: the same, or "mixed"."""
    versions = [(meta.get("schema_version"), meta.get("analysis")) for meta in metas]
    known = [version for version, _ in versions if isinstance(version, int)]
    analysis = versions[0][1] if len(set(versions)) == 1 else "mixed"
    return {"schema_version": min(known, default=None), "analysis": analysis}


def is_current(meta: Mapping[str, Any]) -> bool:
    """Whether the running code would make the same of the same documents."""
    return all(meta.get(key) == value for key, value in current().items())


def check_readable(meta: Mapping[str, Any], path: object) -> None:
    """Raise OutdatedIndexError, or NewerIndexError, unless the segment can be searched."""
    version = meta.get("schema_version")
    if not isinstance(version, int) or version < OLDEST_READABLE:
        raise OutdatedIndexError(f"the index in {path} was made by an older version of timtin")
    if version > SCHEMA_VERSION:
        raise NewerIndexError(f"the index in {path} was made by a newer version of timtin")
