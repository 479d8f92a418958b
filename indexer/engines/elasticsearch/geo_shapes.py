"""Regions in Elasticsearch's ``geo_shape`` fields, and what these surely or possibly know of an asked region.

Elasticsearch rounds coordinates to steps of 360 / 2**32 degrees. So it is asked with the region drawn in by more than
that, which finds only what does match, or grown by as much, which finds all that does and little more. Nor does it know
that 180 and -180 degrees are one meridian: regions are asked for by their closed image (``regions``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeGuard

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from indexer.areas import Area
from indexer.engines.asked_areas import geometry_of
from indexer.engines.elasticsearch.atoms import NOTHING, Q, all_of, some, term
from indexer.engines.regions import GLOBE, Region, image, rectangles, shifted
from indexer.query import Spatial, SpatialRelation
from mappings.record import BoundingBox

MARGIN = 1e-6
"""Degrees; some ten times what rounding moves a point by."""

GeoShape = str | dict[str, Any]
"""A geometry in well-known text, or an ``envelope``, which may cross the antimeridian."""
_MOST = 256
"""How many asked regions are remembered."""


def geo_shape(region: Region) -> GeoShape:
    """A region as it is indexed."""
    return _written(image(region))


def envelope(box: BoundingBox) -> GeoShape:
    """A single box as it is indexed."""
    return {"type": "envelope", "coordinates": [[box.west, box.north], [box.east, box.south]]}


def sure(where: Spatial, fields: Sequence[str]) -> Q:
    """Documents that match by one of their ``fields``: all but those within a margin of not doing so."""
    shape = (_grown if where.relation == "contains" else _drawn_in)(where.region)
    return NOTHING if shape is None else some(_related(name, where.relation, shape) for name in fields)


def possible(where: Spatial, fields: Sequence[str]) -> Q:
    """Documents that may match, among them those whose region Elasticsearch could not cut into triangles."""
    unknown = (term("_ignored", name) for name in fields)
    return some([*(_perhaps(where, name) for name in fields), *unknown])


def _perhaps(where: Spatial, name: str) -> Q:
    if where.relation == "contains":  # a union of boxes may do so while none of them does
        return all_of(_related(name, "intersects", point) for point in _points(where.region))
    return _related(name, where.relation, _grown(where.region))


def _related(name: str, relation: SpatialRelation, shape: GeoShape) -> Q:
    return {"geo_shape": {name: {"shape": shape, "relation": relation}}}


@lru_cache(_MOST)
def _grown(region: BoundingBox | Area) -> GeoShape:
    """The region and a margin around it."""
    if _is_plain(region):
        return envelope(_moved(region, MARGIN))
    return _written(_buffered(_image(region), MARGIN))


@lru_cache(_MOST)
def _drawn_in(region: BoundingBox | Area) -> GeoShape | None:
    """What is left of a region without a margin. The poles and the antimeridian are no borders of it: beyond them is
    more.
    """
    if _is_plain(region):
        smallest = min(region.east - region.west, region.north - region.south)
        return envelope(_moved(region, -MARGIN)) if smallest > 2 * MARGIN else None
    closed = _image(region)
    west, south, east, north = closed.bounds
    beyond = []
    if west == -180 or east == 180:
        beyond += [shifted(closed, -360.0), shifted(closed, 360.0)]
    if south == -90:
        beyond.append(_mirrored(closed, -90.0))
    if north == 90:
        beyond.append(_mirrored(closed, 90.0))
    inner = _buffered(shapely.union_all([closed, *beyond]) if beyond else closed, -MARGIN)
    return None if inner.is_empty else _written(inner)


def _is_plain(region: BoundingBox | Area) -> TypeGuard[BoundingBox]:
    """Whether it is a box that keeps clear of the antimeridian and the poles."""
    return (
        isinstance(region, BoundingBox)
        and -180 + MARGIN <= region.west <= region.east <= 180 - MARGIN
        and -90 + MARGIN <= region.south <= region.north <= 90 - MARGIN
    )


def _moved(box: BoundingBox, degrees: float) -> BoundingBox:
    """The box with its borders moved outward."""
    return BoundingBox(box.west - degrees, box.south - degrees, box.east + degrees, box.north + degrees)


@lru_cache(_MOST)
def _points(region: BoundingBox | Area) -> Sequence[GeoShape]:
    """A westernmost, easternmost, southernmost and northernmost point, each with its margin."""
    points = shapely.get_coordinates(_image(region))
    places = {*points.argmin(axis=0).tolist(), *points.argmax(axis=0).tolist()}
    return [_grown(BoundingBox(x, y, x, y)) for x, y in points[sorted(places)].tolist()]


def _image(region: BoundingBox | Area) -> BaseGeometry:
    return geometry_of(region) if isinstance(region, Area) else image(Region(rectangles((region,))))


def _buffered(geometry: BaseGeometry, degrees: float) -> BaseGeometry:
    """Larger or smaller by so much, its corners kept, on the globe."""
    around = shapely.buffer(geometry, degrees, join_style="mitre")
    return around if shapely.contains(GLOBE, around) else shapely.intersection(around, GLOBE)


def _mirrored(geometry: BaseGeometry, latitude: float) -> BaseGeometry:
    return shapely.transform(geometry, lambda points: np.array([0, 2 * latitude]) + points * [1, -1])


def _written(geometry: BaseGeometry) -> str:
    """In the order of corners by which Elasticsearch knows that a wide polygon does not cross the antimeridian."""
    return shapely.to_wkt(shapely.orient_polygons(geometry), rounding_precision=-1)
