"""Exact answers about what bounds cannot say: candidates are looked at one by one.

Regions of several boxes, geometries, and several periods are indexed as a hash of their description. A
refinement decides each distinct description among the candidates and gives a query for the hashes that hold,
which is exact as a part of any other query, also under Not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import tantivy

from indexer.engines.shapes import Known
from indexer.engines.tantivy.atoms import Clauses, nothing, terms

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What is refined: the field of the hash, that of the description, and how one is read."""

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
        query = candidates.query(nothing())
        count = count_of(self.searcher, query)
        if not count:
            return nothing()
        hits = self.searcher.search(query, limit=count, count=False).hits
        addresses = [address for _, address in hits]
        hashes = self.searcher.fast_field_values(kind.hashed, addresses)
        distinct = {
            int(key): address for key, address in zip(hashes, addresses, strict=True) if key is not None
        }
        return terms(
            kind.hashed, [key for key, address in distinct.items() if holds(self._read(kind, key, address))]
        )

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
