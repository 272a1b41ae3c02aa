"""What a visitor may change where nothing was found: only what does find something, with how much.

Every offer is tried, so an empty page costs a few searches more, of one hit each and without
facets. Their number is bounded, as is the time of the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from search.request import RequestError, SearchRequest
from web.chips import chips
from web.form import Form
from web.messages import Language, message
from web.services import services

MOST_TRIED = 8
MOST_OFFERED = 4
OPERATORS = frozenset({"OR", "AND", "NOT"})

# What of a query can be left out: a word, a phrase, a field with its word.
_PIECE = re.compile(r'-?(?:\w+:|~)?"[^"]*"|\S+')
_FIELD = re.compile(r"(?<![^\s-])(?:title|source|author):(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fix:
    """A change to the search: what it says, where it leads, how much is found there."""

    text: Markup
    url: str
    count: int


def fixes(form: Form, language: Language) -> list[Fix]:
    """At most MOST_OFFERED changes that find something, the least of changes first. If no single
    change helps, it is the words without anything else."""
    tried = {form.url()}
    offered: list[Fix] = []

    def offer(text: Markup, changed: Form) -> None:
        url = changed.url()
        if url not in tried:
            tried.add(url)
            if count := _found(changed):
                offered.append(Fix(text, url, count))

    for text, changed in _changes(form, language):
        if len(tried) >= MOST_TRIED or len(offered) == MOST_OFFERED:
            break
        offer(text, changed)
    if not offered:
        offer(message(language, "fix_words_alone"), _words_alone(form))
    return offered


def _found(form: Form) -> int:
    try:
        wanted = SearchRequest.from_params(form.values)
    except RequestError:
        return 0
    return services().engine.search(replace(wanted, size=1, page=1)).total


def _changes(form: Form, language: Language) -> Iterator[tuple[Markup, Form]]:
    """Changes of one thing, the likeliest to be meant first, and then all filters at once."""
    query = form["q"]
    if form["mode"]:
        yield message(language, "fix_exact"), form.changed(mode=None)
    chosen = chips(form, language)
    if len(chosen) == 1:
        yield message(language, "fix_filters"), form.without_filters()
    else:
        for chip in chosen:
            yield message(language, "fix_filter", what=chip.what), chip.without
    if '"' in query:
        yield message(language, "fix_quotes"), _asking(form, query.replace('"', " "))
    pieces = _PIECE.findall(query)
    kept = [piece for piece in pieces if not piece.startswith("-")]
    if len(kept) < len(pieces):
        yield message(language, "fix_exclude"), _asking(form, " ".join(kept))
    everywhere = _FIELD.sub("", query)
    if everywhere != query:
        yield message(language, "fix_fields"), _asking(form, everywhere)
    if len(chosen) > 1:
        yield message(language, "fix_all_filters"), form.without_filters()
    if len(kept) > 1 and not OPERATORS & set(pieces):
        for piece in kept:
            rest = " ".join(other for other in pieces if other is not piece)
            yield message(language, "fix_word", word=piece), _asking(form, rest)


def _words_alone(form: Form) -> Form:
    kept = [piece for piece in _PIECE.findall(form["q"]) if not piece.startswith("-")]
    words = _FIELD.sub("", " ".join(kept)).replace('"', " ")
    return _asking(form.without_filters().changed(mode=None), words)


def _asking(form: Form, query: str) -> Form:
    """The form with another query; one without a word finds nothing, and is passed over then."""
    return form.changed(q=" ".join(query.split()) or form["q"])
