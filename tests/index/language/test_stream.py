"""The stream of an index: from the texts, or from the tokens that a batch has kept of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.builder import Vocabulary, build_segment
from index.codec.segment_file import SegmentFile
from index.documents import Document
from index.language import stream
from index.snapshot import Segment


def segment(path: Path, documents: list[Document], deleted: list[int], *, tokens: bool) -> Segment:
    build_segment(path, documents, b"", Vocabulary(), tokens=tokens)
    return Segment(SegmentFile(path), path.stem, 0, deleted)


@pytest.mark.parametrize("limit", [stream.MAX_SYLLABLES, 700, 300])
@pytest.mark.parametrize("deleted", [[], [0, 3]])
def test_tokens_give_the_stream_of_the_texts(
    tmp_path: Path, documents: list[Document], limit: int, deleted: list[int]
) -> None:
    parts = [documents[::3], documents[1::3], documents[2::3]]
    kept = [
        segment(tmp_path / f"kept{at}.tim", part, deleted, tokens=at != 1)
        for at, part in enumerate(parts)
    ]
    plain = [
        segment(tmp_path / f"plain{at}.tim", part, deleted, tokens=False)
        for at, part in enumerate(parts)
    ]
    assert [part.file.tokens() is None for part in kept] == [False, True, False]
    found, expected = stream.read(kept, limit), stream.read(plain, limit)
    assert found.keys == expected.keys
    assert found.frequencies.tolist() == expected.frequencies.tolist()
    assert found.numbers.tolist() == expected.numbers.tolist()


def test_all_documents_are_read(tmp_path: Path, documents: list[Document]) -> None:
    texts = stream.of_texts(document.text for document in documents)
    whole = stream.read([segment(tmp_path / "a.tim", documents, [], tokens=True)])
    assert whole.numbers.tolist() == texts.numbers.tolist()
    assert whole.keys == texts.keys
