"""Which syllables of a query only ask: *là ai*, *khi nào*, *bao nhiêu*.

People type whole questions. The words that make a question of it are not in the texts that answer
it, and those that have them are rarely about what was asked; so they count less. They are never
dropped: a song may be called *Vì sao*.

The table: the interrogatives that grammars of Vietnamese list (L. C. Thompson, *A Vietnamese
Reference Grammar*; Nguyễn Đình-Hoà, *Vietnamese*), with the words that bind them to a clause, and
the tags of yes-no and multiple-choice questions. Single syllables only where marks make them sure:
*ai* is also artificial intelligence, *nao* the brain without its mark, *sao* a star.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from index.analysis.syllables import syllables
from search.parser.reading import Syllable

_ASKING: Final = """
    ai là, là ai, do ai, những ai
    gì, cái gì, điều gì, những gì, là gì, làm gì
    nào, người nào, khi nào, lúc nào, thế nào, như thế nào
    ra sao, làm sao, tại sao, vì sao
    mấy, là mấy, bao nhiêu, bao giờ, bao lâu, bao xa
    ở đâu, từ đâu, đến đâu, đâu là
    có phải, phải không, hay không, được không, đúng không, hay chưa, đúng hay sai
    nào sau đây, nào dưới đây
"""
_UNMARKED_TOO: Final = frozenset({"gi"})
"""Single syllables that ask without their mark as well."""


def _table() -> dict[str, list[tuple[Syllable, ...]]]:
    """Phrases by the folded key of their first syllable."""
    table: dict[str, list[tuple[Syllable, ...]]] = {}
    for text in _ASKING.replace("\n", ",").split(","):
        phrase = tuple(Syllable(s.folded, s.accented, s.surface) for s in syllables(text))
        if phrase:
            table.setdefault(phrase[0].folded, []).append(phrase)
    return table


_PHRASES: Final = _table()


def asking(run: Sequence[Syllable]) -> list[bool]:
    """For each syllable of a stretch of words whether it only asks.

    Marks that were left out match any; marks that were typed have to be right.
    """
    flags = [False] * len(run)
    for start, syllable in enumerate(run):
        for phrase in _PHRASES.get(syllable.folded, ()):
            end = start + len(phrase)
            if _same(run[start:end], phrase):
                flags[start:end] = [True] * len(phrase)
    return flags


def _same(typed: Sequence[Syllable], phrase: Sequence[Syllable]) -> bool:
    if len(typed) != len(phrase):
        return False
    for a, b in zip(typed, phrase, strict=True):
        if a.folded != b.folded or a.accented not in (b.accented, a.folded):
            return False
    unmarked = typed[0].accented == typed[0].folded
    return len(phrase) > 1 or not unmarked or phrase[0].folded in _UNMARKED_TOO
