"""How many requests one address may send, whichever process of the server it reaches."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from web.app import create_app
from web.settings import Settings
from web.shared_counters import NEIGHBOURHOOD, SLOTS, SharedCounters

LIMITED = Settings(host="0.0.0.0", rate_limit="3/minute")


@pytest.fixture
def client(engine) -> FlaskClient:
    return create_app(LIMITED, engine, reindex=dict).test_client()


def statuses(client: FlaskClient, address: str, count: int, **headers: str) -> list[int]:
    answers = (
        client.get("/search?q=a", environ_base={"REMOTE_ADDR": address}, headers=headers)
        for _ in range(count)
    )
    return [answer.status_code for answer in answers]


def test_what_is_too_much_is_refused_with_the_time_to_wait(client: FlaskClient) -> None:
    assert statuses(client, "192.0.2.1", 4) == [200, 200, 200, 429]
    refused = client.get("/?q=a", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    problem = client.get(
        "/search?q=a",
        environ_base={"REMOTE_ADDR": "192.0.2.1"},
        headers={"Accept": "application/json"},
    )
    assert problem.mimetype == "application/problem+json"
    assert problem.get_json(force=True)["type"] == "urn:timtin:problem:too-many-requests"
    assert statuses(client, "192.0.2.2", 1) == [200]


def test_who_claims_to_be_forwarded_is_not_believed(client: FlaskClient) -> None:
    forged = [
        statuses(client, "192.0.2.1", 1, **{"X-Forwarded-For": f"198.51.100.{n}"})[0]
        for n in range(4)
    ]
    assert forged == [200, 200, 200, 429]


def test_behind_a_trusted_proxy_its_clients_are_told_apart(engine) -> None:
    settings = Settings(rate_limit="2/minute", trusted_proxies=("192.0.2.1",))
    client = create_app(settings, engine, reindex=dict).test_client()

    def ask(forwarded: str) -> int:
        return statuses(client, "192.0.2.1", 1, **{"X-Forwarded-For": forwarded})[0]

    assert [ask("198.51.100.1") for _ in range(3)] == [200, 200, 429]
    assert ask("198.51.100.2") == 200
    # What the client wrote itself stands to the left of what the proxy added.
    assert [ask("203.0.113.9, 198.51.100.3") for _ in range(2)] == [200, 200]
    assert ask("203.0.113.10, 198.51.100.3") == 429


def test_whoever_has_one_ipv6_address_has_a_network(client: FlaskClient) -> None:
    assert statuses(client, "2001:db8:1:2::1", 2) == [200, 200]
    assert statuses(client, "2001:db8:1:2:ffff::2", 2) == [200, 429]
    assert statuses(client, "2001:db8:1:3::1", 1) == [200]
    assert statuses(client, "::ffff:192.0.2.7", 3) == [200, 200, 200]
    assert statuses(client, "192.0.2.7", 1) == [429]


def test_a_batch_counts_as_its_searches(client: FlaskClient) -> None:
    body = {"searches": [{"q": "a"}, {"q": "b"}]}
    assert client.post("/search/batch", json=body).status_code == 200
    assert client.post("/search/batch", json=body).status_code == 429
    for odd in ({}, [], {"searches": 3}, {"searches": []}):
        assert client.post("/search/batch", json=odd).status_code in {400, 429}


def test_monitors_and_files_are_free(client: FlaskClient) -> None:
    for path in ("/health", "/health/live", "/health/ready", "/favicon.ico"):
        assert [client.get(path).status_code for _ in range(5)] == [200] * 5


def test_processes_of_one_server_count_together(engine, tmp_path: Path) -> None:
    clients = [
        create_app(LIMITED, engine, reindex=dict, shared=tmp_path).test_client() for _ in range(2)
    ]
    found = [statuses(clients[n % 2], "192.0.2.1", 1)[0] for n in range(5)]
    assert found == [200, 200, 200, 429, 429]


def counters(folder: Path) -> SharedCounters:
    return SharedCounters(f"timtin-shared://{folder}/rates")


def test_counters_end_by_themselves_and_can_be_cleared(tmp_path: Path) -> None:
    storage = counters(tmp_path)
    assert [storage.incr("a", 60), storage.incr("a", 60, 5), storage.incr("b", -1)] == [1, 6, 1]
    assert (storage.get("a"), storage.get("b"), storage.get("c")) == (6, 0, 0)
    assert counters(tmp_path).get("a") == 6
    storage.clear("a")
    assert storage.get("a") == 0
    assert storage.incr("a", 60) == 1
    assert storage.check()
    assert storage.reset() > 0
    assert storage.get("a") == 0


def test_the_library_counts_with_it(tmp_path: Path) -> None:
    limiter = FixedWindowRateLimiter(counters(tmp_path))
    limit = RateLimitItemPerMinute(2)
    assert [limiter.hit(limit, "x") for _ in range(3)] == [True, True, False]
    assert limiter.get_window_stats(limit, "x").remaining == 0
    limiter.clear(limit, "x")
    assert limiter.hit(limit, "x")


def test_a_flood_of_addresses_takes_no_more_room_and_spares_most_counters(tmp_path: Path) -> None:
    storage = counters(tmp_path)
    storage.incr("patient", 3600, 7)
    size = (tmp_path / "rates").stat().st_size
    for number in range(SLOTS // NEIGHBOURHOOD):
        storage.incr(f"flood {number}", 60)
    assert storage.get("patient") == 7
    assert (tmp_path / "rates").stat().st_size == size
