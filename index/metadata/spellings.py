"""When two spellings of a name are one: of sources whatever their marks and case, of people and
places only if they differ as `Hoà` and `Hòa` do."""

from __future__ import annotations

from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, nfc


def source_key(source: str) -> str:
    """What two spellings of one source have in common: they are compared as a whole, folded."""
    return fold_key(" ".join(nfc(source).split()))


def spelling_key(name: str) -> tuple[str, ...]:
    """What two spellings of one name have in common that differ only as `Hoà` and `Hòa` do."""
    return tuple(map(accented_key, name.split()))
