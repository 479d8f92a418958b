"""Where and when, compiled for tantivy: cells for what may match, bounds for what is one box or one period, exact
refinement for all else.

What does not match is excluded: tantivy skips ahead in exclusions, but reads an Or whole.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import msgspec
import tantivy

from indexer.areas import Area
from indexer.engines import seasons
from indexer.engines.asked_areas import asked_area, cells_of_area, geometry_of
from indexer.engines.bounds import WEST_ACROSS, Bound, Excluded, all_conditions, box_conditions
from indexer.engines.cells import Cover, possible_terms, sure_terms
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
    some,
    term,
    terms,
    without,
)
from indexer.engines.tantivy.documents import OPEN
from indexer.engines.tantivy.refinement import Kind, Refiner
from indexer.query import DepthRange, During, Season, Spatial
from mappings.record import BoundingBox
from mappings.times import first_second, last_second

Q = tantivy.Query
MAX_FLOAT = sys.float_info.max
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_COMPARISONS = {"<": below, "<=": at_most, ">": above, ">=": at_least}


def spatial(where: Spatial, refine: Refiner, among: Clauses) -> Clauses:
    """Documents whose region stands in the relation to the asked one.

    Cells tell what surely or possibly meets a region, bounds what does not match it. What neither tells is looked at,
    only for documents that match what stands beside the condition. An area is met by what surely does, and what was
    found to; in every other case most of what is possible matches, and what was found not to is excluded.
    """
    cells = _cells(where)
    possible = terms(schema.CELLS, possible_terms(cells))
    sure = (terms(schema.CELLS, sure_terms(cells)),) if where.relation == "intersects" else ()
    unsure = among + Clauses((possible,), sure)
    if sure and isinstance(where.region, Area):
        right = some(_looked_at(where, True, unsure, refine))
        return Clauses((some([*sure, every(possible, right)]),))
    beyond = _beyond(where)
    wrong = _looked_at(where, False, unsure + Clauses(must_not=beyond), refine)
    return Clauses((possible,), (*beyond, *wrong))


def _cells(where: Spatial) -> Cover:
    return cells_of_area(where.region) if isinstance(where.region, Area) else cells_of(where.region)


def _beyond(where: Spatial) -> tuple[Q, ...]:
    """Documents that do not match by their bounds: all single boxes that do not match a box, and what is beyond the
    hull of an area.
    """
    match where.region:
        case BoundingBox():
            conditions = box_conditions(where.relation, where.region)
        case _ if where.relation == "contains":
            conditions = all_conditions(where.relation, asked_area(where.region).spans)
        case _:
            conditions = box_conditions(where.relation, asked_area(where.region).hull)
    latitudes = (
        _COMPARISONS[_OPPOSITE[bound.operator]](bound.name, bound.value) for bound in conditions.latitudes
    )
    return *latitudes, *map(_excluded, conditions.excluded)


def _excluded(bounds: Excluded) -> Q:
    """Documents for which all of the bounds hold. Boxes across the antimeridian are few, which a term tells fastest."""
    across = any(bound.name == WEST_ACROSS for bound in bounds)
    return every(*((term(schema.HAS, schema.ACROSS),) if across else ()), *map(_bound, bounds))


def _bound(bound: Bound) -> Q:
    return _COMPARISONS[bound.operator](bound.name, bound.value)


def _looked_at(where: Spatial, matching: bool, unsure: Clauses, refine: Refiner) -> Iterator[Q]:
    """Of the documents of ``unsure``, of which bounds do not say whether they match, those that do, or do not."""
    area, relation = where.region, where.relation
    shaped = term(schema.HAS, schema.SHAPE)

    def matches(region: Region) -> bool:
        if isinstance(area, Area):
            return relates_area(region, relation, geometry_of(area))
        return relates(region, relation, area)

    if refine.has(schema.SHAPE):
        yield refine(_SHAPES, unsure + Clauses((shaped,)), lambda region: matches(region) is matching)
    if isinstance(area, Area) and relation != "contains":
        yield refine.boxes(unsure + Clauses(must_not=(shaped,)), area, relation, matching)


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
    wrong: tuple[Q, ...] = ()
    if refine.has(schema.PERIODS):
        wrong = (without(several, refine(_PERIODS, Clauses((several, *overlaps)), holds)),)
    if where.relation == "overlaps":
        return Clauses(overlaps, wrong)
    sticks_out = without(some([below(schema.START, begin), above(schema.END, finish)]), several)
    return Clauses(overlaps, (*wrong, sticks_out))


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
