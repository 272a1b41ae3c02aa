"""How long the crash tests run: a little with all others, at full length by `scripts/crash`."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("crash")
    group.addoption("--rounds", type=int, help="syncs to kill")
    group.addoption("--flips", type=int, help="bits to flip")
    group.addoption("--commits", type=int, help="commits that a server follows")
    group.addoption("--stride", type=int, help="try every so-manyth point of failure; 1: each")
    group.addoption("--chance", type=int, help="what the random choices begin with")


def chosen(config: pytest.Config, name: str, default: int) -> int:
    """An option, or the default; the options are only there if this folder is named."""
    value = config.getoption(name, default=None)
    return default if value is None else int(value)


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> int:
    return chosen(pytestconfig, "rounds", 6)


@pytest.fixture(scope="session")
def flips(pytestconfig: pytest.Config) -> int:
    return chosen(pytestconfig, "flips", 25)


@pytest.fixture(scope="session")
def commits(pytestconfig: pytest.Config) -> int:
    return chosen(pytestconfig, "commits", 30)


@pytest.fixture(scope="session")
def stride(pytestconfig: pytest.Config) -> int:
    return chosen(pytestconfig, "stride", 31)


@pytest.fixture(scope="session")
def chance(pytestconfig: pytest.Config) -> int:
    return chosen(pytestconfig, "chance", 1)
