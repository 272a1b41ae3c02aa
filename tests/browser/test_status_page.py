"""The status page: figures, failures, and a reindexing that can be watched."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from .visitor import TOKEN, Browser


def test_it_shows_what_goes_on_and_reindexes(browser: Browser) -> None:
    browser.open("status")
    assert "broken.txt" in browser.find(".failures").text
    assert int(browser.find("[data-figure=documents]").text) == 15
    browser.find("#token").send_keys("wrong-token-entirely", Keys.ENTER)
    browser.until(lambda: browser.find("#reindex-state").text == "Mã truy cập không đúng.")
    browser.complaints()
    browser.find("#token").clear()
    browser.find("#token").send_keys(TOKEN, Keys.ENTER)
    browser.until(lambda: browser.find("#reindex-state").text.startswith("Xong: thêm 0"))
    assert not browser.find("#reindex-progress").is_displayed()
    assert browser.complaints() == []


def test_the_button_works_without_scripts(plain_browser: Browser) -> None:
    plain_browser.open("status")
    plain_browser.find("#token").send_keys(TOKEN, Keys.ENTER)
    plain_browser.until(lambda: plain_browser.find("#token").get_property("value") == "")
    assert plain_browser.url == "status"
    assert plain_browser.texts("h1") == ["Trạng thái"]
