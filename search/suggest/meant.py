"""What may have been meant by what is being typed: itself, raw keys of Telex or VNI, or a slip.

The interpreter that understands queries says what whole syllables mean (`gawpj g` is *gặp g*,
`nghanh g` is *ngành g*). It knows no half syllables: those are tried as keys, with and without the
tone whose key may be still to come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product, zip_longest

from index.analysis.fold import fold_key
from index.analysis.normalize import split_tones
from index.analysis.syllables import Syllable
from search.interpret.interpreter import Guess, Interpreter, Keyboard
from search.interpret.keys import telex, vni
from search.suggest.typed import Typed

SURE = 0.6
"""How likely a slip must be to be put right before what was typed is tried."""

_Keys = Callable[[str], str | None]
_READ: dict[Keyboard, tuple[_Keys, str, str]] = {
    "telex": (telex, "dd", "sj"),
    "vni": (vni, "d9", "15"),
}
"""How to read keys; those of đ; and tones of which one is needed before a final c, ch, p or t."""
_ENDINGS = ("", "n", "ng", "i")
"""What may be missing of a syllable: after one of these the beginning of any is one."""


def readings(interpreter: Interpreter | None, typed: Typed) -> Iterator[Typed]:
    """The likeliest reading first; what was typed is among them."""
    if interpreter is None:
        yield typed
        return
    keys, begun = [syllable.accented for syllable in typed.whole], typed.begun.lower()
    meaning = interpreter.interpret([*keys, begun] if begun else keys)
    if keys and begun and meaning.keyboard == "plain":
        meaning = interpreter.interpret(keys)  # half a syllable says little of what it is
    best = [guesses[0] if guesses else None for guesses in meaning.guesses]
    meant = [guess.accented if guess else key for guess, key in zip_longest(best, keys)]
    if meaning.keyboard != "plain":
        yield _read(typed, meant, _begun(begun, meaning.keyboard))
        yield typed
    elif keys:
        yield from _slips(typed, best, meant)
    else:
        yield typed
        if best[0] and best[0].folded != fold_key(begun):
            yield _read(typed, meant, best[0].accented)
    if begun.isascii():
        # Half a syllable may be of keys though nothing whole is.
        for keyboard in _READ:
            half = _begun(begun, keyboard)
            if half != begun:
                yield _read(typed, keys, half)


def _slips(typed: Typed, best: Sequence[Guess | None], meant: Sequence[str]) -> Iterator[Typed]:
    """What was typed, and the same with slips put right if there are any: first if that is SURE."""
    slips = [
        guess.probability
        for guess, syllable in zip(best, typed.whole, strict=False)
        if guess and guess.folded != syllable.folded
    ]
    if not slips:
        yield typed
        return
    corrected = _read(typed, meant, typed.begun)
    yield from (corrected, typed) if min(slips) >= SURE else (typed, corrected)


def _begun(keys: str, keyboard: Keyboard) -> str:
    """The beginning of a syllable that these keys make so far, if they make marks; `tuwo` makes
    none by itself, but *tương* begins so."""
    read, stroked, tones = _READ[keyboard]
    for ending, tone in product(_ENDINGS, ("", *tones)):
        meant = read(keys + ending + tone)
        if meant and (ending or tone):
            toneless, _ = split_tones(meant)
            return toneless[: len(toneless) - len(ending)]
        if meant:
            return meant
    return keys.replace(stroked, "đ", 1) if keys.startswith(stroked) else keys


def _read(typed: Typed, meant: Sequence[str], begun: str) -> Typed:
    """The same with other syllables."""
    whole = tuple(
        Syllable(key, old.start, old.end, key, fold_key(key))
        for old, key in zip(typed.whole, meant, strict=False)
    )
    text = typed.before + "".join(f"{syllable.surface} " for syllable in whole) + begun
    return Typed(typed.before, whole, begun, text)
