"""Which engine answers, and where seeds go: the index folder, or the cluster that is set."""

from __future__ import annotations

from pathlib import Path

from index.cluster.address import AddressError, Cluster, is_address
from index.store import IndexStore
from index.sync.target import FolderTarget, Target
from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from web.settings import Settings


def engine_of(settings: Settings) -> SearchEngine:
    """The engine that the settings ask for. Raises MissingExtraError."""
    if settings.cluster is None:
        return WhooshEngine(
            settings.index_folder,
            cache_bytes=settings.cache_bytes,
            page_bytes=settings.page_bytes,
            query_seconds=settings.query_seconds,
        )
    # Only who has a cluster needs its client library.
    from search.engines.opensearch import OpenSearchEngine  # noqa: PLC0415

    return OpenSearchEngine(settings.cluster)


def target_of(settings: Settings) -> Target:
    """The index that seeds are brought into. Raises MissingExtraError."""
    if settings.cluster is None:
        return FolderTarget(IndexStore(settings.index_folder))
    return _cluster_target(settings.cluster)


def named(settings: Settings) -> str:
    """Where the index is, for messages."""
    return str(settings.cluster or settings.index_folder)


def folder_of(settings: Settings) -> IndexStore:
    """The index folder, for what a cluster does in its own way. Raises AddressError."""
    if settings.cluster is not None:
        raise AddressError(
            f"this is done to index folders only, not to {settings.cluster}",
            "use the cluster's snapshots, or copy it with timtin migrate --to FOLDER",
        )
    return IndexStore(settings.index_folder)


def target_at(place: str, settings: Settings) -> Target:
    """The index at a cluster's address, or in a folder. Raises AddressError, MissingExtraError."""
    if is_address(place):
        return _cluster_target(settings.cluster_at(place))
    return FolderTarget(IndexStore(Path(place)))


def _cluster_target(cluster: Cluster) -> Target:
    from index.cluster.store import ClusterStore  # noqa: PLC0415

    return ClusterStore(cluster)
