"""What an operator may set, read from the environment once and checked before anything starts.

Every setting is a variable `TIMTIN_…`; one that is unknown or cannot be understood is refused:
a misspelt setting that is silently ignored is worse than a server that does not start.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.cluster.address import REPLICAS, SHARDS, Access, Cluster, Credentials, parse
from index.errors import TimtinError
from index.readers.limits import LIMITS, Limits
from search.executor.cache import DEFAULT_LIMIT

PREFIX = "TIMTIN_"
MEBIBYTE = 1 << 20
MIN_TOKEN_CHARACTERS = 16
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")  # RFC 6750, section 2.1: what a bearer token may hold

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


class SettingsError(TimtinError):
    """A setting is unknown or has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of a process. Paths are as given, sizes in bytes; port 0: any free one."""

    seeds: Path = Path("seeds")
    index_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 3
    reindex_token: str | None = field(default=None, repr=False)
    cache_bytes: int = DEFAULT_LIMIT
    cors_origins: tuple[str, ...] = ()
    limits: Limits = LIMITS
    engine: str | None = None
    engine_access: Access = field(default_factory=Access)
    engine_shards: int = SHARDS
    engine_replicas: int = REPLICAS

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read every `TIMTIN_…` variable; an empty one counts as not set.

        Raises `SettingsError` for an unknown variable or a value outside its range.
        """
        given = {name: text for name, text in environ.items() if name.startswith(PREFIX) and text}
        for name in given:
            if name not in VARIABLES:
                raise _unknown(name)
        default = cls()
        token = given.get("TIMTIN_REINDEX_TOKEN")
        if token is not None:
            _check_token(token)
        return cls(
            seeds=Path(given.get("TIMTIN_SEEDS", default.seeds)),
            index_dir=Path(given["TIMTIN_INDEX_DIR"]) if "TIMTIN_INDEX_DIR" in given else None,
            host=given.get("TIMTIN_HOST", default.host),
            port=_whole_number(given, "TIMTIN_PORT", default.port, 0, 65_535),
            threads=_whole_number(given, "TIMTIN_THREADS", default.threads, 1, 64),
            reindex_token=token,
            cache_bytes=MEBIBYTE
            * _whole_number(
                given, "TIMTIN_CACHE_MB", default.cache_bytes // MEBIBYTE, 1, 1_000_000
            ),
            cors_origins=_origins(given.get("TIMTIN_CORS_ORIGINS", "")),
            limits=_limits(given),
            engine=_engine(given),
            engine_access=_access(given),
            engine_shards=_whole_number(given, "TIMTIN_ENGINE_SHARDS", SHARDS, 1, 1024),
            engine_replicas=_whole_number(given, "TIMTIN_ENGINE_REPLICAS", REPLICAS, 0, 32),
        )

    @property
    def cluster(self) -> Cluster | None:
        """The cluster that answers instead of the index folder, if there is one."""
        return self.cluster_at(self.engine) if self.engine else None

    def cluster_at(self, address: str) -> Cluster:
        """The cluster at this address, to which the settings give access. Raises AddressError."""
        return parse(
            address,
            self.engine_access,
            shards=self.engine_shards,
            replicas=self.engine_replicas,
        )

    @property
    def index_folder(self) -> Path:
        """The folder of the index: the one that was set, or else the seeds' name with `.index`."""
        if self.index_dir is not None:
            return self.index_dir
        # ".", ".." and "a/.." have no name of their own to add to.
        seeds = self.seeds if self.seeds.name not in {"", ".."} else self.seeds.resolve()
        return seeds.with_name(f"{seeds.name}.index")


