"""Exact regions against shapely, and quadtree covers against exact regions."""

from __future__ import annotations

import shapely
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.regions import Region, covers, overlap, read_geometry, rectangles, relates, touches
from indexer.engines.tantivy.cells import MAX_CELLS, cover, document_terms, possible_terms, sure_terms
from indexer.query import SpatialRelation
from mappings.record import BoundingBox

LONGITUDES = st.sampled_from([-180.0, -179.5, -90.0, -1.40625, 0.0, 0.1, 45.0, 90.0, 179.5, 180.0])
LATITUDES = st.sampled_from([-90.0, -89.5, -45.0, 0.0, 0.1, 22.5, 45.0, 90.0])
BOXES = st.builds(
    lambda west, east, a, b: BoundingBox(west, min(a, b), east, max(a, b)),
    LONGITUDES,
    LONGITUDES,
    LATITUDES,
    LATITUDES,
)
RELATIONS: list[SpatialRelation] = ["intersects", "within", "contains"]


def on_a_wide_plane(boxes: list[BoundingBox]) -> shapely.Geometry:
    """The same set of points, unrolled over three turns: another way to say that 180 and -180 are one."""
    shapes = []
    for box in boxes:
        east = box.east + 360 if box.crosses_antimeridian else box.east
        shapes += [
            shapely.box(box.west + turn, box.south, east + turn, box.north)
            for turn in (-720, -360, 0, 360, 720)
        ]
    flat = [shapely.make_valid(shape) for shape in shapes]
    window = shapely.box(-360, -90, 360, 90)
    return shapely.intersection(shapely.union_all(flat), window)


@given(st.lists(BOXES, min_size=1, max_size=4), BOXES)
def test_boxes_relate_as_on_an_unrolled_plane(boxes: list[BoundingBox], asked: BoundingBox) -> None:
    region, wide, window = Region(rectangles(boxes)), on_a_wide_plane(boxes), on_a_wide_plane([asked])
    assert relates(region, "intersects", asked) == shapely.intersects(wide, window)
    assert relates(region, "within", asked) == shapely.covers(window, wide)
    assert relates(region, "contains", asked) == shapely.covers(wide, window)


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
    own = cover(lambda cell: touches(region, cell), lambda cell: covers(region, cell))
    cells = cover(
        lambda cell: any(overlap(part, cell) for part in question.rectangles),
        lambda cell: covers(question, cell),
        12,
    )
    assert len(own.inside) + len(own.border) <= MAX_CELLS + 4
    terms = set(document_terms(own))
    if relates(region, "intersects", asked):
        assert terms & set(possible_terms(cells))
    if terms & set(sure_terms(cells)):
        assert relates(region, "intersects", asked)


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
