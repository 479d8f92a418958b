"""Regions on the globe and how they relate, exactly: boxes by comparing their bounds, geometries by shapely.

A region is given by its *closed image*: the set of all plane points (longitude -180..180, latitude) that lie
in it, where everything on the meridian of 180 degrees is there twice, at -180 and at 180. With both regions
closed so, the plane's relations are those on the globe's circle of longitudes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from indexer.document import Document
from indexer.positions import rounded
from indexer.query import SpatialRelation
from mappings.record import BoundingBox

Rectangle = tuple[float, float, float, float]
"""West, south, east, north with west <= east; may be a line or a point."""
_WEST_MERIDIAN = shapely.LineString([(-180, -90), (-180, 90)])
_EAST_MERIDIAN = shapely.LineString([(180, -90), (180, 90)])
UNFLAGGED = np.errstate(divide="ignore", over="ignore", invalid="ignore")
"""GEOS divides by a bound of 5e-324 on its way to an answer, which stands nevertheless."""
GLOBE = shapely.box(-180, -90, 180, 90)
"""All of the plane."""


@dataclass(frozen=True, slots=True)
class Region:
    """A closed image: rectangles, or a geometry where there is one."""

    rectangles: tuple[Rectangle, ...]
    geometry: BaseGeometry | None = None


def region_of(document: Document) -> Region | None:
    """Where the record is: its geometry, or else the union of its boxes; None if it says nothing.

    A geometry that cannot be read gives way to the boxes.
    """
    geometry = read_geometry(document.geometry) if document.geometry else None
    if geometry is None and not document.boxes:
        return None
    return Region(rectangles(document.boxes), geometry)


def image(region: Region) -> BaseGeometry:
    """The closed image of a region as shapely has it."""
    if region.geometry is not None:
        return region.geometry
    return shapely.union_all(list(map(rectangle_shape, region.rectangles)))


@UNFLAGGED
def relates(region: Region, relation: SpatialRelation, box: BoundingBox) -> bool:
    """Whether ``region`` intersects, is within, or contains ``box``."""
    asked = rectangles((box,))
    if region.geometry is not None:
        return _geometry_relates(region.geometry, relation, asked)
    if relation == "intersects":
        return any(overlap(a, b) for a in region.rectangles for b in asked)
    if relation == "within":
        return all(_covered(rectangle, asked) for rectangle in region.rectangles)
    return all(_covered(rectangle, region.rectangles) for rectangle in asked)


@UNFLAGGED
def relates_area(region: Region, relation: SpatialRelation, area: BaseGeometry) -> bool:
    """Whether ``region`` intersects, is within, or contains ``area``, a closed image."""
    if relation == "intersects":
        return any(bool(shapely.intersects(area, part)) for part in _shapes(region))
    if relation == "within":
        return all(_geometry_covers(area, part) for part in _shapes(region))
    cover = region.geometry
    if cover is None:
        cover = shapely.GeometryCollection(_shapes(region))
    return all(_geometry_covers(cover, part) for part in simple_parts(area))


def _shapes(region: Region) -> list[BaseGeometry]:
    """The parts of a region as shapely has them."""
    if region.geometry is not None:
        return list(simple_parts(region.geometry))
    return list(map(rectangle_shape, region.rectangles))


def rectangles(boxes: Iterable[BoundingBox]) -> tuple[Rectangle, ...]:
    """The closed image of a union of boxes."""
    pieces: dict[Rectangle, None] = {}
    for box in boxes:
        for west, east in _longitudes(box):
            pieces[west, box.south, east, box.north] = None
    return tuple(pieces)


def _longitudes(box: BoundingBox) -> list[tuple[float, float]]:
    if box.crosses_antimeridian:
        return [(box.west, 180.0), (-180.0, box.east)]
    spans = [(box.west, box.east)]
    if box.west == -180:
        spans.append((180.0, 180.0))
    if box.east == 180:
        spans.append((-180.0, -180.0))
    return spans


def overlap(a: Rectangle, b: Rectangle) -> bool:
    """Whether two rectangles share a point."""
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]


def lies_in(inner: Rectangle, outer: Rectangle) -> bool:
    """Whether a rectangle lies in another, borders included."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _covered(target: Rectangle, cover: Sequence[Rectangle]) -> bool:
    """Whether every point of ``target`` lies in one of ``cover``.

    The bounds of the cover cut the target into points, open edges and open faces, each of which lies in a
    rectangle as a whole or not at all: one point of each decides.
    """
    near = [rectangle for rectangle in cover if overlap(target, rectangle)]
    xs = _samples(target[0], target[2], (bound for r in near for bound in (r[0], r[2])))
    ys = _samples(target[1], target[3], (bound for r in near for bound in (r[1], r[3])))
    return all(any(r[0] <= x <= r[2] and r[1] <= y <= r[3] for r in near) for x in xs for y in ys)


def _samples(low: float, high: float, bounds: Iterable[float]) -> list[float]:
    cuts = sorted({low, high, *(bound for bound in bounds if low < bound < high)})
    return cuts + [(a + b) / 2 for a, b in pairwise(cuts)]


