"""The bench of spelling: what it reads from a file of pairs, and what it counts."""

import json
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.spelling import Pair, read_pairs

HEAD = "wrong\tsuggestions\tcontext\n"
TEXTS = (
    "Ngành giáo dục tỉnh công bố điểm thi vào lớp mười.",
    "Giá xăng dầu hôm nay tăng nhẹ trên thế giới.",
    "Khi mưa lớn người dân phải sơ tán khỏi nhà.",
)
PAIRS = (
    ("nghành", "ngành", "nghành giáo dục tỉnh côn"),
    ("Săng", "xăng|xắn", "o giá Săng dầu hôm nay t"),
    ("sơtán", "sơ tán", "ng dân phải sơtán khỏi nh"),
    ("tầu", "tàu", "a con tầu rời b"),
)


def write(path: Path, *rows: tuple[str, ...]) -> Path:
    path.write_text(HEAD + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_misspelling_is_found_in_its_context(tmp_path: Path) -> None:
    pairs = list(read_pairs(write(tmp_path / "p.tsv", *PAIRS)))
    assert pairs[0] == Pair(("nghành", "giáo", "dục", "tỉnh"), start=0, end=1, right=(("ngành",),))
    assert pairs[1].keys == ("giá", "săng", "dầu", "hôm", "nay")
    assert pairs[1].right == (("xăng",), ("xắn",))
    assert [pair.single for pair in pairs] == [True, True, False, True]


def test_of_several_the_one_in_the_middle_is_meant(tmp_path: Path) -> None:
    (pair,) = read_pairs(write(tmp_path / "p.tsv", ("và", "vá", "x và một hai và ba bốn năm và y")))
    assert pair.keys[pair.start - 1] == "hai"
    assert pair.keys[pair.start : pair.end] == ("và",)


def test_what_cannot_be_asked_is_left_out(tmp_path: Path) -> None:
    rows = (
        ("hoá", "hóa", "sự hoá học lớp"),  # the same but for where the tone mark stands
        ("sướt", "", "chảy sướt ra sau"),
        ("vắng", "văng", "không có trong câu"),
        ("…", "ba", "một … hai"),
        ("một", "mốt"),
    )
    assert list(read_pairs(write(tmp_path / "p.tsv", *rows))) == []


def test_pairs_are_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "corpus.jsonl"
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(TEXTS * 5)]
    corpus.write_text("\n".join(lines), encoding="utf-8")
    pairs = write(tmp_path / "p.tsv", *PAIRS)
    assert main(["spelling", str(pairs), "--corpus", str(corpus), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert (scores["read"], scores["pairs"], scores["spaces"]) == (4, 3, 1)
    assert scores["first"] == scores["among_three"] == pytest.approx(2 / 3)
    # So small an index has too few words to tell that nghành is none.
    assert scores["noticed"] == scores["mended"] == pytest.approx(1 / 3)
    assert scores["spoilt"] == 0.0


def test_bad_input_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="no such file"):
        main(["spelling", str(tmp_path / "none.tsv"), "--index", str(tmp_path)])
    pairs = tmp_path / "p.tsv"
    pairs.write_text("typed\tmeant\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="no column wrong, suggestions, context"):
        main(["spelling", str(pairs), "--index", str(tmp_path)])
    with pytest.raises(SystemExit, match="index"):
        main(["spelling", str(write(pairs)), "--index", str(tmp_path / "none")])
    with pytest.raises(SystemExit):
        main(["spelling", str(pairs)])
    assert "--corpus" in capsys.readouterr().err
