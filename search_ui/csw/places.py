"""Coordinates in the axis orders that clients use, as a box or an area in longitude and latitude.

``urn:ogc:def:crs:EPSG::4326`` and the http URIs of EPSG give latitude first (OGC 07-092r2); ``EPSG:4326``
and CRS84 give longitude first, as nearly all software writes them. Without a CRS the order is longitude
latitude, unless only the other one is possible (pycsw's clients leave the CRS out and write latitude first).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Literal

from indexer.areas import ANY, MAX_POSITIONS, Area, read_area
from mappings.record import BoundingBox
from search_ui.csw.errors import invalid

Pair = tuple[float, float]

MAX_COORDINATES = 10_000
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_AUTHORITY = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:EPSG:[\w.]*:|https?://www\.opengis\.net/def/crs/EPSG/[\w.]+/)(\d+)", re.I
)
_SHORT = re.compile(r"(?:EPSG:+|https?://www\.opengis\.net/gml/srs/epsg\.xml#)?(\d+)", re.I)
_CRS84 = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:OGC:[\w.]*:|https?://www\.opengis\.net/def/crs/OGC/[\w.]+/|OGC:|CRS:?)(?:CRS)?84h?",
    re.I,
)
GEOGRAPHIC = frozenset({4326, 4979, 4258, 4269, 4490})
"""WGS 84 (and 3D), ETRS89, NAD83, CGCS2000: apart by less than a metadata box is exact."""
WEB_MERCATOR = frozenset({3857, 3785, 900913, 102100, 102113})
EARTH_RADIUS = 6378137.0


def numbers(text: str, locator: str) -> list[float]:
    """The numbers of a coordinate list, divided by blanks or commas."""
    words = text.replace(",", " ").split()
    if len(words) > MAX_COORDINATES:
        raise invalid(locator, f"more than {MAX_COORDINATES:,} coordinates")
    for word in words:
        if not _NUMBER.fullmatch(word) or not math.isfinite(float(word)):
            raise invalid(locator, f"{word!r} is not a coordinate")
    return [float(word) for word in words]


def envelope(lower: Pair, upper: Pair, crs: str | None, locator: str = "Envelope") -> BoundingBox:
    """The box of two corners as they are written. West beyond east means across the antimeridian."""
    order = _order(crs, (lower, upper))
    (west, south), (east, north) = order(lower), order(upper)
    return _box(west, south, east, north, locator)


Shape = Literal["POINT", "LINESTRING", "POLYGON"]
Part = tuple[Shape, Sequence[Sequence[Pair]]]
"""One point, one line, or the rings of one polygon, the outer one first."""


def area(parts: Sequence[Part], crs: str | None, locator: str) -> Area:
    """The area of points, lines and polygons as they are written. Rings need not end where they begin."""
    points = [point for _, lines in parts for line in lines for point in line]
    if not points:
        raise invalid(locator, "has no coordinates")
    if len(points) > MAX_POSITIONS:
        raise invalid(locator, f"has {len(points):,} positions; it takes at most {MAX_POSITIONS:,}")
    order = _order(crs, points)
    written = [
        _well_known(shape, [[_on_earth(order(point)) for point in line] for line in lines])
        for shape, lines in parts
    ]
    try:
        return read_area(
            written[0] if len(written) == 1 else f"GEOMETRYCOLLECTION ({', '.join(written)})", ANY
        )
    except ValueError as error:
        raise invalid(locator, str(error)) from error


def _well_known(shape: Shape, lines: Sequence[Sequence[Pair]]) -> str:
    if shape == "POLYGON":
        lines = [line if line and line[0] == line[-1] else [*line, *line[:1]] for line in lines]
    texts = [", ".join(f"{x!r} {y!r}" for x, y in line) for line in lines]
    return (
        f"{shape} ({', '.join(f'({text})' for text in texts)})"
        if shape == "POLYGON"
        else f"{shape} ({texts[0]})"
    )


def _on_earth(point: Pair) -> Pair:
    """Maps reach beyond the world: latitudes are cut at the poles."""
    return float(point[0]), max(-90.0, min(90.0, float(point[1])))


def _order(crs: str | None, points: Sequence[Pair]) -> Callable[[Pair], Pair]:
    """How to make longitude and latitude of a pair in this CRS."""
    name = (crs or "").strip()
    if not name:
        return _swapped if _only_latitude_first(points) else _kept
    if _CRS84.fullmatch(name):
        return _kept
    for pattern, geographic in ((_AUTHORITY, _swapped), (_SHORT, _kept)):
        match = pattern.fullmatch(name)
        code = int(match[1]) if match and len(match[1]) <= 6 else 0
        if code in GEOGRAPHIC:
            return geographic
        if code in WEB_MERCATOR:
            return _from_mercator
    raise invalid(
        "srsName",
        f"{name!r} is not supported; use urn:ogc:def:crs:EPSG::4326 or urn:ogc:def:crs:OGC:1.3:CRS84",
    )


def _only_latitude_first(points: Sequence[Pair]) -> bool:
    return all(abs(first) <= 90 for first, _ in points) and any(abs(second) > 90 for _, second in points)


def _kept(point: Pair) -> Pair:
    return point


def _swapped(point: Pair) -> Pair:
    return point[1], point[0]


def _from_mercator(point: Pair) -> Pair:
    """Spherical Mercator (EPSG method 1024) to degrees."""
    x, y = point
    scaled = max(-math.pi, min(math.pi, y / EARTH_RADIUS))
    return math.degrees(x / EARTH_RADIUS), math.degrees(2 * math.atan(math.exp(scaled)) - math.pi / 2)


def _box(west: float, south: float, east: float, north: float, locator: str) -> BoundingBox:
    """Maps reach beyond the world: latitudes are cut at the poles, longitudes wrapped."""
    if south > north:
        raise invalid(locator, f"its southern border {south} is north of its northern border {north}")
    if east - west >= 360:
        west, east = -180.0, 180.0
    return BoundingBox(
        _wrapped(west), max(-90.0, min(90.0, south)), _wrapped(east), max(-90.0, min(90.0, north))
    )


def _wrapped(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
