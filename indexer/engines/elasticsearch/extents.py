"""Where and when, compiled for Elasticsearch: cells and bounds, shapes and ranges; exact refinement for what these do
not say.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from indexer.areas import Area
from indexer.engines import seasons
from indexer.engines.asked_areas import asked_area, geometry_of
from indexer.engines.bounds import Bound, BoxConditions, all_conditions, box_conditions
from indexer.engines.cells import possible_terms
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.atoms import NOTHING, Q, all_of, some, term, terms, without
from indexer.engines.elasticsearch.geo_shapes import possible, sure
from indexer.engines.elasticsearch.refinement import Kind, Refiner
from indexer.engines.regions import Region, relates, relates_area
from indexer.engines.shapes import cells_of, region_described
from indexer.query import During, Season, Spatial
from mappings.record import BoundingBox
from mappings.times import first_second, last_second

OPERATORS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def spatial(where: Spatial, refine: Refiner) -> Q:
    """Documents whose region stands in the relation to the asked one."""
    match where.region:
        case BoundingBox() as box:
            boxes = all_of([_near(box), _bounded(box_conditions(where.relation, box))])
        case area if where.relation == "contains":
            boxes = _bounded(all_conditions("contains", asked_area(area).spans))
        case _:
            return _shaped(where, (mapping.BOX, mapping.GEOMETRY), refine)
    return some([boxes, _shaped(where, (mapping.GEOMETRY,), refine)])


def _near(box: BoundingBox) -> Q:
    """Documents with a single box that touches a cell of the asked one: few, and found so fast that beside them
    Elasticsearch looks at the bounds of each instead of collecting all that keep within one bound.
    """
    return terms(mapping.CELLS, possible_terms(cells_of(box)))


def _bounded(conditions: BoxConditions) -> Q:
    """Documents with a single box of which this holds."""
    excluded = [all_of(map(_bound, bounds)) for bounds in conditions.excluded]
    return {"bool": {"filter": list(map(_bound, conditions.latitudes)), "must_not": excluded}}


def _bound(bound: Bound) -> Q:
    return {"range": {bound.name: {OPERATORS[bound.operator]: bound.value}}}


def _shaped(where: Spatial, fields: Sequence[str], refine: Refiner) -> Q:
    """Documents that match by a region in one of the ``fields``."""

    def holds(region: Region) -> bool:
        if isinstance(where.region, Area):
            return relates_area(region, where.relation, geometry_of(where.region))
        return relates(region, where.relation, where.region)

    return refine(_SHAPES, possible(where, fields), holds, sure(where, fields))


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
