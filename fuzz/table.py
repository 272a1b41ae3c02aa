"""All targets by name."""

from __future__ import annotations

from fuzz import encodings, files, language, queries
from fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (*language.TARGETS, *encodings.TARGETS, *files.TARGETS, *queries.TARGETS)
}
