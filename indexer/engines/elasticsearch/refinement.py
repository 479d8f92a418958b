"""Exact answers about what an index cannot say: each distinct description among the candidates is looked at.

So it is with regions of several boxes, geometries, and several periods. Elasticsearch's own ``geo_shape`` rounds
coordinates to seven decimals, sees 180 and -180 degrees as two meridians, takes no union of boxes for one region, and
refuses documents whose polygons it cannot cut into triangles: none of that is what the other engines answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
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


Combination = dict[str, Any]
"""The values that some documents have in several fields; None where they have none."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a query that the index cannot decide: those ``candidates`` that ``holds`` finds.

    ``names`` are the fields whose values decide, and the first of them tells all combinations apart. A query in which
    each part is as it is ``supposed`` to be (all candidates, or none) finds too much rather than too little, provided
    that none of them is below a Not.
    """

    names: tuple[str, ...]
    candidates: Q
    holds: Callable[[Sequence[Combination]], Sequence[bool]]
    supposed: bool

    @property
    def pages(self) -> dict[str, Any]:
        """How the first of the distinct combinations are asked for, as a composite aggregation."""
        sources = [
            {name: {"terms": {"field": name, "missing_bucket": name in _SOMETIMES}}} for name in self.names
        ]
        return {"size": KEYS, "sources": sources}

    def among(self, found: Sequence[Combination]) -> Sequence[Any]:
        """The keys of those combinations for which it holds."""
        key = self.names[0]
        return [one[key] for one, holds in zip(found, self.holds(found), strict=True) if holds]


@dataclass(frozen=True, slots=True)
class Refiner:
    """Decides what the index that ``ask`` asks has described."""

    ask: Ask
    known: Known

    def __call__(self, kind: Kind[T], candidates: Q, holds: Callable[[T], bool]) -> Q:
        """The documents among the candidates whose description holds."""

        def described(found: Sequence[Combination]) -> list[bool]:
            keys = [one[kind.key] for one in found]
            values = self._described(kind, keys)
            return [key in values and holds(values[key]) for key in keys]

        return self.settle(Doubt((kind.key,), candidates, described, supposed=True))

    def boxes(self, candidates: Q, holds: Callable[[Numbers], Truths]) -> Q:
        """The documents among ``candidates``, which have one box, for whose bounds it holds: rows of west, south, east
        and north. They are there to be left out: none are, until it is known which.
        """

        def bounded(found: Sequence[Combination]) -> list[bool]:
            return holds(np.array(list(map(_bounds, found)), dtype=np.float64)).tolist() if found else []

        return self.settle(Doubt(_BOUNDS, candidates, bounded, supposed=False))

    def settle(self, doubt: Doubt) -> Q:
        """The documents for which it holds: here among all that there are, by questions of their own."""
        return terms(doubt.names[0], doubt.among(list(self._distinct(doubt))))

    def _distinct(self, doubt: Doubt) -> Iterator[Combination]:
        """All distinct combinations of the candidates' values."""
        pages = doubt.pages
        while True:
            answer = self.ask({"size": 0, "query": doubt.candidates, "aggs": {"keys": {"composite": pages}}})
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


def _bounds(found: Combination) -> tuple[float, float, float, float]:
    west, east = (WEST_ACROSS, EAST_ACROSS) if found[WEST] is None else (WEST, EAST)
    return found[west], found[SOUTH], found[east], found[NORTH]


@dataclass(frozen=True, slots=True)
class Supposing(Refiner):
    """Supposes, and remembers what was doubtful."""

    doubts: list[Doubt] = field(default_factory=list)

    def settle(self, doubt: Doubt) -> Q:
        """What is supposed."""
        self.doubts.append(doubt)
        return doubt.candidates if doubt.supposed else NOTHING


@dataclass(frozen=True, slots=True)
class Knowing(Refiner):
    """Knows what is to be said in place of each doubt, in the order in which a compiler comes to them."""

    settled: Iterator[Q]

    def settle(self, doubt: Doubt) -> Q:  # noqa: ARG002
        """What is known."""
        return next(self.settled)
