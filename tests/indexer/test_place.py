"""Places: neighbours on the globe are neighbours in the order."""

from __future__ import annotations

import pytest

from indexer.place import NOWHERE, place_of
from mappings.record import BoundingBox, Extent


def at(*boxes: tuple[float, float, float, float]) -> int:
    return place_of(Extent(boxes=tuple(BoundingBox(*box) for box in boxes)))


def test_the_bits_of_longitude_and_latitude_take_turns() -> None:
    assert at((-180, -90, -180, -90)) == 0
    assert at((180, 90, 180, 90)) == (1 << 32) - 1
    assert at((0, -90, 0, -90)) == 1 << 30
    assert at((-180, 0, -180, 0)) == 1 << 31
    assert at((0, 0, 0, 0)) == 3 << 30


def test_the_middle_counts() -> None:
    assert at((10, 10, 20, 20)) == at((15, 15, 15, 15)) == at((10, 10, 12, 12), (18, 18, 20, 20))
    assert at((170, 0, -170, 0)) == at((180, 0, 180, 0))


def test_a_quarter_of_the_globe_is_one_stretch() -> None:
    places = {(x, y): at((x, y, x, y)) >> 30 for x in range(-179, 180, 20) for y in range(-89, 90, 10)}
    assert all(place == (x >= 0) + 2 * (y >= 0) for (x, y), place in places.items())


@pytest.mark.parametrize("extent", [Extent(), Extent(places=("Bohai Sea",))])
def test_a_record_without_boxes_is_nowhere(extent: Extent) -> None:
    assert place_of(extent) == NOWHERE
