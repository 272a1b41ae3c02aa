"""What our own formula gives a document: a query's tree evaluated on the tokens of one text.

The scores are those of `search.executor`, term by term (a test holds them to each other), with the
statistics of the cluster. Only a prefix counts otherwise: 1, as in any index of more terms than it
pays to weigh.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from whoosh import query as q
from whoosh.util.numeric import length_to_byte

from index.analysis.analyzers import pair_keys
from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key
from index.analysis.syllables import surfaces
from index.analysis.words import segmenter
from index.builder import date_number
from index.cluster.mapping import document_of
from index.documents import Document
from search.engines.opensearch.dsl import DATE, MENTIONED, UnsupportedQueryError
from search.engines.opensearch.statistics import Statistics
from search.queries import AtLeast

PREFIX_SCORE = 1.0
KEYS = 200_000
"""Syllables whose keys are remembered; then all are forgotten."""
_TEXTS = {
    **{"accented": "text", "title_accented": "title"},
    **{"author_accented": "author", "source_accented": "source"},
}
"""What each field of accented tokens is read from."""
_FOLDED = {"folded": "accented"} | {
    field: f"{field}_accented" for field in ("title", "author", "source")
}
"""And which of them each field of folded tokens is."""


class _Keys(dict[str, str]):
    """Remembers what `key` makes of syllables: a text is read at the speed of look-ups."""

    def __init__(self, key: Callable[[str], str]) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, syllable: str) -> str:
        if len(self) >= KEYS:
            self.clear()
        made = self[syllable] = self._key(syllable)
        return made

    def of(self, syllables: Iterable[str]) -> list[str]:
        """The key of each."""
        return list(map(self.__getitem__, syllables))


_accented, _folded = _Keys(accented_key), _Keys(fold_key)


class TokenizedDocument:
    """A document's tokens by field, as they are indexed; each field is read when asked for."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        """`source` is what the cluster keeps of a document."""
        self.document: Document = document_of(dict(source))
        self.date = date_number(self.document.date)
        self.mentioned: tuple[str, ...] = tuple(source.get(MENTIONED, ()))
        self._tokens: dict[str, list[str]] = {}
        self._counts: dict[str, Counter[str]] = {}

    def tokens(self, field: str) -> list[str]:
        """The tokens of a field in order."""
        found = self._tokens.get(field)
        if found is None:
            found = self._tokens[field] = self._read(field)
        return found

    def counts(self, field: str) -> Counter[str]:
        """How often each token of a field occurs."""
        found = self._counts.get(field)
        if found is None:
            found = self._counts[field] = Counter(self.tokens(field))
        return found

    def length_byte(self, field: str) -> int:
        """The length of a field as Whoosh keeps it."""
        length = len(self.tokens(field))
        return int(length_to_byte(length)) if length else 0

    def _read(self, field: str) -> list[str]:
        if field in _FOLDED:
            return _folded.of(self.tokens(_FOLDED[field]))
        if field == "pairs":
            return pair_keys(self.tokens("folded"))
        if field == "words":
            return segmenter().compounds(self.document.text)
        text = getattr(self.document, _TEXTS[field]) or ""
        return _accented.of(surfaces(text))


Score = Callable[[TokenizedDocument], float | None]
"""The score of a document, None if it does not match."""


