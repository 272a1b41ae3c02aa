"""Records of named fields, such as a line of .jsonl or a row of .csv, as documents.

Fields are `id`, `title`, `text`, `date`, `url`, `source` and `author`; `id` and one of `title` and
`text` must be there. What a record states comes before what its text says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from index.analysis.normalize import nfc
from index.documents import Document
from index.metadata.addresses import web_address
from index.metadata.calendar import stated_day
from index.metadata.dates import first_full_date, url_day
from index.metadata.mentions import Dated
from index.readers import mojibake
from index.readers.seed import MAX_BODY_CHARS, MAX_TITLE_CHARS, SeedFile
from index.readers.text import declared_day

MAX_ID_CHARS = 512
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def document_of(record: Mapping[str, Any], seed: SeedFile) -> Document:
    """The document that `record` describes; ValueError with the reason if it is none."""
    title, body = _text(record, "title"), _text(record, "text")
    if len(title) > MAX_TITLE_CHARS:
        raise ValueError(f"a title of {len(title):,} characters; at most {MAX_TITLE_CHARS:,} fit")
    if len(body) > MAX_BODY_CHARS:
        raise ValueError(f"a text of {len(body):,} characters; at most {MAX_BODY_CHARS:,} fit")
    if not title and not body:
        raise ValueError("neither title nor text")
    url = _optional(record, "url")
    url = web_address(url) if url else None
    dated = _stated(record.get("date")) or url_day(url) or first_full_date(title)
    dated = dated or first_full_date(body) or declared_day(seed.settings)
    return Document(
        id=_id(record),
        title=title,
        body=body,
        author=_optional(record, "author") or seed.settings.author,
        source=_optional(record, "source") or seed.settings.source,
        url=url,
        date=dated.date if dated else None,
        date_evidence=dated.evidence if dated else None,
        path=seed.name,
    )


def _id(record: Mapping[str, Any]) -> str:
    id = record.get("id")
    if isinstance(id, bool) or not isinstance(id, str | int | float) or id == "":
        raise ValueError("no id" if id in (None, "") else "an id that is neither text nor number")
    written = nfc(str(id))
    if len(written) > MAX_ID_CHARS or _CONTROL.search(written):
        raise ValueError(f"an id with control characters, or longer than {MAX_ID_CHARS}")
    return written


def _text(record: Mapping[str, Any], field: str) -> str:
    value = record.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"a {field} that is not a string")
    return nfc(mojibake.mended(value.strip()))


def _optional(record: Mapping[str, Any], field: str) -> str | None:
    """A field that may be missing; several authors are joined; what is no text is missing."""
    value = record.get(field)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    return nfc(" ".join(value.split())) or None if isinstance(value, str) else None


def _stated(value: object) -> Dated | None:
    day = stated_day(value) if value is not None else None
    return Dated(day, nfc(str(value).strip())) if day else None
