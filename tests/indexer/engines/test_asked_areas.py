"""Areas that are asked for: what is known of them beforehand, and the test of many boxes at once."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from indexer.areas import MAX_POSITIONS, Area, check_area, read_area
from indexer.engines.asked_areas import asked_area, classes_match, geometry_of, single_boxes_match
from indexer.engines.bounds import box_key
from indexer.engines.box_classes import class_of
from indexer.engines.regions import Region, rectangles, relates, relates_area
from indexer.query import SpatialRelation
from mappings.record import BoundingBox
from tests.conftest import PROJECT
from tests.contracts.engine_random import AREAS, LATITUDES, LONGITUDES

RELATIONS: list[SpatialRelation] = ["intersects", "within"]
_GRID_LONGITUDES = st.sampled_from(LONGITUDES) | st.integers(-180, 180).map(float)
_GRID_LATITUDES = st.sampled_from(LATITUDES) | st.integers(-90, 90).map(float)


def _box(west: float, south: float, east: float, north: float) -> BoundingBox:
    return BoundingBox(west, min(south, north), east, max(south, north))


def _star(x: float, y: float, spokes: list[float]) -> Area:
    """A polygon around a point, which may reach across the antimeridian, cut at the poles."""
    step = 2 * math.pi / len(spokes)
    corners = [
        (x + spoke * math.cos(number * step), max(-90.0, min(90.0, y + spoke * math.sin(number * step))))
        for number, spoke in enumerate(spokes)
    ]
    return Area(shapely.to_wkt(shapely.Polygon(corners), rounding_precision=-1))


BOXES = st.builds(_box, _GRID_LONGITUDES, _GRID_LATITUDES, _GRID_LONGITUDES, _GRID_LATITUDES)
ASKED = st.sampled_from(AREAS).map(Area) | st.builds(
    _star, _GRID_LONGITUDES, _GRID_LATITUDES, st.lists(st.floats(1, 100), min_size=3, max_size=12)
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_many_boxes_at_once_as_one_by_one(relation: SpatialRelation) -> None:
    @given(ASKED, st.lists(BOXES, min_size=1, max_size=20))
    def alike(area: Area, boxes: list[BoundingBox]) -> None:
        bounds = np.array([(box.west, box.south, box.east, box.north) for box in boxes]).T
        one_by_one = [relates_area(Region(rectangles((box,))), relation, geometry_of(area)) for box in boxes]
        assert single_boxes_match(area, relation, bounds).tolist() == one_by_one

    alike()


@given(ASKED, BOXES)
def test_what_is_known_beforehand_is_so(area: Area, box: BoundingBox) -> None:
    asked, region = asked_area(area), Region(rectangles((box,)))
    exact = {relation: relates_area(region, relation, geometry_of(area)) for relation in RELATIONS}
    for relation in RELATIONS:
        if exact[relation]:
            assert relates(region, relation, asked.hull)
        surely, not_at_all = classes_match(area, relation, np.array([class_of(box)]))
        assert not (surely[0] and not exact[relation])
        assert not (not_at_all[0] and exact[relation])
    covered = relates_area(region, "contains", geometry_of(area))
    assert covered == all(relates(region, "contains", span) for span in asked.spans)


@given(
    st.builds(
        _box, *[st.integers(-4, 4).map(lambda n: n * 45.0), st.integers(-2, 2).map(lambda n: n * 45.0)] * 2
    )
)
def test_a_box_and_the_same_box_as_an_area_are_asked_alike(box: BoundingBox) -> None:
    turned = box.east + 360 if box.crosses_antimeridian else box.east
    area = Area(shapely.to_wkt(shapely.box(box.west, box.south, turned, box.north), rounding_precision=-1))
    others = (BoundingBox(-180, -45, 10, 45), BoundingBox(170, 0, -170, 1), BoundingBox(180, 0, 180, 0), box)
    for other in others if box.north > box.south and turned > box.west else ():
        for relation in ("intersects", "within", "contains"):
            region = Region(rectangles((other,)))
            assert relates_area(region, relation, geometry_of(area)) == relates(region, relation, box)


@pytest.mark.parametrize("relation", RELATIONS)
def test_of_most_classes_it_is_known_beforehand(relation: SpatialRelation) -> None:
    area = read_area("POLYGON ((170 -10, 185 -20, 200 0, 190 25, 175 20, 170 -10))")
    steps = [(west, south) for west in range(-180, 180, 3) for south in range(-60, 60, 3)]
    boxes = [_box(west + 2.1, south, (west + 184.2) % 360 - 180, south + 2.2) for west, south in steps]
    surely, not_at_all = classes_match(area, relation, np.array(list(map(class_of, boxes))))
    assert (surely | not_at_all).mean() > 0.99
    assert surely.any()
    across = [known for box, known in zip(boxes, surely, strict=True) if box.crosses_antimeridian]
    assert any(across) == (
        relation == "intersects"
    )  # each half of a box ends where the half of the area does


def test_a_cap_is_one_span() -> None:
    asked = asked_area(read_area("POLYGON ((-180 60, 180 60, 180 90, -180 90, -180 60))"))
    assert asked.spans == (asked.hull,) == (BoundingBox(-180, 60, 180, 90),)


def test_the_hull_leaves_out_the_widest_gap() -> None:
    parts = "((0 0, 1 0, 0 1, 0 0)), ((170 0, 171 0, 170 1, 170 0)), ((-130 0, -129 0, -130 1, -130 0))"
    asked = asked_area(read_area(f"MULTIPOLYGON ({parts})"))
    assert asked.hull == BoundingBox(170, 0, 1, 1)
    assert len(asked.spans) == 3


def test_keys_of_boxes() -> None:
    assert box_key(BoundingBox(180, 0, 180, 1)) == box_key(BoundingBox(-180, -0.0, -180, 1))
    assert box_key(BoundingBox(170, 0, -170, 1)) != box_key(BoundingBox(-170, 0, 170, 1))


READ = [
    ("POLYGON((0 0, 1 0, 1 1, 0 0))", "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
    ("  polygon z ((0 0 5, 1 0 5, 1 1 5, 0 0 5)) ", "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
    ('{"type": "Polygon", "coordinates": [[[0, 0], [0.1, 0], [1, 1], [0, 0]]]}', "POLYGON ((0 0, 0.1 0, 1 1, 0 0))"),
    (
        '{"type": "Feature", "properties": null, "geometry":'
        ' {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]}}',
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
    ),
    ("POLYGON ((170 0, 190 0, 180 9, 170 0))", "POLYGON ((170 0, 190 0, 180 9, 170 0))"),
    ("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wkt"), READ)
def test_wkt_and_geojson_are_read(text: str, wkt: str) -> None:
    area = read_area(text)
    assert area == Area(wkt)
    assert read_area(area.wkt) == area
    check_area(area)


REFUSED = [
    ("", "cannot be read"),
    ("POLYGON ((0 0, 1 1", "cannot be read"),
    ("POLYGON ((0 0, 1 0, 1 1))", "closed"),
    ('{"type": "Polygon"', "cannot be read"),
    ('{"type": "Polygon", "coordinates": 5}', "cannot be read"),
    ("[1, 2]", "cannot be read"),
    ("POINT (1 2)", "is a Point"),
    ('{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}', "is a LineString"),
    ("POLYGON EMPTY", "is empty"),
    ("POLYGON ((0 0, 1 1, 2 2, 0 0))", "encloses nothing"),
    ("POLYGON ((0 0, 1 0, 1 91, 0 0))", "latitude 91"),
    ("POLYGON ((0 0, 541 0, 1 1, 0 0))", "longitude 541"),
    ("POLYGON ((0 0, nan 0, 1 1, 0 0))", "longitude nan"),
    ("POLYGON ((" + ", ".join(f"{n / 1000} 0" for n in range(MAX_POSITIONS)) + ", 1 1, 0 0))", "positions"),
    ("POLYGON ((" + "0 0, " * 50_000 + "0 0))", "characters"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_area(text)


@given(st.text() | st.text(alphabet='POLYGN(){}[]",:0123456789. typecordinas', max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        area = read_area(text)
    except ValueError:
        return
    assert read_area(area.wkt) == area


_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np

from indexer.areas import Area, read_area
from indexer.engines.asked_areas import cells_of_area, geometry_of, single_boxes_match
from indexer.engines.regions import Region, relates_area

THREADS, AREAS, CORNERS = 8, 20, 400
rng, together = np.random.default_rng(5), Barrier(THREADS)
west, south = rng.uniform(-40, 40, (2, 500))
boxes = np.array([west, south, west + 1, south + 1])
regions = [Region(((0.0, 0.0, 1.0 + number, 1.0),)) for number in range(40)]


def star() -> Area:
    angles, radii = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False), rng.uniform(10, 30, CORNERS)
    corners = [f"{x:.4f} {y:.4f}" for x, y in zip(radii * np.cos(angles), radii * np.sin(angles))]
    return read_area(f"POLYGON (({', '.join([*corners, corners[0]])}))")


def asked(area: Area) -> tuple[object, ...]:
    together.wait()
    cells, met = cells_of_area(area), single_boxes_match(area, "intersects", boxes).tolist()
    return cells, met, [relates_area(region, "within", geometry_of(area)) for region in regions]


with ThreadPoolExecutor(THREADS) as pool:
    for area in [star() for _ in range(AREAS)]:
        first, *others = pool.map(asked, [area] * THREADS)
        assert others == [first] * (THREADS - 1)
"""


def test_many_threads_ask_for_one_area_at_once() -> None:
    """In a process of its own: where they share what GEOS has prepared, it crashes."""
    command = [sys.executable, "-c", _AT_ONCE]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False, timeout=120)
    assert (done.returncode, done.stderr.decode()) == (0, "")
