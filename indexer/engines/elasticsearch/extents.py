"""Where and when, compiled for Elasticsearch: bounds and ranges, and exact refinement for what they cannot say."""

from __future__ import annotations

import msgspec

from indexer.engines import seasons
from indexer.engines.bounds import Bound, box_conditions
from indexer.engines.cells import possible_terms, sure_terms
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.atoms import NOTHING, Q, all_of, some, term, terms, without
from indexer.engines.elasticsearch.refinement import Kind, Refiner
from indexer.engines.regions import Region, relates
from indexer.engines.shapes import cells_of, region_described
from indexer.query import During, Season, Spatial
from mappings.times import first_second, last_second

OPERATORS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def spatial(where: Spatial, refine: Refiner) -> Q:
    """Documents whose region stands in the relation to the box."""
    conditions = box_conditions(where)
    latitudes = list(map(_bound, conditions.latitudes))
    excluded = [all_of(map(_bound, bounds)) for bounds in conditions.excluded]
    shaped = term(mapping.HAS, mapping.SHAPE)
    boxes: Q = {"bool": {"filter": latitudes, "must_not": [*excluded, shaped]}}
    return some([boxes, _shapes(where, latitudes, refine)])


def _bound(bound: Bound) -> Q:
    return {"range": {bound.name: {OPERATORS[bound.operator]: bound.value}}}


def _shapes(where: Spatial, latitudes: list[Q], refine: Refiner) -> Q:
    """Documents that match and whose region is not one box."""
    cells = cells_of(where.box)
    possible = all_of([terms(mapping.CELLS, possible_terms(cells)), *latitudes])

    def holds(region: Region) -> bool:
        return relates(region, where.relation, where.box)

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
