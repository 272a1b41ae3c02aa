"""Whatever is typed or found is text: nothing runs, nothing breaks out, the layout holds."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from .hostile import ALL, WORD
from .visitor import DESKTOP, PHONE, Browser

# Scripts that did run, a page that is wider than the window, or one that lost its frame.
_HURT = """
return window.hurt === true
  || document.documentElement.scrollWidth > innerWidth
  || !document.querySelector("body > header.top #q")
  || !document.querySelector("body > main#main")
  || !document.querySelector("body > footer.foot")
  || getComputedStyle(document.body).display === "none"
  || document.querySelectorAll("iframe, object, embed, base, main style, main script").length > 0
  || [...document.querySelectorAll("a[href]")].some((a) => a.protocol === "javascript:")
  || [...document.querySelectorAll("*")]
    .some((e) => e.getAttributeNames().some((name) => /^on/.test(name)));
"""


@pytest.fixture
def browser(browser: Browser, hostile_site: str) -> Browser:
    """The browser, at the site with hostile documents."""
    browser.site = hostile_site
    return browser


def test_there_are_fifty() -> None:
    assert len(set(ALL)) == 50


@pytest.mark.parametrize(("size", "texts"), [(PHONE, ALL), (DESKTOP, ALL[::5])])
def test_queries_are_only_text(
    browser: Browser, size: tuple[int, int], texts: tuple[str, ...]
) -> None:
    browser.size(*size)
    for text in texts:
        browser.open(f"?q={quote(text[:900], errors='replace')}&source={quote(text[:200])}")
        assert not browser.run(_HURT), text[:80]
    assert browser.complaints() == []


def test_documents_are_only_text_among_the_results(browser: Browser) -> None:
    browser.size(*PHONE)
    seen = 0
    for page in range(1, 6):
        browser.open(f"?q={WORD}&group=0&page={page}")
        assert not browser.run(_HURT), page
        seen += len(browser.all(".hits li"))
    assert seen == len(ALL)
    assert browser.complaints() == []


def test_documents_are_only_text_on_their_page(browser: Browser) -> None:
    browser.open(f"?q={WORD}&group=0&size=100")
    addresses = [link.get_attribute("href") or "" for link in browser.all(".hits h2 a")]
    assert len(addresses) == len(ALL)
    browser.size(*PHONE)
    for address in addresses:
        browser.driver.get(address)
        assert not browser.run(_HURT), address
        assert browser.all(".document mark"), address
    assert browser.complaints() == []


def test_suggestions_are_only_text(browser: Browser) -> None:
    browser.open()
    browser.type(WORD)
    browser.until(lambda: browser.all("[role=option]"))
    assert not browser.run(_HURT)
    assert not browser.all("[role=option] :not(svg, path, span, b)")


def test_what_was_typed_comes_back_as_it_was(browser: Browser) -> None:
    for text in ALL[:25:2]:
        browser.open(f"?q={quote(text)}")
        shown = browser.box.get_attribute("value") or ""
        assert re.sub(r"\s+", " ", shown) == re.sub(r"\s+", " ", text).strip()
