"""What is written into a container is read from it, or the damage is named."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.codec import container
from index.codec.container import FORMAT_VERSION, MAGIC, PAGE, Container, ContainerWriter
from index.errors import DamagedIndexError, OutdatedIndexError

# Sizes on both sides of a page's border, where the checksums change over.
SIZE = st.one_of(st.integers(0, 20), st.integers(PAGE - 20, PAGE + 20), st.integers(0, 3 * PAGE))
SECTIONS = st.lists(st.tuples(SIZE, st.integers(0, 255)), max_size=6)
SMAPS = Path("/proc/self/smaps")
anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


def content(size: int, seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(size)


def write(path: Path, sections: list[tuple[int, int]], pieces: int = 1) -> int:
    out = ContainerWriter(path.open("wb"))
    for number, (size, seed) in enumerate(sections):
        out.begin(f"part/{number}")
        data = content(size, seed)
        for start in range(0, size, max(1, -(-size // pieces))):
            out.write(memoryview(data)[start : start + max(1, -(-size // pieces))])
    out.meta["tiếng"] = ["Việt", 1]
    return out.close()


@given(data=st.binary(max_size=200), before=st.integers(0, 2**32 - 1))
def test_checksums_are_those_of_the_standard_library(data: bytes, before: int) -> None:
    """An index must be readable with and without the extra that computes them faster."""
    assert container.crc32.__module__ != zlib.crc32.__module__, "the extra `native` is missing"
    assert container.crc32(data, before) == zlib.crc32(data, before)


@anything
@given(sections=SECTIONS, pieces=st.integers(1, 5))
def test_sections_are_read_as_they_were_written(
    sections: list[tuple[int, int]], pieces: int, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    assert write(path, sections, pieces) == path.stat().st_size
    found = Container(path)
    found.check_all()
    assert found.meta == {"tiếng": ["Việt", 1]}
    assert found.names() == [f"part/{number}" for number in range(len(sections))]
    for number, (size, seed) in enumerate(sections):
        assert found.bytes(f"part/{number}") == content(size, seed)
        offset, length = found.extent(f"part/{number}")
        assert (offset % 8, length) == (0, size)


@pytest.mark.parametrize("dtype", ["u1", "<u2", "<i4", "<u4", "<i8"])
def test_arrays_keep_their_values(tmp_path: Path, dtype: str) -> None:
    values = np.arange(-3, 40_000, 7).astype(dtype)
    out = ContainerWriter((tmp_path / "x").open("wb"))
    out.section("odd", b"abc")
    out.section("values", values)
    out.section("every other", values[::2])
    out.section("none", values[:0])
    out.close()
    found = Container(tmp_path / "x")
    assert found.array("values", dtype).tolist() == values.tolist()
    assert found.array("every other", dtype).tolist() == values[::2].tolist()
    assert found.array("none", dtype).tolist() == []
    assert "values" in found
    assert "other" not in found
    with pytest.raises(KeyError):
        found.array("other", dtype)
    with pytest.raises(ValueError, match="read-only"):
        found.array("values", dtype)[0] = 1


def read_everything(path: Path) -> None:
    found = Container(path)
    for name in found.names():
        found.bytes(name)
    found.check_all()


@anything
@given(
    sections=SECTIONS.filter(lambda sections: sum(size for size, _ in sections) > 0),
    data=st.data(),
)
def test_no_flipped_bit_and_no_lost_byte_goes_unseen(
    sections: list[tuple[int, int]], data: st.DataObject, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    write(path, sections)
    raw = bytearray(path.read_bytes())
    read_everything(path)
    at = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[at // 8] ^= 1 << at % 8
    path.write_bytes(raw)
    with pytest.raises(DamagedIndexError, match="--repair"):
        read_everything(path)
    raw[at // 8] ^= 1 << at % 8
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw) - 1))])
    with pytest.raises(DamagedIndexError, match=str(path)):
        read_everything(path)


def test_a_damaged_page_does_no_harm_to_others(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write(path, [(PAGE, 1), (4 * PAGE, 2), (PAGE, 3)])
    raw = bytearray(path.read_bytes())
    raw[3 * PAGE] ^= 1
    path.write_bytes(raw)
    found = Container(path)
    assert found.bytes("part/0") == content(PAGE, 1)
    assert found.bytes("part/2") == content(PAGE, 3)
    for _ in range(2):  # it is not taken for checked the second time
        with pytest.raises(DamagedIndexError, match=f"checksum mismatch at byte {3 * PAGE}"):
            found.bytes("part/1")


def test_there_is_nothing_past_the_end(tmp_path: Path) -> None:
    size = write(tmp_path / "x", [(100, 1)])
    container = Container(tmp_path / "x")
    for start, end in ((0, size), (-PAGE, 0), (PAGE, 8)):
        with pytest.raises(DamagedIndexError, match="it has no bytes"):
            container.check(start, end)


def test_another_format_version_is_not_taken_for_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "FORMAT_VERSION", FORMAT_VERSION + 1)
    write(tmp_path / "x", [(10, 1)])
    monkeypatch.undo()
    with pytest.raises(OutdatedIndexError, match=f"version {FORMAT_VERSION + 1}"):
        Container(tmp_path / "x")


@pytest.mark.parametrize("raw", [b"", MAGIC, b"x" * 1000, MAGIC * 100])
def test_other_files_are_no_containers(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x").write_bytes(raw)
    with pytest.raises((DamagedIndexError, OutdatedIndexError)):
        Container(tmp_path / "x")


@pytest.mark.skipif(not SMAPS.exists(), reason="the system does not tell what is resident")
def test_what_was_looked_at_does_not_stay_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, size = tmp_path / "c.tim", 100 * PAGE
    write(path, [(size, 1)])
    opened = Container(path)
    first = opened.array("part/0", "u1")
    assert resident(path) >= size // 2
    monkeypatch.setattr(container, "MAPPED", size // 2)
    opened.check(0, size)
    assert resident(path) < size // 2
    assert first.tobytes() == content(size, 1)  # and is there all the same


def resident(path: Path) -> int:
    """Bytes of a mapped file that are in the memory of this process."""
    found, ours = 0, False
    for line in SMAPS.read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            ours = line.endswith(str(path))
        elif ours and line.startswith("Rss:"):
            found += int(line.split()[1]) << 10
    return found
