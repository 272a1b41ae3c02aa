"""A visitor at a browser: what one does and sees, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

PATIENCE_SECONDS = 10
PHONE, DESKTOP = (390, 844), (1280, 800)
ONLINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
OFFLINE = {**ONLINE, "offline": True}
TOKEN = "a-token-for-the-tests"


@dataclass
class Browser:
    """The browser with words for what a visitor does."""

    driver: WebDriver
    site: str

    def open(self, path: str = "") -> None:
        self.driver.get(self.site + path)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [element.text for element in self.all(selector)]

    def link(self, text: str) -> WebElement:
        return self.driver.find_element(By.PARTIAL_LINK_TEXT, text)

    def type(self, *keys: str) -> None:
        """Into whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def command(self, name: str, **parameters: object) -> None:
        """One of the DevTools protocol."""
        self.driver.execute_cdp_cmd(name, parameters)

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for what a script does; elements may be replaced meanwhile."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if condition():
                    return
            except Exception:
                if time.monotonic() > deadline:
                    raise
            assert time.monotonic() < deadline, what or condition
            time.sleep(0.02)

    def size(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1}
        self.command("Emulation.setDeviceMetricsOverride", **metrics, mobile=width < 500)

    def scheme(self, name: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.command("Emulation.setEmulatedMedia", features=features)

    @property
    def title(self) -> str:
        return self.driver.title

    @property
    def url(self) -> str:
        return self.driver.current_url.removeprefix(self.site)

    @property
    def box(self) -> WebElement:
        return self.find("#q")

    def complaints(self) -> list[str]:
        """What stands in the console but that a page was a 4xx."""
        logged = [entry["message"] for entry in self.driver.get_log("browser")]
        return [message for message in logged if "status of 4" not in message]
