"""The corpus: documents from a JSONL file, and their tokens laid out for every system to read.

A line of the corpus is {"id", "title", "text"}; the file may be gzipped. `lay_out` writes the first
N documents into a folder as plain text: one line a document, tokens separated by spaces, made by
timtin's own analysis. Every system builds from these lines, so all of them index, and are asked
for, exactly the same tokens, and analysis is in no build time except where a table says so.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from index.analysis.fingerprint import fingerprint
from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, nfc
from index.analysis.syllables import surfaces
from index.analysis.words import segmenter
from index.documents import Document

_OBJECT = msgspec.json.Decoder(dict[str, Any])
AT_ONCE = 2_000
"""Documents that are held in memory to be analyzed."""
FIELDS = ("folded", "accented", "pairs", "words", "title", "title_accented")
"""The columns of `fields.tsv`: what timtin's text fields hold."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The first `docs` documents of `corpus`, laid out in `folder`. Sizes are in bytes."""

    corpus: Path
    folder: Path
    docs: int
    text_bytes: int
    token_count: int

    @property
    def tokens(self) -> Path:
        """Folded tokens of title and body, one line a document."""
        return self.folder / "tokens.txt"

    @property
    def fields(self) -> Path:
        """The tokens of all text fields (FIELDS), one line a document, fields split by tabs."""
        return self.folder / "fields.tsv"

    @property
    def ids(self) -> list[str]:
        """Document ids in the order of the lines."""
        ids: list[str] = json.loads((self.folder / "ids.json").read_text(encoding="utf-8"))
        return ids

    def documents(self) -> Iterator[Document]:
        return documents(self.corpus, self.docs)

    def token_lines(self) -> Iterator[str]:
        with self.tokens.open(encoding="utf-8") as lines:
            for line in lines:
                yield line.rstrip("\n")


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl or .jsonl.gz file."""
    with _open(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _OBJECT.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise SystemExit(f"{path}, line {number}: no JSON object ({error})") from None


def _open(path: Path) -> BinaryIO:
    if not path.is_file():
        raise SystemExit(f"{path}: no such file; name a .jsonl or .jsonl.gz file")
    if path.suffix == ".gz":
        return cast("BinaryIO", gzip.open(path))
    return path.open("rb")


def documents(path: Path, limit: int | None = None) -> Iterator[Document]:
    """The first `limit` documents of the corpus (all of them if None)."""
    for record in islice(records(path), limit):
        yield Document(
            id=str(record["id"]),
            title=nfc(record.get("title") or ""),
            body=nfc(record.get("text") or ""),
            path=path.name,
        )


def folded_tokens(text: str) -> list[str]:
    return [fold_key(accented_key(surface)) for surface in surfaces(text)]


def lay_out(
    corpus: Path, docs: int, folder: Path, *, all_fields: bool = False, reuse: bool = False
) -> Layout:
    """Write the token files of the first `docs` documents into `folder` (made if missing). With
    `reuse` those are taken that an earlier run made of as many documents with the same analysis."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "layout.json"
    recipe = [str(corpus.resolve()), corpus.stat().st_size, docs, all_fields, fingerprint()]
    if reuse and done.is_file():
        made = json.loads(done.read_text(encoding="utf-8"))
        if made["recipe"] == recipe:
            return Layout(corpus, folder, made["docs"], made["text_bytes"], made["token_count"])
    done.unlink(missing_ok=True)
    text_bytes = token_count = 0
    ids: list[str] = []
    layout = Layout(corpus, folder, docs, 0, 0)
    with layout.tokens.open("w", encoding="utf-8") as tokens_file:
        for document in documents(corpus, docs):
            tokens = folded_tokens(document.text)
            tokens_file.write(" ".join(tokens) + "\n")
            ids.append(document.id)
            token_count += len(tokens)
            text_bytes += len(document.text.encode())
    (folder / "ids.json").write_text(json.dumps(ids), encoding="utf-8")
    if all_fields:
        _write_fields(layout)
    sizes = {"docs": len(ids), "text_bytes": text_bytes, "token_count": token_count}
    done.write_text(json.dumps({"recipe": recipe, **sizes}), encoding="utf-8")
    return Layout(corpus, folder, **sizes)


def _write_fields(layout: Layout) -> None:
    written = layout.documents()
    with layout.fields.open("w", encoding="utf-8") as out, get_context("spawn").Pool() as pool:
        while batch := list(islice(written, AT_ONCE)):
            out.writelines(pool.map(_field_line, batch))


def _field_line(document: Document) -> str:
    return "\t".join(" ".join(column) for column in field_tokens(document)) + "\n"


def field_tokens(document: Document) -> tuple[list[str], ...]:
    """The tokens of `document` for each of FIELDS."""
    accented = [accented_key(surface) for surface in surfaces(document.text)]
    folded = [fold_key(key) for key in accented]
    title = [accented_key(surface) for surface in surfaces(document.title)]
    return (
        folded,
        accented,
        [f"{a}_{b}" for a, b in pairwise(folded)],
        segmenter().compounds(document.text),
        [fold_key(key) for key in title],
        title,
    )
