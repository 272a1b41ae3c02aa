"""`/feed`: an Atom feed of a query."""

from __future__ import annotations

from xml.etree import ElementTree

from flask.testing import FlaskClient

ATOM = "{http://www.w3.org/2005/Atom}"


def test_it_is_the_newest_of_the_query(client: FlaskClient, engine) -> None:
    response = client.get("/feed?q=gap+go&source=Hà+Giang&page=3")
    assert response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(response.data)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 10
    assert entries[0].findtext(f"{ATOM}updated") == "2025-02-20T00:00:00+00:00"
    link = entries[0].find(f"{ATOM}link")
    assert link is not None and link.attrib["href"] == "http://localhost/documents/a"
    request = engine.requests[-1]
    assert (request.sort, request.page, request.sources) == ("date", 1, ("Hà Giang",))


def test_ids_are_each_their_own(client: FlaskClient) -> None:
    feed = ElementTree.fromstring(client.get("/feed?q=a&size=4").data)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == 4


def test_whatever_is_asked_it_is_xml(client: FlaskClient) -> None:
    for query in ("a\x0bb", "<b>&amp;]]>", "\ufffe", "😀\u202e"):
        response = client.get("/feed", query_string={"q": query})
        ElementTree.fromstring(response.data)


def test_results_offer_their_feed(client: FlaskClient) -> None:
    page = client.get("/?q=gap+go&sort=date&page=2&source=x").text
    assert 'type="application/atom+xml"' in page
    assert 'href="/feed?q=gap+go&amp;source=x"' in page


def test_a_bad_parameter_is_a_problem(client: FlaskClient) -> None:
    response = client.get("/feed?q=a&size=0", headers={"Accept": "text/html"})
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
