"""The middle of a record's extent, and the order by distance from a point.

Middles are kept as Elasticsearch keeps points, in steps of 2**-32 of their range (about a centimetre), so that every
engine sees the same. Its order may still differ among middles whose distances differ by less than a metre.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from indexer.document import Document
from indexer.engines.regions import Region
from mappings.boxes import hull, middle_of
from mappings.record import BoundingBox

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
LONGITUDE, LATITUDE = "centre_longitude", "centre_latitude"
_MOST = 2**31 - 1


def centre_of(document: Document, region: Region) -> Point:
    """The middle of the box around the boxes of a document, or around its geometry where it has no boxes."""
    around = hull(document.boxes) or BoundingBox(*shapely.total_bounds(region.geometry).tolist())
    longitude, latitude = middle_of(around)
    return _kept(longitude, 360), _kept(latitude, 180)


def _kept(degrees: float, turn: int) -> float:
    step = turn / 2**32
    return min(math.floor(degrees / step), _MOST) * step


def distance_keys(near: Point, centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """What orders rows of longitude and latitude by their distance: twice the haversine of its angle."""
    longitudes, latitudes = np.radians(centres).T
    longitude, latitude = np.radians(near)
    meridian = 1 - np.cos(latitudes - latitude)
    parallel = 1 - np.cos(longitudes - longitude)
    keys: NDArray[np.float64] = meridian + np.cos(latitude) * np.cos(latitudes) * parallel
    return keys


def key_of_angle(degrees: float) -> float:
    """The key of everything that lies so far away."""
    return 1 - math.cos(math.radians(degrees))


def longitudes_around(near: Point, degrees: float) -> list[tuple[float, float]]:
    """Spans of longitude that hold everything within an angle of ``near``."""
    longitude, latitude = near
    if abs(latitude) + degrees >= 90:
        return [(-180.0, 180.0)]
    reach = math.degrees(math.asin(math.sin(math.radians(degrees)) / math.cos(math.radians(latitude)))) + 1e-6
    west, east = longitude - reach, longitude + reach
    if west < -180:
        return [(-180.0, east), (west + 360, 180.0)]
    if east > 180:
        return [(west, 180.0), (-180.0, east - 360)]
    return [(west, east)]
