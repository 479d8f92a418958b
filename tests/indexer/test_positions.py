"""What is read is computed with, however near to each other its corners lie."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import example, given, reject
from hypothesis import strategies as st

from indexer.areas import read_area
from indexer.engines.asked_areas import cells_of_area, geometry_of
from indexer.engines.regions import Region, read_geometry, rectangles, relates, relates_area
from indexer.positions import rounded
from indexer.query import SpatialRelation
from mappings.record import BoundingBox

_PLACES = st.sampled_from([0.0, 1.7e-20, -3.3e-20, 5e-20, 5e-324, -1e-310]) | st.integers(-20, 20).map(
    lambda quarter: quarter / 4
)
_RELATIONS: list[SpatialRelation] = ["intersects", "within", "contains"]
_COLLAPSED = [(-5.0, -2.75), (0.0, 5e-20), (2.2e-20, -3.75), (1.7e-20, 2.2e-20)]
_TINY = 3.3e-20
_CONFLICT = [(4.75, 1.25), (0.75, 0.5), (-_TINY, -_TINY), (1.75, 2.5), (-_TINY, 1.7e-20), (5e-20, 2.75)]


@given(
    st.lists(st.tuples(_PLACES, _PLACES), min_size=3, max_size=6),
    st.tuples(_PLACES, _PLACES, _PLACES, _PLACES),
)
@example(_COLLAPSED, (1.75, -1.25, 3.5, 0.0))
@example(_CONFLICT, (0.0, 0.0, 5e-20, 4.5))
@example([(0.0, 0.0), (0.0, 1.25), (-0.25, 0.0)], (5e-324, 0.25, -1e-310, 0.0))
def test_corners_nearly_in_one_place_are_computed_with(
    corners: list[tuple[float, float]], four: tuple[float, float, float, float]
) -> None:
    written = shapely.to_wkt(shapely.Polygon(corners), rounding_precision=-1)
    try:
        area = read_area(written)
    except ValueError:  # it encloses nothing
        reject()
    (west, east), (south, north) = sorted(four[::2]), sorted(four[1::2])
    box = BoundingBox(west, south, east, north)
    assert geometry_of(area).area > 0
    assert cells_of_area(area).border
    for relation in _RELATIONS:
        relates_area(Region(rectangles([box])), relation, geometry_of(area))
        relates(Region((), read_geometry(written)), relation, box)


@pytest.mark.parametrize(
    "wkt", ["POINT (0.1 -89.123456789012)", "LINESTRING (-180 1e-12, 539.999999999999 0.3)"]
)
def test_twelve_decimals_are_kept(wkt: str) -> None:
    geometry = shapely.from_wkt(wkt)
    assert shapely.equals_identical(rounded(geometry), geometry)


def test_what_is_nearer_to_zero_is_zero() -> None:
    assert shapely.to_wkt(rounded(shapely.from_wkt("POINT Z (-4e-13 5e-324 7)"))) == "POINT (0 0)"
