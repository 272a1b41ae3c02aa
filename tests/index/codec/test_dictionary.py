"""A dictionary of any keys answers as a sorted list of them does."""

from __future__ import annotations

from bisect import bisect_left
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.codec.container import PAGE, Container, ContainerWriter
from index.codec.dictionary import BLOCK, Dictionary, DictionaryWriter
from index.errors import DamagedIndexError

# Few different bytes, so that keys share beginnings; 0xff is what a range of prefixes trips over.
SHORT = st.lists(st.sampled_from(b"\x00ab\xfe\xff"), max_size=6).map(bytes)
LONG = st.builds(
    lambda start, length, end: (start * 255)[: length - len(end)] + end,
    st.sampled_from([b"a", b"ab", b"\xff"]),
    st.integers(3, 255),
    st.binary(max_size=3),
)
KEY = st.one_of(SHORT, SHORT, st.binary(max_size=3), LONG)
KEYS = st.lists(KEY, unique=True, max_size=4 * BLOCK).map(sorted)
NUMBERS = st.one_of(st.integers(0, 3), st.integers(250, 260), st.integers(0, 2**32 - 1))
anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


def dictionary(
    path: Path,
    keys: list[bytes],
    dfs: list[int] | None = None,
    sizes: list[int] | None = None,
    parts: int = 1,
) -> Dictionary:
    """Written in several parts, as the writer of a field does, and opened again."""
    out = ContainerWriter(path.open("wb"))
    out.section("f/post", b"")
    writer = DictionaryWriter("f")
    step = max(1, -(-len(keys) // parts))
    df, size = (np.array(n or [1] * len(keys), np.int64) for n in (dfs, sizes))
    modes = np.arange(len(keys)).astype(np.uint8)
    for low in range(0, len(keys), step):
        part = slice(low, low + step)
        writer.add(keys[part], df[part], size[part], modes[part])
    writer.write(out)
    out.close()
    return Dictionary(Container(path), "f")


@anything
@given(keys=KEYS, others=st.lists(KEY, max_size=20), parts=st.integers(1, 4))
@example(keys=[bytes([at]) for at in range(256)], others=[b"", b"\xff\xff"], parts=3)
@example(keys=[b"a" * length for length in range(256)], others=[b"b"], parts=2)
def test_keys_are_found_and_listed(
    loops: None, keys: list[bytes], others: list[bytes], parts: int, tmp_path: Path
) -> None:
    found = dictionary(tmp_path / "x", keys, parts=parts)
    assert found.term_count == len(keys)
    assert found.keys(0, len(keys)) == keys
    assert [found.key(at) for at in range(len(keys))] == keys
    for key in [*keys, *others, *(key + b"\0" for key in keys), *(key[:-1] for key in keys)]:
        assert found.lower_bound(key) == bisect_left(keys, key)
        assert found.find(key) == (keys.index(key) if key in keys else -1)


@anything
@given(keys=KEYS, prefixes=st.lists(SHORT, max_size=10))
@example(keys=[b"a", b"a\xff", b"a\xff\xff", b"b"], prefixes=[b"a\xff", b"", b"\xff"])
@example(keys=[b"\xff", b"\xff\xff"], prefixes=[b"\xff", b"\xff\xff", b"\xff\xff\xff"])
def test_a_range_of_prefixes_holds_the_keys_that_begin_so(
    loops: None, keys: list[bytes], prefixes: list[bytes], tmp_path: Path
) -> None:
    found = dictionary(tmp_path / "x", keys)
    for prefix in [b"", *prefixes, *(key[:2] for key in keys)]:
        low, high = found.prefix_range(prefix)
        assert found.keys(low, high) == [key for key in keys if key.startswith(prefix)]


@anything
@given(keys=KEYS, data=st.data())
def test_ranges_of_keys_begin_and_end_anywhere(
    keys: list[bytes], data: st.DataObject, tmp_path: Path
) -> None:
    found = dictionary(tmp_path / "x", keys)
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, len(keys))] * 2)))
    assert found.keys(low, high) == keys[low:high]


@anything
@given(
    columns=st.lists(st.tuples(NUMBERS, st.integers(0, 300)), max_size=3 * BLOCK),
    data=st.data(),
)
def test_frequencies_and_extents_are_kept_however_large(
    columns: list[tuple[int, int]], data: st.DataObject, tmp_path: Path
) -> None:
    keys = [b"%05d" % number for number in range(len(columns))]
    dfs, sizes = [df for df, _ in columns], [size for _, size in columns]
    found = dictionary(tmp_path / "x", keys, dfs, sizes)
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, len(keys))] * 2)))
    assert found.dfs(low, high).tolist() == dfs[low:high]
    assert [found.df(at) for at in range(low, high)] == dfs[low:high]
    first = found.extents(0, len(keys))[0]
    starts = [first + sum(sizes[:at]) for at in range(len(keys) + 1)]
    if low < high:
        assert found.extents(low, high).tolist() == starts[low : high + 1]
    for at in range(low, high):
        assert found.extent(at) == (starts[at], sizes[at])
    assert found.modes.tolist() == [number % 256 for number in range(len(keys))]


def test_no_key_is_looked_for_in_a_damaged_page(loops: None, tmp_path: Path) -> None:
    keys = sorted(blake2b(b"%d" % at, digest_size=20).hexdigest().encode() for at in range(6000))
    dictionary(tmp_path / "x", keys)
    whole = bytearray((tmp_path / "x").read_bytes())
    start, length = Container(tmp_path / "x").extent("f/keys")
    assert length > 6 * PAGE  # else the damaged page is one that every look-up passes
    whole[start + length * 5 // 8] ^= 1
    (tmp_path / "x").write_bytes(whole)
    damaged = Dictionary(Container(tmp_path / "x"), "f")
    assert damaged.find(keys[0]) == 0
    assert damaged.find(keys[-1]) == len(keys) - 1
    with pytest.raises(DamagedIndexError, match="checksum mismatch"):
        damaged.find(keys[len(keys) * 5 // 8])


def test_neighbours_share_their_beginnings(tmp_path: Path) -> None:
    keys = sorted(b"nguyen_thi_%03d" % number for number in range(1000))
    dictionary(tmp_path / "x", keys)
    _, size = Container(tmp_path / "x").extent("f/keys")
    assert size < sum(map(len, keys)) / 5
