"""Vietnamese words (compounds of two and more syllables), as pyvi segments them."""

from __future__ import annotations

from functools import cache

from pyvi import ViTokenizer

from index.analysis.syllables import syllables


class WordSegmenter:
    """pyvi's own segmentation, called through its public functions."""

    def tokenize(self, text: str) -> str:
        return str(ViTokenizer.tokenize(text))

    def word_spans(self, text: str) -> list[tuple[int, int, int]]:
        tokens: list[str] = ViTokenizer.ViTokenizer.sylabelize(text)[1]
        if not tokens:
            return []
        output = self.tokenize(text)
        spans: list[tuple[int, int, int]] = []
        at = place = 0
        for token in tokens:
            joined = place > 0 and output[place - 1] == "_"
            start = text.index(token, at)
            at = start + len(token)
            if joined:
                spans[-1] = (spans[-1][0], at, spans[-1][2] + 1)
            else:
                spans.append((start, at, 1))
            place += len(token) + 1
        return spans

    def compounds(self, text: str) -> list[str]:
        found = []
        for start, end, _ in self.word_spans(text):
            keys = [syllable.accented for syllable in syllables(text[start:end])]
            if len(keys) > 1:
                found.append("_".join(keys))
        return found


@cache
def segmenter() -> WordSegmenter:
    return WordSegmenter()
