"""Documents into a segment file, a batch at a time.

The terms are those of the Whoosh analyzers in `index.analysis.analyzers`; a test holds the two
roads to the same postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index import making
from index.analysis.abbreviations import definitions
from index.analysis.chunks import END, Chunks, Cut, Runs
from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key
from index.analysis.syllables import surfaces
from index.analysis.words import Words, segmenter
from index.codec.integers import Ints, starts_of
from index.codec.postings import Postings
from index.codec.segment_file import SegmentFileWriter, length_bytes
from index.documents import Document
from index.duplicates import COLUMNS, band_columns
from index.inversion import (
    MAX_BATCH_DOCS,
    MAX_TOKENS,
    Numbers,
    Tokens,
    invert,
    invert_keywords,
    invert_pairs,
    ranked,
    write_sharing,
)
from index.metadata.mentioned import mentioned_days
from index.metadata.names import named
from index.metadata.signs import BulkSigns
from index.schema import SCHEMA

MAX_TERM_BYTES = 255
POSITIONS_SHARED = {"folded": "accented", "title": "title_accented"}  # see codec.postings
_WORDS_LIMIT = 1_000_000  # surface forms a vocabulary remembers between batches


class SegmentStats(NamedTuple):
    """What a finished segment file holds: documents, total tokens of each field, size in bytes."""

    doc_count: int
    field_lengths: dict[str, int]
    size: int


class Vocabulary:
    """Strings seen so far, so that a surface form is normalised once per process, not once per
    text.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.chunks = Chunks()
        self.accented, self.folded, self.words = Numbers(), Numbers(), Numbers()
        self._syllables = Runs(self.chunks, self._accented)
        self._syllables.put(END, [])
        self._words_of = segmenter().in_bulk(self.chunks)
        self.signs = BulkSigns(self.chunks)
        self._folded_of: list[int] = []
        self._hashes: list[int] = []

    def trim(self) -> None:
        """Forget everything once there is too much of it; only between batches."""
        if len(self.words) > _WORDS_LIMIT or self.chunks.full():
            self.clear()

    def analyze(self, texts: Iterable[str]) -> tuple[Tokens, Tokens]:
        """Texts as tokens of accented and of folded keys."""
        return self.keys_of(self.chunks.cut(texts))

    def keys_of(self, cut: Cut) -> tuple[Tokens, Tokens]:
        """Texts that have been cut as tokens of accented and of folded keys."""
        terms, lengths = self._syllables.of(cut.numbers)
        counts = np.diff(starts_of(lengths)[cut.ends], prepend=0)
        if counts.max(initial=0) > MAX_TOKENS:
            place = np.arange(len(terms)) - np.repeat(starts_of(counts)[:-1], counts)
            terms, counts = terms[place < MAX_TOKENS], np.minimum(counts, MAX_TOKENS)
        accented = terms.astype(np.int64)
        for key in islice(self.accented, len(self._folded_of), None):
            self._folded_of.append(self.folded[fold_key(key)])
        folded = np.array(self._folded_of, np.int64)[accented]
        return Tokens(accented, counts), Tokens(folded, counts)

    def words_of(self, texts: Sequence[str], cut: Cut) -> list[Words]:
        """The words of texts."""
        return list(self._words_of(texts, cut))

    def _accented(self, chunk: str) -> list[int]:
        return [self.accented[accented_key(surface)] for surface in surfaces(chunk)]

    def hashes(self) -> npt.NDArray[np.uint64]:
        """A 64-bit hash of each folded key, the same in every process."""
        for key in list(self.folded)[len(self._hashes) :]:
            digest = blake2b(key.encode(), digest_size=8).digest()
            self._hashes.append(int.from_bytes(digest, "little"))
        return np.array(self._hashes, np.uint64)


def stored_record(document: Document) -> dict[str, Any]:
    """What is kept of a document to show it: its fields by name, unknown ones left out."""
    fields = {name: getattr(document, name) for name in Document.__slots__}
    return {name: value for name, value in fields.items() if value is not None}


def date_number(date: str | None) -> int:
    """An ISO day as the integer YYYYMMDD; 0 if unknown."""
    return int(date.replace("-", "")) if date else 0


def keyword_term(text: str) -> bytes:
    """The term of a keyword field: its UTF-8 bytes, or if these are too long a digest of them."""
    encoded = text.encode()
    if len(encoded) <= MAX_TERM_BYTES:
        return encoded
    return b"\0" + blake2b(encoded, digest_size=32).hexdigest().encode()


def build_segment(
    path: Path,
    documents: Sequence[Document],
    dictionary: bytes,
    vocabulary: Vocabulary,
    *,
    tokens: bool = False,
) -> SegmentStats:
    """Analyze `documents` (at most MAX_BATCH_DOCS) and write them as a segment file, with the
    `tokens` of a batch that is going to be merged.
    """
    if len(documents) > MAX_BATCH_DOCS:
        raise ValueError(f"{len(documents)} documents in a batch, at most {MAX_BATCH_DOCS}")
    vocabulary.trim()
    writer = SegmentFileWriter(path, dictionary)
    try:
        for document in documents:
            writer.stored.add(stored_record(document))
        batch = Batch(documents, vocabulary)
        batch.write_columns(writer)
        if tokens:
            batch.write_tokens(writer)
        batch.write_fields(writer)
        size = writer.close(**making.current())
        return SegmentStats(len(documents), batch.field_lengths(), size)
    except BaseException:
        writer.abort()
        raise


