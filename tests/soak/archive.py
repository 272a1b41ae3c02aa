"""A folder of seeds that changes, and what searches must find in each state of it.

What they must find is reckoned here in the plainest way, from the texts, by code of its own.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

TEXT = (
    "gặp gỡ đầu xuân giữa bí thư các tỉnh máy bay rơi xuống vùng đồi núi miền nam hội nghị bàn về"
    " giáo dục đường sắt cao tốc Hà Giang Quảng Ninh cụm dân cư kết nghĩa quốc sách hàng đầu"
)
SOURCES = ("Hà Giang", "Quảng Ninh", "Tuyên Quang")
FIRST_FILES = 60
LINES = 5
WORDS = 25

Holds = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """Parameters of a search, and whether a text, in lower case, must be found by it."""

    parameters: Mapping[str, str]
    holds: Holds


def _has(phrase: str, shape: Callable[[str], str]) -> Holds:
    wanted = f" {shape(phrase.lower())} "
    return lambda text: wanted in f" {shape(text)} "


def bare(text: str) -> str:
    """Without any marks."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def _phrase(phrase: str) -> Question:
    return Question({"q": f'"{phrase}"', "mode": "raw"}, _has(bare(phrase), bare))


def _exact(word: str) -> Question:
    return Question({"q": word, "mode": "exact"}, _has(word, str))


def _both(one: str, other: str) -> Question:
    first, second = _has(bare(one), bare), _has(bare(other), bare)
    return Question(
        {"q": f'"{one}" "{other}"', "mode": "raw"}, lambda text: first(text) and second(text)
    )


def _without(one: str, other: str) -> Question:
    first, second = _has(bare(one), bare), _has(bare(other), bare)
    return Question(
        {"q": f'"{one}" -"{other}"', "mode": "raw"}, lambda text: first(text) and not second(text)
    )


PAIRS = (("xuan", "nam"), ("sắt", "tốc"), ("kết", "nghĩa"))
QUESTIONS = (
    *map(_phrase, ("xuân", "đường", "may bay", "ha giang", "giữa bí thư", "dau")),
    *map(_exact, ("đầu", "dục", "Hà", "máy")),
    *(_both(*pair) for pair in PAIRS),
    *(_without(*pair) for pair in PAIRS),
)


class Archive:
    """The seeds; the same `random` makes the same changes."""

    def __init__(self, path: Path, random: Random) -> None:
        self.path, self._random, self._number = path, random, 0
        self._texts: dict[str, list[str]] = {}
        path.mkdir()
        for _ in range(FIRST_FILES):
            self._write(self._new_name())

    def change(self) -> None:
        """Change, delete and add a few files; there are about as many afterwards."""
        names = sorted(self._texts)
        chosen = self._random.sample(names, 6)
        for name in chosen[:3]:
            self._write(name)
        surplus = len(names) - FIRST_FILES
        for name in chosen[3 : 4 + max(0, min(2, surplus))]:
            del self._texts[name]
            (self.path / name).unlink()
        for _ in range(self._random.randint(1, 2)):
            self._write(self._new_name())

    def totals(self) -> list[int]:
        """How many documents each of `QUESTIONS` must find now."""
        texts = [text for texts in self._texts.values() for text in texts]
        return [sum(map(question.holds, texts)) for question in QUESTIONS]

    def _new_name(self) -> str:
        self._number += 1
        return f"{self._number:06d}.jsonl"

    def _write(self, name: str) -> None:
        lines = [
            {
                "id": f"{name}-{n}",
                "title": self._words(6),
                "text": self._words(self._random.randint(1, WORDS)),
                "source": self._random.choice(SOURCES),
                "date": f"{self._random.randint(2015, 2025)}-02-03",
            }
            for n in range(LINES)
        ]
        # The last word of a title and the first one of its text count as side by side.
        self._texts[name] = [f"{line['title']} {line['text']}".lower() for line in lines]
        (self.path / name).write_text("\n".join(map(json.dumps, lines)) + "\n", "utf-8")

    def _words(self, count: int) -> str:
        return " ".join(self._random.choices(TEXT.split(), k=count))
