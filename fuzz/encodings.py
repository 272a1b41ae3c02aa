"""Targets in bytes → text: decoding and detection, and the codecs of our own."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from bench.encodings import ENCODERS
from fuzz.language import PROSE, WORDS
from fuzz.target import Check, Target, text_of
from index.errors import SeedError
from index.readers import charsets
from index.readers.decoding import decode_named

_DECLARED = (None, "utf-8", "utf-16", "cp1258", "tcvn3", "vni", "viscii", "ascii", "utf-7", "idna")


def _decoding(_: Path) -> Check:
    def check(data: bytes) -> None:
        declared = _DECLARED[data[0] % len(_DECLARED)] if data and data[0] >= 0xF0 else None
        try:
            found = decode_named(data, declared)
        except SeedError as error:
            assert str(error)
            return
        assert "\r" not in found.text
        assert unicodedata.is_normalized("NFC", found.text)
        found.text.encode()

    return check


def _codecs(_: Path) -> Check:
    charsets.register()

    def check(data: bytes) -> None:
        text = unicodedata.normalize("NFC", text_of(data))
        for name in charsets.NAMES:
            data.decode(name, "replace")
            try:
                written = text.encode(name)
            except UnicodeEncodeError:
                written = text.encode(name, "ignore")
            written.decode(name)

    return check


_EXAMPLES = tuple(encode(PROSE.decode())[1] for encode in ENCODERS.values())
_TOKENS = (*WORDS, b"\xff", b"\xfe", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\xe1\xba")

TARGETS = (
    Target("decoding", _decoding, _EXAMPLES, _TOKENS, share=6),
    Target("codecs", _codecs, _EXAMPLES, _TOKENS, share=4),
)
