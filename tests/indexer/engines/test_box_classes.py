"""Classes of single boxes: what is known of one is so of each of its boxes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.bounds import canonical
from indexer.engines.box_classes import bounds_of, class_of
from mappings.record import BoundingBox


def _bounds(limit: int) -> st.SearchStrategy[float]:
    """Any degrees, and those at the ends of steps."""
    return st.floats(-limit, limit) | st.integers(-(1 << 14), 1 << 14).map(
        lambda step: step * limit / (1 << 14)
    )


@given(_bounds(180), _bounds(180), st.tuples(_bounds(90), _bounds(90)).map(sorted))
def test_what_is_known_of_a_class_is_so_of_its_boxes(
    west: float, east: float, latitudes: list[float]
) -> None:
    box = BoundingBox(west, latitudes[0], east, latitudes[1])
    known = bounds_of(np.array([class_of(box)]))
    west, east, across = canonical(box)
    bounds = np.array([west, box.south, east, box.north])
    assert known.across.tolist() == [across]
    outward = np.array([-1, -1, 1, 1])
    assert (known.largest[:, 0] * outward >= bounds * outward).all()
    assert (known.smallest[:, 0] * outward <= bounds * outward).all()
    assert (abs(known.largest - known.smallest) < 0.0111).all()


def test_boxes_of_one_class() -> None:
    box = BoundingBox(10.001, -5, 20, 5.001)
    assert class_of(box) == class_of(BoundingBox(10.003, -5, 20.002, 5.003))
    assert class_of(box) != class_of(BoundingBox(10.001, -5, 20.02, 5.001))


def test_one_box_written_twice_has_one_class() -> None:
    assert class_of(BoundingBox(180, 0, 180, 1)) == class_of(BoundingBox(-180, -0.0, -180, 1))
    assert class_of(BoundingBox(170, 0, -170, 1)) != class_of(BoundingBox(-170, 0, 170, 1))


def test_neighbours_have_numbers_near_each_other() -> None:
    here, there, far = (class_of(BoundingBox(west, 40.2, west + 1, 41)) for west in (10.1, 10.2, 100.2))
    assert abs(here - there) * 1_000_000 < abs(here - far)
