"""What a seed may cost. Beyond that it, or the rest of it, is left out and named in the report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one seed.

    `file_bytes`: of a file that is read whole; `stream_bytes`: of .jsonl, and of .jsonl.gz both
    packed and unpacked. `expansion`: how many times its size a packed file may become. `documents`:
    in one file, and lines of a text. `seconds` (of CPU) and `memory_bytes`: for a file that a
    library parses (web pages, Word, PDF).
    """

    file_bytes: int = 64 << 20
    stream_bytes: int = 16 << 30
    expansion: int = 300
    documents: int = 2_000_000
    seconds: int = 60
    memory_bytes: int = 1 << 30

    @property
    def key(self) -> str:
        """What changes whenever a limit does; "" for those that nobody has set."""
        return "" if self == LIMITS else repr(self)


LIMITS = Limits()
