"""Where and when, compiled for Elasticsearch: bounds and ranges, and exact refinement for what they cannot say."""

from __future__ import annotations

import msgspec

from indexer.areas import Area
from indexer.engines import seasons
from indexer.engines.asked_areas import asked_area, cells_of_area, geometry_of, single_boxes_match
from indexer.engines.bounds import Bound, BoxConditions, all_conditions, box_conditions
from indexer.engines.cells import Cover, possible_terms, sure_terms
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.atoms import NOTHING, Q, all_of, some, term, terms, without
from indexer.engines.elasticsearch.refinement import Kind, Refiner
from indexer.engines.regions import Region, relates, relates_area
from indexer.engines.shapes import cells_of, region_described
from indexer.query import During, Season, Spatial, SpatialRelation
from mappings.record import BoundingBox
from mappings.times import first_second, last_second

OPERATORS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def spatial(where: Spatial, refine: Refiner) -> Q:
    """Documents whose region stands in the relation to the asked one."""
    region = where.region
    shaped = term(mapping.HAS, mapping.SHAPE)
    if isinstance(region, BoundingBox):
        near = _near(box_conditions(where.relation, region))
        return some([without(near, shaped), _shapes(where, cells_of(region), refine)])
    asked = asked_area(region)
    boxes = asked.spans if where.relation == "contains" else (asked.hull,)
    near = without(_near(all_conditions(where.relation, boxes)), shaped)
    if where.relation != "contains":
        near = without(near, _boxes_beside(where.relation, region, near, refine))
    return some([near, _shapes(where, cells_of_area(region), refine)])


def _near(conditions: BoxConditions) -> Q:
    excluded = [all_of(map(_bound, bounds)) for bounds in conditions.excluded]
    return {"bool": {"filter": list(map(_bound, conditions.latitudes)), "must_not": excluded}}


def _bound(bound: Bound) -> Q:
    return {"range": {bound.name: {OPERATORS[bound.operator]: bound.value}}}


def _boxes_beside(relation: SpatialRelation, area: Area, near: Q, refine: Refiner) -> Q:
    """Documents with a single box that lies near the area, but does not match."""
    sure = [_near(box_conditions(relation, inner)) for inner in asked_area(area).inner]
    unsure: Q = {"bool": {"filter": [near], "must_not": sure}}
    return refine.boxes(unsure, lambda bounds: ~single_boxes_match(area, relation, bounds))


def _shapes(where: Spatial, cells: Cover, refine: Refiner) -> Q:
    """Documents that match and whose region is not one box."""
    possible = terms(mapping.CELLS, possible_terms(cells))

    def holds(region: Region) -> bool:
        if isinstance(where.region, Area):
            return relates_area(region, where.relation, geometry_of(where.region))
        return relates(region, where.relation, where.region)

    if where.relation != "intersects" or not cells.inside:
        return refine(_SHAPES, possible, holds)
    sure = terms(mapping.CELLS, sure_terms(cells))
    return some([sure, refine(_SHAPES, without(possible, sure), holds)])


def during(where: During) -> Q:
    """Documents one of whose periods overlaps the asked one, or lies within it."""
    start = None if where.start is None else first_second(where.start)
    end = None if where.end is None else last_second(where.end)
    relation = "within" if where.relation == "within" else "intersects"
    return ranged(mapping.PERIODS, start, end, "time", relation)


def season(where: Season, refine: Refiner) -> Q:
    """Documents one of whose periods reaches into the months, inside the asked span or lying within it."""
    asked = seasons.asked(where)
    months = terms(f"number_{seasons.MONTH}", where.months)
    if not asked.spans:
        return months
    inside = all_of([months, ranged(mapping.PERIODS, asked.start, asked.end, "time", "within")])
    several = term(mapping.HAS, mapping.SEVERAL)

    def holds(periods: list[seasons.Period]) -> bool:
        return any(map(asked.holds, periods))

    parts = [without(inside, several), refine(_PERIODS, all_of([inside, several]), holds)]
    if across := asked.across_start:
        parts.append(ranged(mapping.PERIODS, across[0] - 1, across[1], "time", "contains"))
    if across := asked.across_end:
        parts.append(ranged(mapping.PERIODS, across[0], across[1] + 1, "time", "contains"))
    return some(part for part in parts if part != NOTHING)


def ranged(name: str, low: float | None, high: float | None, field: str, relation: str = "intersects") -> Q:
    """Documents with a range that stands in ``relation`` to [low, high]; open ends match any of ``field``."""
    if low is None and high is None:
        return term(mapping.HAS, field)
    ends = {end: value + 0 for end, value in (("gte", low), ("lte", high)) if value is not None}
    return {"range": {name: {**ends, "relation": relation}}}


def _decode_periods(described: str) -> list[seasons.Period]:
    return msgspec.json.decode(described, type=list[tuple[int | None, int | None]])


_SHAPES = Kind(mapping.SHAPE, mapping.SHAPE_TEXT, region_described)
_PERIODS = Kind(mapping.SEVERAL, mapping.SEVERAL_TEXT, _decode_periods)
