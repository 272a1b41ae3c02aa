"""TLS, certificates that are checked, passwords and tokens; and none of them in what is said."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.cluster.address import Access, Cluster, Credentials, parse
from index.cluster.errors import RefusedError
from index.cluster.store import ClusterStore
from index.sync import sync
from search.engines.opensearch import OpenSearchEngine
from search.request import SearchRequest
from tests.cluster.running import cluster_at, new_address
from tests.cluster.wires import TlsDoor, basic
from web.app import create_app
from web.settings import Settings

PASSWORD, TOKEN = "correct-horse-battery", "eyJhbGciOi.a-token"
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TlsDoor, Path]]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    line = ["openssl", "req", *made, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(line, check=True, capture_output=True)
    allowed = basic("timtin", PASSWORD), f"Bearer {TOKEN}"
    door = TlsDoor(cluster_at().split(",")[0], certificate, key, allowed)
    yield door, certificate
    door.close()


def cluster(door: TlsDoor, access: Access) -> Cluster:
    index = new_address().rpartition("/")[2]
    return parse(f"opensearch+https://localhost:{door.port}/{index}", access, shards=1)


@pytest.mark.parametrize("credentials", [("timtin", PASSWORD, None), (None, None, TOKEN)])
def test_who_is_known_gets_in(
    door: tuple[TlsDoor, Path], credentials: tuple[str | None, ...], seeds: Path
) -> None:
    own = cluster(door[0], Access(Credentials(*credentials), door[1]))
    assert sync(seeds, ClusterStore(own)).added == 3
    engine = OpenSearchEngine(own)
    assert engine.search(SearchRequest("gặp gỡ đầu xuân")).hits[0].id == "b"
    engine.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(door: tuple[TlsDoor, Path]) -> None:
    known = Credentials("timtin", PASSWORD)
    with pytest.raises(RefusedError, match="TIMTIN_ENGINE_CA"):
        ClusterStore(cluster(door[0], Access(known))).exists()
    unchecked = cluster(door[0], Access(known, verify=False))
    assert not ClusterStore(unchecked).exists()


@pytest.mark.parametrize(
    "credentials", [("timtin", "wrong-secret", None), (None, None, "wrong-secret")]
)
def test_who_is_not_known_is_told_so_without_the_secret(
    door: tuple[TlsDoor, Path],
    credentials: tuple[str | None, ...],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    own = cluster(door[0], Access(Credentials(*credentials), door[1]))
    with pytest.raises(RefusedError, match="TIMTIN_ENGINE_USER") as caught:
        ClusterStore(own).exists()
    settings = replace(Settings(seeds=tmp_path), engine=str(own), engine_access=own.access)
    client = create_app(settings).test_client()
    said = [str(caught.value), repr(own), repr(settings), caplog.text]
    for path in ("/search?q=a", "/health", "/status", "/documents/a"):
        response = client.get(path, headers={"Accept": "application/json"})
        assert response.status_code == 503
        said.append(response.get_data(as_text=True))
    assert "wrong-secret" not in "".join(said) + caplog.text
