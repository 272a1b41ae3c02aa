"""Near duplicates in a cluster: each document of a group of copies names the group it is in.

Documents of a change are compared with each other and with those of the index that share a band of
MinHashes with one of them, by the same rules as in a segment (`index.duplicates`). Groups
only grow: a copy that comes later joins the group of those that it is like, and groups that it
links become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from index.cluster.connection import Connection
from index.cluster.records import Prepared, band_keys
from index.duplicates import BANDS, Bands, Documents, groups

BANDS_ASKED = 1_000
NEIGHBOURS = 10_000  # documents with one of these bands that are looked at


class Copies:
    """The documents of one change, as far as finding copies needs them."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._bands: list[Bands] = []
        self._dates: list[npt.NDArray[np.int32]] = []

    def add(self, batch: Prepared) -> None:
        """Take in documents of the change."""
        self._keys += [record.key for record in batch.records]
        self._bands.append(batch.bands)
        self._dates.append(batch.dates)

    def groups(self, connection: Connection, index: str, *, gone: Set[str]) -> dict[str, str]:
        """The group of every document whose group changes, by `_id`: those of the change, and those
        of the index that are copies of them. Documents that are `gone` are nobody's copies."""
        bands = np.concatenate([np.empty((BANDS, 0), np.int32), *self._bands], axis=1)
        dates = np.concatenate([np.empty(0, np.int32), *self._dates])
        own = set(self._keys)
        found = [
            hit for hit in _neighbours(connection, index, bands) if hit["_id"] not in own | gone
        ]
        keys = [*self._keys, *(hit["_id"] for hit in found)]
        named = {hit["_id"]: hit["fields"]["group"][0] for hit in found if "group" in hit["fields"]}
        every = Documents(
            np.concatenate([bands, _bands_of(found)], axis=1),
            np.concatenate([dates, _dates_of(found)]),
            None,
        )
        [numbers] = groups([every])
        wanted: dict[str, str] = {}
        for members in _members(numbers):
            inside = [keys[at] for at in members]
            names = sorted({named[key] for key in inside if key in named})
            name = names[0] if names else uuid4().hex[:16]
            others = _named(connection, index, names[1:])
            wanted |= {key: name for key in (*inside, *others) if named.get(key) != name}
        return wanted


def _members(numbers: npt.NDArray[np.int32]) -> Iterator[list[int]]:
    order = np.argsort(numbers, kind="stable")
    grouped = order[numbers[order] > 0]
    if len(grouped):
        cuts = np.flatnonzero(np.diff(numbers[grouped])) + 1
        for part in np.split(grouped, cuts):
            yield part.tolist()


def _neighbours(connection: Connection, index: str, bands: Bands) -> list[dict[str, Any]]:
    """Documents of the index that share a band with one of these, each once."""
    terms = sorted({term for column in bands.T for term in band_keys(column)})
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(terms), BANDS_ASKED):
        asked = terms[start : start + BANDS_ASKED]
        for hit in _hits(connection, index, {"terms": {"bands": asked}}):
            found[hit["_id"]] = hit
    return list(found.values())


def _named(connection: Connection, index: str, names: Sequence[str]) -> Iterable[str]:
    """The documents of these groups."""
    if not names:
        return ()
    return [hit["_id"] for hit in _hits(connection, index, {"terms": {"group": list(names)}})]


def _hits(connection: Connection, index: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    body = {
        "size": NEIGHBOURS,
        "query": {"bool": {"filter": query}},
        "docvalue_fields": ["bands", "date", "group"],
    }
    hits: list[dict[str, Any]] = connection.search(index, body, _source="false")["hits"]["hits"]
    return hits


def _bands_of(hits: Sequence[Mapping[str, Any]]) -> Bands:
    rows = np.zeros((len(hits), BANDS), np.uint32)
    for row, hit in zip(rows, hits, strict=True):
        for term in hit["fields"]["bands"]:
            number, _, value = term.partition(":")
            row[int(number)] = int(value, 16)
    return rows.view(np.int32).T


def _dates_of(hits: Sequence[Mapping[str, Any]]) -> npt.NDArray[np.int32]:
    return np.array([hit["fields"]["date"][0] for hit in hits], np.int32)
