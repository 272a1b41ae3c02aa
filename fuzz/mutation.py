"""Inputs made of examples: pieces taken out, doubled, exchanged, tokens put in, bits flipped."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

LONG = 0.004  # of the inputs are one piece over and over, up to the longest: quadratic time shows
MOST_CHANGES = 6
_KEPT = 512  # inputs of one's own that are gone on from


class Mutation:
    """An endless supply of inputs of at most `max_bytes`; the same for the same `random`."""

    def __init__(
        self, examples: Sequence[bytes], tokens: Sequence[bytes], max_bytes: int, random: Random
    ) -> None:
        self._pool = [example[:max_bytes] for example in examples] or [b""]
        self._first = len(self._pool)
        self._tokens, self._max, self._random = tokens, max_bytes, random

    def make(self) -> bytes:
        random = self._random
        if random.random() < LONG:
            return self._long()
        data = bytearray(random.choice(self._pool))
        if len(data) > 256 and random.random() < 0.9:  # short inputs are fast, and reach as much
            start = random.randrange(len(data) - 128)
            data = data[start : start + random.randrange(16, 128)]
        for _ in range(random.randint(1, MOST_CHANGES)):
            self._change(data)
        made = bytes(data[: self._max])
        if random.random() < 0.05:
            self._keep(made)
        return made

    def _change(self, data: bytearray) -> None:
        random = self._random
        at = random.randint(0, len(data))
        end = min(len(data), at + random.randint(1, 16))
        match random.randrange(7):
            case 0 | 1 | 2:
                data[at:at] = random.choice(self._tokens)
            case 3:
                data[at:end] = random.choice(self._tokens)
            case 4:
                del data[at:end]
            case 5:
                data[at:at] = data[at:end] * random.randint(1, 4)
            case _:
                if end > at:
                    data[at] ^= 1 << random.randrange(8)

    def _long(self) -> bytes:
        random = self._random
        piece = bytearray()
        for _ in range(random.randint(1, 3)):
            piece += random.choice(self._tokens)
        if random.random() < 0.3:
            piece += random.choice(self._pool)[:64]
        size = int(self._max ** random.uniform(0.6, 1))
        lead = random.choice(self._tokens) if random.random() < 0.5 else b""
        return (lead + bytes(piece or b" ") * (size // max(1, len(piece)) + 1))[:size]

    def _keep(self, made: bytes) -> None:
        if len(self._pool) < self._first + _KEPT:
            self._pool.append(made)
        else:
            self._pool[self._random.randrange(self._first, len(self._pool))] = made
