"""timtin's fields indexed by stock Whoosh and stock pyvi: the road a project takes without timtin.

Whoosh's own codec and writer, one process; words by `pyvi.ViTokenizer`. The syllable fields use
timtin's analyzers, so their (smaller) cost is the same on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pyvi import ViTokenizer
from whoosh.analysis import RegexTokenizer
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.index import create_in

from index.analysis.analyzers import ACCENTED, FOLDED, PAIRS
from index.documents import Document


class PyviTokenizer(RegexTokenizer):  # type: ignore[misc]
    """Compounds as pyvi writes them: syllables joined by "_"."""

    def __init__(self) -> None:
        super().__init__(r"[^\W_]+(?:_[^\W_]+)+")

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:
        tokens: Iterator[Any] = super().__call__(ViTokenizer.tokenize(value).lower(), **options)
        return tokens


SCHEMA = Schema(
    id=ID(unique=True, stored=True),
    folded=TEXT(FOLDED, phrase=True),
    accented=TEXT(ACCENTED, phrase=True),
    pairs=TEXT(PAIRS, phrase=False),
    words=TEXT(PyviTokenizer(), phrase=False),
    title=TEXT(FOLDED, phrase=True),
    title_accented=TEXT(ACCENTED, phrase=True),
    stored=STORED,
)


def build(documents: Iterable[Document], folder: Path) -> None:
    writer = create_in(str(folder), SCHEMA).writer(limitmb=512, codec=W3Codec())
    for document in documents:
        text, title = document.text, document.title
        writer.add_document(
            id=document.id,
            folded=text,
            accented=text,
            pairs=text,
            words=text,
            title=title,
            title_accented=title,
            stored=text,
        )
    writer.commit()
