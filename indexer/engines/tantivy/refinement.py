"""Exact answers about what bounds cannot say: candidates are looked at one by one.

Regions of several boxes, geometries, and several periods are indexed as a hash of their description. A
refinement decides each distinct description among the candidates and gives a query for the hashes that hold,
which is exact as a part of any other query, also under Not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import tantivy

from indexer.engines.asked_areas import Numbers, Truths
from indexer.engines.bounds import BOX, EAST, EAST_ACROSS, NORTH, SOUTH, WEST, WEST_ACROSS
from indexer.engines.shapes import Known
from indexer.engines.tantivy.atoms import Clauses, nothing, terms
from indexer.engines.tantivy.schema import HAS

T = TypeVar("T")
_USUAL = 100_000
"""So many candidates are fetched while they are counted."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What is refined: the field of the hash, which ``HAS`` names too, that of the description, and how one is read."""

    hashed: str
    described: str
    decode: Callable[[str], T]


@dataclass(frozen=True, slots=True)
class Refiner:
    """Refines on one snapshot of the index."""

    searcher: tantivy.Searcher
    known: Known

    def __call__(self, kind: Kind[T], candidates: Clauses, holds: Callable[[T], bool]) -> tantivy.Query:
        """The documents among ``candidates`` whose description holds."""
        addresses = self._addresses(candidates)
        hashes = self.searcher.fast_field_values(kind.hashed, addresses)
        distinct = {
            int(key): address for key, address in zip(hashes, addresses, strict=True) if key is not None
        }
        return terms(
            kind.hashed, [key for key, address in distinct.items() if holds(self._read(kind, key, address))]
        )

    def has(self, name: str) -> bool:
        """Whether there is any document to be refined by that field."""
        return bool(self.searcher.doc_freq(HAS, name))

    def boxes(self, candidates: Clauses, holds: Callable[[Numbers], Truths]) -> tantivy.Query:
        """The documents among ``candidates``, which have one box, for whose bounds it holds: rows of west, south, east
        and north.
        """
        addresses = self._addresses(candidates)
        if not addresses:
            return nothing()
        boxes = np.array(self.searcher.fast_field_values(BOX, addresses), dtype=np.int64)
        keys, first = np.unique(boxes, return_index=True)
        distinct = [addresses[at] for at in first]  # many records share a box
        bounds = np.column_stack([self._column(name, distinct) for name in (WEST, SOUTH, EAST, NORTH)])
        across = np.flatnonzero(np.isnan(bounds[:, 0]))
        for place, name in ((0, WEST_ACROSS), (2, EAST_ACROSS)):
            bounds[across, place] = self._column(name, [distinct[at] for at in across])
        return terms(BOX, keys[holds(bounds)].tolist())

    def _column(self, name: str, addresses: list[tantivy.DocAddress]) -> Numbers:
        return np.array(self.searcher.fast_field_values(name, addresses), dtype=np.float64)

    def _addresses(self, candidates: Clauses) -> list[tantivy.DocAddress]:
        query = candidates.matching(nothing())
        found = self.searcher.search(query, limit=_USUAL)
        count: int = found.count  # type: ignore[attr-defined]  # missing in the stub
        if count > _USUAL:
            found = self.searcher.search(query, limit=count, count=False)
        return [address for _, address in found.hits]

    def _read(self, kind: Kind[T], key: int, address: tantivy.DocAddress) -> T:
        known: T | None = self.known.find(kind.hashed, key)
        if known is None:
            known = kind.decode(self.searcher.doc(address).get_first(kind.described) or "")
            self.known.keep(kind.hashed, key, known)
        return known


def count_of(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """How many documents match."""
    count: int = searcher.search(query, limit=1).count  # type: ignore[attr-defined]  # missing in the stub
    return count
