"""Targets in what visitors type: the query language, its interpretation, answers, marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import get_args

from fuzz.language import PROSE, TIMES, WORDS
from fuzz.target import Check, Target, text_of
from index.analysis.normalize import accented_key, nfc
from index.analysis.syllables import surfaces
from index.store import IndexStore
from index.sync import sync
from search.engines.newest import interpreter_of
from search.engines.whoosh_engine import WhooshEngine
from search.highlight import highlight
from search.interpret.interpreter import Interpreter
from search.parser import parse
from search.request import MAX_QUERY_CHARACTERS, Facet, Mode, SearchRequest, Sort

_TAG = re.compile(r'<mark(?: class="folded")?>|</mark>')
_MODES, _SORTS, _FACETS = get_args(Mode), get_args(Sort), get_args(Facet)
_SEEDS = Path(__file__).parents[1] / "seeds"


def _engine(folder: Path) -> WhooshEngine:
    """An engine over the project's seeds and a text of this module."""
    seeds = folder / "seeds"
    seeds.mkdir(exist_ok=True)
    for path in _SEEDS.glob("*.txt"):
        (seeds / path.name).write_bytes(path.read_bytes())
    (seeds / "prose.txt").write_bytes(PROSE)
    sync(seeds, IndexStore(folder / "index"), processes=1)
    return WhooshEngine(folder / "index")


def _queries(prepare: Callable[[Path], Callable[[str, int], None]]) -> Callable[[Path], Check]:
    """A check of queries: the first byte chooses among modes and the like, the rest is the text."""

    def prepared(folder: Path) -> Check:
        check = prepare(folder)

        def of_bytes(data: bytes) -> None:
            check(text_of(data[1:])[:MAX_QUERY_CHARACTERS], data[0] if data else 0)

        return of_bytes

    return prepared


def _interpreter(folder: Path) -> Interpreter:
    _engine(folder).close()
    interpreter = interpreter_of(IndexStore(folder / "index").snapshot())
    assert interpreter is not None
    return interpreter


def _parse(folder: Path) -> Callable[[str, int], None]:
    interpreter = _interpreter(folder)

    def check(text: str, choice: int) -> None:
        parsed = parse(text, _MODES[choice % len(_MODES)], interpreter)
        assert parsed.empty or [*parsed.trees()]
        assert all(needle.stems for needle in parsed.highlight.needles)

    return check


def _interpret(folder: Path) -> Callable[[str, int], None]:
    interpreter = _interpreter(folder)

    def check(text: str, choice: int) -> None:
        typed = [accented_key(surface) for surface in surfaces(nfc(text))][:64]
        meaning = interpreter.interpret(typed)
        assert len(meaning.guesses) == len(typed)
        for guesses in meaning.guesses:
            assert all(0 <= guess.probability <= 1.0001 for guess in guesses)
        if typed:
            interpreter.corrections(typed, choice % len(typed))

    return check


def _search(folder: Path) -> Callable[[str, int], None]:
    engine = _engine(folder)

    def check(text: str, choice: int) -> None:
        request = SearchRequest(
            text,
            mode=_MODES[choice % len(_MODES)],
            sort=_SORTS[choice // 3 % len(_SORTS)],
            facets=_FACETS if choice & 64 else (),
            group=not choice & 128,
        )
        found = engine.search(request)
        assert len(found.hits) == min(found.total, request.size)
        for hit in found.hits:
            for html in (hit.highlights.title, *hit.highlights.snippets):
                _check_html(html)

    return check


def _suggest(folder: Path) -> Callable[[str, int], None]:
    engine = _engine(folder)

    def check(text: str, choice: int) -> None:
        limit = choice % 10 + 1
        assert len(engine.suggest(text, limit)) <= limit

    return check


def _marks(_: Path) -> Check:
    def check(data: bytes) -> None:
        query, _, text = text_of(data).partition("\n")
        text = nfc(text)
        spec = parse(query[:MAX_QUERY_CHARACTERS]).highlight
        html = highlight(spec, [text], [0]).text(0).html(0, len(text))
        _check_html(html)
        assert unescape(_TAG.sub("", html)) == text

    return check


def _check_html(html: str) -> None:
    depth = 0
    for tag in _TAG.findall(html):
        depth += 1 if tag != "</mark>" else -1
        assert depth in (0, 1), "marks neither nest nor close twice"
    assert depth == 0
    assert not re.search("[<>]", _TAG.sub("", html)), "everything else is escaped"


_SYNTAX = tuple(
    word.encode()
    for word in (
        *(
            '"',
            "-",
            " OR ",
            "title:",
            "source:",
            "author:",
            "date:",
            "date:2025-02..",
            "*",
            "~",
            "(",
            ")",
        ),
        *(
            "gawpj",
            "gox",
            "tie61ng",
            "vieejt",
            "ngh*",
            '"cụm dân cư"',
            "nghành",
            "may bay roi",
            "1999",
        ),
        *("..", ":", "\\", "^2", "?", "AND", "NOT", "+", "[a TO b]", "~2", "'"),
    )
)
_EXAMPLES = (
    b"\0gap go dau xuan 2025",
    '\1"cụm dân cư" -"Hà Giang" title:họp'.encode(),
    '\2máy bay OR quốc sách date:2025-02-19..2025-02-21 ~"hà giang" ngh*'.encode(),
    b"\x40gawpj gowx ddaauf xuaan",
)
_WORDS = (*_SYNTAX, *WORDS)
_MAX = 4 * MAX_QUERY_CHARACTERS

TARGETS = (
    Target("parse", _queries(_parse), _EXAMPLES, _WORDS, _MAX, share=3),
    Target("interpret", _queries(_interpret), _EXAMPLES, _WORDS, _MAX, share=3),
    Target("search", _queries(_search), _EXAMPLES, (*_WORDS, *TIMES), _MAX, share=2),
    Target("suggest", _queries(_suggest), _EXAMPLES, _WORDS, _MAX, share=2),
    Target("marks", _marks, (b"gap go\n" + PROSE,), _WORDS, share=4),
)
