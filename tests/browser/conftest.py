"""One real Chromium without a window for all tests, and one server with the project's seeds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

from .hostile import DOCUMENTS
from .visitor import DESKTOP, ONLINE, TOKEN, Browser

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
def site(start_server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the search page, over the two seeds and a file that cannot be read."""
    seeds = tmp_path_factory.mktemp("browser") / "seeds"
    shutil.copytree(SEEDS, seeds)
    (seeds / "broken.txt").write_bytes(b"\x00\x01")
    return str(start_server(seeds, TIMTIN_REINDEX_TOKEN=TOKEN).url)


@pytest.fixture(scope="session")
def hostile_site(start_server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of another one, over documents that mean harm."""
    seeds = tmp_path_factory.mktemp("hostile")
    lines = [json.dumps(document, ensure_ascii=False) for document in DOCUMENTS]
    (seeds / "hostile.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return str(start_server(seeds).url)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    if not CHROMIUM or not DRIVER:
        pytest.skip("no Chromium here: apt install chromium chromium-driver")
    options = Options()
    options.binary_location = CHROMIUM
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": "vi"})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def browser(driver: WebDriver, site: str) -> Browser:
    """The browser as new: a desktop, light, nothing remembered. No test leaves complaints."""
    fresh = Browser(driver, site)
    driver.get("about:blank")
    fresh.command("Emulation.setScriptExecutionDisabled", value=False)
    fresh.command("Network.enable")
    fresh.command("Network.emulateNetworkConditions", **ONLINE)
    fresh.command("Storage.clearDataForOrigin", origin=site.rstrip("/"), storageTypes="all")
    fresh.size(*DESKTOP)
    fresh.scheme("light")
    driver.get_log("browser")
    return fresh


@pytest.fixture
def plain_browser(browser: Browser) -> Iterator[Browser]:
    """A browser in which scripts are off."""
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    yield browser
    browser.command("Emulation.setScriptExecutionDisabled", value=False)
