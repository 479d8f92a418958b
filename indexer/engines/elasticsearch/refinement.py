"""Exact answers about what an index cannot say: each distinct description among the doubtful is looked at.

So it is with regions near the border of the asked one, since Elasticsearch's ``geo_shape`` rounds coordinates, knows no
union of boxes, and cannot cut every polygon into triangles; and with several periods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from indexer.engines.elasticsearch.atoms import NOTHING, Q, some, terms, without
from indexer.engines.shapes import Known

T = TypeVar("T")
Ask = Callable[[dict[str, Any]], dict[str, Any]]
"""Sends a search body to the index, and gives the answer."""
KEYS, TEXTS = 5000, 500
"""How many distinct keys are listed, and how many descriptions fetched, at a time."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What is refined: the field of the key, that of the description, and how one is read."""

    key: str
    described: str
    decode: Callable[[str], T]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a query that the index cannot decide: documents with those ``candidates`` for which ``holds`` says so.

    A query in which all candidates are supposed to match finds too much rather than too little, provided that none of
    them is below a Not.
    """

    key: str
    candidates: Q
    holds: Callable[[Sequence[int]], Sequence[bool]]

    @property
    def pages(self) -> dict[str, Any]:
        """How the first of the distinct keys are asked for, as a composite aggregation."""
        return {"size": KEYS, "sources": [{self.key: {"terms": {"field": self.key}}}]}

    def listed(self, answer: dict[str, Any]) -> list[int]:
        """The keys in the answer to ``pages``."""
        return [bucket["key"][self.key] for bucket in answer["buckets"]]

    def among(self, keys: Sequence[int]) -> list[int]:
        """Those of the keys for which it holds."""
        return [key for key, holds in zip(keys, self.holds(keys), strict=True) if holds]


@dataclass(frozen=True, slots=True)
class Refiner:
    """Decides what the index that ``ask`` asks has described."""

    ask: Ask
    known: Known

    def __call__(self, kind: Kind[T], possible: Q, holds: Callable[[T], bool], sure: Q = NOTHING) -> Q:
        """The documents whose description holds: those that are ``sure``, and some of the others among ``possible``,
        which have all of them.
        """

        def described(keys: Sequence[int]) -> list[bool]:
            values = self._described(kind, keys)
            return [key in values and holds(values[key]) for key in keys]

        candidates = possible if sure == NOTHING else without(possible, sure)
        return self.settle(Doubt(kind.key, candidates, described), possible, sure)

    def settle(self, doubt: Doubt, possible: Q, sure: Q) -> Q:  # noqa: ARG002
        """The documents for which it holds: here among all that there are, by questions of their own."""
        return found(doubt, doubt.among(list(self._distinct(doubt))), sure)

    def _distinct(self, doubt: Doubt) -> Iterator[int]:
        """All distinct keys of the candidates."""
        pages = doubt.pages
        while True:
            answer = self.ask({"size": 0, "query": doubt.candidates, "aggs": {"keys": {"composite": pages}}})
            listed = answer["aggregations"]["keys"]
            yield from doubt.listed(listed)
            if len(listed["buckets"]) < KEYS:
                return
            pages["after"] = listed["after_key"]

    def _described(self, kind: Kind[T], keys: Sequence[int]) -> dict[int, T]:
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


def found(doubt: Doubt, keys: Sequence[int], sure: Q) -> Q:
    """The documents that are sure, and those with one of the keys."""
    parts = [part for part in (sure, terms(doubt.key, keys)) if part != NOTHING]
    return some(parts) if parts else NOTHING


@dataclass(frozen=True, slots=True)
class Supposing(Refiner):
    """Supposes that all is so that is possible, and remembers what was doubtful."""

    doubts: list[Doubt] = field(default_factory=list)

    def settle(self, doubt: Doubt, possible: Q, sure: Q) -> Q:  # noqa: ARG002
        """What is possible."""
        self.doubts.append(doubt)
        return possible


@dataclass(frozen=True, slots=True)
class Knowing(Refiner):
    """Knows the keys for which each doubt holds, in the order in which a compiler comes to them."""

    settled: Iterator[Sequence[int]]

    def settle(self, doubt: Doubt, possible: Q, sure: Q) -> Q:  # noqa: ARG002
        """What is known."""
        return found(doubt, next(self.settled), sure)
