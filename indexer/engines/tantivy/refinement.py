"""Exact answers about what bounds cannot say: candidates are looked at one by one.

Regions of several boxes, geometries, and several periods are indexed as a hash of their description. A
refinement decides each distinct description among the candidates and gives a query for the hashes that hold,
which is exact as a part of any other query, also under Not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, TypeVar

import numpy as np
import tantivy
from numpy.typing import NDArray

from indexer.areas import Area
from indexer.engines.asked_areas import classes_match, single_boxes_match
from indexer.engines.bounds import BOX, EAST, EAST_ACROSS, NORTH, SOUTH, WEST, WEST_ACROSS
from indexer.engines.box_classes import BOX_CLASS
from indexer.engines.raster import Numbers
from indexer.engines.shapes import Known
from indexer.engines.tantivy.atoms import Clauses, nothing, some, terms
from indexer.engines.tantivy.schema import HAS
from indexer.query import SpatialRelation

Address = tantivy.DocAddress
T = TypeVar("T")
_USUAL = 250_000
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
        distinct = dict(self._hits(candidates, kind.hashed))
        return terms(
            kind.hashed, [key for key, address in distinct.items() if holds(self._read(kind, key, address))]
        )

    def has(self, name: str) -> bool:
        """Whether there is any document to be refined by that field."""
        return bool(self.searcher.doc_freq(HAS, name))

    def boxes(
        self, candidates: Clauses, area: Area, relation: SpatialRelation, matching: bool
    ) -> tantivy.Query:
        """Of the documents among ``candidates``, which have one box, those whose box matches an area, or does not. Of
        other documents the query may find some.

        They are found by their classes. Only where a class is wanted in part by the keys of single boxes: these are
        hashes, which lie so far apart in the dictionary that each took 70 us to find among a million, where a class
        took 3.
        """
        found = self._hits(candidates, BOX_CLASS)
        numbers = np.fromiter(map(itemgetter(0), found), dtype=np.int64, count=len(found))
        begins = np.diff(numbers, prepend=-1) != 0
        classes, of_class = numbers[begins], begins.cumsum() - 1
        surely, not_at_all = classes_match(area, relation, classes)
        matches = surely[of_class]
        doubtful = np.flatnonzero(~(surely | not_at_all)[of_class])
        bounds, of_box = self._bounds([found[at][1] for at in doubtful])
        matches[doubtful] = single_boxes_match(area, relation, bounds)[of_box]
        wanted = matches == matching
        whole = np.bincount(of_class[~wanted], minlength=len(classes)) == 0
        single = np.flatnonzero(wanted & ~whole[of_class])
        keys = np.unique(self._keys([found[at][1] for at in single]))
        return some([terms(BOX_CLASS, classes[whole].tolist()), terms(BOX, keys.tolist())])

    def _keys(self, addresses: list[Address]) -> NDArray[np.int64]:
        return np.array(self.searcher.fast_field_values(BOX, addresses), dtype=np.int64)

    def _bounds(self, addresses: list[Address]) -> tuple[Numbers, NDArray[np.int_]]:
        """The distinct single boxes of documents, columns of west, south, east and north, and which each has."""
        _, first, of_box = np.unique(self._keys(addresses), return_index=True, return_inverse=True)
        distinct = [addresses[at] for at in first]
        bounds = np.array([self._values(name, distinct) for name in (WEST, SOUTH, EAST, NORTH)])
        across = np.flatnonzero(np.isnan(bounds[0]))
        for place, name in ((0, WEST_ACROSS), (2, EAST_ACROSS)):
            bounds[place, across] = self._values(name, [distinct[at] for at in across])
        return bounds, of_box

    def _values(self, name: str, addresses: list[Address]) -> Numbers:
        return np.array(self.searcher.fast_field_values(name, addresses), dtype=np.float64)

    def _hits(self, candidates: Clauses, name: str) -> list[tuple[int, Address]]:
        """What each candidate has in a field, and where it is."""
        query = candidates.matching(nothing())
        found = self.searcher.search(query, limit=_USUAL, order_by_field=name)
        count: int = found.count  # type: ignore[attr-defined]  # missing in the stub
        if count > _USUAL:
            found = self.searcher.search(query, limit=count, count=False, order_by_field=name)
        hits: list[tuple[int, Address]] = found.hits
        return hits

    def _read(self, kind: Kind[T], key: int, address: Address) -> T:
        known: T | None = self.known.find(kind.hashed, key)
        if known is None:
            known = kind.decode(self.searcher.doc(address).get_first(kind.described) or "")
            self.known.keep(kind.hashed, key, known)
        return known


def count_of(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """How many documents match."""
    count: int = searcher.search(query, limit=1).count  # type: ignore[attr-defined]  # missing in the stub
    return count
