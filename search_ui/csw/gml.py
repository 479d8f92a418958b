"""GML 2, 3.1 and 3.2 geometries of filters, as boxes and areas. Elements are told by their local names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.areas import Area
from mappings.record import BoundingBox
from search_ui.csw import places
from search_ui.csw.errors import invalid

GEOMETRIES = frozenset({
    "Envelope", "Box", "Point", "LineString", "Curve", "LinearRing", "Polygon", "Surface", "MultiPoint",
    "MultiCurve",
    "MultiLineString", "MultiSurface", "MultiPolygon", "MultiGeometry",
})  # fmt: skip


_OUTER = frozenset({"exterior", "outerBoundaryIs"})
_INNER = frozenset({"interior", "innerBoundaryIs"})


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_geometry(element: Any) -> bool:
    return local_name(element) in GEOMETRIES


def region_of(geometry: Any) -> BoundingBox | Area:
    """The box of an envelope; any other geometry as it is."""
    name = local_name(geometry)
    crs = next((node.get("srsName") for node in geometry.iter() if node.get("srsName")), None)
    dimension = _dimension(geometry)
    if name in {"Envelope", "Box"}:
        points = list(_points(geometry, dimension))
        if len(points) != 2:
            raise invalid(name, "needs a lower and an upper corner")
        return places.envelope(points[0], points[1], crs, name)
    return places.area(list(_parts(geometry, dimension)), crs, name)


def _parts(geometry: Any, dimension: int) -> Iterator[places.Part]:
    """The points, lines and polygons of a geometry, however they nest."""
    match local_name(geometry):
        case "Polygon" | "PolygonPatch":
            rings = [child for child in geometry if local_name(child) in _OUTER]
            rings += [child for child in geometry if local_name(child) in _INNER]
            yield "POLYGON", [list(_points(ring, dimension)) for ring in rings or [geometry]]
        case "LinearRing":
            yield "POLYGON", [list(_points(geometry, dimension))]
        case "LineString" | "Curve":
            yield "LINESTRING", [list(_points(geometry, dimension))]
        case "Point":
            yield "POINT", [list(_points(geometry, dimension))[:1]]
        case _:
            for child in geometry:
                yield from _parts(child, dimension)


def _dimension(geometry: Any) -> int:
    value = next((node.get("srsDimension") for node in geometry.iter() if node.get("srsDimension")), "2")
    if value not in {"2", "3"}:
        raise invalid("srsDimension", f"{value!r} is not 2 or 3")
    return int(value)


def _points(geometry: Any, dimension: int) -> Iterator[places.Pair]:
    """The coordinate pairs in document order; a third coordinate is left out."""
    for node in geometry.iter():
        match local_name(node):
            case "lowerCorner" | "upperCorner" | "pos":
                values = places.numbers(node.text or "", local_name(node))
                if len(values) not in {2, 3}:
                    raise invalid(local_name(node), f"{node.text!r} is not a position")
                yield values[0], values[1]
            case "posList":
                yield from _pairs(places.numbers(node.text or "", "posList"), dimension, "posList")
            case "coordinates":
                yield from _tuples(node)
            case "coord":
                yield _coord(node)


def _pairs(values: list[float], dimension: int, locator: str) -> Iterator[places.Pair]:
    if len(values) % dimension:
        raise invalid(locator, f"{len(values)} numbers are not positions of {dimension} coordinates")
    for at in range(0, len(values), dimension):
        yield values[at], values[at + 1]


def _tuples(node: Any) -> Iterator[places.Pair]:
    """GML 2 coordinates: tuples divided by ``ts`` (blank), their numbers by ``cs`` (comma)."""
    separator = node.get("cs", ",")
    for position in (node.text or "").replace(node.get("ts", " "), " ").split():
        values = places.numbers(position.replace(separator, " ") if separator else position, "coordinates")
        if len(values) not in {2, 3}:
            raise invalid("coordinates", f"{position!r} is not a position")
        yield values[0], values[1]


def _coord(node: Any) -> places.Pair:
    values = [places.numbers(child.text or "", "coord") for child in node if local_name(child) in {"X", "Y"}]
    if len(values) != 2 or any(len(value) != 1 for value in values):
        raise invalid("coord", "needs an X and a Y")
    return values[0][0], values[1][0]
