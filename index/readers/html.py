"""Web pages: trafilatura finds the article in them, with its title, date, author and site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.analysis.normalize import nfc
from index.documents import Document
from index.errors import SeedError
from index.metadata.addresses import web_address
from index.metadata.calendar import stated_day
from index.metadata.mentions import Dated
from index.readers.decoding import decode, known
from index.readers.extras import required
from index.readers.legacy_fonts import respelled
from index.readers.seed import Problem, SeedFile, read_whole
from index.readers.text import Known, make_article, text_lines

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEAD_BYTES = 4_096
_UTF8 = ("utf-8", "utf8")


def read_html(seed: SeedFile) -> Iterator[Document | Problem]:
    """The one document of a `.html` seed."""
    trafilatura = required("trafilatura")
    page = _decoded(seed)
    try:
        found = trafilatura.bare_extraction(
            page, with_metadata=True, include_comments=False, include_tables=True
        )
    except MemoryError:
        raise
    except Exception as error:  # a page can be built so that the library raises anything
        raise SeedError(f"its article cannot be found ({type(error).__name__})") from error
    text = respelled(nfc(found.text or "")) if found is not None else ""
    if not text.strip():
        raise SeedError("no article found in it")
    title = respelled(nfc(" ".join((found.title or "").split())))
    lines = text_lines(text)
    if title and lines[0] == title:
        del lines[0]
    day = stated_day(found.date)
    dated = Dated(day, "metadata of the page") if day else None
    site = found.sitename or found.hostname
    url = web_address(found.url) if found.url else None
    known_of_it = Known(_clean(found.author), _clean(site), url, dated)
    yield make_article(seed, title, [part for line in lines for part in (line, "")], known_of_it)


def _decoded(seed: SeedFile) -> str:
    """The page in its declared encoding, or in what it says itself if its bytes do not tell."""
    data = read_whole(seed)
    try:
        return decode(data, seed.settings.encoding)
    except SeedError:
        said = _CHARSET.search(data[:_HEAD_BYTES])
        encoding = said[1].decode().lower() if said else ""
        if seed.settings.encoding or encoding in _UTF8 or not known(encoding):
            raise
        return decode(data, encoding)


def _clean(text: str | None) -> str | None:
    return respelled(nfc(" ".join(text.split()))) or None if text else None
