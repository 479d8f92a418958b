"""Datasets like another one, by the same definition for every engine: what two records share, the rarer the more.

The rarest values of a record (concepts, keywords, platforms ...) are asked for as preferences; the best of what has any
of them is then put in order by all that is shared, and by how much the regions overlap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.document import CONCEPT, Document
from indexer.engines.ordering import tie
from indexer.query import Condition, Everything, Or, Page, Preference, Query, SearchResult, Spatial, Terms
from mappings.boxes import hull, width_of
from mappings.record import BoundingBox

WEIGHTS = {
    "parent": 1.5,
    CONCEPT: 1.0,
    "project": 0.8,
    "keyword": 0.7,
    "platform": 0.6,
    "instrument": 0.4,
    "place": 0.4,
    "feature_type": 0.2,
    "organisation": 0.2,
}
"""How much it means to share a value of a field, times the value's rarity."""
REGION = 2.0
"""What the same region is worth; regions that overlap in part are worth their share."""
MAX_VALUES = 16
"""Values of a record whose frequency is looked up."""
MAX_ASKED = 12
"""The rarest of them, by which records are looked for."""
ENOUGH = 5000
"""Where the rarest of these are in so many records together, no record is looked for by the others."""
CANDIDATES = 50
COMMON = 0.2
"""A value that a larger share of all records has tells nothing."""

Search = Callable[[Query], SearchResult]
Totals = Callable[[Iterable[Condition]], Mapping[Condition, int]]
Read = Callable[[Iterable[str]], Mapping[str, Document]]


@dataclass(frozen=True, slots=True)
class Shared:
    """A value, how many records have it, and what it is worth to share it."""

    field: str
    value: str
    having: int
    weight: float


def similar(search: Search, totals: Totals, read: Read, own: Document, size: int) -> tuple[str, ...]:
    """The ids of up to ``size`` records that are most like ``own``, best first; without itself. ``totals`` tells how
    many records match each of some conditions: it is asked the same for all records that share a value, and does well
    to remember.
    """
    values = sorted(_rated(totals, own), key=lambda each: (-each.weight, each.field, each.value))
    if not values:
        return ()
    found = search(_question(own, values[:MAX_ASKED])).ids
    others = read([id for id in found if id != own.id]).values()
    weights = {(each.field, each.value): each.weight for each in values}
    worth = {other.id: _worth(own, other, weights) for other in others}
    return tuple(sorted(worth, key=lambda id: (-worth[id], tie(id)))[:size])


def _rated(totals: Totals, own: Document) -> Iterator[Shared]:
    values = {Terms(field, (value,)): (field, value) for field, value in _values(own)[:MAX_VALUES]}
    counted = totals([Everything(), *values])
    every = counted[Everything()]
    for where, (field, value) in values.items():
        having = counted[where]
        if 1 < having <= max(COMMON * every, 2):
            yield Shared(field, value, having, WEIGHTS[field] * math.log(1 + every / having))


def _values(own: Document) -> list[tuple[str, str]]:
    return [(field, value) for field in WEIGHTS for value in own.keywords.get(field, ())]


def _question(own: Document, values: list[Shared]) -> Query:
    by_field: dict[str, tuple[str, ...]] = {}
    for each in _rarest(values):
        by_field[each.field] = (*by_field.get(each.field, ()), each.value)
    prefer = [Preference(Terms(each.field, (each.value,)), each.weight) for each in values]
    region = hull(own.boxes)
    if region is not None:
        near: Condition = Spatial("intersects", region)
        prefer.append(Preference(near, REGION / 2))
    where = Or(tuple(Terms(field, wanted) for field, wanted in by_field.items()))
    return Query(where, prefer=tuple(prefer), page=Page(size=CANDIDATES))


def _rarest(values: list[Shared]) -> Iterator[Shared]:
    """The rarest values, until ``ENOUGH`` records have them."""
    covered = 0
    for each in sorted(values, key=lambda each: (each.having, each.field, each.value)):
        yield each
        covered += each.having
        if covered >= ENOUGH:
            return


def _worth(own: Document, other: Document, weights: Mapping[tuple[str, str], float]) -> float:
    shared = sum(weights.get(pair, 0.0) for pair in set(_values(other)))
    one, two = hull(own.boxes), hull(other.boxes)
    return round(shared + (REGION * _overlap(one, two) if one and two else 0.0), 6)


def _overlap(one: BoundingBox, two: BoundingBox) -> float:
    """The share of the area of both that they have in common, from 0 to 1; 1 for two that are the same."""
    if one == two:
        return 1.0
    height = min(one.north, two.north) - max(one.south, two.south)
    common = sum(
        max(0.0, min(width_of(one), start + width_of(two)) - max(0.0, start))
        for start in ((two.west - one.west) % 360, (two.west - one.west) % 360 - 360)
    )
    if height <= 0 or common <= 0:
        return 0.0
    area = height * common
    return area / (_area(one) + _area(two) - area)


def _area(box: BoundingBox) -> float:
    return width_of(box) * (box.north - box.south)
