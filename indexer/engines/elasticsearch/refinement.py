"""Exact answers about what an index cannot say: each distinct description among the candidates is looked at.

So it is with regions of several boxes, geometries, and several periods. Elasticsearch's own ``geo_shape`` rounds
coordinates to seven decimals, sees 180 and -180 degrees as two meridians, takes no union of boxes for one region, and
refuses documents whose polygons it cannot cut into triangles: none of that is what the other engines answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np

from indexer.engines.asked_areas import Numbers, Truths
from indexer.engines.bounds import BOX, EAST, EAST_ACROSS, NORTH, SOUTH, WEST, WEST_ACROSS
from indexer.engines.elasticsearch.atoms import NOTHING, Q, terms
from indexer.engines.shapes import Known

T = TypeVar("T")
Ask = Callable[[dict[str, Any]], dict[str, Any]]
"""Sends a search body to the index, and gives the answer."""
KEYS, TEXTS = 5000, 500
"""How many distinct keys are listed, and how many descriptions fetched, at a time."""


_SOMETIMES = (WEST, EAST, WEST_ACROSS, EAST_ACROSS)
_BOUNDS = (BOX, SOUTH, NORTH, *_SOMETIMES)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What is refined: the field of the key, that of the description, and how one is read."""

    key: str
    described: str
    decode: Callable[[str], T]


@dataclass(frozen=True, slots=True)
class Refiner:
    """Decides what the index that ``ask`` asks has described."""

    ask: Ask
    known: Known

    def __call__(self, kind: Kind[T], candidates: Q, holds: Callable[[T], bool]) -> Q:
        """The documents among the candidates whose description holds."""
        keys = list(self._keys(kind.key, candidates))
        described = self._described(kind, keys)
        matching = [key for key in keys if key in described and holds(described[key])]
        return terms(kind.key, matching)

    def boxes(self, candidates: Q, holds: Callable[[Numbers], Truths]) -> Q:
        """The documents among ``candidates``, which have one box, for whose bounds it holds: rows of west, south, east
        and north.
        """
        found = list(self._distinct(_BOUNDS, candidates))
        if not found:
            return NOTHING
        bounds = np.array(
            [
                [
                    one[WEST_ACROSS if one[WEST] is None else WEST],
                    one[SOUTH],
                    one[EAST_ACROSS if one[EAST] is None else EAST],
                    one[NORTH],
                ]
                for one in found
            ],
            dtype=np.float64,
        )
        return terms(BOX, [found[at][BOX] for at in np.flatnonzero(holds(bounds))])

    def _keys(self, name: str, candidates: Q) -> Iterator[int]:
        """The keys of all distinct descriptions among the candidates."""
        return (found[name] for found in self._distinct((name,), candidates))

    def _distinct(self, names: tuple[str, ...], candidates: Q) -> Iterator[dict[str, Any]]:
        """All distinct combinations of the candidates' values."""
        sources = [{name: {"terms": {"field": name, "missing_bucket": name in _SOMETIMES}}} for name in names]
        pages: dict[str, Any] = {"size": KEYS, "sources": sources}
        while True:
            answer = self.ask({"size": 0, "query": candidates, "aggs": {"keys": {"composite": pages}}})
            found = answer["aggregations"]["keys"]
            yield from (bucket["key"] for bucket in found["buckets"])
            if len(found["buckets"]) < KEYS:
                return
            pages["after"] = found["after_key"]

    def _described(self, kind: Kind[T], keys: list[int]) -> dict[int, T]:
        """What each key stands for: remembered, or fetched now."""
        found: dict[int, T] = {}
        unknown = []
        for key in keys:
            value: T | None = self.known.find(kind.key, key)
            if value is None:
                unknown.append(key)
            else:
                found[key] = value
        rest = iter(unknown)
        while some := list(islice(rest, TEXTS)):
            for key, described in self._descriptions(kind, some):
                found[key] = kind.decode(described)
                self.known.keep(kind.key, key, found[key])
        return found

    def _descriptions(self, kind: Kind[T], keys: list[int]) -> Iterator[tuple[int, str]]:
        answer = self.ask(
            {
                "size": len(keys),
                "query": {"bool": {"filter": [{"terms": {kind.key: keys}}]}},
                "collapse": {"field": kind.key},
                "docvalue_fields": [kind.key],
                "stored_fields": [kind.described],
                "track_total_hits": False,
            }
        )
        for hit in answer["hits"]["hits"]:
            yield hit["fields"][kind.key][0], hit["fields"][kind.described][0]
