"""`python -m bench encodings CORPUS`: how often a text is read rightly whatever its encoding.

Every document of the corpus is written in every encoding and decoded without being told which. A
detection is right if the text that comes out is the text that went in, apart from capitals where
the encoding has none (`identical` says how often these are guessed back too); what an encoding
cannot write (quotes, foreign letters) is left out before.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from multiprocessing import Pool
from pathlib import Path

from bench.corpus import documents
from bench.report import markdown_table, write_section
from index.analysis.normalize import nfc
from index.errors import SeedError
from index.readers import charsets
from index.readers.decoding import Decoded, decode_named

GOAL = 0.999
MIN_CHARS = 200
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_BATCH = 200  # texts that a process takes at a time


@dataclass
class Tally:
    """Texts by encoding: all, those read rightly, those with all capitals too; and what was taken
    for what."""

    total: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    identical: Counter[str] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.total += other.total
        self.right += other.right
        self.identical += other.identical
        self.wrong += other.wrong
        self.examples += other.examples

    @property
    def utf8_misread(self) -> int:
        """Texts in UTF-8 that were not read as what they are."""
        return sum(count for (name, _), count in self.wrong.items() if name.startswith("utf-8"))


def main(argv: list[str]) -> int:
    """Prints the share of right detections by encoding; returns 1 if one misses the goal."""
    parser = argparse.ArgumentParser(prog="python -m bench encodings", description=__doc__)
    parser.add_argument("corpus", type=Path, help="documents, one JSON object a line, .gz or not")
    parser.add_argument("--docs", type=int, default=2000, help="how many (default: 2000; 0: all)")
    parser.add_argument("--chars", type=int, default=0, help="only the first so many of each")
    parser.add_argument("--processes", type=int, default=1, help="how many (default: 1)")
    parser.add_argument("--wrong", action="store_true", help="show what was read wrongly")
    parser.add_argument("--write", action="store_true", help="also write bench/RESULTS.md")
    options = parser.parse_args(argv)
    tally = Tally()
    batches = _batches(options.corpus, options.docs or None, options.chars)
    with Pool(options.processes) as pool:
        for part in pool.imap_unordered(measure, batches):
            tally.add(part)
    text = table(tally)
    print(text)
    if options.wrong:
        for name, taken, excerpt in tally.examples:
            print(f"{name} read as {taken}: {excerpt!r}")
    if options.write:
        write_section("encodings", f"## Encodings told from their bytes\n\n{text}")
    return 1 if _missed(tally) or tally.utf8_misread else 0


def measure(texts: list[str]) -> Tally:
    """Each text in each encoding, read without being told which."""
    tally = Tally()
    for text in texts:
        for name, encode in ENCODERS.items():
            written, data = encode(text)
            found = _decoded(data)
            tally.total[name] += 1
            if found and same(written, found.text):
                tally.right[name] += 1
                tally.identical[name] += nfc(written).split() == found.text.split()
            else:
                taken = found.encoding if found else "nothing"
                tally.wrong[name, taken] += 1
                tally.examples.append((name, taken, _difference(written, found)))
    return tally


def table(tally: Tally) -> str:
    """The tally as markdown, and what it says of the goal."""
    rows = []
    for name in ENCODERS:
        total = max(1, tally.total[name])
        taken = [f"{other} {count:,}" for (one, other), count in tally.wrong.items() if one == name]
        shares = (tally.right[name] / total, tally.identical[name] / total)
        rows.append(
            [name, f"{tally.total[name]:,}", *(f"{share:.3%}" for share in shares), *_list(taken)]
        )
    missed = _missed(tally)
    reached = f"missed by {', '.join(missed)}" if missed else "reached"
    return (
        markdown_table(["encoding", "texts", "right", "identical", "wrongly read as"], rows)
        + f"\n\nGoal, {GOAL:.1%} right: {reached}. UTF-8 texts misread: {tally.utf8_misread}."
    )


def _list(taken: list[str]) -> list[str]:
    return [", ".join(sorted(taken)) or "–"]


def _missed(tally: Tally) -> list[str]:
    return [name for name in ENCODERS if tally.right[name] < GOAL * tally.total[name]]


def _batches(corpus: Path, docs: int | None, chars: int) -> Iterator[list[str]]:
    texts = (nfc(document.text)[: chars or None] for document in documents(corpus, docs))
    long_enough = (text for text in texts if len(text) >= MIN_CHARS or chars)
    while batch := list(islice(long_enough, _BATCH)):
        yield batch


def _difference(written: str, found: Decoded | None) -> str:
    """What stands where the two texts begin to differ."""
    if found is None:
        return written[:60]
    one, other = nfc(written), found.text
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))
    return f"{one[max(0, at - 20) : at + 20]} | {other[max(0, at - 20) : at + 20]}"


def same(written: str, read: str) -> bool:
    """Whether two texts are the same apart from capitals, line ends and Unicode's forms."""
    if written == read:
        return True
    return nfc(written).lower().split() == nfc(read).lower().split()


def write(text: str, codec: str) -> tuple[str, bytes]:
    """What of `text` the codec can write, and the bytes."""
    charsets.register()
    data = text.encode(codec, "ignore")
    if len(data) != len(text):  # a codec with two bytes a letter, or something is left out
        text = "".join(part for part in _graphemes(text) if _can(part, codec))
        data = text.encode(codec)
    return text, data


def cp1258(text: str) -> str:
    """`text` in the form that cp1258 has: letters with shapes composed, tones behind them."""
    return "".join(map(_tone_behind, nfc(text)))


@lru_cache(maxsize=1 << 12)
def _tone_behind(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    tones = "".join(part for part in parts if part in _TONES)
    letter = "".join(part for part in parts if part not in _TONES)
    return unicodedata.normalize("NFC", letter) + tones if tones else character


def _graphemes(text: str) -> list[str]:
    found: list[str] = []
    for character in text:
        if unicodedata.combining(character) and found:
            found[-1] += character
        else:
            found.append(character)
    return found


@lru_cache(maxsize=1 << 14)
def _can(part: str, codec: str) -> bool:
    try:
        part.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _decoded(data: bytes) -> Decoded | None:
    try:
        return decode_named(data)
    except SeedError:
        return None


ENCODERS: Mapping[str, Callable[[str], tuple[str, bytes]]] = {
    "utf-8": lambda text: (text, text.encode()),
    "utf-8 bom": lambda text: (text, b"\xef\xbb\xbf" + text.encode()),
    "utf-8 nfd": lambda text: (text, unicodedata.normalize("NFD", text).encode()),
    "utf-16": lambda text: (text, text.encode("utf-16")),
    "utf-16-le": lambda text: (text, text.encode("utf-16-le")),
    "utf-16-be": lambda text: (text, text.encode("utf-16-be")),
    "cp1258": lambda text: write(cp1258(text), "cp1258"),
    "tcvn": lambda text: write(text, "tcvn"),
    "tcvn3": lambda text: write(text, "tcvn3"),
    "viscii": lambda text: write(text, "viscii"),
    "vni": lambda text: write(text, "vni"),
    "vps": lambda text: write(text, "vps"),
    "viqr": lambda text: write(text, "viqr"),
}
