"""The JSON that programs read."""

import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from search.request import SearchRequest

KEYS = [
    *("query", "total", "took_ms", "page", "size", "pages", "partial"),
    *("interpretation", "suggestion"),
]
HIT_KEYS = [
    *("id", "score", "title", "date", "source", "author", "url", "path", "highlights"),
    "similar",
]


def test_search_answers_the_contract(client: FlaskClient) -> None:
    response = client.get("/search", query_string={"q": "gặp gỡ", "size": "3", "page": "2"})
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    answer = json.loads(response.data)
    assert list(answer) == [*KEYS, "hits", "facets"]
    assert list(answer["hits"][0]) == HIT_KEYS
    assert list(answer["hits"][0]["highlights"]) == ["title", "snippets"]
    assert (answer["query"], answer["page"], answer["size"]) == ("gặp gỡ", 2, 3)
    assert len(answer["hits"]) == 3
    assert "gặp gỡ" in response.text  # UTF-8, not \u escapes


def test_search_hands_every_parameter_on(client: FlaskClient, engine) -> None:
    query = {
        "q": "a",
        "sort": "date",
        "mode": "exact",
        "from": "2025-01-01",
        "to": "2025-12-31",
        "source": "Hà Giang",
        "facets": "source,year",
        "unknown": "ignored",
    }
    response = client.get("/search", query_string=query)
    assert engine.requests == [SearchRequest.from_params(query)]
    assert response.get_json()["facets"]["year"] == [
        {"value": "2025", "count": 1000},
        {"value": "2024", "count": 250},
    ]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("q", "a" * 1001),
        ("size", "0"),
        ("size", "101"),
        ("size", "ten"),
        ("page", "0"),
        ("page", "1001"),
        ("page", "-1"),
        ("sort", "size"),
        ("mode", "fuzzy"),
        ("from", "2025-02-30"),
        ("to", "yesterday"),
        ("facets", "author"),
    ],
)
def test_a_bad_parameter_is_named(client: FlaskClient, parameter: str, value: str) -> None:
    response = client.get("/search", query_string={"q": "a", parameter: value})
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    problem = response.get_json(force=True)
    assert list(problem) == ["type", "title", "status", "detail", "parameter"]
    assert problem["type"] == "urn:timtin:problem:bad-parameter"
    assert problem["status"] == 400
    assert problem["parameter"] == parameter
    assert parameter in problem["detail"]


def test_without_an_index_search_is_unavailable(client: FlaskClient, engine) -> None:
    engine.present = False
    response = client.get("/search?q=a")
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert response.get_json(force=True)["type"] == "urn:timtin:problem:no-index"
    assert "secret" not in response.text


@pytest.mark.parametrize(
    "document_id", ["000_3772e8170c534e90#3", "tin/2025/a?b%c", "https://example.org/a"]
)
@pytest.mark.parametrize("safe", ["", "/:"])
def test_a_document_as_json(client: FlaskClient, document_id: str, safe: str) -> None:
    response = client.get(
        f"/documents/{quote(document_id, safe=safe)}", headers={"Accept": "application/json"}
    )
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    answer = response.get_json()
    assert answer["id"] == document_id
    assert answer["body"] == "Chương trình gặp gỡ đầu xuân\na < b"
    assert "Accept" in response.headers["Vary"]


def test_a_missing_document_is_a_problem_for_programs(client: FlaskClient) -> None:
    response = client.get("/documents/none", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert "'none'" in response.get_json(force=True)["detail"]


def test_several_values_of_a_filter_are_several_parameters_or_a_list(
    client: FlaskClient, engine
) -> None:
    client.get("/search?q=a&source=Hà+Giang&source=A,+B&place=x")
    sent = {"q": "a", "source": ["Hà Giang", "A, B"], "place": "x"}
    assert client.post("/search/batch", json={"searches": [sent]}).status_code == 200
    client.get("/explain?q=a&id=a&source=Hà+Giang&source=A,+B&place=x")
    assert (engine.requests[0].sources, engine.requests[0].places) == (("Hà Giang", "A, B"), ("x",))
    assert all(request == engine.requests[0] for request in engine.requests)
    client.get("/feed?q=a&source=Hà+Giang&source=A,+B")
    assert engine.requests[-1].sources == ("Hà Giang", "A, B")
