"""`python -m bench encodings CORPUS`: how often a text is read rightly whatever its encoding.

Every document of the corpus is written in every encoding and decoded without being told which. A
detection is right if the text that comes out is the text that went in, apart from capitals where
the encoding has none; what an encoding cannot write (quotes, foreign letters) is left out before.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.corpus import documents
from index.analysis.normalize import nfc
from index.errors import SeedError
from index.readers import charsets
from index.readers.decoding import Decoded, decode_named

GOAL = 0.999
MIN_CHARS = 200
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def main(argv: list[str]) -> int:
    """Prints the share of right detections by encoding; returns 1 if one misses the goal."""
    parser = argparse.ArgumentParser(prog="python -m bench encodings", description=__doc__)
    parser.add_argument("corpus", type=Path, help="documents, one JSON object a line, .gz or not")
    parser.add_argument("--docs", type=int, default=2000, help="how many (default: 2000; 0: all)")
    parser.add_argument("--chars", type=int, default=0, help="only the first so many of each")
    options = parser.parse_args(argv)
    charsets.register()
    right, total, wrong = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for document in documents(options.corpus, options.docs or None):
        text = nfc(document.text)[: options.chars or None]
        if len(text) < MIN_CHARS and not options.chars:
            continue
        for name, encode in ENCODERS.items():
            written, data = encode(text)
            found = _decoded(data)
            total[name] += 1
            if found and same(written, found.text):
                right[name] += 1
            else:
                wrong[name, found.encoding if found else "refused"] += 1
    for name in ENCODERS:
        share = right[name] / max(1, total[name])
        taken = {other: count for (one, other), count in wrong.items() if one == name}
        print(f"{name:12}{total[name]:8,} texts {share:9.4%} right  {taken or ''}")
    missed = [name for name in ENCODERS if right[name] < GOAL * total[name]]
    utf8 = sum(count for (name, _), count in wrong.items() if name.startswith("utf-8"))
    print(f"goal {GOAL:.1%}: {'missed by ' + ', '.join(missed) if missed else 'reached'}")
    print(f"UTF-8 texts misread: {utf8}")
    return 1 if missed or utf8 else 0


def same(written: str, read: str) -> bool:
    """Whether two texts are the same apart from capitals, line ends and Unicode's forms."""
    return nfc(written).lower().split() == nfc(read).lower().split()


def write(text: str, codec: str) -> tuple[str, bytes]:
    """What of `text` the codec can write, and the bytes."""
    data = text.encode(codec, "ignore")
    if len(data) != len(text):  # a codec with two bytes a letter, or something is left out
        text = "".join(part for part in _graphemes(text) if _can(part, codec))
        data = text.encode(codec)
    return text, data


def cp1258(text: str) -> str:
    """`text` in the form that cp1258 has: letters with shapes composed, tones behind them."""
    out = []
    for character in nfc(text):
        parts = unicodedata.normalize("NFD", character)
        tones = "".join(part for part in parts if part in _TONES)
        letter = "".join(part for part in parts if part not in _TONES)
        out.append(unicodedata.normalize("NFC", letter) + tones if tones else character)
    return "".join(out)


def _graphemes(text: str) -> list[str]:
    found: list[str] = []
    for character in text:
        if unicodedata.combining(character) and found:
            found[-1] += character
        else:
            found.append(character)
    return found


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
