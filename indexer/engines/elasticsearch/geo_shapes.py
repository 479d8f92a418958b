"""Regions in Elasticsearch's ``geo_shape`` fields, and what these surely or possibly know of an asked region.

Elasticsearch rounds coordinates to steps of 360 / 2**32 degrees. So it is asked with the region drawn in by more than
that, which finds only what does match, or grown by as much, which finds all that does and little more. Nor does it know
that 180 and -180 degrees are one meridian: regions are asked for by their closed image (``regions``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from indexer.areas import Area
from indexer.engines.asked_areas import geometry_of
from indexer.engines.elasticsearch.atoms import NOTHING, Q, all_of, some, term
from indexer.engines.regions import GLOBE, Region, image, rectangles, shifted
from indexer.query import SpatialRelation
from mappings.record import BoundingBox

MARGIN = 1e-6
"""Degrees; some ten times what rounding moves a point by."""

GeoShape = dict[str, Any]
"""A geometry in the JSON of GeoJSON (RFC 7946), or an ``envelope``, which may cross the antimeridian."""


def geo_shape(region: Region) -> GeoShape:
    """A region as it is indexed."""
    return _json(image(region))


def envelope(box: BoundingBox) -> GeoShape:
    """A single box as it is indexed."""
    return {"type": "envelope", "coordinates": [[box.west, box.north], [box.east, box.south]]}


@dataclass(frozen=True, slots=True)
class Asked:
    """A region that is asked for: ``grown`` and ``drawn_in`` by the margin, where that leaves anything, and grown
    ``points`` of it.
    """

    grown: GeoShape
    drawn_in: GeoShape | None
    points: Sequence[GeoShape]

    def sure(self, fields: Sequence[str], relation: SpatialRelation) -> Q:
        """Documents that match by one of their ``fields``: all that are not within a margin of not doing so."""
        shape = self.grown if relation == "contains" else self.drawn_in
        return NOTHING if shape is None else some(_related(name, relation, shape) for name in fields)

    def possible(self, fields: Sequence[str], relation: SpatialRelation) -> Q:
        """Documents that may match, among them those whose region Elasticsearch could not index."""
        return some([*(self._perhaps(name, relation) for name in fields), *_unknown(fields)])

    def _perhaps(self, name: str, relation: SpatialRelation) -> Q:
        if relation == "contains":  # a union of boxes may do so while none of them does
            return all_of(_related(name, "intersects", point) for point in self.points)
        return _related(name, relation, self.grown)


@lru_cache(maxsize=256)
def asked_shape(region: BoundingBox | Area) -> Asked:
    """What is asked of ``geo_shape`` fields for a region."""
    closed = geometry_of(region) if isinstance(region, Area) else image(Region(rectangles((region,))))
    drawn_in = _drawn_in(closed)
    return Asked(
        _json(_grown(closed)),
        None if drawn_in.is_empty else _json(drawn_in),
        [_json(_grown(image(Region(rectangles((point,)))))) for point in _outermost(closed)],
    )


def _related(name: str, relation: SpatialRelation, shape: GeoShape) -> Q:
    return {"geo_shape": {name: {"shape": shape, "relation": relation}}}


def _unknown(fields: Iterable[str]) -> Iterable[Q]:
    """Documents with a region that Elasticsearch could not cut into triangles."""
    return (term("_ignored", name) for name in fields)


def _grown(closed: BaseGeometry) -> BaseGeometry:
    return shapely.intersection(shapely.buffer(closed, MARGIN, join_style="mitre"), GLOBE)


def _drawn_in(closed: BaseGeometry) -> BaseGeometry:
    """What is left without the margin. The poles and the antimeridian are no borders: beyond them is more of it."""
    west, south, east, north = closed.bounds
    beyond = []
    if west == -180 or east == 180:
        beyond += [shifted(closed, -360.0), shifted(closed, 360.0)]
    if south == -90:
        beyond.append(_mirrored(closed, -90.0))
    if north == 90:
        beyond.append(_mirrored(closed, 90.0))
    unrolled = shapely.union_all([closed, *beyond]) if beyond else closed
    return shapely.intersection(shapely.buffer(unrolled, -MARGIN, join_style="mitre"), GLOBE)


def _mirrored(geometry: BaseGeometry, latitude: float) -> BaseGeometry:
    return shapely.transform(geometry, lambda points: np.array([0, 2 * latitude]) + points * [1, -1])


def _outermost(geometry: BaseGeometry) -> list[BoundingBox]:
    """A westernmost, easternmost, southernmost and northernmost point, as boxes."""
    points = shapely.get_coordinates(geometry)
    places = {*points.argmin(axis=0).tolist(), *points.argmax(axis=0).tolist()}
    return [BoundingBox(x, y, x, y) for x, y in points[sorted(places)].tolist()]


def _json(geometry: BaseGeometry) -> GeoShape:
    """In the order of corners by which Elasticsearch knows that a wide polygon does not cross the antimeridian."""
    found: GeoShape = shapely.geometry.mapping(shapely.orient_polygons(geometry))
    return found
