"""`GET /metrics`: what Prometheus reads, and who may read it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from web.app import create_app
from web.services import EXTENSION
from web.settings import Settings

TOKEN = "a-token-for-monitors"


def samples(client: FlaskClient, **headers: str) -> dict[tuple[str, ...], float]:
    """Values by name and the values of the labels: method, route, status."""
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    assert response.mimetype == "text/plain"
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_method_and_status(client: FlaskClient) -> None:
    for path in ("/search?q=a", "/search?q=b", "/search?size=0", "/documents/a", "/no/such/page"):
        client.get(path)
    client.open("/search", method="BREW")
    found = samples(client)
    assert found["timtin_requests_total", "GET", "/search", "200"] == 2
    assert found["timtin_requests_total", "GET", "/search", "400"] == 1
    assert found["timtin_request_seconds_count", "GET", "/search"] == 3
    assert found["timtin_requests_total", "GET", "none", "404"] == 1
    assert found["timtin_requests_total", "other", "none", "405"] == 1
    assert found["timtin_requests_in_flight",] == 1  # this one
    assert not any("/no/such" in part for name in found for part in name)


def test_the_index_and_the_cache_are_told(client: FlaskClient, engine) -> None:
    told = {"generation": 7, "documents": 1250, "cache_bytes": 10, "cache_limit": 20}
    engine.stats = lambda: {**told, "cache_hits": 5, "cache_misses": 2}
    found = samples(client)
    assert found["timtin_index_generation",] == 7
    assert found["timtin_index_documents",] == 1250
    assert (found["timtin_cache_bytes",], found["timtin_cache_limit_bytes",]) == (10, 20)
    assert (found["timtin_cache_hits_total",], found["timtin_cache_misses_total",]) == (5, 2)
    engine.stats = lambda: {**told, "cache_hits": 9, "cache_misses": 2}
    assert samples(client)["timtin_cache_hits_total",] == 9


def test_without_an_index_there_is_still_something_to_tell(client: FlaskClient, engine) -> None:
    engine.present = False
    client.get("/search?q=a")
    assert samples(client)["timtin_requests_total", "GET", "/search", "503"] == 1


def test_syncs_are_counted_by_outcome(app) -> None:
    measured = app.extensions[EXTENSION].metrics
    measured.synced("committed", 2)
    measured.synced("failed")
    found = samples(app.test_client())
    assert found["timtin_syncs_total", "committed"] == 1
    assert found["timtin_syncs_total", "failed"] == 1
    assert found["timtin_seeds_failed",] == 2
    assert found["timtin_last_sync_timestamp_seconds",] > 1e9


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_without_a_token_only_this_machine_may(client: FlaskClient, header: str) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403
    elsewhere = client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert elsewhere.status_code == 403
    assert elsewhere.mimetype == "application/problem+json"


def test_with_a_token_whoever_holds_it(engine) -> None:
    client = create_app(Settings(metrics_token=TOKEN), engine, reindex=dict).test_client()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        assert client.get("/metrics", headers=headers).status_code == 401
    assert samples(client, Authorization=f"Bearer {TOKEN}")
