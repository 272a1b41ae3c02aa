"""Why a document has its score, or why it is not found: plain frozen values, a tree of parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "term",
    "phrase",
    "pattern",
    "all",
    "any",
    "at-least",
    "best",
    "also",
    "required",
    "but-not",
    "not",
    "constant",
    "closeness",
    "other",
    "nothing",
]
"""What a part of a query asks for. `all`, `any`, `at-least` (so many) and `best` (only the highest
counts) combine their parts. Of two parts, `also` needs the first and adds the second, `required`
needs both and scores the first, `but-not` needs the first without the second. `constant` and `not`
score the same for every document. `closeness` is how close together the words stand; it counts for
the first hits of a search (see `search.closeness`)."""

StrictnessName = Literal["all", "most", "some", "any"]
"""How many of the plain words of the query had to match in the search that was run."""


@dataclass(frozen=True, slots=True)
class TermScore:
    """How a term's score comes about: `boost * idf * tf`.

    `tf` is `frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * length / average_length))`, and
    `idf` is `1 + ln(collection / (documents + 1))`: the BM25F of `search.ranking`. A field that is
    not ranked scores the frequency: there idf is 1.
    """

    boost: float
    idf: float
    tf: float
    frequency: int
    length: int
    average_length: float
    documents: int
    collection: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the query and what it added to the document's score, all boosts included.

    `text` is empty if it is all in the parts. The score of a part with parts is the sum of theirs,
    except that `constant` and `not` score themselves; what does not match, or only had to match, or
    was not the best, adds 0.
    """

    kind: Kind
    text: str
    matched: bool
    score: float
    field: str | None = None
    minimum: int | None = None
    term: TermScore | None = None
    parts: tuple[Part, ...] = ()

    def leaves(self) -> Iterator[Part]:
        """The parts that score themselves and add something."""
        scoring = [part for part in self.parts if part.score]
        if not scoring and self.score:
            yield self
        for part in scoring:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class UnmetRequirement:
    """A requirement that the document does not meet.

    `absent`: `text` is not in it; `excluded`: `text` must not be in it, and is; `too-few`: of the
    parts of `text` it has `found`, not `needed`; `filtered`: the filter `text` (date, source,
    name, place) leaves it out; `empty`: the query asks for nothing.
    """

    reason: Literal["absent", "excluded", "too-few", "filtered", "empty"]
    text: str
    found: int | None = None
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why `document` is among the hits with this score, or why it is not found (then score is 0,
    though parts may match).

    `interpretation` is the reading that was searched if it differs from what was typed;
    `strictness` says which search it was; `unmet` is empty if and only if it is found.
    """

    query: str
    document: str
    found: bool
    score: float
    interpretation: str | None
    strictness: StrictnessName
    unmet: tuple[UnmetRequirement, ...]
    part: Part


def text_of(part: Part) -> str:
    """The terms, phrases and patterns of a part in a line."""
    return part.text or " ".join(map(text_of, part.parts))


def unmet(part: Part) -> list[UnmetRequirement]:
    """The requirements that make `part` not match; none if it does. Of alternatives that all fail,
    those of the one that lacks least.
    """
    found: list[UnmetRequirement] = []
    match part.kind:
        case _ if part.matched:
            pass
        case "all" | "required" if part.parts:
            found = [lack for one in part.parts for lack in unmet(one)]
        case "any" | "best" if any(one.parts for one in part.parts):
            found = min(map(unmet, part.parts), key=len)
        case "also":
            found = unmet(part.parts[0])
        case "but-not":
            wanted, excluded = part.parts
            found = unmet(wanted)
            if excluded.matched:
                found.append(UnmetRequirement("excluded", text_of(excluded)))
        case "not":
            found = [UnmetRequirement("excluded", text_of(part.parts[0]))]
        case "at-least":
            matching = sum(one.matched for one in part.parts)
            found = [UnmetRequirement("too-few", text_of(part), matching, part.minimum)]
        case _:
            found = [UnmetRequirement("absent", text_of(part))]
    return found
