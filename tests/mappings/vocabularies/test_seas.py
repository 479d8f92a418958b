"""The sea regions of boxes."""

from __future__ import annotations

import pytest

from mappings.record import BoundingBox
from mappings.vocabularies.seas import seas_of

Bounds = tuple[float, float, float, float]


@pytest.mark.parametrize(
    ("box", "seas"),
    [
        ((119.4, 37.4, 119.4, 37.4), ["laizhou_bay", "bohai_sea", "china_seas", "western_pacific", "pacific_ocean"]),
        ((119, 31.5, 127, 40), ["yellow_sea", "china_seas", "western_pacific", "pacific_ocean"]),
        ((175, 52, -175, 60), ["bering_sea", "north_pacific", "pacific_ocean"]),
        ((179, 57, 179, 57), ["bering_sea", "north_pacific", "pacific_ocean"]),
        ((0, 36, 10, 40), ["western_mediterranean", "mediterranean_sea", "atlantic_ocean"]),
        ((-180, 68, 180, 90), ["arctic_ocean"]),
        ((-180, -90, 180, 90), ["global_ocean"]),
        ((-180, -66, 180, 66), ["global_ocean"]),
        ((10, -66, 9, 66), ["global_ocean"]),
        ((90, 34, 90, 34), []),
        ((-30, -30, -30, -30), ["south_atlantic", "atlantic_ocean"]),
    ],
)  # fmt: skip
def test_a_box_is_in_the_smallest_region_that_has_it(box: Bounds, seas: list[str]) -> None:
    assert [*seas_of(BoundingBox(*box))] == seas


def test_what_lies_across_several_seas_is_in_what_holds_them() -> None:
    assert seas_of(BoundingBox(117.5, 24, 127, 41))[0] == "china_seas"
    assert "yellow_sea" not in seas_of(BoundingBox(117.5, 24, 127, 41))
