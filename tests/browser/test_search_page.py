"""Searching in a real browser: while typing, with filters, back and forth, and without scripts."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from .visitor import OFFLINE, ONLINE, PHONE, Browser

REQUESTS = """
return performance.getEntriesByType("resource").map((entry) => entry.name)
  .filter((name) => /[?&]q=/.test(name));
"""


def test_from_the_box_to_a_document_without_scripts(plain_browser: Browser) -> None:
    browser = plain_browser
    browser.open()
    browser.box.send_keys("gap go dau xuan 2025", Keys.ENTER)
    browser.until(lambda: browser.title == "gap go dau xuan 2025 – timtin")
    assert "kết quả" in browser.find("#count").text
    first = browser.find(".hits li")
    assert "2025" in first.text
    assert any("gặp" in text.lower() for text in browser.texts(".hits li:first-child mark"))
    browser.find(".hits h2 a").click()
    browser.until(lambda: "documents/000_3772e8170c534e90%23" in browser.url)
    browser.until(lambda: browser.url.endswith("#m1"))
    browser.until(lambda: browser.all(".steps .step"))
    browser.all(".steps .step")[-1].click()
    browser.until(lambda: browser.url.endswith(f"#m{len(browser.all('.document mark'))}"))
    browser.find(".back a").click()
    browser.until(lambda: browser.title == "gap go dau xuan 2025 – timtin")


def test_filters_and_sorting_without_scripts(plain_browser: Browser) -> None:
    browser = plain_browser
    browser.size(*PHONE)
    browser.open("?q=hoi+nghi")
    browser.link("Mới nhất").click()
    browser.until(
        lambda: "sort=date" in browser.url and browser.all(".tabs a:last-child[aria-current]")
    )
    browser.find(".filters summary").click()
    browser.find(".facet a").click()
    browser.until(lambda: "sort=date" in browser.url and "source=" in browser.url)
    browser.find(".chips .chip").click()
    browser.until(lambda: "source=" not in browser.url and not browser.all(".chips"))
    browser.find(".filters summary").click()
    browser.find(".range button").click()
    browser.until(lambda: "sort=date" in browser.url and "from=" in browser.url)
    browser.link("Đúng từng dấu").click()
    browser.until(lambda: "Không tìm thấy" in browser.find("main").text)
    browser.link("Tìm không phân biệt dấu").click()
    browser.until(lambda: browser.all(".hits li"))


def test_the_switch_of_languages_without_scripts(plain_browser: Browser) -> None:
    browser = plain_browser
    browser.open("?q=gap+go")
    browser.link("English").click()
    browser.until(lambda: "results" in browser.find("#count").text)
    browser.box.send_keys(" xuan", Keys.ENTER)
    browser.until(lambda: browser.title == "gap go xuan – timtin")
    browser.until(lambda: "results" in browser.find("#count").text)
    browser.link("Tiếng Việt").click()
    browser.until(lambda: "kết quả" in browser.find("#count").text)


def test_results_come_while_typing(browser: Browser) -> None:
    browser.open()
    entries = browser.run("return history.length")
    browser.type("gap go")
    browser.until(lambda: browser.title == "gap go – timtin")
    assert browser.url == "?q=gap+go"
    assert browser.all(".hits mark")
    browser.type(" dau xuan 2023")
    browser.until(lambda: "2023" in browser.texts(".hits mark"))
    assert browser.url == "?q=gap+go+dau+xuan+2023"
    assert browser.run("return history.length") == entries  # replaced, not pushed
    assert browser.box.get_attribute("value") == "gap go dau xuan 2023"
    browser.until(lambda: "kết quả" in browser.run(_ANNOUNCED))
    assert browser.complaints() == []


_ANNOUNCED = 'return document.getElementById("announcer").textContent'


def test_only_the_last_answer_is_shown(browser: Browser) -> None:
    browser.open()
    browser.run(_SLOW_FIRST)
    browser.type("quang ninh")
    browser.until(lambda: browser.url == "?q=quang+ninh")
    browser.type(" 2025")
    browser.until(lambda: browser.title == "quang ninh 2025 – timtin")
    browser.run("return new Promise((done) => setTimeout(done, 700))")
    assert browser.title == "quang ninh 2025 – timtin"


# The first page that is asked for takes longest.
_SLOW_FIRST = """
const real = window.fetch;
let first = true;
window.fetch = async (url, options) => {
  if (!String(url).includes("/?q=")) return real(url, options);
  const late = first;
  first = false;
  if (late) await new Promise((done) => setTimeout(done, 600));
  return real(url, { ...options, signal: undefined });
};
"""


def test_nothing_is_asked_while_an_input_method_composes(browser: Browser) -> None:
    browser.open()
    browser.box.click()
    for composed in ("g", "ga", "gă", "gặ", "gặp"):
        browser.command(
            "Input.imeSetComposition",
            text=composed,
            selectionStart=len(composed),
            selectionEnd=len(composed),
        )
    browser.run("return new Promise((done) => setTimeout(done, 300))")
    assert browser.box.get_attribute("value") == "gặp"
    assert browser.run(REQUESTS) == []
    browser.command("Input.insertText", text="gặp")
    browser.until(lambda: browser.title == "gặp – timtin")
    assert len([name for name in browser.run(REQUESTS) if "/?q=" in name]) == 1


def test_back_restores_what_was_there_and_where(browser: Browser) -> None:
    browser.open("?q=quang+ninh")
    browser.run("scrollTo({ top: 400, behavior: 'instant' })")  # the box stays in sight
    browser.until(lambda: browser.run("return history.state?.scroll") == 400)
    browser.find("body").send_keys("/")  # selects what is in the box
    browser.type("may bay", Keys.ENTER)
    browser.until(lambda: browser.title == "may bay – timtin")
    browser.driver.back()
    browser.until(lambda: browser.title == "quang ninh – timtin")
    assert browser.box.get_attribute("value") == "quang ninh"
    # Typing may have moved the page a little.
    browser.until(lambda: browser.run("return scrollY") > 200)
    browser.driver.forward()
    browser.until(lambda: browser.title == "may bay – timtin")
    assert browser.texts(".hits mark")


def test_back_from_a_document_restores_the_results(browser: Browser) -> None:
    browser.open()
    browser.type("quang ninh 2025", Keys.ENTER)
    browser.until(lambda: browser.all(".hits h2 a"))
    browser.find(".hits h2 a").click()
    browser.until(lambda: "documents/" in browser.url)
    browser.driver.back()
    browser.until(lambda: browser.title == "quang ninh 2025 – timtin")
    assert browser.box.get_attribute("value") == "quang ninh 2025"
    browser.driver.back()
    browser.until(lambda: browser.url == "" and browser.all(".landing"))


def test_filters_chips_and_the_histogram(browser: Browser) -> None:
    browser.open("?q=quang+ninh")
    all_hits = browser.find("#count").text
    bar = browser.find(".histogram a:last-of-type")
    assert "2025" in (bar.get_attribute("aria-label") or "")
    browser.run("arguments[0].focus()", bar)
    browser.type(Keys.ENTER)
    browser.until(lambda: "from=2025-01-01&to=2025-12-31" in browser.url)
    assert [text[:4] for text in browser.texts(".chips .chip")] == ["2025"]
    assert browser.find("#count").text != all_hits
    browser.run("arguments[0].click()", browser.find(".facet a"))
    browser.until(lambda: len(browser.all(".chips .chip")) == 2)
    # A new query keeps the filters.
    browser.box.send_keys(Keys.END, " ha giang", Keys.ENTER)
    browser.until(lambda: "ha giang" in browser.title)
    assert len(browser.all(".chips .chip")) == 2
    browser.link("Xóa tất cả").click()
    browser.until(lambda: "from=" not in browser.url)
    assert not browser.all(".chips .chip")


def test_keys_that_people_know(browser: Browser) -> None:
    browser.open("?q=quang+ninh")
    browser.find("body").send_keys("/")
    assert browser.driver.switch_to.active_element == browser.box
    browser.type("may bay/1", Keys.ENTER)
    browser.until(lambda: browser.title == "may bay/1 – timtin")
    browser.find("main").send_keys(Keys.CONTROL, "k")
    assert browser.driver.switch_to.active_element == browser.box
    browser.type("gap")
    browser.until(lambda: browser.box.get_attribute("aria-expanded") == "true")
    browser.type(Keys.ESCAPE)
    assert browser.box.get_attribute("aria-expanded") == "false"
    assert browser.box.get_attribute("value") == "gap"
    browser.type(Keys.ESCAPE)
    assert browser.box.get_attribute("value") == ""


def test_without_a_connection_one_can_try_again(browser: Browser) -> None:
    browser.open()
    browser.command("Network.emulateNetworkConditions", **OFFLINE)
    browser.type("gap go")
    browser.until(lambda: browser.all("main [role=alert] .retry"))
    assert browser.box.get_attribute("value") == "gap go"
    browser.command("Network.emulateNetworkConditions", **ONLINE)
    browser.find(".retry").click()
    browser.until(lambda: browser.all(".hits li"))


@pytest.mark.parametrize("path", ["", "?q=gap+go", "documents/004_4ef29a01ff71ed4f?q=gap", "docs"])
def test_everything_comes_from_here_and_is_light(browser: Browser, path: str) -> None:
    browser.command("Network.clearBrowserCache")
    browser.open(path)
    browser.run("return document.fonts.ready")
    resources = browser.run(
        'return performance.getEntriesByType("resource")'
        '.concat(performance.getEntriesByType("navigation"))'
        ".map((entry) => [entry.name, entry.encodedBodySize])"
    )
    assert all(name.startswith(browser.site) for name, _ in resources)
    assert 5_000 < sum(size for _, size in resources) <= 100_000
    assert browser.complaints() == []