class Scorer:
    """Turns trees into functions that score documents; one serves all threads."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics

    def scoring(self, query: q.Query) -> Score:
        """The function for a tree. Raises UnsupportedQueryError."""
        make = _MAKERS.get(type(query))
        if make is None:
            raise UnsupportedQueryError(f"a cluster cannot score {type(query).__name__}")
        return make(self, query)

    def nothing(self, query: q.Query) -> Score:
        return lambda document: None

    def term(self, query: q.Term) -> Score:
        return self.term_of(query.fieldname, query.text, query.boost)

    def term_of(self, field: str, text: str, boost: float) -> Score:
        model = self._statistics.model(field)
        idf = self._statistics.idf(field, text)

        def score(document: TokenizedDocument) -> float | None:
            frequency = document.counts(field).get(text)
            if not frequency:
                return None
            norm = float(model.norms[document.length_byte(field)])
            return float(model.score(idf, frequency, norm)) * boost  # type: ignore[arg-type]

        return score

    def all(self, query: q.And) -> Score:
        return self.at_least_of(query, len(query.subqueries))

    def any(self, query: q.Or) -> Score:
        return self.at_least_of(query, 1)

    def at_least(self, query: AtLeast) -> Score:
        return self.at_least_of(query, max(query.minimum, 1), alone=True)

    def at_least_of(self, query: Any, minimum: int, *, alone: bool = False) -> Score:
        parts = [self.scoring(child) for child in query.subqueries]
        if len(parts) == 1 and not alone:
            return parts[0]  # like Whoosh, without the boost
        boost = query.boost

        def score(document: TokenizedDocument) -> float | None:
            found = [s for part in parts if (s := part(document)) is not None]
            return sum(found) * boost if found and len(found) >= minimum else None

        return score

    def best(self, query: q.DisjunctionMax) -> Score:
        parts = [self.scoring(child) for child in query.subqueries]

        def score(document: TokenizedDocument) -> float | None:
            found = [s for part in parts if (s := part(document)) is not None]
            return max(found) * query.boost if found else None

        return score

    def also(self, query: q.AndMaybe) -> Score:
        first, second = self.scoring(query.a), self.scoring(query.b)

        def score(document: TokenizedDocument) -> float | None:
            found = first(document)
            return None if found is None else found + (second(document) or 0.0)

        return score

    def required(self, query: q.Require) -> Score:
        first, second = self.scoring(query.a), self.scoring(query.b)
        return lambda document: None if second(document) is None else first(document)

    def but_not(self, query: q.AndNot) -> Score:
        first, second = self.scoring(query.a), self.scoring(query.b)
        return lambda document: first(document) if second(document) is None else None

    def not_(self, query: q.Not) -> Score:
        inner = self.scoring(query.query)
        return lambda document: 1.0 if inner(document) is None else None

    def every(self, query: q.Every) -> Score:
        field, boost = query.fieldname, query.boost
        if field is None:
            return lambda document: boost
        return lambda document: boost if document.tokens(field) else None

    def constant(self, query: q.ConstantScoreQuery) -> Score:
        inner = self.scoring(query.child)
        constant = query.score or 1.0  # Whoosh takes 0 for "no score", which is 1
        return lambda document: None if inner(document) is None else constant

    def numbers(self, query: q.NumericRange) -> Score:
        if query.fieldname != DATE:
            raise UnsupportedQueryError(f"a cluster cannot score a range of {query.fieldname}")
        first = max(query.start or 1, 1)
        last = query.end if query.end is not None else 99_999_999
        return lambda document: query.boost if first <= document.date <= last else None

    def range(self, query: q.TermRange) -> Score:
        if query.fieldname != MENTIONED:
            raise UnsupportedQueryError(f"a cluster cannot score a range of {query.fieldname}")
        first, last = query.start, query.end

        def score(document: TokenizedDocument) -> float | None:
            return 1.0 if any(first <= day <= last for day in document.mentioned) else None

        return score

    def phrase(self, query: q.Phrase) -> Score:
        field, words = query.fieldname, query.words
        parts = [self.term_of(field, word, query.boost) for word in words]

        def score(document: TokenizedDocument) -> float | None:
            found = [part(document) for part in parts]
            if None in found or not stands(document.tokens(field), words):
                return None
            return sum(filter(None, found))

        return score

    def prefix(self, query: q.Prefix) -> Score:
        field, stem, constant = query.fieldname, query.text, PREFIX_SCORE * query.boost

        def score(document: TokenizedDocument) -> float | None:
            return constant if any(map(_begins(stem), document.counts(field))) else None

        return score


def stands(tokens: list[str], words: list[str]) -> bool:
    """Whether the words stand side by side among the tokens."""
    first, count = words[0], len(words)
    return any(
        token == first and tokens[at : at + count] == words for at, token in enumerate(tokens)
    )


def _begins(stem: str) -> Callable[[str], bool]:
    return lambda token: token.startswith(stem)


_MAKERS: dict[type, Callable[[Scorer, Any], Score]] = {
    type(q.NullQuery): Scorer.nothing,
    q.Term: Scorer.term,
    q.And: Scorer.all,
    q.Or: Scorer.any,
    q.DisjunctionMax: Scorer.best,
    AtLeast: Scorer.at_least,
    q.AndNot: Scorer.but_not,
    q.AndMaybe: Scorer.also,
    q.Require: Scorer.required,
    q.Not: Scorer.not_,
    q.Every: Scorer.every,
    q.ConstantScoreQuery: Scorer.constant,
    q.NumericRange: Scorer.numbers,
    q.TermRange: Scorer.range,
    q.Phrase: Scorer.phrase,
    q.Prefix: Scorer.prefix,
}
