"""Where and when, compiled for tantivy: bounds for what is one box or one period, exact refinement for all else.

What does not match is excluded. A document has ``WEST`` and ``EAST``, or ``WEST_ACROSS`` and ``EAST_ACROSS``, or
neither, so an exclusion by one pair leaves the other documents alone, and no part needs an Or, which tantivy reads
whole.
"""

from __future__ import annotations

import sys

import msgspec
import tantivy

from indexer.engines.regions import Rectangle, Region, overlap, read_geometry, rectangles, relates
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.atoms import (
    Clauses,
    above,
    at_least,
    at_most,
    below,
    every,
    some,
    term,
    terms,
    without,
)
from indexer.engines.tantivy.cells import cover, possible_terms, sure_terms
from indexer.engines.tantivy.documents import OPEN, box_bounds
from indexer.engines.tantivy.refinement import Kind, Refiner
from indexer.query import DepthRange, During, Spatial
from mappings.record import BoundingBox
from mappings.times import first_second, last_second

Q = tantivy.Query
MAX_FLOAT = sys.float_info.max
QUERY_CELLS = 24
_CROSSING = at_most(schema.WEST_ACROSS, 180.0)


def spatial(where: Spatial, refine: Refiner) -> Clauses:
    """Documents whose region stands in the relation to the box."""
    south, north = where.box.south + 0.0, where.box.north + 0.0
    match where.relation:
        case "intersects":
            latitudes = (at_most(schema.SOUTH, north), at_least(schema.NORTH, south))
            apart = _apart(where.box)
        case "within":
            latitudes = (at_least(schema.SOUTH, south), at_most(schema.NORTH, north))
            apart = _beyond(where.box)
        case "contains":
            latitudes = (at_most(schema.SOUTH, south), at_least(schema.NORTH, north))
            apart = _short_of(where.box)
    shapes = without(term(schema.HAS, schema.SHAPE), _shapes(where, latitudes, refine))
    return Clauses(latitudes, (*apart, shapes))


def _apart(box: BoundingBox) -> tuple[Q, ...]:
    """Single boxes whose longitudes share none with those of ``box``."""
    west, east, across = box_bounds(box)
    if across:
        return (every(above(schema.WEST, east), below(schema.EAST, west)),)
    behind, before = above(schema.WEST, east), below(schema.EAST, west)
    if west == -180:
        behind = every(behind, below(schema.EAST, 180.0))
    if east == 180:
        before = every(before, above(schema.WEST, -180.0))
    return behind, before, every(above(schema.WEST_ACROSS, east), below(schema.EAST_ACROSS, west))


def _beyond(box: BoundingBox) -> tuple[Q, ...]:
    """Single boxes with longitudes that ``box`` does not have."""
    west, east, across = box_bounds(box)
    if across:
        plain = every(below(schema.WEST, west), above(schema.EAST, east))
        return plain, below(schema.WEST_ACROSS, west), above(schema.EAST_ACROSS, east)
    if (west, east) == (-180.0, 180.0):
        return ()
    behind = below(schema.WEST, west)
    if east == 180:
        behind = every(behind, above(schema.EAST, -180.0))  # spares the antimeridian alone
    return behind, above(schema.EAST, east), _CROSSING


def _short_of(box: BoundingBox) -> tuple[Q, ...]:
    """Single boxes that lack some longitude of ``box``."""
    west, east, across = box_bounds(box)
    if across:
        crossing = above(schema.WEST_ACROSS, west), below(schema.EAST_ACROSS, east)
        return above(schema.WEST, -180.0), below(schema.EAST, 180.0), *crossing
    if (west, east) == (-180.0, 180.0):
        return above(schema.WEST, -180.0), below(schema.EAST, 180.0), _CROSSING
    if west == east == -180:
        return (every(above(schema.WEST, -180.0), below(schema.EAST, 180.0)),)
    crossing_short = every(above(schema.WEST_ACROSS, west), below(schema.EAST_ACROSS, east))
    return above(schema.WEST, west), below(schema.EAST, east), crossing_short


def _shapes(where: Spatial, latitudes: tuple[Q, Q], refine: Refiner) -> Q:
    """Documents that match and whose region is not one box."""
    asked = rectangles((where.box,))
    cells = cover(
        lambda cell: any(overlap(own, cell) for own in asked),
        lambda cell: any(_holds(own, cell) for own in asked),
        QUERY_CELLS,
    )
    possible = Clauses((terms(schema.CELLS, possible_terms(cells)), *latitudes))

    def holds(region: Region) -> bool:
        return relates(region, where.relation, where.box)

    if where.relation != "intersects":
        return refine(_SHAPES, possible, holds)
    sure = terms(schema.CELLS, sure_terms(cells))
    return some([sure, refine(_SHAPES, possible + Clauses(must_not=(sure,)), holds)])


def _holds(outer: Rectangle, inner: Rectangle) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _decode_shape(described: str) -> Region:
    corners, geometry = msgspec.json.decode(described, type=tuple[list[Rectangle], str | None])
    boxes = rectangles(BoundingBox(*bounds) for bounds in corners)
    return Region(boxes, read_geometry(geometry) if geometry else None)


def during(where: During, refine: Refiner) -> Clauses:
    """Documents one of whose periods overlaps the asked one, or lies within it.

    ``START`` and ``END`` are the ends of all periods together. One of several can only match where those overlap.
    """
    begin = -OPEN if where.start is None else first_second(where.start)
    finish = OPEN if where.end is None else last_second(where.end)
    overlaps = (at_most(schema.START, finish), at_least(schema.END, begin))

    def holds(periods: list[tuple[int, int]]) -> bool:
        if where.relation == "overlaps":
            return any(start <= finish and end >= begin for start, end in periods)
        return any(start >= begin and end <= finish for start, end in periods)

    several = term(schema.HAS, schema.PERIODS)
    wrong = without(several, refine(_PERIODS, Clauses((several, *overlaps)), holds))
    if where.relation == "overlaps":
        return Clauses(overlaps, (wrong,))
    sticks_out = without(some([below(schema.START, begin), above(schema.END, finish)]), several)
    return Clauses(overlaps, (wrong, sticks_out))


def _decode_periods(described: str) -> list[tuple[int, int]]:
    return msgspec.json.decode(described, type=list[tuple[int, int]])


def depth_range(where: DepthRange) -> Clauses:
    """Documents whose vertical range overlaps the asked one."""
    top = -MAX_FLOAT if where.top is None else where.top + 0.0
    bottom = MAX_FLOAT if where.bottom is None else where.bottom + 0.0
    return Clauses((at_most(schema.TOP, bottom), at_least(schema.BOTTOM, top)))


_SHAPES = Kind(schema.SHAPE, schema.SHAPE_TEXT, _decode_shape)
_PERIODS = Kind(schema.PERIODS, schema.PERIODS_TEXT, _decode_periods)
