"""`GET /health`."""

from flask.testing import FlaskClient


def test_health_counts_documents(client: FlaskClient) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.get_json() == {"status": "ok", "documents": 1250, "generation": 7}


def test_without_an_index_it_is_not_healthy(client: FlaskClient, engine) -> None:
    engine.present = False
    response = client.get("/health", headers={"Accept": "text/html"})
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert list(response.get_json(force=True)) == ["type", "title", "status", "detail"]
