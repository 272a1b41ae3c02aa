"""What an operator may set, read from the environment once and checked before anything starts.

Every setting is a variable `TIMTIN_…`; one that is unknown or cannot be understood is refused:
a misspelt setting that is silently ignored is worse than a server that does not start.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.cluster.address import REPLICAS, SHARDS, Access, Cluster, parse
from index.readers.limits import LIMITS, Limits
from search.engines import remembered
from search.executor.cache import DEFAULT_LIMIT
from web import setting_values as values
from web.setting_values import MEBIBYTE, OFF, LogForm, SettingsError, is_loopback

PREFIX = "TIMTIN_"
QUERY_MILLISECONDS = 300
REMOTE_RATE_LIMIT = "600/minute"
"""What people do not reach by typing, but a crawler does; an office may share an address."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of a process. Paths are as given, sizes in bytes; port 0: any free one.

    `query_seconds` is None for no limit; `rate_limit` is None for what `requests_allowed` makes of
    it.
    """

    seeds: Path = Path("seeds")
    index_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 3
    reindex_token: str | None = field(default=None, repr=False)
    cache_bytes: int = DEFAULT_LIMIT
    page_bytes: int = remembered.DEFAULT_LIMIT
    native: bool = True
    cors_origins: tuple[str, ...] = ()
    limits: Limits = LIMITS
    engine: str | None = None
    engine_access: Access = field(default_factory=Access)
    engine_shards: int = SHARDS
    engine_replicas: int = REPLICAS
    query_seconds: float | None = QUERY_MILLISECONDS / 1000
    rate_limit: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    metrics_token: str | None = field(default=None, repr=False)
    log: LogForm = "text"
    log_requests: bool = True

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
        milliseconds = values.whole_number(
            given, "TIMTIN_QUERY_TIMEOUT_MS", QUERY_MILLISECONDS, 0, 600_000
        )
        return cls(
            seeds=Path(given.get("TIMTIN_SEEDS", default.seeds)),
            index_dir=Path(given["TIMTIN_INDEX_DIR"]) if "TIMTIN_INDEX_DIR" in given else None,
            host=given.get("TIMTIN_HOST", default.host),
            port=values.whole_number(given, "TIMTIN_PORT", default.port, 0, 65_535),
            workers=values.whole_number(given, "TIMTIN_WORKERS", default.workers, 1, 64),
            threads=values.whole_number(given, "TIMTIN_THREADS", default.threads, 1, 64),
            reindex_token=values.token(given, "TIMTIN_REINDEX_TOKEN"),
            cache_bytes=MEBIBYTE
            * values.whole_number(
                given, "TIMTIN_CACHE_MB", default.cache_bytes // MEBIBYTE, 1, 1_000_000
            ),
            page_bytes=MEBIBYTE
            * values.whole_number(
                given, "TIMTIN_PAGES_MB", default.page_bytes // MEBIBYTE, 0, 1_000_000
            ),
            native=bool(values.whole_number(given, "TIMTIN_NATIVE", 1, 0, 1)),
            cors_origins=values.origins(given.get("TIMTIN_CORS_ORIGINS", "")),
            query_seconds=milliseconds / 1000 or None,
            rate_limit=values.rate_limit(given),
            trusted_proxies=values.networks(given.get("TIMTIN_TRUSTED_PROXIES", "")),
            hosts=values.hosts(given.get("TIMTIN_HOSTS", "")),
            metrics_token=values.token(given, "TIMTIN_METRICS_TOKEN"),
            log=values.log_form(given.get("TIMTIN_LOG", default.log)),
            log_requests=bool(values.whole_number(given, "TIMTIN_LOG_REQUESTS", 1, 0, 1)),
            limits=values.limits(given),
            engine=values.engine(given),
            engine_access=values.access(given),
            engine_shards=values.whole_number(given, "TIMTIN_ENGINE_SHARDS", SHARDS, 1, 1024),
            engine_replicas=values.whole_number(given, "TIMTIN_ENGINE_REPLICAS", REPLICAS, 0, 32),
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

    @property
    def requests_allowed(self) -> str | None:
        """How many requests an address may send, in the notation of the setting; None: any number.

        Unless it was set, a server that only this machine can reach counts nothing.
        """
        if self.rate_limit is None:
            return None if is_loopback(self.host) else REMOTE_RATE_LIMIT
        return None if self.rate_limit == OFF else self.rate_limit


VARIABLES: Mapping[str, str] = {
    "TIMTIN_SEEDS": "the folder of seed files",
    "TIMTIN_INDEX_DIR": "the index folder; beside the seeds unless set",
    "TIMTIN_HOST": "the address to listen on",
    "TIMTIN_PORT": "the port to listen on",
    "TIMTIN_WORKERS": "how many server processes there are",
    "TIMTIN_THREADS": "how many requests each of them answers at a time",
    "TIMTIN_REINDEX_TOKEN": "the bearer token of POST /reindex; without one it is refused",
    "TIMTIN_CACHE_MB": "the most memory that decoded postings and texts may take in each process, "
    "in MiB",
    "TIMTIN_PAGES_MB": "the most memory for pages of results that may be asked for again before "
    "the next commit, in each process, in MiB; 0 for none",
    "TIMTIN_NATIVE": "0 for no compiled loops, though Numba is installed",
    "TIMTIN_QUERY_TIMEOUT_MS": "how long a query may take before it is cut short; 0 for any time",
    "TIMTIN_RATE_LIMIT": "requests that one address may send, as in `600/minute; 30/second`, or "
    "`off`; unless set, off on this machine and `600/minute` elsewhere",
    "TIMTIN_TRUSTED_PROXIES": "addresses or networks, separated by commas, of reverse proxies "
    "whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed",
    "TIMTIN_HOSTS": "names that the server answers to, separated by commas; `.example.org` for "
    "all below it",
    "TIMTIN_METRICS_TOKEN": "the bearer token of GET /metrics; without one only this machine may",
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
    "TIMTIN_LOG": "`text`, or `json` for one object a line",
    "TIMTIN_LOG_REQUESTS": "1 to log every request, 0 for failures only",
}
"""Every setting and what it means: what the documentation is checked against."""


def _unknown(name: str) -> SettingsError:
    close = difflib.get_close_matches(name, VARIABLES, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"known are {', '.join(VARIABLES)}"
    return SettingsError(f"unknown setting {name}", remedy)
