"""The raster of an area says nothing that is not so, and says enough."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from indexer.engines.raster import Numbers, Truths, raster
from indexer.engines.regions import Rectangle, Region, relates_area
from indexer.query import SpatialRelation

_POSITIONS = st.integers(-40, 40).map(lambda quarter: quarter / 4)
_POINTS = st.tuples(_POSITIONS, _POSITIONS)
_CORNERS = st.lists(_POINTS, min_size=3, max_size=12)
_POLYGONS = _CORNERS.map(shapely.Polygon).map(shapely.make_valid)
_HOLED = st.builds(shapely.difference, _POLYGONS, _POLYGONS)
_LINES = st.lists(_POINTS, min_size=2, max_size=5).map(shapely.LineString)
_GEOMETRIES = (
    st.lists(_POLYGONS | _HOLED | _LINES | _POINTS.map(shapely.Point), min_size=1, max_size=3)
    .map(shapely.union_all)
    .filter(lambda geometry: not geometry.is_empty)
)
_PLACES = _POSITIONS | st.floats(-11, 11)
_RECTANGLES = st.tuples(_PLACES, _PLACES, _PLACES, _PLACES).map(
    lambda four: (min(four[0], four[2]), min(four[1], four[3]), max(four[0], four[2]), max(four[1], four[3]))
)


@given(_GEOMETRIES, st.lists(_RECTANGLES, min_size=1, max_size=20))
def test_what_it_says_is_so(geometry: BaseGeometry, rectangles: list[Rectangle]) -> None:
    bounds, drawn = np.array(rectangles).T, raster(geometry)
    _check(geometry, rectangles, "intersects", drawn.meet(bounds, bounds))
    _check(geometry, rectangles, "within", drawn.lie_in(bounds, bounds))


@given(_GEOMETRIES, _RECTANGLES, st.floats(0, 2))
def test_what_it_says_of_rectangles_roughly_known_is_so(
    geometry: BaseGeometry, rectangle: Rectangle, unknown: float
) -> None:
    outward = np.array([[-1], [-1], [1], [1]]) * unknown
    bounds, drawn = np.array([rectangle]).T, raster(geometry)
    _check(geometry, [rectangle], "intersects", drawn.meet(bounds - outward, bounds + outward))
    _check(geometry, [rectangle], "within", drawn.lie_in(bounds - outward, bounds + outward))


def _check(
    geometry: BaseGeometry,
    rectangles: list[Rectangle],
    relation: SpatialRelation,
    said: tuple[Truths, Truths],
) -> None:
    for rectangle, surely, not_at_all in zip(rectangles, *said, strict=True):
        relates = relates_area(Region((rectangle,)), relation, geometry)
        assert relates or not surely
        assert not (relates and not_at_all)


@pytest.mark.parametrize("size", [0.01, 1.0, 5.0])
def test_it_says_enough(size: float) -> None:
    ring = [
        (reach * math.cos(math.radians(angle)), reach * math.sin(math.radians(angle)))
        for angle in range(0, 360, 15)
        for reach in [10 if angle % 2 else 7]
    ]
    places = np.linspace(-12, 12, 60)
    corners = np.array([(x, y) for x in places for y in places])
    bounds: Numbers = np.hstack([corners, corners + size]).T
    drawn = raster(shapely.Polygon(ring, [[(1, 1), (2, 1), (1, 2)]]))
    for sure, not_at_all in (drawn.meet(bounds, bounds), drawn.lie_in(bounds, bounds)):
        assert (sure | not_at_all).mean() > 0.95
        assert not (sure & not_at_all).any()


def test_a_point_and_a_line_have_no_inside() -> None:
    bounds = np.array([[0.0, 0.0, 1.0, 1.0], [2.0, 2.0, 3.0, 3.0]]).T
    for geometry in (shapely.Point(0.5, 0.5), shapely.LineString([(0, 0), (1, 0)])):
        meets, apart = raster(geometry).meet(bounds, bounds)
        assert meets.tolist() == [False, False]
        assert apart.tolist() == [False, True]
