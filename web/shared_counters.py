"""Counters that expire, in a file that several processes share: what rate limits are counted in.

Redis would do for a farm of machines; one server needs a table of a megabyte. It never grows: when
a neighbourhood is full, the counter that expires first makes room, so whoever floods it with
addresses only resets counters that were about to end.
"""

from __future__ import annotations

import time
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
from limits.storage import Storage

from web.shared import SharedLock

SLOTS = 1 << 15
NEIGHBOURHOOD = 16
"""Slots in which a key may be found."""
_ROW = np.dtype([("key", np.uint64), ("expires", np.float64), ("count", np.uint64)])


class SharedCounters(Storage):
    """A storage of the `limits` library at `timtin-shared:///path/of/a/file`."""

    STORAGE_SCHEME = ["timtin-shared"]  # noqa: RUF012 (the library's way)

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_: Any) -> None:
        super().__init__(uri, wrap_exceptions)
        path = Path(unquote(urlsplit(uri).path))
        self._lock = SharedLock(path.with_suffix(".lock"))
        with self._lock:
            if not path.exists():
                path.write_bytes(bytes(SLOTS * _ROW.itemsize))
        self._rows = np.memmap(path, _ROW, "r+", shape=(SLOTS,))

    @property
    def base_exceptions(self) -> type[Exception]:
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter, which begins at 0 and ends `expiry` seconds later."""
        number, now = _number(key), time.time()
        with self._lock:
            row = self._row(number, now)
            if row["key"] != number or row["expires"] <= now:
                row["key"], row["expires"], row["count"] = number, now + expiry, 0
            row["count"] += amount
            return int(row["count"])

    def get(self, key: str) -> int:
        """The counter; 0 if it has ended."""
        number, now = _number(key), time.time()
        row = self._row(number, now)
        return int(row["count"]) if row["key"] == number and row["expires"] > now else 0

    def get_expiry(self, key: str) -> float:
        """When the counter ends, in seconds since 1970."""
        number, now = _number(key), time.time()
        row = self._row(number, now)
        return float(row["expires"]) if row["key"] == number else now

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            used = int(np.count_nonzero(self._rows["key"]))
            self._rows[:] = np.zeros(1, _ROW)
        return used

    def clear(self, key: str) -> None:
        number = _number(key)
        with self._lock:
            row = self._row(number, time.time())
            if row["key"] == number:
                row["expires"] = 0.0

    def _row(self, number: np.uint64, now: float) -> Any:
        """The row of a key, or else the one to take for it, in its neighbourhood."""
        first = int(number) % (SLOTS - NEIGHBOURHOOD)
        rows = self._rows[first : first + NEIGHBOURHOOD]
        known = np.flatnonzero(rows["key"] == number)
        at = known[0] if len(known) else np.argmin(rows["expires"])
        return rows[int(at)]


def _number(key: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(key.encode(), digest_size=8).digest()))
