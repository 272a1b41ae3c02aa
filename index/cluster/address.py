"""Where a cluster is and how to speak to it: `opensearch://host1,host2:9201/timtin`.

`opensearch+https://` speaks TLS. Users, passwords and tokens are no part of the address: it ends in
logs and process lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import TimtinError

PLAIN, SECURE = "opensearch://", "opensearch+https://"
PORT = 9200
SHARDS, REPLICAS = 3, 1
EXAMPLE = f"{PLAIN}host1,host2/timtin"
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
_INDEX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")  # less than OpenSearch allows
_LOOPBACK = re.compile(r"localhost|127\.[0-9.]+|\[::1\]")


class AddressError(TimtinError):
    """An address of a cluster cannot be understood or must not be used."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How the client proves who it is: user and password, or a bearer token; neither is shown."""

    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def given(self) -> bool:
        return any((self.user, self.password, self.token))


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to be let in. `ca` is a file of certificates to trust instead of the system's;
    without `verify` any certificate will do."""

    credentials: Credentials = Credentials()
    ca: Path | None = None
    verify: bool = True


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster and the index in it. `shards` and `replicas` are for an index made anew."""

    hosts: tuple[tuple[str, int], ...]
    index: str
    tls: bool = False
    access: Access = Access()
    shards: int = SHARDS
    replicas: int = REPLICAS

    def __str__(self) -> str:
        hosts = ",".join(host if port == PORT else f"{host}:{port}" for host, port in self.hosts)
        return f"{SECURE if self.tls else PLAIN}{hosts}/{self.index}"


def is_address(text: str) -> bool:
    """Whether this is meant to be the address of a cluster, rather than a folder."""
    return text.startswith((PLAIN, SECURE))


def parse(
    text: str,
    access: Access = Access(),
    *,
    shards: int = SHARDS,
    replicas: int = REPLICAS,
) -> Cluster:
    """The cluster at this address. Raises AddressError, which never repeats a secret."""
    scheme = next((scheme for scheme in (PLAIN, SECURE) if text.startswith(scheme)), None)
    if scheme is None:
        raise AddressError("a cluster's address begins otherwise", f"write it as in {EXAMPLE}")
    rest = text.removeprefix(scheme)
    if "@" in rest:
        raise AddressError(
            "a cluster's address must not hold a user or a password",
            "set TIMTIN_ENGINE_USER and TIMTIN_ENGINE_PASSWORD instead",
        )
    names, _, index = rest.partition("/")
    hosts = tuple(map(_host, names.split(",")))
    if not _INDEX.fullmatch(index):
        raise AddressError(
            f"{index!r} cannot be the name of an index",
            f"use small letters, digits and -_. as in {EXAMPLE}",
        )
    tls = scheme == SECURE
    near = all(_LOOPBACK.fullmatch(host) for host, _ in hosts)
    if access.credentials.given and not (tls or near):
        raise AddressError(
            "a password or token would cross the network unencrypted",
            f"use {SECURE}… for a cluster that asks for one",
        )
    return Cluster(hosts, index, tls, access, shards, replicas)


def _host(text: str) -> tuple[str, int]:
    match = _HOST.fullmatch(text)
    port = int(match[2] or PORT) if match else 0
    if match is None or not 0 < port < 65_536:
        raise AddressError(f"{text!r} is not the name of a host", f"write it as in {EXAMPLE}")
    return match[1], port
