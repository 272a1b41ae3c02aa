"""The search page in a real browser: what a visitor does, and what no other test can see."""

from __future__ import annotations

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PHONE, DESKTOP = (390, 844), (1280, 800)
PATHS = (
    *("", "?q=gap+go", "?q=khongcogi", "?q=a&size=0", f"?q={'a' * 300}", "documents/none"),
    "documents/004_4ef29a01ff71ed4f?q=gap+go",
)
TARGETS = "a, button, input:not([type=hidden]), select, summary"


def test_from_the_box_to_a_document_without_javascript(plain_browser: WebDriver, site: str) -> None:
    plain_browser.get(site)
    plain_browser.find_element(By.ID, "q").send_keys("gap go dau xuan 2025", Keys.ENTER)
    assert plain_browser.title == "gap go dau xuan 2025 – timtin"
    assert "kết quả" in plain_browser.find_element(By.CSS_SELECTOR, "[role=status]").text
    first = plain_browser.find_element(By.CSS_SELECTOR, ".hits li")
    assert "2025" in first.text
    marked = [mark.text.lower() for mark in first.find_elements(By.TAG_NAME, "mark")]
    assert any("gặp" in text for text in marked)

    first.find_element(By.CSS_SELECTOR, "h2 a").click()
    assert "/documents/000_3772e8170c534e90%23" in plain_browser.current_url
    assert plain_browser.find_elements(By.CSS_SELECTOR, ".document mark#m1")
    plain_browser.find_element(By.CSS_SELECTOR, ".back a").click()
    assert plain_browser.title == "gap go dau xuan 2025 – timtin"


def test_filters_and_sorting_without_javascript(plain_browser: WebDriver, site: str) -> None:
    plain_browser.get(f"{site}?q=hoi+nghi")
    plain_browser.find_element(By.LINK_TEXT, "Mới nhất").click()
    plain_browser.find_element(By.CSS_SELECTOR, ".filters summary").click()
    plain_browser.find_element(By.CSS_SELECTOR, ".filters button").click()
    assert "sort=date" in plain_browser.current_url
    plain_browser.find_element(By.PARTIAL_LINK_TEXT, "Đúng từng dấu").click()
    assert "Không tìm thấy" in plain_browser.find_element(By.TAG_NAME, "main").text
    plain_browser.find_element(By.LINK_TEXT, "Tìm không phân biệt dấu").click()
    assert plain_browser.find_elements(By.CSS_SELECTOR, ".hits li")


def test_slash_goes_to_the_box(browser: WebDriver, site: str) -> None:
    browser.get(f"{site}?q=quang+ninh")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    focused = browser.switch_to.active_element
    assert focused.get_attribute("id") == "q"
    focused.send_keys("may bay/1", Keys.ENTER)
    assert browser.title == "may bay/1 – timtin"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_can_be_tapped(browser: WebDriver, site: str, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    for width, height in (PHONE, DESKTOP):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1}
        metrics["mobile"] = width < 500
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        for path in PATHS:
            browser.get(site + path)
            where = f"{path} at {width} px"
            assert not browser.execute_script(
                "return document.documentElement.scrollWidth > innerWidth"
            ), where
            small = browser.execute_script(_SMALL, TARGETS)
            assert not small, where
    # A 4xx page is logged by the browser as a failed load; anything else would be ours.
    logged = [entry["message"] for entry in browser.get_log("browser")]
    assert [message for message in logged if "status of 4" not in message] == []


_SMALL = """
return [...document.querySelectorAll(arguments[0])].filter((element) => {
  const box = element.getBoundingClientRect();
  return box.height && box.height < 43.5 && !element.closest(".hidden, .skip");
}).map((element) => element.outerHTML.slice(0, 80));
"""
