"""Suggestions under the box, by keyboard alone and by pointer, as the ARIA pattern says."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from .visitor import Browser


def opened(browser: Browser, typed: str) -> None:
    browser.open()
    browser.type(typed)
    browser.until(lambda: browser.box.get_attribute("aria-expanded") == "true")
    browser.until(lambda: browser.all("[role=option]"))


def active(browser: Browser) -> str | None:
    """The text of the option that aria-activedescendant names."""
    name = browser.box.get_attribute("aria-activedescendant")
    if not name:
        return None
    option = browser.find(f"#{name}")
    assert option.get_attribute("aria-selected") == "true"
    assert len(browser.all("[aria-selected=true]")) == 1
    return option.find_element("css selector", "span").text


def test_marks_are_restored_and_what_is_added_stands_out(browser: Browser) -> None:
    opened(browser, "gap g")
    first = browser.find("[role=option] span")
    assert first.text.lower() == "gặp gỡ đầu xuân"
    assert browser.find("[role=option] b").text.lower() == "ỡ đầu xuân"
    assert not browser.find(".forget").is_displayed()  # that is for recent searches


def test_arrows_enter_and_the_box_between_the_ends(browser: Browser) -> None:
    opened(browser, "gap g")
    options = [text.split("\n")[0] for text in browser.texts("[role=option]")]
    assert active(browser) is None
    browser.type(Keys.ARROW_DOWN)
    assert active(browser) == options[0]
    browser.type(Keys.ARROW_UP)
    assert active(browser) is None
    browser.type(Keys.ARROW_UP)
    assert active(browser) == options[-1]
    browser.type(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert active(browser) == options[0]
    assert browser.driver.switch_to.active_element == browser.box  # the focus never left
    assert browser.box.get_attribute("value") == "gap g"
    browser.type(Keys.ENTER)
    browser.until(lambda: browser.title == f"{options[0]} – timtin")
    assert browser.box.get_attribute("value") == options[0]
    assert browser.box.get_attribute("aria-expanded") == "false"
    browser.driver.back()  # choosing was a commit
    browser.until(lambda: browser.url == "")


def test_keys_of_the_text_leave_the_list(browser: Browser) -> None:
    opened(browser, "gap g")
    for key in (Keys.HOME, Keys.END, Keys.ARROW_LEFT, Keys.ARROW_RIGHT):
        browser.type(Keys.ARROW_DOWN)
        assert active(browser)
        browser.type(key)
        assert active(browser) is None
        assert browser.box.get_attribute("aria-expanded") == "true"
    browser.type(Keys.HOME)
    assert browser.run("return document.activeElement.selectionStart") == 0
    browser.box.send_keys(Keys.ALT, Keys.ARROW_UP)
    assert browser.box.get_attribute("aria-expanded") == "false"
    browser.box.send_keys(Keys.ALT, Keys.ARROW_DOWN)
    browser.until(lambda: browser.box.get_attribute("aria-expanded") == "true")
    assert active(browser) is None
    assert browser.box.get_attribute("value") == "gap g"


def test_raw_keys_are_read(browser: Browser) -> None:
    opened(browser, "gawpj g")
    assert browser.find("[role=option] span").text.lower() == "gặp gỡ đầu xuân"


def test_tab_keeps_what_was_typed(browser: Browser) -> None:
    opened(browser, "gap g")
    browser.type(Keys.ARROW_DOWN, Keys.TAB)
    assert browser.box.get_attribute("value") == "gap g"
    assert browser.box.get_attribute("aria-expanded") == "false"
    assert browser.driver.switch_to.active_element != browser.box


def test_a_title_leads_to_its_document(browser: Browser) -> None:
    opened(browser, "hop doan dai bieu")
    titles = [option for option in browser.all("[role=option]") if "văn bản" in option.text]
    titles[0].click()
    browser.until(lambda: browser.url.startswith("documents/004_4ef29a01ff71ed4f"))


def test_a_pointer_takes_one(browser: Browser) -> None:
    opened(browser, "quang n")
    browser.find("[role=option]").click()
    browser.until(lambda: browser.title == "Quảng Ninh – timtin")


def test_recent_searches_are_offered_and_can_be_deleted(browser: Browser) -> None:
    for query in ("may bay", "quang ninh", "gap go"):
        browser.open()
        browser.type(query, Keys.ENTER)
        browser.until(lambda query=query: browser.title == f"{query} – timtin")
    browser.open()
    assert browser.texts("#recent li a") == ["gap go", "quang ninh", "may bay"]
    browser.type(Keys.ARROW_DOWN)
    browser.until(lambda: len(browser.all("[role=option]")) == 3)
    browser.type(Keys.ARROW_DOWN, Keys.DELETE)
    browser.until(lambda: len(browser.all("[role=option]")) == 2)
    browser.type(Keys.ARROW_DOWN, Keys.ENTER)
    browser.until(lambda: browser.title == "quang ninh – timtin")
    browser.open()
    browser.find("#recent li button").click()
    assert browser.texts("#recent li a") == ["may bay"]
    browser.box.click()
    browser.until(lambda: browser.find(".forget").is_displayed())
    browser.find(".forget").click()
    browser.open()
    assert not browser.find("#recent").is_displayed()
