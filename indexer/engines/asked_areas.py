"""Areas that are asked for, as engines need them: their closed image, boxes around them, their raster, and an exact
test of many single boxes at once.

Of most classes of single boxes the area's raster tells whether they match. What is left is tested exactly.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from indexer.areas import Area
from indexer.engines.box_classes import Classes, bounds_of
from indexer.engines.cells import Cover, cover
from indexer.engines.raster import Numbers, Raster, Truths, raster
from indexer.engines.regions import (
    UNFLAGGED,
    Region,
    cell_tests,
    of_dimension,
    read_geometry,
    relates_area,
    simple_parts,
)
from indexer.query import SpatialRelation
from mappings.record import BoundingBox

CELLS = 1024
"""How many cells an area is asked for by."""


@dataclass(frozen=True, slots=True)
class AskedArea:
    """``spans`` are boxes that together have the area's longitudes, apart from one another, and all its latitudes;
    ``hull`` is around them all, and there is a raster for each side of the antimeridian that it reaches.
    """

    spans: tuple[BoundingBox, ...]
    hull: BoundingBox
    rasters: tuple[Raster, ...]


class _Geometries(threading.local):
    """The latest geometries that one thread has asked for: GEOS crashes where several ask one that is prepared."""

    def __init__(self) -> None:
        self.of = lru_cache(maxsize=64)(_prepared)


def _prepared(area: Area) -> BaseGeometry:
    read = read_geometry(area.wkt)
    geometry = shapely.union_all([shapely.Point() if read is None else read])
    shapely.prepare(geometry)
    return geometry


_GEOMETRIES = _Geometries()


def geometry_of(area: Area) -> BaseGeometry:
    """The closed image of an area (``regions``), prepared for many questions of this thread, and of no other."""
    return _GEOMETRIES.of(area)


@lru_cache(maxsize=64)
def asked_area(area: Area) -> AskedArea:
    """What engines need to know of an area."""
    geometry = geometry_of(area)
    spans = tuple(_spans(geometry))
    hull = _hull(spans)
    return AskedArea(spans, hull, tuple(map(raster, _sides(geometry, hull))))


@lru_cache(maxsize=64)
def cells_of_area(area: Area) -> Cover:
    """The cells of an area."""
    return cover(*cell_tests(Region((), geometry_of(area))), CELLS)


def classes_match(area: Area, relation: SpatialRelation, classes: Classes) -> tuple[Truths, Truths]:
    """Of which classes all boxes surely intersect the area, or lie within it, and of which surely none."""
    rasters, known = asked_area(area).rasters, bounds_of(classes)
    smallest, largest = _halves(known.smallest, known.across), _halves(known.largest, known.across)
    (surely, not_at_all), (also, not_there) = (
        _told(rasters, relation, *half) for half in zip(smallest, largest, strict=True)
    )
    if relation == "intersects":
        surely[known.across] |= also
        not_at_all[known.across] &= not_there
    else:
        surely[known.across] &= also
        not_at_all[known.across] |= not_there
    return surely, not_at_all


def _told(
    rasters: Sequence[Raster], relation: SpatialRelation, smallest: Numbers, largest: Numbers
) -> tuple[Truths, Truths]:
    """What rasters far from one another tell together of rectangles (``Raster.meet``)."""
    told = [
        one.meet(smallest, largest) if relation == "intersects" else one.lie_in(smallest, largest)
        for one in rasters
    ]
    return np.any([surely for surely, _ in told], axis=0), np.all(
        [not_at_all for _, not_at_all in told], axis=0
    )


@UNFLAGGED
def single_boxes_match(area: Area, relation: SpatialRelation, bounds: Numbers) -> Truths:
    """Which single boxes, columns of west, south, east and north, intersect the area or lie within it.

    Of a box on the antimeridian its own image does: the area's image is closed, and has what is on one side on both.
    """
    across = bounds[0] > bounds[2]
    asked = geometry_of(area)
    matches, others = (_tested(asked, relation, half) for half in _halves(bounds, across))
    matches[across] = matches[across] | others if relation == "intersects" else matches[across] & others
    return matches


def _halves(bounds: Numbers, across: Truths) -> tuple[Numbers, Numbers]:
    """Boxes up to the antimeridian, and what of those ``across`` it lies beyond."""
    first, second = bounds.copy(), bounds[:, across]
    first[2, across] = 180.0
    second[0] = -180.0
    return first, second


def _tested(area: BaseGeometry, relation: SpatialRelation, bounds: Numbers) -> Truths:
    shapes = _shapes(bounds)
    if relation == "intersects":
        return np.asarray(shapely.intersects(area, shapes), dtype=bool)
    polygons = of_dimension(area, 2)
    shapely.prepare(polygons)
    matches = np.asarray(shapely.covers(polygons, shapes), dtype=bool)
    if polygons is not area:  # points and lines of the area can only help what is no more than a line
        for at in np.flatnonzero(~matches & (shapely.get_dimensions(shapes) < 2)):
            west, south, east, north = bounds[:, at].tolist()
            matches[at] = relates_area(Region(((west, south, east, north),)), relation, area)
    return matches


def _shapes(bounds: Numbers) -> NDArray[np.object_]:
    """Rectangles as shapely has them; only some are lines or points."""
    west, south, east, north = bounds
    shapes = np.empty(len(west), dtype=object)
    narrow, low = west == east, south == north
    points, lines, boxes = narrow & low, narrow ^ low, ~(narrow | low)
    shapes[points] = shapely.points(west[points], south[points])
    shapes[lines] = shapely.linestrings(bounds[:, lines].T.reshape(-1, 2, 2))
    shapes[boxes] = shapely.box(*bounds[:, boxes])
    return shapes


def _spans(geometry: BaseGeometry) -> Iterator[BoundingBox]:
    _, south, _, north = geometry.bounds
    merged: list[list[float]] = []
    for west, _, east, _ in sorted(shapely.bounds(shapely.get_parts(geometry)).tolist()):
        if merged and west <= merged[-1][1]:
            merged[-1][1] = max(east, merged[-1][1])
        else:
            merged.append([west, east])
    if len(merged) > 1 and (merged[0][0], merged[-1][1]) == (-180, 180):
        merged[-1][1] = merged.pop(0)[1]
    for west, east in merged:
        yield BoundingBox(west, south, east, north)


def _sides(geometry: BaseGeometry, hull: BoundingBox) -> list[BaseGeometry]:
    """What of an area is on either side of the antimeridian, where it reaches across."""
    if not hull.crosses_antimeridian:
        return [geometry]
    parts = simple_parts(geometry)
    west = shapely.bounds(parts)[:, 0]
    return [shapely.union_all(parts[side]) for side in (west >= hull.west, west < hull.west)]


def _hull(spans: tuple[BoundingBox, ...]) -> BoundingBox:
    """The box around all spans that leaves out the widest gap between them."""
    gaps = [(after.west - before.east, before.east, after.west) for before, after in pairwise(spans)]
    last, first = spans[-1], spans[0]
    gaps.append(((first.west - last.east) % 360, last.east, first.west))
    _, east, west = max(gaps)
    if len(spans) == 1:
        west, east = first.west, first.east
    return BoundingBox(west, first.south, east, first.north)
