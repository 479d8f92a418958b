"""EX_Extent: boxes, polygons, places, periods and depths (ISO 19115:2003 §B.3.1; GML 3.2 for geometry and time)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import shapely

from crosswalks.writers.citation import identifier
from crosswalks.writers.dates import xsd_date
from crosswalks.writers.elements import GCO, GMD, GML, HREF, add, decimal, digits
from mappings.record import BoundingBox, Extent, Period, VerticalRange

NextId = Callable[[str], str]
"""Gives a gml:id, unique in its document, that begins with the given word."""

CRS84 = "urn:ogc:def:crs:OGC:1.3:CRS84"  # longitude, latitude
DEPTH = "urn:ogc:def:crs:EPSG::5715"  # mean sea level depth, metres, positive downwards


def extent(parent: Any, value: Extent, next_id: NextId) -> None:
    """The gmd:extent of a resource; nothing at all where nothing is known."""
    if value == Extent():
        return
    element = add(add(parent, GMD + "extent"), GMD + "EX_Extent")
    for box in value.boxes:
        _box(element, box)
    if value.geometry is not None:
        _polygon(element, value.geometry, next_id)
    for place in value.places:
        described = add(add(element, GMD + "geographicElement"), GMD + "EX_GeographicDescription")
        identifier(described, GMD + "geographicIdentifier", place)
    for period in value.periods:
        _period(element, period, next_id)
    if value.vertical is not None:
        _vertical(element, value.vertical)


def _box(parent: Any, box: BoundingBox) -> None:
    element = add(add(parent, GMD + "geographicElement"), GMD + "EX_GeographicBoundingBox")
    decimal(element, GMD + "westBoundLongitude", box.west)
    decimal(element, GMD + "eastBoundLongitude", box.east)
    decimal(element, GMD + "southBoundLatitude", box.south)
    decimal(element, GMD + "northBoundLatitude", box.north)


def _period(parent: Any, period: Period, next_id: NextId) -> None:
    temporal = add(add(parent, GMD + "temporalElement"), GMD + "EX_TemporalExtent")
    element = add(add(temporal, GMD + "extent"), GML + "TimePeriod")
    element.set(GML + "id", next_id("period"))
    _position(element, "beginPosition", period.start, "unknown")
    _position(element, "endPosition", period.end, "now")


def _position(parent: Any, name: str, instant: str | None, open_end: str) -> None:
    element = add(parent, GML + name)
    written = xsd_date(instant)
    if written is not None:
        element.text = written
    elif instant is not None:
        element.text = instant[:4]  # the year 0000, which gml:TimePosition takes as a decimal
    else:
        element.set("indeterminatePosition", open_end)


def _vertical(parent: Any, vertical: VerticalRange) -> None:
    element = add(add(parent, GMD + "verticalElement"), GMD + "EX_VerticalExtent")
    for name, value in (("minimumValue", vertical.top), ("maximumValue", vertical.bottom)):
        add(add(element, GMD + name), GCO + "Real").text = digits(value)
    add(element, GMD + "verticalCRS").set(HREF, DEPTH)


def _polygon(parent: Any, wkt: str, next_id: NextId) -> None:
    element = add(add(parent, GMD + "geographicElement"), GMD + "EX_BoundingPolygon")
    for shape in _simple_parts(shapely.from_wkt(wkt)):
        _WRITERS[shape.geom_type](add(element, GMD + "polygon"), shape, next_id)


def _simple_parts(shape: Any) -> Iterable[Any]:
    """The points, lines and polygons that a geometry is made of."""
    if hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _simple_parts(part)
    else:
        yield shapely.LineString(shape) if shape.geom_type == "LinearRing" else shape


def _geometry(parent: Any, kind: str, next_id: NextId) -> Any:
    element = add(parent, GML + kind)
    element.set(GML + "id", next_id(kind.lower()))
    element.set("srsName", CRS84)
    return element


def _write_polygon(parent: Any, shape: Any, next_id: NextId) -> None:
    element = _geometry(parent, "Polygon", next_id)
    for name, ring in (("exterior", shape.exterior), *(("interior", inner) for inner in shape.interiors)):
        linear = add(add(element, GML + name), GML + "LinearRing")
        add(linear, GML + "posList").text = _coordinates(ring.coords)


def _write_line(parent: Any, shape: Any, next_id: NextId) -> None:
    add(_geometry(parent, "LineString", next_id), GML + "posList").text = _coordinates(shape.coords)


def _write_point(parent: Any, shape: Any, next_id: NextId) -> None:
    add(_geometry(parent, "Point", next_id), GML + "pos").text = _coordinates(shape.coords)


def _coordinates(points: Iterable[Sequence[float]]) -> str:
    return " ".join(f"{digits(point[0])} {digits(point[1])}" for point in points)


_WRITERS: dict[str, Callable[[Any, Any, NextId], None]] = {
    "Polygon": _write_polygon,
    "LineString": _write_line,
    "Point": _write_point,
}
