"""Libraries that only some formats need: the extra `formats` of the package."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from index.errors import SeedError

LIBRARIES = {"trafilatura": "trafilatura", "docx": "python-docx", "pypdf": "pypdf"}
"""The modules, and what they are called where they are installed from."""


_FORMATS = {"html": "trafilatura", "docx": "docx", "pdf": "pypdf"}


def needed_by(format: str) -> str | None:
    """The module that a format of ours needs."""
    return _FORMATS.get(format)


def available() -> list[str]:
    """The modules that are installed."""
    return [module for module in LIBRARIES if find_spec(module)]


def required(module: str) -> ModuleType:
    """One of the modules, or a SeedError that says what to install."""
    try:
        return import_module(module)
    except ImportError:
        raise SeedError(
            f"{LIBRARIES[module]} is needed to read it, and is not installed",
            "pip install 'timtin[formats]'",
        ) from None
