"""The document's text and digest."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from index.documents import Document

OPTIONAL = st.none() | st.text(max_size=8)
DOCUMENTS = st.builds(
    Document,
    id=st.text(max_size=8),
    title=st.text(max_size=8),
    body=st.text(max_size=8),
    author=OPTIONAL,
    source=OPTIONAL,
    url=OPTIONAL,
    date=OPTIONAL,
    date_evidence=OPTIONAL,
    path=st.text(max_size=8),
)


def test_text_is_title_and_body_or_the_one_there_is() -> None:
    assert Document("a", "Tin", "Hà Nội").text == "Tin\nHà Nội"
    assert Document("a", "", "Hà Nội").text == "Hà Nội"
    assert Document("a", "Tin", "").text == "Tin"


@given(DOCUMENTS, DOCUMENTS)
def test_digests_agree_exactly_when_the_documents_do(one: Document, other: Document) -> None:
    assert (one.digest() == other.digest()) == (one == other)
    assert one.digest() == replace(one).digest()


@given(DOCUMENTS)
def test_every_field_counts(document: Document) -> None:
    digests = {document.digest()}
    for field in fields(Document):
        value = getattr(document, field.name) or ""
        digests.add(replace(document, **{field.name: value + "x"}).digest())
    assert len(digests) == 1 + len(fields(Document))


def test_the_digest_is_stable_between_runs_and_versions() -> None:
    document = Document("a#1", "Tin", "Hà Nội", author="Trần Kế", date="2024-02-26", path="a.txt")
    assert document.digest() == "d2f8fe3d161b72383e98daf0936a569c"


def test_lone_surrogates_do_not_stop_the_digest() -> None:
    assert len(Document("a", "\ud800", "").digest()) == 32
