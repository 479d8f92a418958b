"""Hits in the order of their distance from a point: found in growing circles, so that few are ever measured."""

from __future__ import annotations

from itertools import accumulate, repeat

import numpy as np
import tantivy
from numpy.typing import NDArray

from indexer.engines.centres import LATITUDE, LONGITUDE, Point, distance_keys, key_of_angle, longitudes_around
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.atoms import at_least, at_most, every, some
from indexer.engines.tantivy.refinement import count_of

Addresses = list[tantivy.DocAddress]
_FIRST, _GROWTH, _ALL = 0.5, 3.0, 180.0
"""Degrees of the first circle, how much the next is larger, and the circle that is the globe."""


def nearest(searcher: tantivy.Searcher, located: tantivy.Query, near: Point, count: int) -> Addresses:
    """The first ``count`` of the documents of ``located``, all of which have a middle."""
    found: Addresses = []
    for degrees in (*_circles(), _ALL):
        around = located if degrees == _ALL else every(located, _around(near, degrees))
        if degrees < _ALL and count_of(searcher, around) < count:
            continue
        found, inside = _measured(searcher, around, near, degrees)
        if inside >= count:
            break
    return found[:count]


def _circles() -> list[float]:
    return [size for size in accumulate(repeat(_GROWTH, 5), float.__mul__, initial=_FIRST) if size < _ALL]


def _around(near: Point, degrees: float) -> tantivy.Query:
    latitudes = every(at_least(LATITUDE, near[1] - degrees), at_most(LATITUDE, near[1] + degrees))
    longitudes = (
        every(at_least(LONGITUDE, west), at_most(LONGITUDE, east))
        for west, east in longitudes_around(near, degrees)
    )
    return every(latitudes, some(longitudes))


def _measured(
    searcher: tantivy.Searcher, query: tantivy.Query, near: Point, degrees: float
) -> tuple[Addresses, int]:
    """The documents of ``query``, nearest first, and how many lie in the circle."""
    total = count_of(searcher, query)
    if not total:
        return [], 0
    addresses = [address for _, address in searcher.search(query, limit=total, count=False).hits]
    keys = distance_keys(
        near, np.column_stack([_column(searcher, name, addresses) for name in (LONGITUDE, LATITUDE)])
    )
    ties = np.array(searcher.fast_field_values(schema.TIE, addresses), dtype=np.int64)
    inside = total if degrees == _ALL else int((keys <= key_of_angle(degrees)).sum())
    return [addresses[at] for at in np.lexsort((ties, keys))], inside


def _column(searcher: tantivy.Searcher, name: str, addresses: Addresses) -> NDArray[np.float64]:
    return np.array(searcher.fast_field_values(name, addresses), dtype=np.float64)
