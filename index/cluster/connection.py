"""The client of a cluster: tries another node where one fails, and says what is wrong in our terms.

What is asked twice does no harm: documents are written by id, and everything else is read or made
conditional. So a request that failed with its node is simply sent to the next one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from index.cluster.address import Cluster
from index.cluster.errors import (
    ClusterError,
    MissingExtraError,
    OverloadedError,
    RefusedError,
    UnreachableError,
)
from index.errors import MissingIndexError

try:
    from opensearchpy import OpenSearch
    from opensearchpy import exceptions as e
    from urllib3 import Timeout
except ImportError:
    raise MissingExtraError("a cluster needs the client library of OpenSearch") from None

CONNECT_SECONDS = 1.0
READ_SECONDS = 30.0
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds to wait before a read is tried again while the cluster puts replicas in a lost node's
place."""
BUSY = frozenset({429, 500, 502, 503, 504})
"""Statuses of a cluster that has too much to do, or has just lost a node: a shard that was asked on
it is a 500."""
POOL = 32  # connections kept to each node

Json = Mapping[str, Any]
T = TypeVar("T")


class Connection:
    """A cluster's client, safe to share between threads. Making one sends nothing."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        # It logs every request, and those that fail with a traceback: our errors say it shorter.
        logging.getLogger("opensearch").setLevel(logging.CRITICAL)
        self.client = _client(cluster)

    def ask(self, call: Callable[[OpenSearch], T]) -> T:
        """What `call` returns; a busy cluster is asked again for some seconds. Raises
        ClusterError, and MissingIndexError where there is nothing of that name."""
        for pause in (*PAUSES, None):
            try:
                with self._in_our_terms():
                    return call(self.client)
            except _BusyError as error:
                if pause is None:
                    raise OverloadedError(
                        f"the cluster at {self.cluster} is too busy, or has lost too many nodes"
                    ) from error
                time.sleep(pause)
        raise AssertionError("unreachable")

    def search(self, index: str, body: Json, **params: Any) -> dict[str, Any]:
        """The answer of all shards to a search; part of one is none."""
        found: dict[str, Any] = self.ask(
            lambda client: client.search(
                index=index, body=body, params={"allow_partial_search_results": "false", **params}
            )
        )
        return found

    def close(self) -> None:
        self.client.close()

    @contextmanager
    def _in_our_terms(self) -> Iterator[None]:
        try:
            yield
        except e.NotFoundError as error:
            raise MissingIndexError(f"there is no index at {self.cluster}") from error
        except e.SSLError as error:
            raise RefusedError(
                f"the certificate of {self.cluster} cannot be trusted",
                "name the file of its authority in TIMTIN_ENGINE_CA",
            ) from error
        except e.ConnectionTimeout as error:
            raise UnreachableError(f"the cluster at {self.cluster} does not answer") from error
        except e.ConnectionError as error:
            raise UnreachableError(f"the cluster at {self.cluster} cannot be reached") from error
        except (e.AuthenticationException, e.AuthorizationException) as error:
            raise RefusedError(
                f"the cluster at {self.cluster} refuses this user",
                "see to TIMTIN_ENGINE_USER and TIMTIN_ENGINE_PASSWORD, or TIMTIN_ENGINE_TOKEN",
            ) from error
        except e.ConflictError:
            raise
        except e.TransportError as error:
            if error.status_code in BUSY:
                raise _BusyError from error
            raise ClusterError(f"the cluster at {self.cluster} fails: {error.error}") from error


class _BusyError(Exception):
    """To be asked again."""


def _client(cluster: Cluster) -> OpenSearch:
    access = cluster.access
    secrets = access.credentials
    options: dict[str, Any] = {}
    if secrets.token:
        options["headers"] = {"Authorization": f"Bearer {secrets.token}"}
    elif secrets.user is not None:
        options["http_auth"] = (secrets.user, secrets.password or "")
    if cluster.tls:
        options |= {"verify_certs": access.verify, "ssl_show_warn": False}
        options |= {"ca_certs": str(access.ca)} if access.ca else {}
    return OpenSearch(
        hosts=[{"host": host.strip("[]"), "port": port} for host, port in cluster.hosts],
        use_ssl=cluster.tls,
        timeout=Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        max_retries=len(cluster.hosts),
        retry_on_timeout=False,
        retry_on_status=(),
        pool_maxsize=POOL,
        http_compress=False,
        **options,
    )
