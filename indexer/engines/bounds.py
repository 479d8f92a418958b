"""Where single boxes lie, as comparisons of their bounds: what engines index of them, and what a search excludes.

A box has ``WEST`` and ``EAST``, or across the antimeridian ``WEST_ACROSS`` and ``EAST_ACROSS``; a document has the one
pair, the other or neither. So an exclusion by one pair leaves the other documents alone, and no part needs an Or.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from indexer.query import SpatialRelation
from mappings.record import BoundingBox

WEST, EAST, SOUTH, NORTH = "west", "east", "south", "north"
WEST_ACROSS, EAST_ACROSS = "west_across", "east_across"
BOX = "box"
"""``box_key``."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Documents whose value of ``name`` stands so to ``value``."""

    name: str
    operator: Literal["<", "<=", ">", ">="]
    value: float


Excluded = tuple[Bound, ...]
"""Documents for which all of these hold are left out."""
_CROSSING: Excluded = (Bound(WEST_ACROSS, "<=", 180.0),)


@dataclass(frozen=True, slots=True)
class BoxConditions:
    """``latitudes`` must hold for every document, single box or not; the single boxes of ``excluded`` do not match."""

    latitudes: tuple[Bound, Bound]
    excluded: tuple[Excluded, ...]


def box_conditions(relation: SpatialRelation, box: BoundingBox) -> BoxConditions:
    """What single boxes have to be like that stand in ``relation`` to ``box``."""
    south, north = box.south + 0.0, box.north + 0.0
    match relation:
        case "intersects":
            return BoxConditions((Bound(SOUTH, "<=", north), Bound(NORTH, ">=", south)), _apart(box))
        case "within":
            return BoxConditions((Bound(SOUTH, ">=", south), Bound(NORTH, "<=", north)), _beyond(box))
        case "contains":
            return BoxConditions((Bound(SOUTH, "<=", south), Bound(NORTH, ">=", north)), _short_of(box))


def all_conditions(relation: SpatialRelation, boxes: Sequence[BoundingBox]) -> BoxConditions:
    """What single boxes have to be like that stand in ``relation`` to each of several boxes of the same latitudes."""
    each = [box_conditions(relation, box) for box in boxes]
    excluded = dict.fromkeys(bounds for conditions in each for bounds in conditions.excluded)
    return BoxConditions(each[0].latitudes, tuple(excluded))


def box_key(box: BoundingBox) -> int:
    """A number of 63 bits for each distinct single box."""
    described = repr((*canonical(box), box.south + 0.0, box.north + 0.0)).encode()
    return int.from_bytes(blake2b(described, digest_size=8).digest()) >> 1


def longitudes_of(box: BoundingBox) -> dict[str, float]:
    """The longitudes of a single box, under the names they are indexed by."""
    west, east, across = canonical(box)
    return {WEST_ACROSS: west, EAST_ACROSS: east} if across else {WEST: west, EAST: east}


def canonical(box: BoundingBox) -> tuple[float, float, bool]:
    """West, east and whether the box crosses the antimeridian, in the one way that each set of meridians is written.

    A box that only touches the antimeridian does not cross it; the antimeridian alone is -180 to -180. (Adding 0.0
    makes -0.0, which engines put before 0.0, the same number.)
    """
    west, east = box.west + 0.0, box.east + 0.0
    if west > east:
        west = -180.0 if west == 180 else west
        east = 180.0 if east == -180 and west != -180 else east
    if west == east == 180:
        west = east = -180.0
    return west, east, west > east


def _apart(box: BoundingBox) -> tuple[Excluded, ...]:
    """Single boxes whose longitudes share none with those of ``box``."""
    west, east, across = canonical(box)
    behind, before = Bound(WEST, ">", east), Bound(EAST, "<", west)
    if across:
        return ((behind, before),)
    return (
        (behind, Bound(EAST, "<", 180.0)) if west == -180 else (behind,),
        (before, Bound(WEST, ">", -180.0)) if east == 180 else (before,),
        (Bound(WEST_ACROSS, ">", east), Bound(EAST_ACROSS, "<", west)),
    )


def _beyond(box: BoundingBox) -> tuple[Excluded, ...]:
    """Single boxes with longitudes that ``box`` does not have."""
    west, east, across = canonical(box)
    behind, before = Bound(WEST, "<", west), Bound(EAST, ">", east)
    if across:
        return (behind, before), (Bound(WEST_ACROSS, "<", west),), (Bound(EAST_ACROSS, ">", east),)
    if (west, east) == (-180.0, 180.0):
        return ()
    spared = (Bound(EAST, ">", -180.0),) if east == 180 else ()  # the antimeridian alone
    return (behind, *spared), (before,), _CROSSING


def _short_of(box: BoundingBox) -> tuple[Excluded, ...]:
    """Single boxes that lack some longitude of ``box``."""
    west, east, across = canonical(box)
    not_from, not_to = Bound(WEST, ">", -180.0), Bound(EAST, "<", 180.0)
    late, early = Bound(WEST_ACROSS, ">", west), Bound(EAST_ACROSS, "<", east)
    if across:
        return (not_from,), (not_to,), (late,), (early,)
    if (west, east) == (-180.0, 180.0):
        return (not_from,), (not_to,), _CROSSING
    if west == east == -180:
        return ((not_from, not_to),)
    return (Bound(WEST, ">", west),), (Bound(EAST, "<", east),), (late, early)