def read_geometry(wkt: str) -> BaseGeometry | None:
    """The closed image of a WKT geometry, its longitudes brought into -180..180; None where it is no usable
    geometry.
    """
    try:
        geometry = shapely.from_wkt(wkt)
    except shapely.errors.GEOSException:
        return None
    if geometry is None or geometry.is_empty or not _finite(geometry):
        return None
    geometry = _within_one_turn(shapely.make_valid(rounded(geometry)))
    mirrored = [
        mirror
        for meridian, degrees in ((_WEST_MERIDIAN, 360.0), (_EAST_MERIDIAN, -360.0))
        if not (mirror := shifted(shapely.intersection(geometry, meridian), degrees)).is_empty
    ]
    geometry = shapely.union_all([geometry, *mirrored]) if mirrored else geometry
    return None if geometry.is_empty else geometry


def _within_one_turn(geometry: BaseGeometry) -> BaseGeometry:
    """Longitudes beyond 180 degrees, as unwrapped geometries have them, brought back."""
    west, _, east, _ = geometry.bounds
    if west >= -180 and east <= 180:
        return geometry
    turns = [shifted(geometry, degrees) for degrees in (-360.0, 0.0, 360.0)]
    return shapely.union_all([shapely.intersection(turn, GLOBE) for turn in turns])


def shifted(geometry: BaseGeometry, degrees: float) -> BaseGeometry:
    """The geometry, so many degrees of longitude further east."""

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.add(points, (degrees, 0.0))

    return shapely.transform(geometry, move)


def _finite(geometry: BaseGeometry) -> bool:
    return bool(abs(shapely.get_coordinates(geometry)).max(initial=0) < 1e6)


def _geometry_relates(
    geometry: BaseGeometry, relation: SpatialRelation, asked: tuple[Rectangle, ...]
) -> bool:
    if relation == "intersects":
        return any(bool(shapely.intersects(geometry, rectangle_shape(rectangle))) for rectangle in asked)
    if relation == "within":
        # A part is connected and rectangles that meet are one within the other: it lies in one or in none.
        bounds = shapely.bounds(simple_parts(geometry)).tolist()
        return all(any(lies_in(part, rectangle) for rectangle in asked) for part in bounds)
    return all(_geometry_covers(geometry, rectangle_shape(rectangle)) for rectangle in asked)


def _geometry_covers(geometry: BaseGeometry, left: BaseGeometry) -> bool:
    """Whether ``geometry`` covers a polygon, a line or a point.

    Areas are asked first, then lines, then points: of a collection that mixes them GEOS 3.14 says that it does not
    cover what its areas alone do. What is left of a polygon or a line by what does not cover it is no less than a
    polygon or a line: only of a line areas may cover one piece and lines the rest.
    """
    own = int(shapely.get_dimensions(left))
    for dimension in range(2, own - 1, -1):
        alike = of_dimension(geometry, dimension)
        if shapely.covers(alike, left):
            return True
        if own == 1:
            left = shapely.difference(left, alike)
    return False


def of_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    """The parts of one dimension alone; the geometry itself where it has no others."""
    if geometry.geom_type != "GeometryCollection":
        return geometry if shapely.get_dimensions(geometry) == dimension else shapely.Polygon()
    parts = simple_parts(geometry)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])


def simple_parts(geometry: BaseGeometry) -> NDArray[np.object_]:
    """The points, lines and polygons of a geometry, however collections nest."""
    parts: NDArray[np.object_] = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    return parts


def rectangle_shape(rectangle: Rectangle) -> BaseGeometry:
    """A rectangle as shapely has it: a polygon, a line or a point."""
    west, south, east, north = rectangle
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(*rectangle)


CellTest = Callable[[Sequence[Rectangle]], list[bool]]


def cell_tests(region: Region) -> tuple[CellTest, CellTest]:
    """Two tests of rectangles that have an area: whether the region and each share a point, and whether the region
    covers each.
    """
    geometry = region.geometry
    if geometry is None:
        return (
            lambda cells: [any(overlap(own, cell) for own in region.rectangles) for cell in cells],
            lambda cells: [_covered(cell, region.rectangles) for cell in cells],
        )
    parts = simple_parts(geometry)
    polygons = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    shapely.prepare([geometry, polygons])
    return (
        lambda cells: _asked_of_all(shapely.intersects, geometry, cells),
        lambda cells: _asked_of_all(shapely.covers, polygons, cells),
    )


def _asked_of_all(
    relation: Callable[..., NDArray[np.bool_]], geometry: BaseGeometry, cells: Sequence[Rectangle]
) -> list[bool]:
    if not cells:
        return []
    answers: list[bool] = relation(geometry, shapely.box(*np.array(cells).T)).tolist()
    return answers


def latitudes(region: Region) -> tuple[float, float]:
    """The southernmost and northernmost latitude."""
    if region.geometry is not None:
        _, south, _, north = region.geometry.bounds
        return float(south), float(north)
    return min(south for _, south, _, _ in region.rectangles), max(north for *_, north in region.rectangles)
