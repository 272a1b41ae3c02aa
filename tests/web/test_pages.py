"""The pages that people see, read as a browser without JavaScript does."""

import re
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from web import assets


class Page(HTMLParser):
    """Text, links by text and all tags of a page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: dict[str, str] = {}
        self.text = ""
        self._href: str | None = None
        self._label = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self._href, self._label = dict(attrs).get("href"), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.links[" ".join(self._label.split())] = self._href
            self._href = None

    def handle_data(self, data: str) -> None:
        self.text += data
        self._label += data


def test_the_start_page_has_a_box_and_examples(client: FlaskClient) -> None:
    response = client.get("/")
    page = Page(response.text)
    assert response.status_code == 200
    assert ("input", "q") in [(tag, attrs.get("name")) for tag, attrs in page.tags]
    assert "1.250 văn bản" in page.text
    assert page.links['author:"Trần Kế"'] == "/?q=author%3A%22Tr%E1%BA%A7n+K%E1%BA%BF%22"


def test_results_show_count_time_marks_and_facts(client: FlaskClient) -> None:
    response = client.get("/", query_string={"q": "gap go"})
    page = Page(response.text)
    assert "1.250 kết quả, 4,2 ms" in page.text
    assert '<mark>gặp</mark> <mark class="folded">gỡ</mark> &lt;b&gt;' in response.text
    assert "20/02/2025" in page.text
    assert "<title>gap go – timtin</title>" in response.text
    assert 'value="gap go"' in response.text


def test_every_choice_stays_in_the_links(client: FlaskClient, engine) -> None:
    query = {
        "q": 'a & "b"',
        "sort": "date",
        "mode": "exact",
        "source": "Báo A & B",
        "from": "2025-01-01",
        "page": "2",
    }
    page = Page(client.get("/", query_string=query).text)
    following = page.links["Sau ›"]
    assert following == (
        "/?q=a+%26+%22b%22&source=B%C3%A1o+A+%26+B&from=2025-01-01&sort=date&mode=exact&page=3"
    )
    client.get(following)
    assert (engine.requests[-1].page, engine.requests[-1].sources) == (3, ("Báo A & B",))
    # Another sorting starts at the first page again.
    assert "page" not in page.links["Liên quan nhất"]
    assert (
        page.links["Từ 01/01/2025×"]
        == "/?q=a+%26+%22b%22&source=B%C3%A1o+A+%26+B&sort=date&mode=exact"
    )
    assert page.links["Xóa tất cả"] == "/?q=a+%26+%22b%22&sort=date&mode=exact"


def test_several_sources_can_be_chosen(client: FlaskClient, engine) -> None:
    response = client.get("/?q=a&source=Hà+Giang&sort=date")
    page = Page(response.text)
    added = page.links["Báo A & B 350"]
    assert added == "/?q=a&source=H%C3%A0+Giang&source=B%C3%A1o+A+%26+B&sort=date"
    assert page.links["✓Hà Giang 900"] == "/?q=a&sort=date"
    both = Page(client.get(added).text)
    assert engine.requests[-1].sources == ("Hà Giang", "Báo A & B")
    assert both.links["Hà Giang×"] == "/?q=a&source=B%C3%A1o+A+%26+B&sort=date"
    assert both.links["Xóa tất cả"] == "/?q=a&sort=date"
    kept = [attrs.get("value") for tag, attrs in both.tags if attrs.get("name") == "source"]
    assert kept == ["Hà Giang", "Báo A & B"]
    assert both.links["English"].count("source=") == 2
    leading_back = Page(client.get(both.links["Gặp gỡ đầu xuân"].partition("#")[0]).text)
    assert leading_back.links["‹ Kết quả cho a"] == added


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (1, "1 2 3 … 125"),
        (2, "1 2 3 … 125"),
        (4, "1 2 3 4 5 … 125"),
        (60, "1 … 59 60 61 … 125"),
        (125, "1 … 123 124 125"),
    ],
)
def test_pagination_keeps_ends_and_neighbours(client: FlaskClient, page: int, shown: str) -> None:
    markup = client.get(f"/?q=a&page={page}").text
    block = markup[markup.index('<nav class="pages"') :]
    found = re.findall(r'(?:class="page"[^>]*|class="gap"[^>]*)>([^<]+)<', block)
    assert " ".join(found) == shown


def test_a_page_past_the_end_leads_back(client: FlaskClient, engine) -> None:
    engine.total = 15
    page = Page(client.get("/?q=a&page=9").text)
    assert "Chỉ có 2 trang" in page.text
    assert page.links["Đến trang cuối"] == "/?q=a&page=2"


def test_readings_and_suggestions_are_offered(client: FlaskClient, engine) -> None:
    engine.interpretation, engine.suggestion = "gặp gỡ", "gặp <gỡ"
    response = client.get("/?q=gawpj+gowx")
    page = Page(response.text)
    assert "Đã hiểu là gặp gỡ." in page.text
    assert page.links["gawpj gowx"] == "/?q=gawpj+gowx&mode=raw"
    assert "Ý bạn là gặp <gỡ?" in page.text
    assert "<gỡ" not in response.text


@pytest.mark.parametrize(
    "query",
    ["size=0", "page=x", "sort=x", "from=2025-02-30", "to=x", "mode=x", "source=" + "a" * 301],
)
def test_a_bad_parameter_keeps_the_form_and_says_why(client: FlaskClient, query: str) -> None:
    response = client.get(f"/?q=gap+go&{query}")
    assert response.status_code == 400
    assert 'value="gap go"' in response.text
    assert 'role="alert"' in response.text
    assert query.partition("=")[0] not in Page(response.text).text.split()


def test_without_an_index_the_start_page_says_so(client: FlaskClient, engine) -> None:
    engine.present = False
    assert "timtin index" in client.get("/").text
    response = client.get("/?q=a")
    assert response.status_code == 503
    assert "timtin index" in response.text


def test_a_document_marks_the_query_and_leads_back(client: FlaskClient) -> None:
    response = client.get("/documents/000_3772e8170c534e90%233?q=gap+go&page=2&sort=date")
    page = Page(response.text)
    assert response.status_code == 200
    assert '<mark id="m1">gặp</mark> <mark id="m2" class="folded">gỡ</mark>' in response.text
    assert "a &lt; b" in response.text
    assert page.links["‹ Kết quả cho gap go"] == "/?q=gap+go&sort=date&page=2"
    assert (page.links["1"], page.links["2"]) == ("#m1", "#m2")
    assert page.links["Xem bản gốc ↗"] == "https://example.org/bai"


def test_a_document_survives_a_bad_query(client: FlaskClient) -> None:
    assert client.get("/documents/a?q=a&size=0").status_code == 200


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[bad", "x"])
def test_only_web_addresses_become_links(client: FlaskClient, engine, url: str) -> None:
    engine.url = url
    response = client.get("/documents/a")
    assert response.status_code == 200
    assert "Xem bản gốc" not in response.text


@pytest.mark.parametrize("id", ["/a", "a//b", "a/", "https://e.org/?a=1&b=2#x", "xuống\ndòng#1"])
def test_every_id_has_an_address(
    app: Flask, engine, id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(engine, "highlighted_document", lambda id, *_: asked.append(id))
    with app.test_request_context():
        address = url_for("pages.document", document_id=id)
    assert app.test_client().get(address).status_code == 404
    assert asked == [id]


def test_a_missing_document_is_a_friendly_404(client: FlaskClient) -> None:
    response = client.get("/documents/none")
    assert response.status_code == 404
    assert "Không có trang này" in response.text


def test_what_was_typed_is_never_markup(client: FlaskClient, engine) -> None:
    evil = '"><script>alert(1)</script>'
    for total in (0, 15):
        engine.total = total
        query = {"q": evil, "source": evil, "lang": "vi"}
        markup = client.get("/", query_string=query).text
        assert "<script>alert" not in markup
        assert evil in unescape(markup)


def test_nothing_on_a_page_is_inline_or_from_elsewhere(client: FlaskClient) -> None:
    for path in ("/", "/?q=a", "/documents/a?q=a", "/nope"):
        for tag, attrs in Page(client.get(path).text).tags:
            assert "style" not in attrs
            assert not any(name.startswith("on") for name in attrs)
            assert tag != "style"
            if tag in {"script", "img", "link"}:
                address = attrs.get("src") or attrs.get("href") or ""
                assert re.match(r"/(assets/|opensearch|feed)", address)


def test_static_files_are_kept_by_their_contents(client: FlaskClient) -> None:
    address = re.search(r'href="(/assets/\w+/timtin.css)"', client.get("/").text)
    assert address
    with client.get(address[1]) as response:
        assert "immutable" in response.headers["Cache-Control"]
    with client.get("/assets/0/timtin.css") as other:
        assert "immutable" not in other.headers["Cache-Control"]
    with client.get(address[1], headers={"If-None-Match": response.headers["ETag"]}) as again:
        assert again.status_code == 304
    assert client.get("/assets/0/../app.py").status_code == 404


def test_what_a_script_imports_is_there(client: FlaskClient) -> None:
    for script in (assets.FOLDER / "js").glob("*.js"):
        for name in re.findall(r'(?:from|import\() ?"\./([\w.]+)"', script.read_text("utf-8")):
            with client.get(f"/assets/{assets.contents()}/js/{name}") as response:
                assert response.mimetype == "text/javascript", (script.name, name)


def test_a_browser_can_add_the_search_to_its_address_bar(client: FlaskClient) -> None:
    offered = next(
        attrs for _, attrs in Page(client.get("/").text).tags if attrs.get("rel") == "search"
    )
    response = client.get(str(offered["href"]))
    assert response.mimetype == offered["type"]
    root = ElementTree.fromstring(response.data)
    address = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert address is not None
    assert address.attrib["template"] == "http://localhost/?q={searchTerms}"


def test_a_hit_without_facts_has_no_empty_line(client: FlaskClient, engine) -> None:
    engine.source = None
    assert 'class="meta"' not in client.get("/?q=a").text
