"""Snippets that do not repeat the heading."""

import pytest

from web.excerpt import continued


@pytest.mark.parametrize(
    ("snippet", "heading", "shown"),
    [
        ("khác <mark>hẳn</mark>", "Sáng nay…", "khác <mark>hẳn</mark>"),
        ("Sáng nay, <mark>gặp</mark> gỡ.", "Sáng nay…", "…<mark>gặp</mark> gỡ."),
        ("Sáng <mark>nay gặp</mark> gỡ…", "Sáng nay…", "…<mark>gặp</mark> gỡ…"),
        ('<mark class="folded">Sáng nay</mark> gỡ', "Sáng", '…<mark class="folded">nay</mark> gỡ'),
        ("a &lt;b&gt; &amp; c", "a <b>…", "…&amp; c"),
        ("<mark>Sáng</mark> nay.", "Sáng nay.", ""),
        ("Sáng nay…", "Sáng nay…", ""),
        ("a", "", "a"),
        ("", "a", ""),
    ],
)
def test_it_goes_on_where_the_heading_stops(snippet: str, heading: str, shown: str) -> None:
    assert continued(snippet, heading) == shown
