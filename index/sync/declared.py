"""What `seeds.toml` files declare of the seeds beside and below them.

    [[seeds]]
    files = ["*.txt", "1998/*"]     patterns of paths, relative to the folder of the seeds.toml
    encoding = "tcvn3"
    format = "article"
    source = "Hà Giang"
    author = "Trần Kế"
    year = 1998                     of datelines without one
    date = 1998-02-26               of what has none

`*` stands for anything, folders too; without `files` a table is about all of them. Later tables win
over earlier ones, a folder's file over those of the folders around it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from index.analysis.normalize import nfc
from index.errors import SeedError
from index.metadata.calendar import calendar_day
from index.readers import SeedSettings, formats
from index.readers.charsets import NAMES
from index.readers.decoding import known
from index.readers.opening import read_at_most
from index.readers.seed import DEFAULTS

FILE_NAME = "seeds.toml"
MAX_BYTES = 1 << 20
MAX_PATTERNS = 10_000  # each is held against each seed of the folder
_SETTINGS = tuple(field.name for field in fields(SeedSettings))
_KEYS = ("files", *_SETTINGS)


@dataclass(frozen=True, slots=True)
class _Rule:
    patterns: tuple[str, ...]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Declarations:
    """The rules of one folder, and those of the folders around it."""

    prefix: str = ""
    rules: tuple[_Rule, ...] = ()
    outer: Declarations | None = None

    def of(self, name: str) -> SeedSettings:
        """What is declared of the seed `name`, its path within the seeds folder."""
        settings = self.outer.of(name) if self.outer else DEFAULTS
        within = name.removeprefix(self.prefix).lower()
        for rule in self.rules:
            if any(fnmatchcase(within, pattern) for pattern in rule.patterns):
                settings = replace(settings, **rule.settings)
        return settings

    def within(self, prefix: str, path: Path) -> Declarations:
        """With the rules of the `seeds.toml` at `path`, which lies in the folder `prefix`.

        Raises SeedError, which says what is wrong with it and where.
        """
        return Declarations(prefix, tuple(_rules(path)), self)


def _rules(path: Path) -> Iterator[_Rule]:
    try:
        data = read_at_most(path, MAX_BYTES)
        if data is None:
            raise SeedError(f"larger than {MAX_BYTES >> 20} MB")
        content = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise SeedError(error.strerror or str(error)) from None
    except UnicodeDecodeError as error:
        raise SeedError(f"not UTF-8 text (at offset {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"not TOML: {error}") from None
    except (ValueError, RecursionError) as error:  # endless numbers, brackets in brackets
        raise SeedError(f"not TOML that can be read ({type(error).__name__})") from None
    if unknown := sorted(content.keys() - {"seeds"}):
        raise SeedError(f"unknown key {unknown[0]}", "write tables [[seeds]], nothing else")
    tables = content.get("seeds", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SeedError("seeds is no list of tables", "write [[seeds]], in two pairs of brackets")
    patterns = 0
    for number, table in enumerate(tables, 1):
        rule = _rule(table, f"table {number}: ")
        patterns += len(rule.patterns)
        if patterns > MAX_PATTERNS:
            raise SeedError(f"more than {MAX_PATTERNS:,} patterns")
        yield rule


def _rule(table: Mapping[str, Any], where: str) -> _Rule:
    if unknown := sorted(table.keys() - set(_KEYS)):
        raise SeedError(f"{where}unknown key {unknown[0]}", f"known are {', '.join(_KEYS)}")
    patterns = table.get("files", "*")
    patterns = [patterns] if isinstance(patterns, str) else patterns
    if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
        raise SeedError(f"{where}files must be a pattern or a list of patterns")
    lowered = tuple(nfc(pattern).lower().removeprefix("./") for pattern in patterns)
    settings = {name: _CHECKS[name](table[name], where) for name in _SETTINGS if name in table}
    return _Rule(lowered, settings)


def _text(name: str) -> Any:
    def check(value: object, where: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise SeedError(f"{where}{name} must be text in quotes")
        return nfc(" ".join(value.split()))

    return check


def _encoding(value: object, where: str) -> str:
    if not isinstance(value, str) or not known(value):
        raise SeedError(
            f"{where}unknown encoding {value}",
            f"known are utf-8, utf-16, cp1258, {', '.join(NAMES)}, and others of Python's",
        )
    return value.lower()


def _format(value: object, where: str) -> str:
    if not isinstance(value, str) or value not in formats():
        raise SeedError(f"{where}unknown format {value}", f"known are {', '.join(formats())}")
    return value


def _year(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not calendar_day(value, 1, 1):
        raise SeedError(f"{where}year must be a number from 1900 to 2099")
    return value


def _date(value: object, where: str) -> str:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, date):
        raise SeedError(f"{where}date must be a day, written YYYY-MM-DD")
    return date(value.year, value.month, value.day).isoformat()


_CHECKS = {
    "encoding": _encoding,
    "format": _format,
    "source": _text("source"),
    "author": _text("author"),
    "year": _year,
    "date": _date,
}
