"""Areas that are asked for: WKT or GeoJSON, checked once, where it comes in.

Edges are straight lines in longitude and latitude, as in RFC 7946 and in the OGC's CRS84. Across the antimeridian an
area is written in two parts, or in one with longitudes beyond 180 degrees. A pole is a parallel like any other: an area
around it goes along the parallel of 90 degrees. Rings that cross themselves enclose what an odd number of turns goes
around.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from indexer.positions import rounded
from mappings.record import BoundingBox

MAX_POSITIONS = 2000
MAX_CHARACTERS = 200_000
MAX_LONGITUDE = 540.0
"""Degrees east or west, for what is written in one part across the antimeridian."""
POLYGONS = ("Polygon", "MultiPolygon")
ANY = (
    *POLYGONS,
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "GeometryCollection",
)


@dataclass(frozen=True, slots=True)
class Area:
    """A geometry as WKT (OGC 06-103r4), longitude before latitude."""

    wkt: str


def read_area(text: str, kinds: tuple[str, ...] = POLYGONS) -> Area:
    """The area that WKT or a GeoJSON geometry or feature describes, as canonical WKT.

    Raises ``ValueError`` that says what is wrong.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"is longer than {MAX_CHARACTERS:,} characters")
    geometry = _read(text.strip())
    if geometry.geom_type not in kinds:
        raise ValueError(f"is a {geometry.geom_type}; it takes a {' or a '.join(kinds)}")
    _check(geometry)
    geometry = rounded(geometry)
    if geometry.geom_type in POLYGONS and shapely.make_valid(geometry).area == 0:
        raise ValueError("encloses nothing")
    return Area(shapely.to_wkt(geometry, rounding_precision=-1))


def box_around(area: Area) -> BoundingBox:
    """The box around an area as it is written."""
    west, south, east, north = _read(area.wkt).bounds
    if east - west >= 360:
        return BoundingBox(-180, south, 180, north)
    return BoundingBox(_wrapped(west), south, _wrapped(east), north)


def _wrapped(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180


@lru_cache(maxsize=256)
def check_area(area: Area) -> None:
    """Raises ``ValueError`` where ``area`` is not one that ``read_area`` gives."""
    if len(area.wkt) > MAX_CHARACTERS:
        raise ValueError(f"is longer than {MAX_CHARACTERS:,} characters")
    _check(_read(area.wkt))


def _read(text: str) -> BaseGeometry:
    try:
        with np.errstate(invalid="ignore"):  # numbers that are none are told below
            geometry = shapely.from_geojson(text) if text.startswith("{") else shapely.from_wkt(text)
    except (shapely.errors.ShapelyError, UnicodeError) as error:
        raise ValueError(f"cannot be read as WKT or GeoJSON ({_reason(error)})") from error
    if geometry is None or geometry.is_empty:
        raise ValueError("is empty")
    return geometry


def _reason(error: Exception) -> str:
    return str(error).partition(": ")[2].strip() or str(error)


def _check(geometry: BaseGeometry) -> None:
    positions = shapely.get_coordinates(geometry)
    if len(positions) > MAX_POSITIONS:
        raise ValueError(f"has {len(positions):,} positions; it takes at most {MAX_POSITIONS:,}")
    for longitude, latitude in positions.tolist():
        if not abs(longitude) <= MAX_LONGITUDE:
            raise ValueError(f"has the longitude {longitude}, which is not within -540..540")
        if not abs(latitude) <= 90:
            raise ValueError(
                f"has the latitude {latitude}, which is not within -90..90; longitude comes first"
            )
