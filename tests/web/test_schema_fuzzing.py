"""Schemathesis against a running server: what the OpenAPI document says is what it does."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

SEEDS = Path(__file__).parent.parent.parent / "seeds"
EXAMPLES = 25

with warnings.catch_warnings():  # of libraries that it brings
    warnings.simplefilter("ignore")
    schemathesis = pytest.importorskip("schemathesis")
    from schemathesis.specs.openapi.checks import positive_data_acceptance


@pytest.fixture(scope="module")
def described(start_server):
    server = start_server(SEEDS)
    return schemathesis.openapi.from_url(f"{server.url}openapi.json")


def contradicts(response) -> bool:
    """Whether two good parameters do not go together, which no schema of one can say."""
    if response.status_code != 400 or "json" not in response.headers["content-type"][0]:
        return False
    problem = response.json()
    return problem["parameter"].endswith(("page", "from")) and (
        "hits deep" in problem["detail"] or "not be later" in problem["detail"]
    )


def test_the_server_keeps_to_its_description(described) -> None:
    tested = []
    for result in described.get_all_operations():
        operation = result.ok()
        tested.append(operation.label)

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def check(case) -> None:
            response = case.call()
            excluded = [positive_data_acceptance] if contradicts(response) else []
            case.validate_response(response, excluded_checks=excluded)

        check()
    assert "GET /search" in tested
    assert len(tested) >= 6
