"""Query text → clauses. The language is small, and no text is wrong in it.

    words            đầu xuân
    phrase           "gặp gỡ đầu xuân"          “…”, „…” and «…» count as quotes
    exclusion        -word, -"a phrase", NOT word
    alternatives     gặp gỡ OR hội nghị         OR separates whole runs, since words are several
                                                syllables here: (gặp gỡ) OR (hội nghị)
    field            title:…, source:…, author:…, date:…      a word or a phrase
    prefix           ngh*
    merged province  ~"Hà Giang"                 or the one that it went into in 2025, or came from

Whatever does not fit (a lone quote, `title:` with nothing after it, `*`) is read as plain words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_OPERATORS = frozenset(("AND", "OR", "NOT"))
FIELDS = ("title", "source", "author", "date")

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_CLAUSE = re.compile(
    r"""
    (?: (?<!\S) (?P<minus>-) (?=~?["\w]) )?
    (?: (?P<field>title|source|author|date) : (?=[^\s]) | (?P<wide>~) (?=["\w]) )?
    (?: "(?P<phrase>[^"]*)" | (?P<word>[^\s"]+) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PREFIX = re.compile(r"[^*]*[^\W_]\*")


class Clause(NamedTuple):
    """A piece of the query: the text of a word or of a phrase, its offsets, how it is meant."""

    text: str
    start: int
    end: int
    field: str = ""
    quoted: bool = False
    excluded: bool = False
    prefix: bool = False
    widened: bool = False

    def is_operator(self, name: str) -> bool:
        """Whether this is the bare word `name`, in capitals."""
        return self.text == name and not (self.field or self.quoted or self.excluded)


def alternatives(text: str) -> list[list[Clause]]:
    """The clauses of each alternative that OR separates: at least one list, possibly empty."""
    groups: list[list[Clause]] = [[]]
    clauses = _clauses(text)
    if _OPERATORS.isdisjoint([clause.text for clause in clauses]):
        return [clauses]
    clauses = _operators_read(clauses, shouting=text.isupper())
    for number, clause in enumerate(clauses):
        follows = number + 1 < len(clauses) and not clauses[number + 1].is_operator("OR")
        if clause.is_operator("OR") and groups[-1] and follows:
            groups.append([])
        else:
            groups[-1].append(clause)
    return groups


def _clauses(text: str) -> list[Clause]:
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        last = text.rindex('"')
        text = f"{text[:last]} {text[last + 1 :]}"
    return [_clause(match) for match in _CLAUSE.finditer(text)]


def _clause(match: re.Match[str]) -> Clause:
    minus, field, wide, phrase, word = match.groups()
    if word and word[-1] != "*" and not (minus or field or wide):
        return Clause(word, *match.span())
    kind = "word" if phrase is None else "phrase"
    return Clause(
        match[kind],
        *match.span(kind),
        field=(field or "").lower(),
        quoted=phrase is not None,
        excluded=minus is not None,
        prefix=word is not None and word[-1] == "*" and _PREFIX.fullmatch(word) is not None,
        widened=wide is not None,
    )


def _operators_read(clauses: list[Clause], *, shouting: bool) -> list[Clause]:
    """Apply NOT and drop AND, which is what a space means; OR stays in place.

    In a query all in capitals NOT is a word: `NOT RUOI` is *nốt ruồi*, a mole.
    """
    read: list[Clause] = []
    negate = False
    for number, clause in enumerate(clauses):
        between = 0 < number < len(clauses) - 1
        if clause.is_operator("AND") and between:
            continue
        if clause.is_operator("NOT") and number < len(clauses) - 1 and not shouting:
            negate = True
            continue
        if negate and not clause.is_operator("OR"):
            clause = clause._replace(excluded=True)  # noqa: PLW2901
        negate = False
        read.append(clause)
    return read
