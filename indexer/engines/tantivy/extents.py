"""Where and when, compiled for tantivy: bounds for what is one box or one period, exact refinement for all
else.
"""

from __future__ import annotations

import sys

import msgspec
import tantivy

from indexer.engines.regions import Rectangle, Region, covers, read_geometry, rectangles, relates, touches
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.atoms import between, every, some, terms, without
from indexer.engines.tantivy.cells import cover, possible_terms, sure_terms
from indexer.engines.tantivy.documents import OPEN, box_bounds
from indexer.engines.tantivy.refinement import Kind, Refiner
from indexer.query import DepthRange, During, Spatial
from mappings.record import BoundingBox
from mappings.times import first_second, last_second

Q = tantivy.Query
MAX_FLOAT = sys.float_info.max


def spatial(where: Spatial, refine: Refiner) -> Q:
    """Documents whose region stands in the relation to the box."""
    box = where.box
    south, north = box.south + 0.0, box.north + 0.0
    match where.relation:
        case "intersects":
            latitudes = [_at_most(schema.SOUTH, north), _at_least(schema.NORTH, south)]
            longitudes = _meets(box)
        case "within":
            latitudes = [_at_least(schema.SOUTH, south), _at_most(schema.NORTH, north)]
            longitudes = _lies_within(box)
        case "contains":
            latitudes = [_at_most(schema.SOUTH, south), _at_least(schema.NORTH, north)]
            longitudes = _reaches_over(box)
    return every([*latitudes, some([longitudes, _shapes(where, latitudes, refine)])])


def _meets(box: BoundingBox) -> Q:
    west, east, across = box_bounds(box)
    if across:
        plain = [_at_least(schema.EAST, west), _at_most(schema.WEST, east)]
        return some([*plain, _at_most(schema.WEST_ACROSS, 180.0)])
    found = [
        every([_at_most(schema.WEST, east), _at_least(schema.EAST, west)]),
        _at_most(schema.WEST_ACROSS, east),
        _at_least(schema.EAST_ACROSS, west),
    ]
    if west == -180:
        found.append(_at_least(schema.EAST, 180.0))
    if east == 180:
        found.append(_at_most(schema.WEST, -180.0))
    return some(found)


def _lies_within(box: BoundingBox) -> Q:
    west, east, across = box_bounds(box)
    crossing = every([_at_least(schema.WEST_ACROSS, west), _at_most(schema.EAST_ACROSS, east)])
    if across:
        return some([_at_least(schema.WEST, west), _at_most(schema.EAST, east), crossing])
    found = [every([_at_least(schema.WEST, west), _at_most(schema.EAST, east)])]
    if east == 180:
        found.append(_at_most(schema.EAST, -180.0))  # the antimeridian alone
    if (west, east) == (-180.0, 180.0):
        found.append(_at_most(schema.WEST_ACROSS, 180.0))
    return some(found)


def _reaches_over(box: BoundingBox) -> Q:
    west, east, across = box_bounds(box)
    whole_turn = every([_at_most(schema.WEST, -180.0), _at_least(schema.EAST, 180.0)])
    if across:
        crossing = every([_at_most(schema.WEST_ACROSS, west), _at_least(schema.EAST_ACROSS, east)])
        return some([whole_turn, crossing])
    if (west, east) == (-180.0, 180.0):
        return whole_turn
    found = [
        every([_at_most(schema.WEST, west), _at_least(schema.EAST, east)]),
        _at_most(schema.WEST_ACROSS, west),
        _at_least(schema.EAST_ACROSS, east),
    ]
    if west == east == -180:
        found.append(_at_least(schema.EAST, 180.0))
    return some(found)


def _shapes(where: Spatial, latitudes: list[Q], refine: Refiner) -> Q:
    """Documents whose region is not one box."""
    asked = Region(rectangles((where.box,)))
    cells = cover(lambda part: touches(asked, part), lambda part: covers(asked, part))
    possible = every([terms(schema.CELLS, possible_terms(cells)), *latitudes])

    def holds(region: Region) -> bool:
        return relates(region, where.relation, where.box)

    if where.relation != "intersects":
        return refine(_SHAPES, possible, holds)
    sure = terms(schema.CELLS, sure_terms(cells))
    return some([sure, refine(_SHAPES, without(possible, sure), holds)])


def _decode_shape(described: str) -> Region:
    corners, geometry = msgspec.json.decode(described, type=tuple[list[Rectangle], str | None])
    boxes = rectangles(BoundingBox(*bounds) for bounds in corners)
    return Region(boxes, read_geometry(geometry) if geometry else None)


def during(where: During, refine: Refiner) -> Q:
    """Documents one of whose periods overlaps the asked one, or lies within it."""
    begin = -OPEN if where.start is None else first_second(where.start)
    finish = OPEN if where.end is None else last_second(where.end)
    if where.relation == "overlaps":
        one = [between(schema.START, None, finish), between(schema.END, begin, None)]
    else:
        one = [between(schema.START, begin, None), between(schema.END, None, finish)]
    # several periods, of which one may overlap or lie within only where their hull overlaps
    hull = [between(schema.START_ALL, None, finish), between(schema.END_ALL, begin, None)]

    def holds(periods: list[tuple[int, int]]) -> bool:
        if where.relation == "overlaps":
            return any(start <= finish and end >= begin for start, end in periods)
        return any(start >= begin and end <= finish for start, end in periods)

    return some([every(one), refine(_PERIODS, every(hull), holds)])


def _decode_periods(described: str) -> list[tuple[int, int]]:
    return msgspec.json.decode(described, type=list[tuple[int, int]])


def depth_range(where: DepthRange) -> Q:
    """Documents whose vertical range overlaps the asked one."""
    top = -MAX_FLOAT if where.top is None else where.top + 0.0
    bottom = MAX_FLOAT if where.bottom is None else where.bottom + 0.0
    return every([_at_most(schema.TOP, bottom), _at_least(schema.BOTTOM, top)])


def _at_least(name: str, low: float) -> Q:
    return between(name, float(low), None)


def _at_most(name: str, high: float) -> Q:
    return between(name, None, float(high))


_SHAPES = Kind(schema.SHAPE, schema.SHAPE_TEXT, _decode_shape)
_PERIODS = Kind(schema.PERIODS, schema.PERIODS_TEXT, _decode_periods)
