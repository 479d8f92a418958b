"""Where and when, compiled for tantivy: bounds for what is one box or one period, exact refinement for all else.

What does not match is excluded: tantivy skips ahead in exclusions, but reads an Or whole.
"""

from __future__ import annotations

import sys

import msgspec
import tantivy

from indexer.areas import Area
from indexer.engines import seasons
from indexer.engines.asked_areas import asked_area, cells_of_area, geometry_of, single_boxes_match
from indexer.engines.bounds import Bound, BoxConditions, all_conditions, box_conditions
from indexer.engines.cells import possible_terms, sure_terms
from indexer.engines.regions import Region, relates, relates_area
from indexer.engines.shapes import cells_of, region_described
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.atoms import (
    Clauses,
    above,
    at_least,
    at_most,
    below,
    every,
    nothing,
    some,
    term,
    terms,
    without,
)
from indexer.engines.tantivy.documents import OPEN
from indexer.engines.tantivy.refinement import Kind, Refiner
from indexer.query import DepthRange, During, Season, Spatial, SpatialRelation
from mappings.record import BoundingBox
from mappings.times import first_second, last_second

Q = tantivy.Query
MAX_FLOAT = sys.float_info.max
_COMPARISONS = {"<": below, "<=": at_most, ">": above, ">=": at_least}


def spatial(where: Spatial, refine: Refiner, among: Clauses) -> Clauses:
    """Documents whose region stands in the relation to the asked one.

    An area is looked at only for documents ``among`` those that match what stands beside the condition.
    """
    region = where.region
    if isinstance(region, BoundingBox):
        conditions = box_conditions(where.relation, region)
    else:
        asked = asked_area(region)
        boxes = asked.spans if where.relation == "contains" else (asked.hull,)
        conditions = all_conditions(where.relation, boxes)
    near = _near(conditions)
    shapes = without(term(schema.HAS, schema.SHAPE), _shapes(where, Clauses(near.must) + among, refine))
    found = near + Clauses(must_not=(shapes,))
    if isinstance(region, BoundingBox) or where.relation == "contains":
        return found
    return found + Clauses(must_not=(_boxes_beside(where.relation, region, near + among, refine),))


def _near(conditions: BoxConditions) -> Clauses:
    excluded = (every(*map(_bound, bounds)) for bounds in conditions.excluded)
    return Clauses(tuple(map(_bound, conditions.latitudes)), tuple(excluded))


def _bound(bound: Bound) -> Q:
    return _COMPARISONS[bound.operator](bound.name, bound.value)


def _boxes_beside(relation: SpatialRelation, area: Area, near: Clauses, refine: Refiner) -> Q:
    """Documents with a single box that lies near the area, but does not match."""
    single = near + Clauses(must_not=(term(schema.HAS, schema.SHAPE),))
    return refine.boxes(single, lambda bounds: ~single_boxes_match(area, relation, bounds))


def _shapes(where: Spatial, near: Clauses, refine: Refiner) -> Q:
    """Documents that match and whose region is not one box."""
    if not refine.any(Clauses((term(schema.HAS, schema.SHAPE),)) + near):
        return nothing()
    cells = cells_of_area(where.region) if isinstance(where.region, Area) else cells_of(where.region)
    possible = Clauses((terms(schema.CELLS, possible_terms(cells)),)) + near

    def holds(region: Region) -> bool:
        if isinstance(where.region, Area):
            return relates_area(region, where.relation, geometry_of(where.region))
        return relates(region, where.relation, where.region)

    if where.relation != "intersects":
        return refine(_SHAPES, possible, holds)
    sure = terms(schema.CELLS, sure_terms(cells))
    return some([sure, refine(_SHAPES, possible + Clauses(must_not=(sure,)), holds)])


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


def season(where: Season, refine: Refiner) -> Clauses:
    """Documents one of whose periods reaches into the months, inside the asked span or lying within it."""
    asked = seasons.asked(where)
    months = terms(f"number_{seasons.MONTH}", where.months)
    if not asked.spans:
        return Clauses((months,))
    inside = [months]
    inside += [at_least(schema.START, asked.start)] if asked.start is not None else []
    inside += [at_most(schema.END, asked.end)] if asked.end is not None else []
    parts = [every(*inside)]
    if across := asked.across_start:
        parts.append(every(below(schema.START, across[0]), at_least(schema.END, across[1])))
    if across := asked.across_end:
        parts.append(every(at_most(schema.START, across[0]), above(schema.END, across[1])))
    several = term(schema.HAS, schema.PERIODS)

    def holds(periods: list[tuple[int, int]]) -> bool:
        return any(map(asked.holds, map(_open_again, periods)))

    return Clauses(
        (some([without(some(parts), several), refine(_PERIODS, Clauses((several, months)), holds)]),)
    )


def _open_again(period: tuple[int, int]) -> seasons.Period:
    start, end = period
    return None if start == -OPEN else start, None if end == OPEN else end


def _decode_periods(described: str) -> list[tuple[int, int]]:
    return msgspec.json.decode(described, type=list[tuple[int, int]])


def depth_range(where: DepthRange) -> Clauses:
    """Documents whose vertical range overlaps the asked one."""
    top = -MAX_FLOAT if where.top is None else where.top + 0.0
    bottom = MAX_FLOAT if where.bottom is None else where.bottom + 0.0
    return Clauses((at_most(schema.TOP, bottom), at_least(schema.BOTTOM, top)))


_SHAPES = Kind(schema.SHAPE, schema.SHAPE_TEXT, region_described)
_PERIODS = Kind(schema.PERIODS, schema.PERIODS_TEXT, _decode_periods)
