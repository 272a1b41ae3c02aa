"""What pyvi does where two segmentations of a text are as good: what rounding makes of them.

In `Ai Ai Ai Ai Ai` any place for the one word of three syllables is worth the same. Which one
CRFsuite takes depends on the last bits of its sums, so they are made here as it makes them, in the
order of its `crf1d_tag.c` and `crf1d_context.c`, a token at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.analysis.pyvi_model import INSIDE, PyviModel

NEAR = 1e-7
"""Scores that are nearer to each other may be alike to CRFsuite: its sums over a text of 100,000
tokens are off by less."""


def inside(model: PyviModel, tokens: Sequence[str]) -> list[bool]:
    """Whether pyvi's CRF takes each of `tokens`, a whole text, to be inside a word."""
    after = [[model.transitions[a + b] for a in model.labels] for b in model.labels]
    states = _states(model, tokens)
    best = next(states, [0.0, 0.0])
    backward: list[tuple[int, int]] = []
    for state in states:
        reached = [
            [score + step for score, step in zip(best, steps, strict=True)] for steps in after
        ]
        backward.append((_first_best(reached[0]), _first_best(reached[1])))
        best = [max(scores) + own for scores, own in zip(reached, state, strict=True)]
    path = [_first_best(best)]
    for chosen in reversed(backward):
        path.append(chosen[path[-1]])
    return [model.labels[label] == INSIDE for label in reversed(path)]


def _first_best(scores: list[float]) -> int:
    return 1 if scores[1] > scores[0] else 0


def _states(model: PyviModel, tokens: Sequence[str]) -> Iterator[list[float]]:
    """The sums of each token's weights."""
    for place in range(len(tokens)):
        sums = [0.0, 0.0]
        for name in _attributes(model, tokens, place):
            weights = model.states.get(name.partition("\0")[0])  # CRFsuite's strings end at a NUL
            if weights is not None:
                sums = [sums[0] + weights[0], sums[1] + weights[1]]
        yield sums


def _attributes(model: PyviModel, tokens: Sequence[str], place: int) -> Iterator[str]:
    """What `ViTokenizer.word2features` finds to be true, in its order."""
    token = tokens[place]
    yield "bias"
    yield f"word.lower():{token.lower()}"
    yield from _if(token.isupper(), "word.isupper()")
    yield from _if(token.istitle(), "word.istitle()")
    yield from _if(token.isdigit(), "word.isdigit()")
    for step in (-1, 1):
        if not 0 <= place + step < len(tokens):
            continue
        other = tokens[place + step]
        yield f"{step:+}:word.lower():{other.lower()}"
        yield from _if(other.istitle(), f"{step:+}:word.istitle()")
        yield from _if(other.isupper(), f"{step:+}:word.isupper()")
        yield from _if(_gram(tokens, place, step) in model.bigrams, f"{step:+}:word.bi_gram()")
        if 0 <= place + 2 * step < len(tokens):
            found = _gram(tokens, place, 2 * step) in model.trigrams
            yield from _if(found, f"{2 * step:+}:word.tri_gram()")


def _if(holds: bool, name: str) -> Iterator[str]:
    if holds:
        yield name


def _gram(tokens: Sequence[str], place: int, step: int) -> tuple[str, ...]:
    """The tokens from `place` to `place + step`, in the order of the text."""
    first, last = sorted((place, place + step))
    return tuple(" ".join(tokens[first : last + 1]).lower().split(" "))
