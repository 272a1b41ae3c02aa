"""A real Chromium without a window, and a server with the two seeds of the project."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
SEEDS = Path(__file__).parent.parent.parent / "seeds"
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=vi",
)


@pytest.fixture(scope="session")
def site(start_server) -> str:
    """The address of the search page."""
    return str(start_server(SEEDS).url)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[WebDriver]:
    yield from _browser(tmp_path, javascript=True)


@pytest.fixture
def plain_browser(tmp_path: Path) -> Iterator[WebDriver]:
    """A browser in which JavaScript is off."""
    yield from _browser(tmp_path, javascript=False)


def _browser(profile: Path, *, javascript: bool) -> Iterator[WebDriver]:
    if not CHROMIUM or not DRIVER:
        pytest.skip("no Chromium here: apt install chromium chromium-driver")
    options = Options()
    options.binary_location = CHROMIUM
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    preferences: dict[str, object] = {"intl.accept_languages": "vi"}
    if not javascript:
        preferences["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()
