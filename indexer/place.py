"""Where a record stands among all when an index is filled: neighbours on the globe, neighbours in the index.

A search for a region then reads a few stretches of an index instead of some of everything. The order is that of a Z
through the middles of the extents: the bits of longitude and latitude, interleaved (G. M. Morton, 1966).
"""

from __future__ import annotations

from mappings.boxes import hull, middle_of
from mappings.record import Extent

NOWHERE = 0
_BITS = 16


def place_of(extent: Extent) -> int:
    """A number of 32 bits; ``NOWHERE`` of a record without boxes."""
    around = hull(extent.boxes)
    if around is None:
        return NOWHERE
    longitude, latitude = middle_of(around)
    return _spread(_step(longitude, 360)) | _spread(_step(latitude, 180)) << 1


def _step(degrees: float, turn: int) -> int:
    last = (1 << _BITS) - 1
    return min(max(int((degrees / turn + 0.5) * (last + 1)), 0), last)


def _spread(number: int) -> int:
    """16 bits, a zero before each."""
    number = (number | number << 8) & 0x00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F
    number = (number | number << 2) & 0x33333333
    return (number | number << 1) & 0x55555555