class Batch:
    """The tokens of a batch of documents, field by field."""

    def __init__(self, documents: Sequence[Document], vocabulary: Vocabulary) -> None:
        self.documents = documents
        names = {"title": "title", "author": "author", "source": "source"}
        texts = [document.text for document in documents]
        cut = vocabulary.chunks.cut(texts)
        analyzed = {"folded": vocabulary.keys_of(cut)}
        for field, attribute in names.items():
            values = (getattr(document, attribute) or "" for document in documents)
            analyzed[field] = vocabulary.analyze(values)
        self.fields: dict[str, tuple[Tokens, Numbers]] = {}
        for field, (accented, folded) in analyzed.items():
            self.fields[field] = folded, vocabulary.folded
            other = {"folded": "accented", "title": "title_accented"}.get(field)
            if other:
                self.fields[other] = accented, vocabulary.accented
        self.signs = list(vocabulary.signs.of(cut))
        found = vocabulary.words_of(texts, cut)
        words = vocabulary.words.tokens(words.compounds for words in found)
        self.fields["words"] = words, vocabulary.words
        self.named = [named(text, words.runs) for text, words in zip(texts, found, strict=True)]
        self.vocabulary = vocabulary

    def lengths(self) -> dict[str, Ints]:
        lengths = {name: tokens.counts for name, (tokens, _) in self.fields.items()}
        lengths["pairs"] = np.maximum(lengths["folded"] - 1, 0)
        return lengths

    def field_lengths(self) -> dict[str, int]:
        return {name: int(counts.sum()) for name, counts in self.lengths().items()}

    def write_columns(self, writer: SegmentFileWriter) -> None:
        documents = self.documents
        writer.finish_documents(
            len(documents),
            length_bytes={name: length_bytes(counts) for name, counts in self.lengths().items()},
            field_lengths=self.field_lengths(),
            integers={
                "date": np.array([date_number(d.date) for d in documents], np.int32),
                **dict(zip(COLUMNS, self.bands(), strict=True)),
            },
            keywords={
                "source_key": [document.source for document in documents],
                "path": [document.path for document in documents],
            },
            digests=b"".join(bytes.fromhex(document.digest()) for document in documents),
        )

    def write_tokens(self, writer: SegmentFileWriter) -> None:
        tokens, numbers = self.fields["accented"]
        ordinals, _ = ranked(tokens.terms, numbers)
        writer.tokens(ordinals, tokens.counts)

    def bands(self) -> npt.NDArray[np.int32]:
        """What copies of a body are known by, int32 [columns, docs]."""
        text, _ = self.fields["folded"]
        titles = self.fields["title"][0].counts
        place = np.arange(len(text.terms)) - np.repeat(starts_of(text.counts)[:-1], text.counts)
        in_body = place >= np.repeat(titles, text.counts)
        counts = np.maximum(text.counts - titles, 0)
        return band_columns(text.terms[in_body], counts, self.vocabulary.hashes())

    def write_fields(self, writer: SegmentFileWriter) -> None:
        for name in ("author", "source", "words"):
            self._write(writer, name, *invert(*self.fields[name], with_positions=name != "words"))
        for coarse, fine in POSITIONS_SHARED.items():
            keys, postings = invert(*self.fields[coarse])
            self._write(writer, coarse, keys, postings)
            field = writer.field(fine, has_positions=True, parent=coarse)
            write_sharing(field, *invert(*self.fields[fine]), keys, postings)
            field.close()
        self._write(writer, "pairs", *invert_pairs(*self.fields["folded"]))
        for name, values in self.keywords().items():
            self._write(writer, name, *invert_keywords(values))

    @staticmethod
    def _write(writer: SegmentFileWriter, name: str, keys: list[bytes], postings: Postings) -> None:
        field = writer.field(name, has_positions=postings.positions is not None)
        field.add(keys, postings)
        field.close()

    def keywords(self) -> dict[str, list[list[bytes]]]:
        """The terms of each document in the fields that are not text."""
        date_terms = SCHEMA["date"].index
        return {
            "id": [[keyword_term(document.id)] for document in self.documents],
            "path": [[keyword_term(document.path)] for document in self.documents],
            "source_key": [
                [keyword_term(fold_key(document.source))] if document.source else []
                for document in self.documents
            ],
            "date": [
                [term for term, *_ in date_terms(date_number(document.date))]
                if document.date
                else []
                for document in self.documents
            ],
            "abbreviations": [
                [definition.term().encode() for definition in definitions(document.text)]
                for document in self.documents
            ],
            "mentioned": [
                [day.encode() for day in mentioned_days(document.text, document.date, signs)]
                for document, signs in zip(self.documents, self.signs, strict=True)
            ],
            "names": [[name.encode() for name in names] for names, _ in self.named],
            "places": [[place.encode() for place in places] for _, places in self.named],
        }
