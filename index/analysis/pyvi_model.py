"""pyvi's own model files, read without importing pyvi (which loads scikit-learn, scipy, crfsuite).

`models/pyvi3.pkl` pickles a wrapper around a CRFsuite model, whose bytes it carries as one Latin-1
string; the pickle is scanned for that string and never executed. `models/words.txt` is a lexicon,
one entry a line, of which pyvi reads those of two and three syllables. The layout of the model is
that of CRFsuite's `crf1d_model.c` and of `cqdb.c`, its constant database of strings.
"""

from __future__ import annotations

import hashlib
import pickletools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from index.errors import TimtinError

MODEL: Final = "pyvi3.pkl"
LEXICON: Final = "words.txt"
DIGESTS: Final = {
    MODEL: "6cdd73aee04b6a4ad7320ca85d27d931a7ef870cfdd41beb148e86bdb8aca134",
    LEXICON: "517743d27e71d43343e4b8e9e89015cdc68d84ebe1d48106449e501d918ece4a",
}
"""SHA-256 of the files of pyvi 0.1.1, the release that the decoder is checked against."""

BEGIN: Final = "B_W"
INSIDE: Final = "I_W"


class UnknownModelError(TimtinError):
    """pyvi's files are not those of the release that the decoder knows."""

    remedy = "install pyvi==0.1.1"


@dataclass(frozen=True, slots=True)
class PyviModel:
    """A CRF with two labels over pyvi's features, and its lexicon.

    `labels` are in the model's order, and so are the weights of an attribute in `states`. Of a
    two-label chain only differences matter, but for rounding: `weights[attribute]` is the weight of
    "inside a word" less that of "begins a word". `transitions[a + b]` is that of label b after a.
    """

    labels: tuple[str, str]
    transitions: dict[str, float]
    states: dict[str, tuple[float, float]]
    weights: dict[str, float]
    bigrams: frozenset[tuple[str, ...]]
    trigrams: frozenset[tuple[str, ...]]


def load_model(folder: Path | None = None) -> PyviModel:
    """The model in `folder`, by default that of the installed pyvi.

    Raises `UnknownModelError` if a file is missing or differs from pyvi 0.1.1's.
    """
    folder = folder or _installed()
    labels, transitions, states = _read_crf(_crf_bytes(_checked(folder / MODEL)))
    inside, begin = labels.index(INSIDE), labels.index(BEGIN)
    entries = _checked(folder / LEXICON).decode("utf-8").split("\n")
    grams = [tuple(entry.split(" ")) for entry in entries]
    return PyviModel(
        labels,
        transitions,
        states,
        {name: each[inside] - each[begin] for name, each in states.items()},
        frozenset(gram for gram in grams if len(gram) == 2),
        frozenset(gram for gram in grams if len(gram) == 3),
    )


def _installed() -> Path:
    spec = find_spec("pyvi")
    if spec is None or not spec.submodule_search_locations:
        raise UnknownModelError("pyvi is not installed")
    return Path(spec.submodule_search_locations[0], "models")


def _checked(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnknownModelError(f"pyvi's file {path} cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != DIGESTS[path.name]:
        raise UnknownModelError(f"pyvi's file {path} is not that of pyvi 0.1.1")
    return data


def _crf_bytes(pickled: bytes) -> bytes:
    """The CRFsuite model inside the pickle: the one string with its magic number."""
    for _, argument, _ in pickletools.genops(pickled):
        if isinstance(argument, str) and argument.startswith("lCRF"):
            return argument.encode("latin-1")
    raise UnknownModelError("pyvi's model holds no CRFsuite model")


def _read_crf(
    data: bytes,
) -> tuple[tuple[str, str], dict[str, float], dict[str, tuple[float, float]]]:
    """(labels, transitions, states) of a CRFsuite model, as `PyviModel` has them."""
    features, labels_at, attributes_at = struct.unpack_from("<III", data, 28)
    first, second = labels = list(_read_strings(data, labels_at))
    attributes = list(_read_strings(data, attributes_at))
    transitions: dict[str, float] = {}
    states: dict[str, tuple[float, float]] = {}
    (count,) = struct.unpack_from("<I", data, features + 8)
    records = struct.iter_unpack("<IIId", data[features + 12 : features + 12 + 20 * count])
    for is_transition, source, target, weight in records:
        if is_transition:
            transitions[labels[source] + labels[target]] = weight
        else:
            name = attributes[source]
            one, other = states.get(name, (0.0, 0.0))
            states[name] = (one, weight) if target else (weight, other)
    return (first, second), transitions, states


def _read_strings(data: bytes, start: int) -> Iterator[str]:
    """The strings of the constant database at `start`, in order of their ids."""
    count, table = struct.unpack_from("<II", data, start + 16)
    for offset in struct.unpack_from(f"<{count}I", data, start + table):
        (size,) = struct.unpack_from("<I", data, start + offset + 4)
        begin = start + offset + 8
        yield data[begin : begin + size - 1].decode()  # without the NUL at its end
