"""Settings come from the environment; whatever cannot be understood is refused by name."""

from pathlib import Path

import pytest

from index.cluster.address import Access, AddressError, Credentials
from index.readers import Limits
from web.setting_values import SettingsError
from web.settings import VARIABLES, Settings

TOKEN = "0123456789abcdef"


def test_nothing_set_gives_the_defaults() -> None:
    settings = Settings.from_environment({"HOME": "/", "TIMTIN_PORT": ""})
    assert settings == Settings()
    assert (settings.seeds, settings.index_folder) == (Path("seeds"), Path("seeds.index"))
    assert settings.reindex_token is None


def test_every_variable_is_read() -> None:
    values = {
        "TIMTIN_SEEDS": "/srv/news",
        "TIMTIN_INDEX_DIR": "/var/news.index",
        "TIMTIN_HOST": "0.0.0.0",
        "TIMTIN_PORT": "80",
        "TIMTIN_WORKERS": "4",
        "TIMTIN_THREADS": "8",
        "TIMTIN_REINDEX_TOKEN": TOKEN,
        "TIMTIN_CACHE_MB": "64",
        "TIMTIN_PAGES_MB": "2",
        "TIMTIN_NATIVE": "0",
        "TIMTIN_CORS_ORIGINS": "https://example.org, http://localhost:3000",
        "TIMTIN_QUERY_TIMEOUT_MS": "250",
        "TIMTIN_RATE_LIMIT": "100/minute; 5/second",
        "TIMTIN_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8, fd00::/8",
        "TIMTIN_HOSTS": "tin.example.org, .example.net",
        "TIMTIN_METRICS_TOKEN": TOKEN[::-1],
        "TIMTIN_LOG": "json",
        "TIMTIN_LOG_REQUESTS": "0",
        "TIMTIN_MAX_FILE_MB": "1",
        "TIMTIN_MAX_STREAM_MB": "2",
        "TIMTIN_MAX_EXPANSION": "3",
        "TIMTIN_MAX_DOCUMENTS": "4",
        "TIMTIN_READER_SECONDS": "5",
        "TIMTIN_READER_MB": "6",
        "TIMTIN_ENGINE": "opensearch+https://one,two:9201/news",
        "TIMTIN_ENGINE_USER": "timtin",
        "TIMTIN_ENGINE_PASSWORD": "secret",
        "TIMTIN_ENGINE_TOKEN": "also secret",
        "TIMTIN_ENGINE_CA": __file__,
        "TIMTIN_ENGINE_VERIFY": "no",
        "TIMTIN_ENGINE_SHARDS": "5",
        "TIMTIN_ENGINE_REPLICAS": "2",
    }
    assert values.keys() == VARIABLES.keys()
    settings = Settings.from_environment(values)
    assert settings == Settings(
        seeds=Path("/srv/news"),
        index_dir=Path("/var/news.index"),
        host="0.0.0.0",
        port=80,
        workers=4,
        threads=8,
        reindex_token=TOKEN,
        cache_bytes=64 << 20,
        page_bytes=2 << 20,
        native=False,
        cors_origins=("https://example.org", "http://localhost:3000"),
        query_seconds=0.25,
        rate_limit="100/minute; 5/second",
        trusted_proxies=("127.0.0.1", "10.0.0.0/8", "fd00::/8"),
        hosts=("tin.example.org", ".example.net"),
        metrics_token=TOKEN[::-1],
        log="json",
        log_requests=False,
        limits=Limits(1 << 20, 2 << 20, 3, 4, 5, 6 << 20),
        engine="opensearch+https://one,two:9201/news",
        engine_access=Access(
            Credentials("timtin", "secret", "also secret"), Path(__file__), verify=False
        ),
        engine_shards=5,
        engine_replicas=2,
    )
    assert settings.cluster is not None
    assert settings.cluster.hosts == (("one", 9200), ("two", 9201))
    assert str(settings.cluster) == "opensearch+https://one,two:9201/news"


def test_no_secret_is_shown() -> None:
    values = {
        "TIMTIN_REINDEX_TOKEN": TOKEN,
        "TIMTIN_METRICS_TOKEN": TOKEN,
        "TIMTIN_ENGINE": "opensearch+https://one/news",
        "TIMTIN_ENGINE_USER": "timtin",
        "TIMTIN_ENGINE_PASSWORD": "a secret",
        "TIMTIN_ENGINE_TOKEN": "another secret",
    }
    settings = Settings.from_environment(values)
    for shown in (repr(settings), repr(settings.cluster), str(settings.cluster)):
        assert "secret" not in shown
        assert TOKEN not in shown


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("opensearch://one", "name of an index"),
        ("opensearch://one/News", "name of an index"),
        ("opensearch:///news", "name of a host"),
        ("opensearch://one:0/news", "name of a host"),
        ("http://one/news", "begins otherwise"),
        ("opensearch://user:secret@one/news", "must not hold a user or a password"),
    ],
)
def test_a_bad_address_of_a_cluster_is_refused(address: str, reason: str) -> None:
    with pytest.raises(AddressError, match=reason) as caught:
        Settings.from_environment({"TIMTIN_ENGINE": address})
    assert "secret" not in str(caught.value)


