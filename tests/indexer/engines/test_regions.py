"""Exact regions against shapely, and quadtree covers against exact regions."""

from __future__ import annotations

from itertools import pairwise

import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.engines.cells import (
    MAX_CELLS,
    cover,
    cover_rectangles,
    document_terms,
    possible_terms,
    sure_terms,
)
from indexer.engines.regions import (
    Region,
    cell_tests,
    overlap,
    read_geometry,
    rectangle_shape,
    rectangles,
    relates,
)
from indexer.query import SpatialRelation
from mappings.record import BoundingBox

LONGITUDE_BOUNDS = [-180.0, -179.5, -90.0, -1.40625, 0.0, 0.1, 45.0, 90.0, 179.5, 180.0]
LATITUDE_BOUNDS = [-90.0, -89.5, -45.0, 0.0, 0.1, 22.5, 45.0, 90.0]
LONGITUDE_SAMPLES = LONGITUDE_BOUNDS + [(a + b) / 2 for a, b in pairwise(LONGITUDE_BOUNDS)]
LATITUDE_SAMPLES = LATITUDE_BOUNDS + [(a + b) / 2 for a, b in pairwise(LATITUDE_BOUNDS)]
LONGITUDES = st.sampled_from(LONGITUDE_BOUNDS)
LATITUDES = st.sampled_from(LATITUDE_BOUNDS)
BOXES = st.builds(
    lambda west, east, a, b: BoundingBox(west, min(a, b), east, max(a, b)),
    LONGITUDES,
    LONGITUDES,
    LATITUDES,
    LATITUDES,
)
RELATIONS: list[SpatialRelation] = ["intersects", "within", "contains"]


def on_the_globe(boxes: list[BoundingBox]) -> set[tuple[float, float]]:
    """A union of boxes as a set of sample points: the bounds that boxes can have, and one point between each two.

    No box begins or ends between two samples, so that the sets relate as the unions do. 180 degrees is -180.
    """
    return {
        (-180.0 if longitude == 180 else longitude, latitude)
        for box in boxes
        for longitude in LONGITUDE_SAMPLES
        for latitude in LATITUDE_SAMPLES
        if box.south <= latitude <= box.north
        and (
            (longitude >= box.west or longitude <= box.east)
            if box.crosses_antimeridian
            else box.west <= longitude <= box.east
        )
    }


@given(st.lists(BOXES, min_size=1, max_size=4), BOXES)
def test_boxes_relate_as_sets_of_points_on_the_globe(boxes: list[BoundingBox], asked: BoundingBox) -> None:
    region, points, window = Region(rectangles(boxes)), on_the_globe(boxes), on_the_globe([asked])
    assert relates(region, "intersects", asked) == bool(points & window)
    assert relates(region, "within", asked) == (points <= window)
    assert relates(region, "contains", asked) == (points >= window)


@given(st.lists(BOXES, min_size=1, max_size=4), BOXES)
@example(
    [BoundingBox(-180, -90, -179.5, -89.5), BoundingBox(-90, -90, -90, -90)],
    BoundingBox(-180, -90, -179.5, -89.5),
)
def test_a_geometry_of_areas_lines_and_points_relates_as_its_boxes_do(
    boxes: list[BoundingBox], asked: BoundingBox
) -> None:
    own = rectangles(boxes)
    region = Region((), shapely.union_all([rectangle_shape(rectangle) for rectangle in own]))
    for relation in RELATIONS:
        assert relates(region, relation, asked) == relates(Region(own), relation, asked)


@given(st.lists(BOXES, min_size=1, max_size=3), BOXES)
def test_a_geometry_relates_as_its_boxes_do(boxes: list[BoundingBox], asked: BoundingBox) -> None:
    plain = [box for box in boxes if box.west < box.east and box.south < box.north]
    if not plain:
        return
    shape = shapely.union_all([shapely.box(box.west, box.south, box.east, box.north) for box in plain])
    region = Region((), read_geometry(shape.wkt))
    for relation in RELATIONS:
        assert relates(region, relation, asked) == relates(Region(rectangles(plain)), relation, asked)


@given(st.lists(BOXES, min_size=1, max_size=3), BOXES)
def test_covers_find_all_that_touches_and_prove_only_that(
    boxes: list[BoundingBox], asked: BoundingBox
) -> None:
    region, question = Region(rectangles(boxes)), Region(rectangles((asked,)))
    touching = relates(region, "intersects", asked)
    own = [cover(*cell_tests(region)), cover_rectangles(region.rectangles, 16)]
    cells = [cover(*cell_tests(question), 12), cover_rectangles(question.rectangles, 32)]
    assert all(len(one.inside) + len(one.border) <= MAX_CELLS + 4 for one in own)
    for terms in map(set, map(document_terms, own)):
        for others in cells:
            assert terms & set(possible_terms(others)) if touching else not terms & set(sure_terms(others))


@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(0, 9))
@example(-1e-300, 1e-300, 9)
def test_the_cells_of_a_point_are_those_that_it_lies_in(
    longitude: float, latitude: float, level: int
) -> None:
    own = cover_rectangles([(longitude, latitude, longitude, latitude)], 4)
    assert own.border
    west, south = level * 45 / 512, -level * 45 / 1024  # on the borders of cells
    beside = (min(longitude, west), min(latitude, south), west, south)
    cells = cover_rectangles([beside], 64)
    lies_in_it = overlap((longitude, latitude, longitude, latitude), beside)
    terms = set(document_terms(own))
    assert terms & set(possible_terms(cells)) if lies_in_it else not terms & set(sure_terms(cells))


def test_what_is_no_geometry_is_none() -> None:
    assert read_geometry("POLYGON ((0 0") is None
    assert read_geometry("POLYGON EMPTY") is None
    assert read_geometry("POINT (nan 1)") is None
    assert read_geometry("POINT (1e300 1)") is None


def test_geometries_beyond_180_degrees_are_brought_back() -> None:
    region = Region((), read_geometry("POLYGON ((170 0, 190 0, 190 10, 170 10, 170 0))"))
    assert relates(region, "within", BoundingBox(170, 0, -170, 10))
    assert relates(region, "contains", BoundingBox(175, 1, -175, 9))
    assert not relates(region, "intersects", BoundingBox(0, 0, 160, 10))
    west = Region((), read_geometry("LINESTRING (-190 0, -170 0)"))
    assert relates(west, "intersects", BoundingBox(171, -1, 180, 1))


def test_a_self_crossing_polygon_is_repaired() -> None:
    bow_tie = Region((), read_geometry("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"))
    assert relates(bow_tie, "intersects", BoundingBox(0, 4, 1, 6))
    assert not relates(bow_tie, "intersects", BoundingBox(4, 0, 6, 1))


def test_nested_collections_are_within_what_their_parts_are_within() -> None:
    nested = Region((), read_geometry("GEOMETRYCOLLECTION (MULTIPOINT (175 0, -175 0), POINT (179 1))"))
    assert relates(nested, "within", BoundingBox(170, -5, -170, 5))
    assert not relates(nested, "within", BoundingBox(176, -5, -170, 5))
