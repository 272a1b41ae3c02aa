"""Golden files pin what every endpoint answers, and the OpenAPI document that describes it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.request import SearchRequest
from web.operations import operations

GOLDEN = Path(__file__).parent / "golden"
PAGES = {"/", "/docs", "/opensearch.xml", "/favicon.ico", "/assets/<version>/<path:name>"}
"""What is for people and browsers, not for programs."""
MEASURED = re.compile(r'("(?:took_ms|queries_per_minute)": )[\d.]+')
ANSWERS = {
    "search": ("GET", "/search?q=gap+go&size=2&facets=source,year,month", None),
    "search_fields": ("GET", "/search?q=gap+go&size=2&fields=id,title", None),
    "search_bad": ("GET", "/search?q=gap+go&size=0", None),
    "batch": (
        "POST",
        "/search/batch",
        {"searches": [{"q": "a", "size": 1, "fields": ["id"]}, {"q": "b", "page": 9000}]},
    ),
    "batch_bad": ("POST", "/search/batch", {"searches": [{"q": "a"}, {"q": "b", "size": 101}]}),
    "suggest": ("GET", "/suggest?q=gap+g", None),
    "explain": ("GET", "/explain?q=gap+go&id=a", None),
    "explain_missing": ("GET", "/explain?q=gap+go&id=none", None),
    "explain_no_id": ("GET", "/explain?q=gap+go&id=", None),
    "document": ("GET", "/documents/tin%2F2025%2Fa%3Fb%25c", None),
    "document_fields": ("GET", "/documents/a?fields=title,date", None),
    "document_missing": ("GET", "/documents/none", None),
    "suggest_opensearch": ("GET", "/suggest?q=gap+g&form=opensearch", None),
    "health": ("GET", "/health", None),
    "health_ready": ("GET", "/health/ready", None),
    "health_live": ("GET", "/health/live", None),
    "status": ("GET", "/status", None),
    "reindex_off": ("POST", "/reindex", None),
    "openapi": ("GET", "/openapi.json", None),
}


DOCUMENTS = {
    "feed.xml": "/feed?q=gap+go&size=2&source=Hà+Giang",
    "opensearch.xml": "/opensearch.xml",
}
PROBLEMS = {
    "method": ("POST", "/search"),
    "no_path": ("GET", "/nothing"),
    "not_json": ("POST", "/search/batch"),
    "bad_feed": ("GET", "/feed?q=a&size=0"),
    "bad_suggest": ("GET", "/suggest?q=a&limit=99"),
}
_VERSION = re.compile(r"/assets/[0-9a-f]+/")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_for_other_programs_are_as_pinned(client: FlaskClient, name: str) -> None:
    response = client.get(DOCUMENTS[name])
    got = f"{response.status_code} {response.content_type}\n{response.text}\n"
    golden = GOLDEN / name
    got = _VERSION.sub("/assets/0/", got)
    assert got == golden.read_text("utf-8"), f"{name}: change it if that is meant"


def test_problems_are_as_pinned(client: FlaskClient) -> None:
    lines = []
    for name, (method, path) in PROBLEMS.items():
        response = client.open(path, method=method, headers={"Accept": "application/json"})
        lines.append(f"{name}: {response.status_code} {response.content_type}\n{response.text}\n")
    assert "\n".join(lines) == (GOLDEN / "problems.txt").read_text("utf-8")


@pytest.mark.parametrize(
    "path", ["/search?q=a", "/suggest?q=a", "/feed?q=a", "/explain?q=a&id=a", "/documents/a"]
)
def test_what_is_unchanged_says_only_that(client: FlaskClient, path: str) -> None:
    asked = {"Accept": "application/json"}
    tag = client.get(path, headers=asked).headers["ETag"]
    same = client.get(path, headers={**asked, "If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == tag
    assert same.headers["Cache-Control"] == "no-cache"
    head = client.head(path, headers=asked)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)


def test_a_slash_too_many_leads_on(client: FlaskClient) -> None:
    response = client.get("/search/?q=gặp&size=2")
    assert response.status_code == 308
    assert response.headers["Location"] == "/search?q=g%E1%BA%B7p&size=2"
    assert client.get("/docs/", follow_redirects=True).status_code == 200
    assert client.get("/nothing/").status_code == 404


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_are_as_pinned(client: FlaskClient, name: str) -> None:
    method, path, sent = ANSWERS[name]
    response = client.open(path, method=method, json=sent, headers={"Accept": "application/json"})
    got = MEASURED.sub(r"\g<1>1.9", json.dumps(response.json, ensure_ascii=False, indent=1))
    text = f"{response.status_code} {response.mimetype}\n{got}\n"
    golden = GOLDEN / f"{name}.json"
    assert text == golden.read_text("utf-8"), f"{golden.name}: change it if that is meant"


def test_every_endpoint_is_described(app: Flask) -> None:
    described = {rule for rule, _, _ in operations(app)}
    assert {rule.rule for rule in app.url_map.iter_rules()} - described == PAGES


def test_every_parameter_is_described(app: Flask) -> None:
    for rule, _, declared in operations(app):
        assert set(declared.path) == set(re.findall(r"<(?:\w+:)?(\w+)>", rule)), rule
    document = app.test_client().get("/openapi.json").get_json()
    for path, methods in document["paths"].items():
        for parameter in [p for one in methods.values() for p in one["parameters"]]:
            assert parameter["description"], (path, parameter["name"])
            assert parameter["schema"], (path, parameter["name"])


def test_a_parameter_is_required_exactly_if_nothing_is_answered_without_it(
    client: FlaskClient,
) -> None:
    document = client.get("/openapi.json").get_json()
    required = []
    for path, methods in document["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", ()):
            if parameter["in"] != "query":
                continue
            name = parameter["name"]
            others = {} if name == "id" else {"id": "a"}
            for left_out in ({}, {name: ""}, {name: " \x00"}):
                response = client.get(
                    path.replace("{document_id}", "a"),
                    query_string=others | left_out,
                    headers={"Accept": "application/json"},
                )
                if not parameter.get("required"):
                    assert response.status_code == 200, (path, name)
                    continue
                required.append((path, name))
                assert response.status_code == 400, (path, name)
                assert response.mimetype == "application/problem+json"
                assert response.get_json()["parameter"] == name
    assert set(required) == {("/explain", "id")}


def test_the_page_for_developers_shows_all_of_it(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    page = client.get("/docs").text
    for path, methods in document["paths"].items():
        assert f"<code>{path}</code>" in page
        for described in methods.values():
            assert f'id="{described["operationId"]}"' in page
            for parameter in described["parameters"]:
                assert f"<code>{parameter['name']}</code>" in page
    for name in document["components"]["schemas"]:
        assert f'id="{name}"' in page


@pytest.mark.parametrize(
    ("sent", "parameter"),
    [
        ({}, "searches"),
        ([], "body"),
        ({"searches": []}, "searches"),
        ({"searches": [{}] * 21}, "searches"),
        ({"searches": [{"size": "three"}]}, "searches[0].size"),
        ({"searches": [{}, {"sort": "size"}]}, "searches[1].sort"),
        ({"searches": [{"from": "2025-02-30"}]}, "searches[0].from"),
        ({"searches": [{"from": "2025-02-02", "to": "2025-02-01"}]}, "searches[0].from"),
        ({"searches": [{"fields": ["size"]}]}, "searches[0].fields"),
        ({"searches": [{"facets": ["size"]}]}, "searches[0].facets[0]"),
    ],
)
def test_what_is_wrong_in_a_batch_is_named(
    client: FlaskClient, engine, sent: Any, parameter: str
) -> None:
    response = client.post("/search/batch", json=sent)
    assert response.status_code == 400
    assert response.get_json(force=True)["parameter"] == parameter
    assert engine.requests == []


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"searches": [{"q": "\xff"}]}'])
def test_a_body_that_is_no_json_is_refused(client: FlaskClient, data: bytes) -> None:
    sent = client.post("/search/batch", data=data, content_type="application/json")
    assert (sent.status_code, sent.mimetype) == (400, "application/problem+json")
    other = client.post("/search/batch", data=data, content_type="text/plain")
    assert (other.status_code, other.mimetype) == (415, "application/problem+json")


def test_a_batch_searches_as_the_address_does(client: FlaskClient, engine) -> None:
    client.post("/search/batch", json={"searches": [{"q": " gặp ", "from": "2025-02-01"}]})
    client.get("/search?q=+gặp+&from=2025-02-01")
    assert engine.requests[0] == engine.requests[1]
    assert engine.requests[0] == SearchRequest.from_params({"q": "gặp", "from": "2025-02-01"})


def test_the_document_is_one_that_tools_read(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1.")
    references = re.findall(r'"#/components/schemas/(\w+)"', msgspec.json.encode(document).decode())
    assert references
    assert set(references) <= document["components"]["schemas"].keys()
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(set(names)) == len(names)
