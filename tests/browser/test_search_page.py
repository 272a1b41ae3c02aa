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
    browser.until(lambda: browser.run("return scrollY") == 400)
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


def test_what_was_found_is_said_once(browser: Browser) -> None:
    browser.open()
    browser.run(_LISTEN)
    browser.type("may bay roi")
    browser.until(lambda: browser.run("return said.length"))
    browser.type(Keys.ENTER)  # the same results: there is nothing new to say
    browser.run("return new Promise((done) => setTimeout(done, 1000))")
    assert browser.run("return said") == ["1 kết quả"]
    browser.find("body").send_keys("/")
    browser.type("quoc sach hang dau", Keys.ENTER)  # others, though as many
    browser.until(lambda: browser.run("return said.length") == 2)
    browser.find("body").send_keys("/")
    browser.type("zzyx", Keys.ENTER)
    browser.until(lambda: browser.run("return said.length") == 3)
    browser.run("return new Promise((done) => setTimeout(done, 1000))")
    assert browser.run("return said") == ["1 kết quả", "1 kết quả", "Không tìm thấy gì cho zzyx"]
    assert [element.get_attribute("id") for element in browser.all("[role=status]")] == [
        "announcer"
    ]


_LISTEN = """
window.said = [];
const announcer = document.getElementById("announcer");
new MutationObserver(() => {
  if (announcer.textContent) said.push(announcer.textContent);
}).observe(announcer, { childList: true, characterData: true, subtree: true });
"""


def test_a_sign_of_loading_comes_late_and_goes_with_the_answer(browser: Browser) -> None:
    browser.open()
    browser.run(_HELD_BACK)
    browser.type("gap go")
    browser.until(lambda: browser.run("return document.body.classList.contains('loading')"))
    assert browser.run("return atOnce") is False
    assert browser.find("main").get_attribute("aria-busy") == "true"
    browser.run("release()")
    browser.until(lambda: browser.all(".hits li"))
    browser.until(lambda: browser.find("main").get_attribute("aria-busy") is None)
    assert not browser.run("return document.body.classList.contains('loading')")


# Pages are answered when `release` is called.
_HELD_BACK = """
const real = window.fetch;
const released = new Promise((done) => (window.release = done));
window.fetch = async (url, options) => {
  if (!String(url).includes("/?q=")) return real(url, options);
  window.atOnce = document.body.classList.contains("loading");
  await released;
  return real(url, options);
};
"""


def test_a_server_that_fails_can_be_asked_again(browser: Browser) -> None:
    browser.open()
    browser.run(_FAILING)
    browser.type("gap go")
    browser.until(lambda: browser.all("main [role=alert] a"))
    assert browser.box.get_attribute("value") == "gap go"
    assert browser.url == "?q=gap+go"
    browser.type(Keys.ESCAPE)  # the suggestions, which came nevertheless
    browser.link("Thử lại").click()
    browser.until(lambda: browser.all(".hits li"))


# The page of a failing server, as `error.html` makes it.
_FAILING = """
const real = window.fetch;
window.fetch = async (url, options) => {
  if (!String(url).includes("/?q=")) return real(url, options);
  const page = await (await real("/")).text();
  const failure = '<section role="alert"><h1>503</h1><a href="">Thử lại</a></section>';
  const main = /(<main[^>]*>)[^]*(<\\/main>)/;
  return new Response(page.replace(main, `$1${failure}$2`), { status: 503 });
};
"""


def test_who_wants_little_motion_gets_none(browser: Browser) -> None:
    browser.open("?q=quang+ninh")
    for wanted, moves in (("no-preference", True), ("reduce", False)):
        features = [{"name": "prefers-reduced-motion", "value": wanted}]
        browser.command("Emulation.setEmulatedMedia", features=features)
        assert browser.run(_MOTION) == [moves, moves, moves], wanted


