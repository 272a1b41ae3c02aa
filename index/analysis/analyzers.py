"""The Whoosh analyzers, composed of the same functions that indexing and highlighting call.

    FOLDED    gap, go, dau, xuan              every syllable, marks off
    ACCENTED  gặp, gỡ, đầu, xuân              every syllable, marks on, spelling unified
    PAIRS     gap_go, go_dau, dau_xuan        adjacent syllables, across punctuation too
    WORDS     gặp_gỡ                          pyvi's words of two and more syllables
    ABBREVIATIONS  ubnd=ủy_ban_nhân_dân       abbreviations that the text defines

Tokens carry `pos` and `startchar`/`endchar` when asked, as Whoosh's own do; character offsets count
in the NFC form of the text. `_` joins syllables and never occurs within one. Nothing here holds
state, so that a schema pickles to a few hundred bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from whoosh.analysis import Analyzer, Filter, Token, Tokenizer

from index.analysis.abbreviations import definitions
from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, nfc
from index.analysis.syllables import syllable_spans
from index.analysis.words import segmenter

JOINER = "_"
"""Stands between the syllables of a pair or word; never part of a syllable."""


def pair_keys(folded: list[str]) -> list[str]:
    """The pair keys of a document's folded keys: one less than there are syllables."""
    return [first + JOINER + second for first, second in pairwise(folded)]


class SpanTokenizer(Tokenizer):  # type: ignore[misc]
    """Yields a token for each (text, start, end) that `spans` finds in the NFC form of a value."""

    def spans(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The tokens of NFC `text`, each with its character offsets."""
        raise NotImplementedError

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Token]:
        """One token object, yielded again and again; the arguments are Whoosh's RegexTokenizer's.

        With `tokenize=False` the whole value is the one token.
        """
        text = nfc(value)
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        found = self.spans(text) if tokenize else iter([(text, 0, len(text))])
        for pos, (surface, start, end) in enumerate(found, start_pos):
            token.text = surface
            token.boost = 1.0
            token.stopped = False
            if keeporiginal:
                token.original = text[start:end]
            if positions:
                token.pos = pos
            if chars:
                token.startchar = start_char + start
                token.endchar = start_char + end
            yield token


class SyllableTokenizer(SpanTokenizer):
    """Surfaces of the syllables."""

    def spans(self, text: str) -> Iterator[tuple[str, int, int]]:
        """(surface, start, end) of each syllable."""
        starts, ends = syllable_spans(text)
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            yield text[start:end], start, end


class WordTokenizer(SpanTokenizer):
    """Keys of the words of two and more syllables."""

    def spans(self, text: str) -> Iterator[tuple[str, int, int]]:
        """(word key, start, end) of each compound."""
        yield from segmenter().compound_spans(text)


class AbbreviationTokenizer(SpanTokenizer):
    """Abbreviations that the text defines, each once."""

    def spans(self, text: str) -> Iterator[tuple[str, int, int]]:
        """(definition, 0, length of the text), in order of the definitions."""
        for term in sorted(definition.term() for definition in definitions(text)):
            yield term, 0, len(text)


class AccentedFilter(Filter):  # type: ignore[misc]
    """Surface → accented key."""

    def __call__(self, tokens: Iterator[Token]) -> Iterator[Token]:
        for token in tokens:
            token.text = accented_key(token.text)
            yield token


class FoldFilter(Filter):  # type: ignore[misc]
    """Accented key → folded key."""

    def __call__(self, tokens: Iterator[Token]) -> Iterator[Token]:
        for token in tokens:
            token.text = fold_key(token.text)
            yield token


class PairFilter(Filter):  # type: ignore[misc]
    """Each token joined with the next, at the position of the first, over the span of both."""

    def __call__(self, tokens: Iterator[Token]) -> Iterator[Token]:
        first: Token | None = None
        for token in tokens:
            following = token.copy()
            if first is not None:
                token.text = first.text + JOINER + token.text
                if hasattr(token, "original"):
                    token.original = f"{first.original} {token.original}"
                if token.positions:
                    token.pos = first.pos
                if token.chars:
                    token.startchar = first.startchar
                yield token
            first = following


ACCENTED: Analyzer = SyllableTokenizer() | AccentedFilter()
FOLDED: Analyzer = ACCENTED | FoldFilter()
PAIRS: Analyzer = FOLDED | PairFilter()
WORDS: Tokenizer = WordTokenizer()
ABBREVIATIONS: Tokenizer = AbbreviationTokenizer()
