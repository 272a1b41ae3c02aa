"""What is being typed, taken apart: the syllables that are whole and the one that is only begun."""

from __future__ import annotations

from dataclasses import dataclass

from index.analysis.fold import fold_key, fold_text
from index.analysis.normalize import nfc, split_tones
from index.analysis.syllables import Syllable, syllables

OPERATORS = frozenset('":*()')
CONTEXT = 3
"""Whole syllables that the next one is made to follow."""


@dataclass(frozen=True, slots=True)
class Typed:
    """`before` is text that stays as it is; then `whole` syllables; then `begun`, which is empty
    after a space."""

    before: str
    whole: tuple[Syllable, ...]
    begun: str
    text: str

    @property
    def stems(self) -> tuple[str, ...]:
        """What the folded key of the begun syllable may begin with: i and y may be one letter."""
        folded = fold_text(self.begun)
        return tuple(dict.fromkeys((folded, fold_key(folded))))

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

    def disagrees(self, accented: tuple[str, ...]) -> int:
        """How many of these accented keys have other marks than were typed; without marks any may
        have been meant."""
        wrong = sum(
            asked.accented not in (asked.folded, own)
            for asked, own in zip(self.whole, accented, strict=False)
        )
        return wrong + (not self.may_become(accented[len(self.whole)]))

    def may_become(self, accented: str) -> bool:
        """Whether this syllable goes on from what is begun. Vowels without marks may still get
        them, as may the syllable its tone: `đu` and `đươ` may become *đường*, `đườ` not *đương*
        and `dư` neither. Without any marks, all may have been left out."""
        if self.begun.isascii():
            return True
        letters, tones = split_tones(self.begun.lower().replace("y", "i"))
        own_letters, own_tones = split_tones(accented.replace("y", "i"))
        if len(letters) > len(own_letters) or (tones and tones != own_tones):
            return False
        pairs = zip(letters, own_letters, strict=False)
        return all(typed == own or (typed == fold_text(own) != "d") for typed, own in pairs)


def read(text: str) -> Typed | None:
    """None if nothing can be suggested: no syllables, or the query language is being written."""
    text = nfc(text).lstrip()
    found = syllables(text)
    if not found or OPERATORS & set(text) or text.startswith("-") or " -" in text:
        return None
    last = found[-1]
    if last.end == len(text):
        whole, begun = found[:-1], last.surface
    else:
        whole, begun = found, ""
    context = whole[-CONTEXT:]
    first = context[0].start if context else last.start
    return Typed(text[:first], tuple(context), begun, text)
