"""Regions as an index keeps them: what an engine cannot decide by its own means (cells, bounds, shapes in rounded
coordinates) has a description and its hash, and each distinct description among the candidates is decided exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec

from indexer.document import Document
from indexer.engines.cells import Cover, cover, cover_rectangles, document_terms
from indexer.engines.regions import (
    Rectangle,
    Region,
    cell_tests,
    read_geometry,
    rectangles,
)
from mappings.record import BoundingBox

MAX_KNOWN = 8192
ASKED_BOX_CELLS = 32
"""How many cells a box is asked for by."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A region as it is indexed."""

    key: int
    described: str


def is_one_box(document: Document, region: Region) -> bool:
    """Whether four bounds say all of a document's region."""
    return region.geometry is None and len(set(document.boxes)) == 1


def shape_of(document: Document, region: Region) -> Shape:
    """The shape of a document whose region is ``region``."""
    boxes = [(box.west, box.south, box.east, box.north) for box in dict.fromkeys(document.boxes)]
    geometry = document.geometry if region.geometry is not None else None
    described = msgspec.json.encode((boxes, geometry)).decode()
    return Shape(key_of(described), described)


def region_described(described: str) -> Region:
    """The region of a description."""
    corners, geometry = msgspec.json.decode(described, type=tuple[list[Rectangle], str | None])
    boxes = rectangles(BoundingBox(*bounds) for bounds in corners)
    return Region(boxes, read_geometry(geometry) if geometry else None)


def key_of(described: str) -> int:
    """63 bits: two descriptions among a million share them once in ten million indexes."""
    return int.from_bytes(blake2b(described.encode(), digest_size=8).digest()) >> 1


def shape_cells(region: Region) -> list[str]:
    """The cells that a region is indexed by."""
    return document_terms(cover(*cell_tests(region)))


@lru_cache(maxsize=256)
def cells_of(box: BoundingBox) -> Cover:
    """The cells of a box that is asked for."""
    return cover_rectangles(rectangles((box,)), ASKED_BOX_CELLS)


@dataclass(slots=True)
class Known:
    """Descriptions already read, by field and key; true of every index, and bounded."""

    values: dict[tuple[str, int], Any] = field(default_factory=dict)

    def find(self, name: str, key: int) -> Any:
        """What is known of a key, or None."""
        return self.values.get((name, key))

    def keep(self, name: str, key: int, value: object) -> None:
        """Remember one more, forgetting all when there are too many."""
        if len(self.values) >= MAX_KNOWN:
            self.values.clear()
        self.values[name, key] = value
