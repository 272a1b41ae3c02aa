"""How long the soak tests run: a little with all others, at full length by `scripts/soak`."""

from __future__ import annotations

from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class Length:
    """How much is asked for: minutes of soaking; requests and commits of the other test."""

    minutes: float
    requests: int
    during: int


SHORT = Length(minutes=0.15, requests=300, during=4)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak")
    group.addoption("--minutes", type=float, help="how long to soak")
    group.addoption("--requests", type=int, help="requests during commits and a rebuild")
    group.addoption("--during", type=int, help="commits during these")


@pytest.fixture(scope="session")
def length(pytestconfig: pytest.Config) -> Length:
    """As asked for; the options are only there if this folder is named."""

    def chosen(name: str) -> float:
        value = pytestconfig.getoption(name, default=None)
        return float(getattr(SHORT, name) if value is None else value)

    return Length(chosen("minutes"), int(chosen("requests")), int(chosen("during")))
