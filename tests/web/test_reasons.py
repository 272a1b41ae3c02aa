"""Whatever keeps a seed out of the index is said in Vietnamese too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.reasons import reason

ROOT = Path(__file__).parents[2]
SAID_BY = {"SeedError", "Problem", "Failure", "SpoiledSeedError", "ValueError"}
VIETNAMESE = re.compile(r"[àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ]|[ạ-ỹ]", re.IGNORECASE)
NOT_OF_SEEDS = (
    "is both the seeds folder",
    "there is no seeds folder",
    "name another",
    "pip install",
)


def sentences() -> Iterator[str]:
    """What the readers and the sync say of a seed, with 7 for each value."""
    sources = [*(ROOT / "index" / "readers").glob("*.py"), *(ROOT / "index" / "sync").glob("*.py")]
    for source in sorted(sources):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in SAID_BY:
                yield from map(said, node.args)


def said(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "7" for part in node.values]
        return re.sub(r"^7(?=[a-z])", "", "".join(map(str, parts)))
    return ""


SENTENCES = sorted(
    text
    for text in set(sentences())
    if " " in text and not any(other in text for other in NOT_OF_SEEDS)
)


def test_there_are_sentences() -> None:
    assert len(SENTENCES) > 40


@pytest.mark.parametrize("text", SENTENCES)
def test_it_is_said_in_vietnamese(text: str) -> None:
    assert VIETNAMESE.search(reason("vi", text)), text
    assert reason("en", text) == text


def test_values_are_kept() -> None:
    text = "no line of it is a document (line 3: not JSON (Expecting value at character 12))"
    assert reason("vi", text) == (
        "không dòng nào là một văn bản (dòng 3: không phải JSON (Expecting value ở ký tự 12))"
    )
    text = "not UTF-8 text (byte 0xff at offset 7); if it is text, name its encoding in seeds.toml"
    assert reason("vi", text) == (
        "không phải văn bản UTF-8 (byte 0xff ở vị trí 7); "
        "nếu là văn bản, hãy ghi bảng mã của nó trong seeds.toml"
    )


def test_what_is_not_known_stays() -> None:
    assert reason("vi", "<b>Lỗi lạ</b> in page 4") == "<b>Lỗi lạ</b> in page 4"
