"""Where and when, compiled for tantivy: bounds for what is one box or one period, exact refinement for all else.

What does not match is excluded: tantivy skips ahead in exclusions, but reads an Or whole.
"""

from __future__ import annotations

import sys

import msgspec
import tantivy

from indexer.engines import seasons
from indexer.engines.bounds import Bound, box_conditions
from indexer.engines.cells import possible_terms, sure_terms
from indexer.engines.regions import Region, relates
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
from mappings.times import first_second, last_second

Q = tantivy.Query
MAX_FLOAT = sys.float_info.max
_COMPARISONS = {"<": below, "<=": at_most, ">": above, ">=": at_least}


def spatial(where: Spatial, refine: Refiner) -> Clauses:
    """Documents whose region stands in the relation to the box."""
    conditions = box_conditions(where)
    latitudes = tuple(map(_bound, conditions.latitudes))
    excluded = tuple(every(*map(_bound, bounds)) for bounds in conditions.excluded)
    shapes = without(term(schema.HAS, schema.SHAPE), _shapes(where, latitudes, refine))
    return Clauses(latitudes, (*excluded, shapes))


def _bound(bound: Bound) -> Q:
    return _COMPARISONS[bound.operator](bound.name, bound.value)


def _shapes(where: Spatial, latitudes: tuple[Q, ...], refine: Refiner) -> Q:
    """Documents that match and whose region is not one box."""
    cells = cells_of(where.box)
    possible = Clauses((terms(schema.CELLS, possible_terms(cells)), *latitudes))

    def holds(region: Region) -> bool:
        return relates(region, where.relation, where.box)

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