def test_a_password_only_crosses_the_network_encrypted() -> None:
    secrets = {"TIMTIN_ENGINE_USER": "timtin", "TIMTIN_ENGINE_PASSWORD": "secret"}
    with pytest.raises(AddressError, match="unencrypted"):
        Settings.from_environment({"TIMTIN_ENGINE": "opensearch://one/news", **secrets})
    for address in ("opensearch+https://one/news", "opensearch://127.0.0.1,localhost/news"):
        assert Settings.from_environment({"TIMTIN_ENGINE": address, **secrets}).cluster


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TIMTIN_PORT", "http"),
        ("TIMTIN_PORT", "65536"),
        ("TIMTIN_PORT", "-1"),
        ("TIMTIN_PORT", "８０８０"),
        ("TIMTIN_THREADS", "0"),
        ("TIMTIN_CACHE_MB", "1.5"),
        ("TIMTIN_ENGINE_VERIFY", "maybe"),
        ("TIMTIN_ENGINE_CA", "/no/such/file"),
        ("TIMTIN_ENGINE_USER", "without a password"),
        ("TIMTIN_ENGINE_SHARDS", "0"),
        ("TIMTIN_CORS_ORIGINS", "example.org"),
        ("TIMTIN_CORS_ORIGINS", "https://example.org/path"),
        ("TIMTIN_MAX_FILE_MB", "0"),
        ("TIMTIN_MAX_EXPANSION", "many"),
        ("TIMTIN_WORKERS", "0"),
        ("TIMTIN_QUERY_TIMEOUT_MS", "-1"),
        ("TIMTIN_QUERY_TIMEOUT_MS", "0.3"),
        ("TIMTIN_RATE_LIMIT", "many"),
        ("TIMTIN_RATE_LIMIT", "10"),
        ("TIMTIN_TRUSTED_PROXIES", "proxy.example.org"),
        ("TIMTIN_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TIMTIN_HOSTS", "https://example.org"),
        ("TIMTIN_HOSTS", "example.org:8000"),
        ("TIMTIN_LOG", "xml"),
        ("TIMTIN_LOG_REQUESTS", "yes"),
        ("TIMTIN_METRICS_TOKEN", "short"),
        ("TIMTIN_REINDEX_TOKEN", "short"),
        ("TIMTIN_REINDEX_TOKEN", "a token with spaces in it"),
    ],
)
def test_a_bad_value_is_refused_in_one_line(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.from_environment({name: text})
    assert "\n" not in str(caught.value)
    if "TOKEN" in name:
        assert text not in str(caught.value)


def test_an_unknown_setting_is_refused_with_the_nearest_known() -> None:
    with pytest.raises(SettingsError, match=r"TIMTIN_PROT.*did you mean TIMTIN_PORT"):
        Settings.from_environment({"TIMTIN_PROT": "80"})


@pytest.mark.parametrize(
    ("seeds", "index"),
    [("seeds", "seeds.index"), ("/srv/news/", "/srv/news.index"), ("a/b.d", "a/b.d.index")],
)
def test_the_index_lies_beside_the_seeds(seeds: str, index: str) -> None:
    assert Settings(seeds=Path(seeds)).index_folder == Path(index)


def test_the_index_of_the_current_folder_is_not_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    beside = tmp_path.with_name(f"{tmp_path.name}.index")
    assert Settings(seeds=Path()).index_folder == beside


def test_a_time_of_zero_is_no_limit() -> None:
    assert Settings.from_environment({"TIMTIN_QUERY_TIMEOUT_MS": "0"}).query_seconds is None


@pytest.mark.parametrize(
    ("host", "limit", "allowed"),
    [
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("localhost", None, None),
        ("0.0.0.0", None, "600/minute"),
        ("0.0.0.0", "off", None),
        ("127.0.0.1", "5/second", "5/second"),
    ],
)
def test_only_who_can_be_reached_from_elsewhere_counts_requests(
    host: str, limit: str | None, allowed: str | None
) -> None:
    assert Settings(host=host, rate_limit=limit).requests_allowed == allowed
