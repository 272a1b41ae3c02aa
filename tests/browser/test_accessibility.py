"""axe-core finds nothing on any page, light or dark, on a phone or a desktop."""

from __future__ import annotations

from pathlib import Path

import pytest

from .visitor import DESKTOP, OFFLINE, ONLINE, PHONE, Browser

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")
PATHS = {
    "landing": "",
    "results": "?q=gap+go",
    "filtered": "?q=quang+ninh&from=2025-01-01&to=2025-12-31&sort=date&size=2",
    "empty": "?q=khongcogi",
    "invalid": "?q=a&size=0",
    "past the end": "?q=gap+go&page=900",
    "document": "documents/004_4ef29a01ff71ed4f?q=gap+go",
    "lead": "documents/000_3772e8170c534e90%232",
    "missing": "documents/none",
    "status": "status",
    "docs": "docs",
    "English": "?q=gap+go&lang=en",
}
TARGETS = "a, button, input:not([type=hidden]), select, summary"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(browser: Browser, scheme: str, size: tuple[int, int]) -> None:
    browser.scheme(scheme)
    browser.size(*size)
    for name, path in PATHS.items():
        browser.open(path)
        assert violations(browser) == [], name
        assert not browser.run("return document.documentElement.scrollWidth > innerWidth"), name
        assert browser.run(_SMALL, TARGETS) == [], name
    assert browser.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_combobox(browser: Browser, scheme: str) -> None:
    browser.scheme(scheme)
    browser.open()
    browser.type("gap")
    browser.until(lambda: browser.all("[role=option]"))
    assert violations(browser) == []
    browser.type("\ue015")  # arrow down
    browser.until(lambda: browser.all("[aria-selected=true]"))
    assert violations(browser) == []
    browser.type(" go\ue007")  # Enter: it is among the recent searches then
    browser.open()
    assert browser.all("#recent li")
    browser.box.click()
    browser.until(lambda: browser.all("[role=option]"))
    assert violations(browser) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_open_filters_and_failures(browser: Browser, scheme: str) -> None:
    browser.scheme(scheme)
    browser.size(*PHONE)
    browser.open("?q=quang+ninh")
    browser.find(".filters summary").click()
    assert browser.find(".panel").is_displayed()
    assert violations(browser) == []
    browser.command("Network.emulateNetworkConditions", **OFFLINE)
    browser.box.send_keys("x")
    browser.until(lambda: browser.all("main [role=alert] .retry"))
    assert violations(browser) == []
    browser.command("Network.emulateNetworkConditions", **ONLINE)


@pytest.mark.parametrize("path", ["", "?q=gap+go", "documents/004_4ef29a01ff71ed4f?q=gap", "docs"])
def test_a_narrow_or_enlarged_page_needs_no_scrolling_sideways(browser: Browser, path: str) -> None:
    for width, height in ((320, 640), (640, 400)):  # 640: a desktop of 1280 at 200 %
        browser.size(width, height)
        browser.open(path)
        assert not browser.run("return document.documentElement.scrollWidth > innerWidth"), width


def violations(browser: Browser) -> list[str]:
    """Each rule that is broken, with the first element that breaks it."""
    browser.run(AXE)
    found = browser.driver.execute_async_script(_RUN)
    assert found["passes"] > 10
    return list(found["violations"])


_RUN = """
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
axe.run(document, { runOnly: tags, resultTypes: ["violations"] }).then((results) =>
  done({
    passes: results.passes.length,
    violations: results.violations.map((one) =>
      `${one.id}: ${one.nodes[0].html.slice(0, 200)} ${one.nodes[0].failureSummary}`),
  }),
);
"""
_SMALL = """
return [...document.querySelectorAll(arguments[0])].filter((element) => {
  const box = element.getBoundingClientRect();
  const inText = element.closest("article[lang=en] p, td, .members, .responses");
  return box.height && box.height < 43.5 && !inText && !element.closest(".hidden, .skip");
}).map((element) => element.outerHTML.slice(0, 80));
"""
