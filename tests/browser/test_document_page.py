"""A document with its matches: jump to the first, step from one to the next."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from .visitor import Browser

DOCUMENT = "documents/004_4ef29a01ff71ed4f?q=quang+tay"
_HERE = """
const here = document.querySelector("mark.here");
const box = here.getBoundingClientRect();
return [here.id, box.top >= 0 && box.bottom <= innerHeight];
"""


def test_steps_go_round(browser: Browser) -> None:
    browser.open(f"{DOCUMENT}#m1")
    browser.until(lambda: browser.all("mark.here"))
    count = len(browser.all(".document mark"))
    assert count > 3
    assert browser.find("#place").text == f"Chỗ 1 / {count}"
    browser.find("#next-mark").click()
    browser.until(lambda: browser.run(_HERE) == ["m2", True])
    browser.find("body").send_keys("n")
    browser.until(lambda: browser.run(_HERE) == ["m3", True])
    browser.find("body").send_keys("p", "p", "p")
    browser.until(lambda: browser.run(_HERE) == [f"m{count}", True])
    browser.find("#previous-mark").click()
    assert browser.find("#place").text == f"Chỗ {count - 1} / {count}"
    assert browser.complaints() == []


def test_keys_in_the_box_are_letters(browser: Browser) -> None:
    browser.open(DOCUMENT)
    browser.box.click()
    browser.type(Keys.END, " n")
    assert browser.box.get_attribute("value") == "quang tay n"
    assert browser.find("#place").text.startswith("Chỗ 1 /")


def test_a_search_from_here_leads_to_the_results(browser: Browser) -> None:
    browser.open(DOCUMENT)
    browser.box.clear()
    browser.box.send_keys("may bay", Keys.ENTER)
    browser.until(lambda: browser.title == "may bay – timtin")


def test_paper_gets_the_text_alone(browser: Browser) -> None:
    browser.open(DOCUMENT)
    browser.command("Emulation.setEmulatedMedia", media="print")
    try:
        assert not browser.find(".top").is_displayed()
        assert not browser.find(".steps").is_displayed()
        assert browser.find(".document h1").is_displayed()
    finally:
        browser.command("Emulation.setEmulatedMedia", media="")
