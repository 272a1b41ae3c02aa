"""What is being typed, taken apart: the syllables that are whole and the one that is only begun."""

from __future__ import annotations

from dataclasses import dataclass

from index.analysis.fold import fold_key, fold_text
from index.analysis.normalize import nfc
from index.analysis.syllables import Syllable, syllables

OPERATORS = frozenset('":*()')
CONTEXT = 3
"""Whole syllables that the next one is made to follow."""


@dataclass(frozen=True, slots=True)
class Typed:
    """`before` is text that stays as it is; then `whole` syllables; then `begun`, folded, which is
    empty after a space."""

    before: str
    whole: tuple[Syllable, ...]
    begun: str
    text: str

    @property
    def stems(self) -> tuple[str, ...]:
        """What the key of the begun syllable may begin with: i and y may be one letter in it."""
        return tuple(dict.fromkeys((self.begun, fold_key(self.begun))))

    @property
    def folded(self) -> str:
        """All that was typed, folded, with single spaces."""
        return " ".join(fold_text(self.text).split())

    def shortened(self) -> Typed | None:
        """The same with less context: the first whole syllable is no longer looked at."""
        if len(self.whole) < 2:
            return None
        first = self.whole[1].start
        return Typed(self.text[:first], self.whole[1:], self.begun, self.text)


def read(text: str) -> Typed | None:
    """None if nothing can be suggested: no syllables, or the query language is being written."""
    text = nfc(text).lstrip()
    found = syllables(text)
    if not found or OPERATORS & set(text) or text.startswith("-") or " -" in text:
        return None
    last = found[-1]
    if last.end == len(text):
        whole, begun = found[:-1], fold_text(last.surface)
    else:
        whole, begun = found, ""
    context = whole[-CONTEXT:]
    first = context[0].start if context else last.start
    return Typed(text[:first], tuple(context), begun, text)