VARIABLES: Mapping[str, str] = {
    "TIMTIN_SEEDS": "the folder of seed files",
    "TIMTIN_INDEX_DIR": "the index folder; beside the seeds unless set",
    "TIMTIN_HOST": "the address to listen on",
    "TIMTIN_PORT": "the port to listen on",
    "TIMTIN_THREADS": "how many requests are answered at a time",
    "TIMTIN_REINDEX_TOKEN": "the bearer token of POST /reindex; without one it is refused",
    "TIMTIN_CACHE_MB": "the most memory that decoded postings may take, in MiB",
    "TIMTIN_CORS_ORIGINS": "sites whose pages may read the API, separated by commas; `*` for all",
    "TIMTIN_MAX_FILE_MB": "the largest seed that is read whole, in MiB",
    "TIMTIN_MAX_STREAM_MB": "the largest .jsonl, or .jsonl.gz once it is unpacked, in MiB",
    "TIMTIN_MAX_EXPANSION": "how many times its size a packed seed may become",
    "TIMTIN_MAX_DOCUMENTS": "the most documents, or lines of text, in one seed",
    "TIMTIN_READER_SECONDS": "the CPU time that a web page, Word file or PDF may take",
    "TIMTIN_READER_MB": "the memory that reading one of these may take, in MiB",
    "TIMTIN_ENGINE": "a cluster in place of the folder: `opensearch://host1,host2/timtin`",
    "TIMTIN_ENGINE_USER": "the user that the cluster knows us as",
    "TIMTIN_ENGINE_PASSWORD": "the password of that user; it needs `opensearch+https://…`",
    "TIMTIN_ENGINE_TOKEN": "a bearer token in place of both",
    "TIMTIN_ENGINE_CA": "a file of certificates to trust in place of the system's",
    "TIMTIN_ENGINE_VERIFY": "`no` to trust any certificate",
    "TIMTIN_ENGINE_SHARDS": "shards of an index that is made anew in a cluster",
    "TIMTIN_ENGINE_REPLICAS": "further copies of each shard",
}
"""Every setting and what it means: what the documentation is checked against."""


def _unknown(name: str) -> SettingsError:
    close = difflib.get_close_matches(name, VARIABLES, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"known are {', '.join(VARIABLES)}"
    return SettingsError(f"unknown setting {name}", remedy)


def _whole_number(
    given: Mapping[str, str], name: str, default: int, lowest: int, highest: int
) -> int:
    text = given.get(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
        raise SettingsError(
            f"{name}={text!r} is not a whole number from {lowest} to {highest}",
            f"leave it out for {default}",
        )
    return int(text)


def _limits(given: Mapping[str, str]) -> Limits:
    def number(name: str, default: int, highest: int = 1_000_000) -> int:
        return _whole_number(given, name, default, 1, highest)

    return Limits(
        file_bytes=MEBIBYTE * number("TIMTIN_MAX_FILE_MB", LIMITS.file_bytes // MEBIBYTE, 4_096),
        stream_bytes=MEBIBYTE * number("TIMTIN_MAX_STREAM_MB", LIMITS.stream_bytes // MEBIBYTE),
        expansion=number("TIMTIN_MAX_EXPANSION", LIMITS.expansion),
        documents=number("TIMTIN_MAX_DOCUMENTS", LIMITS.documents, 100_000_000),
        seconds=number("TIMTIN_READER_SECONDS", LIMITS.seconds, 86_400),
        memory_bytes=MEBIBYTE * number("TIMTIN_READER_MB", LIMITS.memory_bytes // MEBIBYTE),
    )


def _engine(given: Mapping[str, str]) -> str | None:
    address = given.get("TIMTIN_ENGINE")
    if address:
        parse(address, _access(given))
    return address


def _access(given: Mapping[str, str]) -> Access:
    # No message repeats a secret: it may end in a log.
    verify = given.get("TIMTIN_ENGINE_VERIFY", "yes")
    if verify not in ("yes", "no"):
        raise SettingsError("TIMTIN_ENGINE_VERIFY must be yes or no", "leave it out for yes")
    ca = Path(given["TIMTIN_ENGINE_CA"]) if "TIMTIN_ENGINE_CA" in given else None
    if ca is not None and not ca.is_file():
        raise SettingsError(f"TIMTIN_ENGINE_CA: there is no file {ca}")
    credentials = Credentials(
        given.get("TIMTIN_ENGINE_USER"),
        given.get("TIMTIN_ENGINE_PASSWORD"),
        given.get("TIMTIN_ENGINE_TOKEN"),
    )
    if (credentials.user is None) != (credentials.password is None):
        raise SettingsError("TIMTIN_ENGINE_USER and TIMTIN_ENGINE_PASSWORD belong together")
    return Access(credentials, ca, verify == "yes")


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.strip() for part in text.split(",") if part.strip())
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"TIMTIN_CORS_ORIGINS: {origin!r} is not an origin",
                "write it as in https://example.org, without a path",
            )
    return origins


def _check_token(token: str) -> None:
    # The message never repeats the token: it may end in a log.
    if len(token) < MIN_TOKEN_CHARACTERS or not _TOKEN.fullmatch(token):
        raise SettingsError(
            f"TIMTIN_REINDEX_TOKEN needs {MIN_TOKEN_CHARACTERS} or more letters, digits or ._~+/=-",
            "make one with 'python3 -c \"import secrets; print(secrets.token_urlsafe())\"'",
        )
