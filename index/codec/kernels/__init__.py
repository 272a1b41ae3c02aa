"""The codec's innermost loops, compiled by Numba: what `native` gives out where it is installed."""

from index.codec.kernels.inverting import invert, rarer
from index.codec.kernels.keys import decode, unite
from index.codec.kernels.merging import distances, place, undo
from index.codec.kernels.reading import bits, ranks, read, run, seek, sums
from index.codec.kernels.writing import plan, write

__all__ = [
    "bits",
    "decode",
    "distances",
    "invert",
    "place",
    "plan",
    "ranks",
    "rarer",
    "read",
    "run",
    "seek",
    "sums",
    "undo",
    "unite",
    "write",
]
