"""What engines share in counting: facet values and map tiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from indexer.analysis import fold
from indexer.query import Condition, FacetRequest, FacetValue, Query, TileCount
from mappings.tiles import at_zoom

TILE = "tile"
"""The integer field with the number of the tile that a record has its place in."""
Counted = tuple[str | int, int]
"""A value and how many hits have it."""


def by_condition(query: Query) -> Iterator[tuple[Condition, tuple[FacetRequest, ...]]]:
    """The facet requests, those together that count among the records of one condition."""
    conditions: dict[Condition, list[FacetRequest]] = {}
    for request in query.facets:
        where = query.where if request.where is None else request.where
        conditions.setdefault(where, []).append(request)
    yield from ((where, tuple(requests)) for where, requests in conditions.items())


def is_picked(request: FacetRequest) -> bool:
    """Whether only some values are wanted."""
    return request.containing is not None or bool(request.among or request.starting)


def most_frequent(counted: Iterable[Counted], request: FacetRequest) -> tuple[FacetValue, ...]:
    """The answer to ``request`` of all values that are counted; equal counts go by value."""
    if is_picked(request):
        counted = _picked(counted, request)
    ordered = sorted(counted, key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(str(value), count) for value, count in ordered[: request.size])


def _picked(counted: Iterable[Counted], request: FacetRequest) -> Iterator[Counted]:
    among = frozenset(request.among)
    part = None if request.containing is None else _plain(request.containing)
    any_value = part is None and not among
    for value, count in counted:
        text = str(value)
        if request.starting and not text.startswith(request.starting):
            continue
        if any_value or text in among or (part is not None and part in _plain(text)):
            yield value, count


def _plain(text: str) -> str:
    return fold(text).replace("_", " ")


def heatmap(counts: Mapping[int, int], zoom: int) -> tuple[TileCount, ...]:
    """Counts by tile numbers as the answer at a zoom."""
    return tuple(TileCount(tile, count) for tile, count in at_zoom(counts, zoom).items())
