"""Depth zones: a record is in those that a search between their depths finds it in."""

from __future__ import annotations

import math

import pytest

from mappings.depths import ZONES, zones_of
from mappings.record import VerticalRange


@pytest.mark.parametrize(
    ("top", "bottom", "zones"),
    [
        (0, 0, [0]),
        (0, 5, [0]),
        (11, 49, [10]),
        (0, 200, [0, 10, 50, 200]),
        (10, 10, [0, 10]),
        (5000, 5500, [4000]),
        (0, 12000, [0, 10, 50, 200, 1000, 2000, 4000, 6000]),
        (7000, 11000, [6000]),
        (-30, -2, []),
        (-30, 0, [0]),
        (math.nan, 3, []),
        (0, math.inf, []),
    ],
)
def test_a_range_is_in_every_zone_it_overlaps(top: float, bottom: float, zones: list[int]) -> None:
    assert [zone.top for zone in zones_of(VerticalRange(top, bottom))] == zones


def test_zones_follow_each_other() -> None:
    assert [zone.bottom for zone in ZONES] == [*(zone.top for zone in ZONES[1:]), None]
