"""Tiles, their numbers and bounds; held against what a search with the tile's box would say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.record import BoundingBox, Extent
from mappings.tiles import MAX_ZOOM, Tile, at_zoom, tile_number

ROUNDING = 1e-12


def tile_of(*boxes: tuple[float, float, float, float]) -> Tile | None:
    number = tile_number(Extent(boxes=tuple(BoundingBox(*box) for box in boxes)))
    return None if number is None else next(iter(at_zoom({number: 1}, MAX_ZOOM)))


@pytest.mark.parametrize(
    ("boxes", "middle"),
    [
        ([(120, 30, 120, 30)], (120, 30)),
        ([(-180, -90, -180, -90)], (-180, -90)),
        ([(180, 90, 180, 90)], (-180, 90)),
        ([(170, -10, -170, 10)], (-180, 0)),
        ([(170, 0, -176, 10)], (177, 5)),
        ([(120, 30, 121, 31), (125, 35, 126, 36)], (123, 33)),
        ([(178, 0, 179, 1), (-179, 0, -178, 1)], (-180, 0.5)),
        ([(-90, -10, 90, 10)], (0, 0)),
    ],
)
def test_the_tile_has_the_middle_of_the_extent(
    boxes: list[tuple[float, float, float, float]], middle: tuple[float, float]
) -> None:
    tile = tile_of(*boxes)
    assert tile is not None
    assert tile.box.west <= middle[0] < tile.box.east
    assert tile.box.south <= middle[1] <= tile.box.north


@pytest.mark.parametrize(
    "boxes", [[], [(-180, -90, 180, 90)], [(-91, 0, 90, 1)], [(-170, 0, -10, 1), (10, 0, 170, 1)]]
)
def test_what_is_nowhere_in_particular_has_no_tile(boxes: list[tuple[float, float, float, float]]) -> None:
    assert tile_of(*boxes) is None


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_every_point_has_a_tile_around_it(longitude: float, latitude: float) -> None:
    tile = tile_of((longitude, latitude, longitude, latitude))
    assert tile is not None
    east = -180.0 if longitude > 180 - ROUNDING else longitude
    assert tile.box.west - ROUNDING <= east <= tile.box.east
    assert tile.box.south - ROUNDING <= latitude <= tile.box.north + ROUNDING


@given(st.dictionaries(st.integers(0, (2 << MAX_ZOOM) * (1 << MAX_ZOOM) - 1), st.integers(1, 9), max_size=9))
def test_each_zoom_counts_the_same_in_tiles_that_hold_the_finer_ones(counts: dict[int, int]) -> None:
    finest = at_zoom(counts, MAX_ZOOM)
    for zoom in range(MAX_ZOOM + 1):
        coarse = at_zoom(counts, zoom)
        assert list(coarse) == sorted(coarse, key=lambda tile: (tile.y, tile.x))
        for tile, count in coarse.items():
            held = [fine for fine in finest if _holds(tile.box, fine.box)]
            assert count == sum(finest[fine] for fine in held) > 0


def _holds(outer: BoundingBox, inner: BoundingBox) -> bool:
    return (
        outer.west <= inner.west
        and inner.east <= outer.east
        and outer.south <= inner.south
        and inner.north <= outer.north
    )
