"""The document: what a seed is made of, what the index keeps, and what a result shows."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Document:
    """One text that can be found.

    All strings are NFC. `body` does not repeat the title. `date` is the ISO day of publication, or
    else the first full date that the text gives; `date_evidence` quotes the words, or the part of
    the url, that it was read from. `path` is the seed's path relative to the seeds folder, with
    "/" between folders. Unknown values are None.
    """

    id: str
    title: str
    body: str
    author: str | None = None
    source: str | None = None
    url: str | None = None
    date: str | None = None
    date_evidence: str | None = None
    path: str = ""

    @property
    def text(self) -> str:
        """What is indexed and highlighted: title and body on lines of their own."""
        if self.title and self.body:
            return f"{self.title}\n{self.body}"
        return self.title or self.body

    def digest(self) -> str:
        """32 hex digits that change whenever any field does (BLAKE2b, 128 bits)."""
        parts = []
        for value in (
            self.id,
            self.title,
            self.body,
            self.author,
            self.source,
            self.url,
            self.date,
            self.date_evidence,
            self.path,
        ):
            if value is None:
                parts.append(b"-")
            else:
                encoded = value.encode("utf-8", "surrogatepass")
                # The length keeps ("ab", "c") apart from ("a", "bc").
                parts += (b"%d:" % len(encoded), encoded)
        return blake2b(b"".join(parts), digest_size=16).hexdigest()