_MOTION = """
document.body.classList.add("loading");
const running = document.getAnimations().some((one) => one.animationName === "loading");
document.body.classList.remove("loading");
const smooth = getComputedStyle(document.documentElement).scrollBehavior === "smooth";
const slow = [...document.querySelectorAll("*")].some((element) =>
  getComputedStyle(element).transitionDuration.split(",").some((time) => parseFloat(time) > 0));
return [running, smooth, slow];
"""


def test_paper_gets_the_results_alone(browser: Browser) -> None:
    browser.open("?q=gap+go&from=2020-01-01&size=2")
    browser.command("Emulation.setEmulatedMedia", media="print")
    try:
        for selector in (".top", ".side", ".bar", ".chips", ".pages", ".foot"):
            assert browser.all(selector), selector
            assert not browser.find(selector).is_displayed(), selector
        assert browser.find(".hits h2").is_displayed()
        assert browser.find("#count").is_displayed()
        ground = "return getComputedStyle(arguments[0]).backgroundColor"
        assert browser.run(ground, browser.find("mark")) == "rgba(0, 0, 0, 0)"
    finally:
        browser.command("Emulation.setEmulatedMedia", media="")


def test_several_values_of_a_filter(browser: Browser) -> None:
    browser.open("?q=quang+ninh")
    everything = browser.find("#count").text
    (_, many), (name, few) = browser.run(_FACET)[:2]
    browser.run("arguments[0].click()", browser.all(".facet a")[1])
    browser.until(lambda: [chip.split("\n")[0] for chip in browser.texts(".chips .chip")] == [name])
    assert browser.find("#count").text.startswith(f"{few} kết quả")
    # The other one is still offered, with what it finds by itself.
    assert browser.run(_FACET)[0][1] == many
    browser.run("arguments[0].click()", browser.all(".facet a")[0])
    browser.until(lambda: len(browser.all(".chips .chip")) == 2)
    assert len(browser.all(".facet a[aria-current]")) == 2
    # A new query keeps both.
    browser.box.send_keys(Keys.END, " 2025", Keys.ENTER)
    browser.until(lambda: "2025" in browser.title and len(browser.all(".chips .chip")) == 2)
    browser.driver.back()
    browser.until(lambda: browser.title == "quang ninh – timtin")
    assert browser.find("#count").text.split()[0] == everything.split()[0]


# Name and count of each value of the first facet; its panel may be closed.
_FACET = """
return [...document.querySelector(".facet").querySelectorAll("a")].map((link) =>
  [link.querySelector("span").textContent, link.querySelector(".tally").textContent]);
"""


@pytest.mark.parametrize(
    "path",
    [
        *("", "?q=quang+ninh", "?q=quang+ninh&place=H%C3%A0+Giang&sort=date", "?q=zzyx"),
        *("?q=quang+ninh&page=90", "?q=a&size=0", "documents/none", "status", "docs"),
        *("documents/004_4ef29a01ff71ed4f?q=quang", "documents/004_4ef29a01ff71ed4f?q=zzyx"),
    ],
)
def test_english_is_spoken_everywhere(browser: Browser, path: str) -> None:
    browser.open(path)
    browser.link("English").click()
    browser.until(lambda: browser.run("return document.documentElement.lang") == "en")
    assert browser.run(_NOT_ENGLISH) == []
    browser.link("Tiếng Việt").click()
    browser.until(lambda: browser.run("return document.documentElement.lang") == "vi")


# Texts, and names of elements, with Vietnamese letters that are not said to be Vietnamese.
_NOT_ENGLISH = r"""
const vietnamese = /[ăâđêôơư\u1ea0-\u1ef9]/i;
const found = [];
const apart = "[lang=vi], script, style, template, .brand, .chips, article[lang=en]";
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const { textContent, parentElement } = walker.currentNode;
  if (vietnamese.test(textContent) && !parentElement.closest(apart)) found.push(textContent);
}
for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
  for (const name of ["aria-label", "title", "placeholder"]) {
    const text = element.getAttribute(name) ?? "";
    if (vietnamese.test(text) && !element.closest(apart)) found.push(text);
  }
}
return found;
"""
