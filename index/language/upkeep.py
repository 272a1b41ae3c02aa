"""Where the language model of an index lives, and when it is learnt anew.

It is a file `language_<generation>.lm` in the index folder, written before the commit it is learnt
for, and good for all later ones until a fiftieth of the text is in segments it has not seen. So a
new article costs nothing, and over the life of an index learning costs a fixed share of indexing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from index.codec.container import Container
from index.disk import discard
from index.errors import DamagedIndexError, OutdatedIndexError
from index.language.apart import MEMORY_PER_SYLLABLE, Learning, learn_from
from index.language.model import LanguageModel, load, save
from index.language.stream import MAX_SYLLABLES
from index.snapshot import Segment

STALE = 1 / 50
"""Share of the syllables in new segments from which on the model is learnt anew."""
_NAME = re.compile(r"language_([0-9]{1,18})\.lm")
_DRAFT = re.compile(r"language_.*\.tmp")


class LanguageFile:
    """An open model file; the model itself is loaded when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.container = Container(path)
        self.segments: frozenset[str] = frozenset(self.container.meta.get("segments", ()))
        self.identity = (path.name, *_stamp(path))

    def check(self) -> None:
        """Check every byte and load the model; DamagedIndexError if something is wrong."""
        self.container.check_all()
        _ = self.model

    @cached_property
    def model(self) -> LanguageModel:
        """Raises DamagedIndexError."""
        try:
            return load(self.container)
        except (KeyError, ValueError, ArithmeticError) as error:
            raise DamagedIndexError(self.path, "the language model cannot be read") from error


def is_due(
    folder: Path, generation: int, segments: Sequence[Segment], *, anew: bool = False
) -> bool:
    """Whether a commit that is about to be made of these segments needs a new model, or one is
    wanted `anew`.
    """
    sizes = _sizes(segments)
    try:
        known = None if anew else open_newest(folder, generation)
    except (DamagedIndexError, OutdatedIndexError):
        known = None
    if known is None:
        return True
    new = sum(size for segid, size in sizes.items() if segid not in known.segments)
    return new > sum(sizes.values()) * STALE


def begin(
    folder: Path, generation: int, segments: Sequence[Segment], *, memory: int, anew: bool = False
) -> Learning | None:
    """Begin to learn the model for a commit whose segments are yet to be merged, if it is due and
    the memory suffices for both.
    """
    if min(sum(_sizes(segments).values()), MAX_SYLLABLES) * MEMORY_PER_SYLLABLE > memory:
        return None
    return Learning(segments) if is_due(folder, generation, segments, anew=anew) else None


def refresh(
    folder: Path,
    generation: int,
    segments: Sequence[Segment],
    *,
    anew: bool = False,
    learning: Learning | None = None,
) -> None:
    """Write the model for a commit that is about to be made of these segments, if it is due: what
    is being learnt already, if it is.
    """
    learnt = learning.result() if learning else None
    if learnt is None:
        if not is_due(folder, generation, segments, anew=anew):
            return
        learnt = learn_from(segments)
    draft = folder / f"language_{generation}.tmp"
    try:
        save(draft, *learnt, segments=list(_sizes(segments)))
        draft.replace(path_of(folder, generation))
    except BaseException:
        discard(draft)
        raise


def _sizes(segments: Sequence[Segment]) -> dict[str, int]:
    """How many syllables each segment holds."""
    return {s.segid: s.file.field_lengths.get("folded", 0) for s in segments}


def open_newest(
    folder: Path, generation: int, previous: LanguageFile | None = None
) -> LanguageFile | None:
    """The model that serves the commit of this number, or None; `previous` if it is still that one.

    Raises DamagedIndexError, or FileNotFoundError if it was replaced meanwhile.
    """
    names = os.listdir(folder)  # noqa: PTH208 (names are all that is needed)
    numbers = [number for number in _numbers(names) if number <= generation]
    if not numbers:
        return None
    path = path_of(folder, max(numbers))
    if previous and previous.identity == (path.name, *_stamp(path)):
        return previous
    return LanguageFile(path)


def unneeded(names: Iterable[str], generation: int) -> list[str]:
    """Of the names in a folder: models that the commit of this number does not need, and drafts."""
    names = list(names)
    numbers = _numbers(names)
    needed = max((number for number in numbers if number <= generation), default=-1)
    old = [f"language_{number}.lm" for number in numbers if number != needed]
    return [*old, *drafts(names)]


def drafts(names: Iterable[str]) -> list[str]:
    """Of the names in a folder: models that were never finished."""
    return [name for name in names if _DRAFT.fullmatch(name)]


def path_of(folder: Path, generation: int) -> Path:
    """The file of the model that is learnt for the commit of this number."""
    return folder / f"language_{generation}.lm"


def _numbers(names: Iterable[str]) -> list[int]:
    return [int(found[1]) for found in map(_NAME.fullmatch, names) if found]


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns
