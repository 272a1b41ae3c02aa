"""What a target is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Check = Callable[[bytes], None]
"""Hands bytes to the code under test; raises whatever it must not raise, or AssertionError."""

KILOBYTE = 1024
MS_PER_KILOBYTE = 50.0


@dataclass(frozen=True, slots=True)
class Target:
    """A function that takes input from outside.

    `prepare` gets a folder of its own and returns the check. `examples` are good inputs, `tokens`
    what such inputs are made of.
    """

    name: str
    prepare: Callable[[Path], Check]
    examples: tuple[bytes, ...]
    tokens: tuple[bytes, ...]
    max_bytes: int = 16 * KILOBYTE
    share: int = 1  # of the inputs of a round; fast targets take more


def text_of(data: bytes) -> str:
    """Any text at all, lone surrogates too, out of any bytes."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def allowed_seconds(size: int) -> float:
    """The CPU time that an input of `size` bytes may take; one kilobyte's at least."""
    return max(1.0, size / KILOBYTE) * MS_PER_KILOBYTE / 1000
