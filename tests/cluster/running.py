"""The cluster that tests run with, if there is one: `scripts/cluster-test` starts it, says where.

Every test gets an index of its own; indexes go with the cluster when the script ends.
"""

from __future__ import annotations

import os
from uuid import uuid4

from index.cluster.address import PLAIN, Cluster, parse

VARIABLE = "CLUSTER_TEST_HOSTS"
"""Hosts and ports, separated by commas."""
FOLDER = "CLUSTER_TEST_FOLDER"
"""Where the nodes are, for tests that kill one."""
SHARDS = 2


def cluster_at() -> str:
    """Where the cluster is; empty if there is none."""
    return os.environ.get(VARIABLE, "")


def new_address() -> str:
    """The address of an index of the cluster that is not there yet."""
    return f"{PLAIN}{cluster_at()}/t-{uuid4().hex[:12]}"


def new_cluster() -> Cluster:
    """The same with few shards."""
    return parse(new_address(), shards=SHARDS)
