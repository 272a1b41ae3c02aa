"""What can go wrong between us and a cluster."""

from __future__ import annotations

from index.errors import TimtinError


class ClusterError(TimtinError):
    """The cluster cannot answer."""


class UnreachableError(ClusterError):
    """No node of the cluster can be reached."""

    remedy = "see that it runs and that its address is right"


class OverloadedError(ClusterError):
    """The cluster has more to do than it can, or nobody to lead it."""

    remedy = "try again"


class RefusedError(ClusterError):
    """The cluster does not let us in, or we do not trust it."""


class MissingExtraError(TimtinError):
    """The client library is not installed."""

    remedy = "pip install 'timtin[cluster]'"
