"""A folder of seeds that changes at random, and what an index of it must hold at any moment."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from index.contents import contents_path
from index.readers import Document, read_seed
from index.store import IndexStore
from index.sync.audit import audit
from index.sync.folder import scan
from index.sync.manifest import file_name
from index.verification import Verification
from index.writer_lock import LOCK_NAME

TEXT = (
    "gặp gỡ đầu xuân giữa bí thư các tỉnh máy bay rơi xuống vùng đồi núi miền nam hội nghị bàn về"
    " giáo dục đường sắt cao tốc Hà Giang Quảng Ninh cụm dân cư kết nghĩa quốc sách hàng đầu"
)

Docs = dict[str, str]
"""Digests by id."""


class Seeds:
    """A seeds folder; the same `random` makes the same changes."""

    def __init__(self, path: Path, random: Random, files: int = 40) -> None:
        self.path, self._random, self._number = path, random, 0
        path.mkdir()
        for _ in range(files):
            self._write(self._new_name())

    def change(self, share: float = 0.2, *, much: bool = False) -> None:
        """Add, change and delete some files, at least one of each; `much`: worker processes are
        worth while.
        """
        bulk = self.path / "bulk.jsonl"
        bulk.unlink(missing_ok=True)
        names = sorted(path.name for path in self.path.iterdir())
        count = max(1, int(len(names) * share))
        self._random.shuffle(names)
        for name in names[:count]:
            self._write(name)
        for name in names[count : count + self._random.randint(1, count)]:
            (self.path / name).unlink()
        for _ in range(self._random.randint(1, count)):
            self._write(self._new_name())
        if much:
            lines = [json.dumps({"id": f"bulk-{n}", "text": self.text(500)}) for n in range(200)]
            bulk.write_text("\n".join(lines), "utf-8")

    def docs(self) -> Docs:
        """What an index of the folder holds."""
        return {
            item.id: item.digest()
            for found in scan(self.path).seeds
            for item in read_seed(found.seed)
            if isinstance(item, Document)
        }

    def text(self, words: int) -> str:
        return " ".join(self._random.choices(TEXT.split(), k=words)) + f" {self._random.random()}"

    def _new_name(self) -> str:
        self._number += 1
        return f"{self._number:05d}.{self._random.choice(['txt', 'txt', 'jsonl'])}"

    def _write(self, name: str) -> None:
        if name.endswith(".jsonl"):
            lines = [
                json.dumps({"id": f"{name}-{n}", "text": self.text(40)})
                for n in range(self._random.randint(1, 12))
            ]
            content = "\n".join(lines)
        else:
            paragraphs = [self.text(60) for _ in range(self._random.randint(1, 6))]
            content = self.text(8) + "\n\n" + "\n\n".join(paragraphs)
        (self.path / name).write_text(content + "\n", "utf-8")


def held(store: IndexStore) -> Docs:
    """What an index holds."""
    return {id: digest for id, _, digest in store.snapshot().docs()}


def assert_sound(store: IndexStore) -> None:
    assert audit(store) == Verification()


def assert_tidy(store: IndexStore) -> None:
    """Nothing is in the folder but what the commit consists of."""
    snapshot = store.snapshot()
    folder, generation = store.path, store.generation()
    expected = {contents_path(folder, generation).name, LOCK_NAME, file_name(generation)}
    expected |= {segment.file.path.name for segment in snapshot.segments}
    assert snapshot.language_file is not None
    expected.add(snapshot.language_file.path.name)
    left = {path.name for path in folder.iterdir()}
    assert left == expected, f"too many: {left - expected}, missing: {expected - left}"
