"""Areas that are asked for, as engines need them: their closed image, boxes around and inside them, and an exact test
of many single boxes at once.

A single box is told by its bounds from most of an area: boxes beyond the ``hull`` do not match, boxes that match one of
the ``inner`` rectangles do. What is left is tested exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from indexer.areas import Area
from indexer.engines.cells import Cover, cover
from indexer.engines.inscribed import inscribed
from indexer.engines.regions import Region, cell_tests, read_geometry, relates_area
from indexer.query import SpatialRelation
from mappings.record import BoundingBox

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]
CELLS = 256
INNER = 4


@dataclass(frozen=True, slots=True)
class AskedArea:
    """``spans`` are boxes that together have the area's longitudes, apart from one another, and all its latitudes;
    ``hull`` is around them all, ``inner`` boxes lie in the area.
    """

    geometry: BaseGeometry
    spans: tuple[BoundingBox, ...]
    hull: BoundingBox
    inner: tuple[BoundingBox, ...]


@lru_cache(maxsize=64)
def geometry_of(area: Area) -> BaseGeometry:
    """The closed image of an area (``regions``), prepared for many questions."""
    read = read_geometry(area.wkt)
    geometry = shapely.union_all([shapely.Point() if read is None else read])
    shapely.prepare(geometry)
    return geometry


@lru_cache(maxsize=64)
def asked_area(area: Area) -> AskedArea:
    """What engines need to know of an area."""
    geometry = geometry_of(area)
    spans = tuple(_spans(geometry))
    hull = _hull(spans)
    return AskedArea(geometry, spans, hull, tuple(_inner(_of_dimension(geometry, 2), hull)))


@lru_cache(maxsize=64)
def cells_of_area(area: Area) -> Cover:
    """The cells of an area."""
    return cover(*cell_tests(Region((), geometry_of(area))), CELLS)


def single_boxes_match(area: Area, relation: SpatialRelation, bounds: Numbers) -> Truths:
    """Which single boxes, rows of west, south, east and north, intersect the area or lie within it.

    Of a box on the antimeridian its own image does: the area's image is closed, and has what is on one side on both.
    """
    across = bounds[:, 0] > bounds[:, 2]
    first, second = bounds.copy(), bounds[across]
    first[across, 2] = 180.0
    second[:, 0] = -180.0
    asked = asked_area(area)
    matches = _rectangles_match(asked, relation, first)
    others = _rectangles_match(asked, relation, second)
    matches[across] = matches[across] | others if relation == "intersects" else matches[across] & others
    return matches


def _rectangles_match(asked: AskedArea, relation: SpatialRelation, bounds: Numbers) -> Truths:
    matches = _match_inner(asked, relation, bounds)
    matches[~matches] = _tested(asked.geometry, relation, bounds[~matches])
    return matches


def _match_inner(asked: AskedArea, relation: SpatialRelation, bounds: Numbers) -> Truths:
    """Which rectangles match a box that lies in the area, and so the area."""
    west, south, east, north = bounds.T
    matches = np.zeros(len(bounds), dtype=bool)
    for box in asked.inner:
        if relation == "intersects":
            matches |= (west <= box.east) & (east >= box.west) & (south <= box.north) & (north >= box.south)
        else:
            matches |= (west >= box.west) & (east <= box.east) & (south >= box.south) & (north <= box.north)
    return matches


def _tested(area: BaseGeometry, relation: SpatialRelation, bounds: Numbers) -> Truths:
    shapes = _shapes(bounds)
    if relation == "intersects":
        return np.asarray(shapely.intersects(area, shapes), dtype=bool)
    polygons = _of_dimension(area, 2)
    shapely.prepare(polygons)
    matches = np.asarray(shapely.covers(polygons, shapes), dtype=bool)
    if polygons is not area:  # points and lines of the area can only help what is no more than a line
        for at in np.flatnonzero(~matches & (shapely.get_dimensions(shapes) < 2)):
            west, south, east, north = bounds[at].tolist()
            matches[at] = relates_area(Region(((west, south, east, north),)), relation, area)
    return matches


def _shapes(bounds: Numbers) -> NDArray[np.object_]:
    """Rectangles as shapely has them; only some are lines or points."""
    shapes = np.empty(len(bounds), dtype=object)
    narrow, low = bounds[:, 0] == bounds[:, 2], bounds[:, 1] == bounds[:, 3]
    points, lines, boxes = narrow & low, narrow ^ low, ~(narrow | low)
    shapes[points] = shapely.points(bounds[points, :2])
    shapes[lines] = shapely.linestrings(bounds[lines].reshape(-1, 2, 2))
    shapes[boxes] = shapely.box(*bounds[boxes].T)
    return shapes


def _of_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    """The parts of one dimension alone; the geometry itself where it has no others."""
    if geometry.geom_type != "GeometryCollection":
        return geometry if shapely.get_dimensions(geometry) == dimension else shapely.Polygon()
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])


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


def _inner(polygons: BaseGeometry, hull: BoundingBox) -> Iterator[BoundingBox]:
    """Boxes inside the area; one on either side of the antimeridian where it goes across."""
    sides = [polygons]
    if hull.crosses_antimeridian:
        parts = shapely.get_parts(polygons)
        west = shapely.bounds(parts)[:, 0]
        sides = [shapely.union_all(parts[side]) for side in (west >= hull.west, west < hull.west)]
    for side in sides:
        yield from (BoundingBox(*found) for found in inscribed(side, INNER // len(sides)))


def _hull(spans: tuple[BoundingBox, ...]) -> BoundingBox:
    """The box around all spans that leaves out the widest gap between them."""
    gaps = [(after.west - before.east, before.east, after.west) for before, after in pairwise(spans)]
    last, first = spans[-1], spans[0]
    gaps.append(((first.west - last.east) % 360, last.east, first.west))
    _, east, west = max(gaps)
    if len(spans) == 1:
        west, east = first.west, first.east
    return BoundingBox(west, first.south, east, first.north)
