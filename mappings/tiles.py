"""Map tiles, and the one in which a record has its place.

The tiles are those of OGC's WorldCRS84Quad (17-083r4): squares in degrees, 180 of them at zoom 0, two in a row; each
zoom halves them. ``x`` counts from 180 degrees west, ``y`` from the north pole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mappings.boxes import hull, width_of
from mappings.record import BoundingBox, Extent

MAX_ZOOM = 7
"""Tiles of 1.4 degrees, 32,768 of them."""
WIDEST = 180.0
"""Degrees of longitude. What is wider is nowhere in particular, and has no tile."""
_COLUMNS = 2 << MAX_ZOOM


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile."""

    zoom: int
    x: int
    y: int

    @property
    def box(self) -> BoundingBox:
        """Its bounds, which are binary fractions of 180 and so exact."""
        size = 180 / (1 << self.zoom)
        west, north = -180 + self.x * size, 90 - self.y * size
        return BoundingBox(west, north - size, west + size, north)


def tile_number(extent: Extent) -> int | None:
    """The number of the finest tile that has the middle of an extent; None where there is no extent, or too wide a one.

    Numbers count row by row. A middle on a border belongs to the tile east or north of it.
    """
    box = extent.boxes[0] if len(extent.boxes) == 1 else hull(extent.boxes)
    if box is None or width_of(box) > WIDEST:
        return None
    size = 180 / (1 << MAX_ZOOM)
    column = int((box.west + width_of(box) / 2 + 180) % 360 / size) % _COLUMNS
    row = int((90 - (box.south + box.north) / 2) // size)
    on_border = (90 - (box.south + box.north) / 2) % size == 0
    return max(0, row - on_border) * _COLUMNS + column


def at_zoom(counts: Mapping[int, int] | Iterable[tuple[int, int]], zoom: int) -> dict[Tile, int]:
    """Counts by ``tile_number`` as counts by the tiles of a zoom, from north to south and west to east."""
    coarser = MAX_ZOOM - zoom
    found: dict[tuple[int, int], int] = {}
    for number, count in dict(counts).items():
        row, column = divmod(number, _COLUMNS)
        place = row >> coarser, column >> coarser
        found[place] = found.get(place, 0) + count
    return {Tile(zoom, column, row): count for (row, column), count in sorted(found.items())}
