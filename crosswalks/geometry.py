"""Geometries as sources write them (GML 3.1 and 3.2, WKT) to WKT in longitude latitude order."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import shapely
from shapely import GeometryCollection, MultiLineString, MultiPoint, MultiPolygon
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]
_MULTI: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "Polygon": MultiPolygon,
    "Point": MultiPoint,
    "LineString": MultiLineString,
}
MAX_POINTS = 100_000

_LATITUDE_FIRST = re.compile(
    r"urn:(?:x-)?ogc:def:crs:EPSG:[\d.]*:(4326|4258|4490|4979)$|/def/crs/EPSG/[\d.]+/(4326|4258|4490|4979)$"
)


def wkt_of_gml(element: Any) -> str:
    """WKT of a GML Polygon, Surface, MultiSurface, Point, LineString or Curve, whatever its namespace's
    version.

    Coordinates are latitude first only where ``srsName`` is a URN or URL that says so (OGC 09-048r3 §6),
    or where the numbers cannot be meant otherwise. Raises ``ValueError`` for empty or impossible
    geometries.
    """
    order = _LATITUDE_FIRST.search(_srs_name(element)) is not None
    try:
        shapes = list(_geometries(element, order))
    except ShapelyError as error:
        raise ValueError(f"the GML geometry cannot be built: {error}") from error
    if not shapes:
        raise ValueError("no GML polygon, line or point with coordinates")
    return _text(shapes[0] if len(shapes) == 1 else _union(shapes))


def normal_wkt(text: str) -> str:
    """``text`` as WKT, checked. An ``SRID=...;`` prefix goes. Raises ``ValueError`` for anything else."""
    text = re.sub(r"^\s*SRID=\d+;", "", text)
    if len(text) > 40 * MAX_POINTS:
        raise ValueError("the geometry is too large")
    try:
        return _text(shapely.from_wkt(text))
    except (ShapelyError, TypeError) as error:
        raise ValueError(f"{text[:60]!r} is not a WKT geometry") from error


def flipped_wkt(text: str) -> str:
    """``text``, which has latitudes first, in longitude latitude order; as it is where its numbers cannot be
    meant so."""
    match = re.sub(r"^\s*SRID=\d+;", "", text)
    try:
        shape = shapely.from_wkt(match)
    except (ShapelyError, TypeError) as error:
        raise ValueError(f"{text[:60]!r} is not a WKT geometry") from error
    return normal_wkt(text) if _beyond_poles(shape.bounds[0], shape.bounds[2]) else _text(_flip(shape))


def oriented_wkt(text: str, west: float, south: float, east: float, north: float) -> str:
    """``text`` with its axes swapped where only that brings it into the box that the source gives as well."""
    shape = shapely.from_wkt(text)
    x, y = shape.centroid.x, shape.centroid.y
    margin = 1e-6

    def inside(longitude: float, latitude: float) -> bool:
        return west - margin <= longitude <= east + margin and south - margin <= latitude <= north + margin

    return _text(_flip(shape)) if inside(y, x) and not inside(x, y) else text


def _flip(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda points: points[:, ::-1])


def _beyond_poles(low: float, high: float) -> bool:
    return max(abs(low), abs(high)) > 90


def combine_wkt(texts: Sequence[str]) -> str:
    """One geometry of all of them: a multi-geometry when they are of one kind, else a collection."""
    shapes = [shapely.from_wkt(text) for text in dict.fromkeys(texts)]
    return _text(shapes[0] if len(shapes) == 1 else _union(shapes))


def box_of_wkt(text: str) -> dict[str, Any]:
    """The bounds of a geometry as ``west``, ``south``, ``east``, ``north``."""
    west, south, east, north = shapely.from_wkt(text).bounds
    return {"west": west, "south": south, "east": east, "north": north}


def meets_wkt(text: str, west: float, south: float, east: float, north: float) -> bool:
    """Whether a geometry, its longitudes counted from any meridian, touches a box (west > east: across the
    antimeridian)."""
    shape = shapely.from_wkt(text)
    far = east if east >= west else east + 360
    return any(
        shape.intersects(shapely.box(west + turn, south, far + turn, north)) for turn in (-360, 0, 360)
    )


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    flat = [inner for shape in shapes for inner in getattr(shape, "geoms", (shape,))]
    kinds = {shape.geom_type for shape in flat}
    combined: Callable[[Any], BaseGeometry] = _MULTI[kinds.pop()] if len(kinds) == 1 else GeometryCollection
    return combined(flat)


def _text(shape: BaseGeometry) -> str:
    if shape.is_empty:
        raise ValueError("the geometry is empty")
    if shape.has_z:
        shape = shapely.force_2d(shape)
    west, south, east, north = shape.bounds
    if not all(map(math.isfinite, shape.bounds)):
        raise ValueError("the geometry has coordinates that are not numbers")
    if west < -360 or east > 360 or south < -90 or north > 90:
        raise ValueError(
            f"the geometry reaches beyond longitudes and latitudes ({west} {south} {east} {north})"
        )
    return str(shapely.to_wkt(shape, rounding_precision=-1))


def _local(element: Any) -> str:
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def _srs_name(element: Any) -> str:
    for inner in element.iter():
        name = inner.get("srsName") if isinstance(inner.tag, str) else None
        if name:
            return str(name)
    return ""


def _geometries(element: Any, latitude_first: bool) -> Iterator[BaseGeometry]:
    for inner in element.iter():
        name = _local(inner)
        if name in {"Polygon", "PolygonPatch", "Rectangle"}:
            yield _polygon(inner, latitude_first)
        elif name in {"LineString", "LineStringSegment"} and not _inside(inner, "Polygon"):
            yield shapely.linestrings(_points(inner, latitude_first))
        elif name == "Point":
            yield shapely.points(_points(inner, latitude_first)[0])


def _inside(element: Any, name: str) -> bool:
    return any(_local(parent) == name for parent in element.iterancestors())


def _polygon(element: Any, latitude_first: bool) -> BaseGeometry:
    rings: dict[bool, list[list[Point]]] = {True: [], False: []}
    for side in element:
        name = _local(side)
        if name in {"exterior", "outerBoundaryIs", "interior", "innerBoundaryIs"}:
            ring = _points(side, latitude_first)
            if ring[0] != ring[-1]:
                ring.append(ring[0])
            if len(ring) < 4:
                raise ValueError("a ring of a polygon has fewer than four points")
            rings[name in {"exterior", "outerBoundaryIs"}].append(ring)
    if len(rings[True]) != 1:
        raise ValueError("a polygon has no outer ring")
    return shapely.Polygon(rings[True][0], rings[False])


def _points(element: Any, latitude_first: bool) -> list[Point]:
    points: list[Point] = []
    for inner in element.iter():
        name = _local(inner)
        text = inner.text or ""
        if name in {"posList", "pos"}:
            numbers = [float(part) for part in re.split(r"[\s,]+", text.strip()) if part]
            step = int(inner.get("srsDimension") or _dimension(inner) or 2)
            step = step if step in (2, 3) else 2
            points += [(numbers[i], numbers[i + 1]) for i in range(0, len(numbers) - 1, step)]
        elif name == "coordinates":
            pairs = (pair.split(inner.get("cs") or ",") for pair in text.split())
            points += [(float(pair[0]), float(pair[1])) for pair in pairs if len(pair) >= 2]
        if len(points) > MAX_POINTS:
            raise ValueError("the geometry has too many points")
    if not points:
        raise ValueError("a geometry without coordinates")
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
        raise ValueError("a geometry with coordinates that are not numbers")
    impossible = max(abs(y) for _, y in points) > 90 >= max(abs(x) for x, _ in points)
    return [(y, x) for x, y in points] if latitude_first or impossible else points


def _dimension(element: Any) -> str | None:
    for parent in element.iterancestors():
        found = parent.get("srsDimension")
        if found:
            return str(found)
    return None
