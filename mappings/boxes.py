"""Boxes on the globe taken together."""

from __future__ import annotations

from collections.abc import Sequence

from mappings.record import BoundingBox


def hull(boxes: Sequence[BoundingBox]) -> BoundingBox | None:
    """The narrowest box around all of them, which may cross the antimeridian; None without any."""
    if not boxes:
        return None
    south, north = min(box.south for box in boxes), max(box.north for box in boxes)
    west, width = min((_span_from(box.west, boxes) for box in boxes), key=lambda span: span[1])
    if width >= 360:
        return BoundingBox(-180, south, 180, north)
    east = west + width
    return BoundingBox(west, south, east - 360 if east > 180 else east, north)


def width_of(box: BoundingBox) -> float:
    """Degrees of longitude from west to east."""
    return box.east - box.west + (360 if box.crosses_antimeridian else 0)


def middle_of(box: BoundingBox) -> tuple[float, float]:
    """Longitude and latitude of the middle of a box."""
    longitude = box.west + width_of(box) / 2
    return longitude - 360 if longitude > 180 else longitude, (box.south + box.north) / 2


def _span_from(origin: float, boxes: Sequence[BoundingBox]) -> tuple[float, float]:
    """How wide a box that begins at ``origin`` has to be to cover all of ``boxes``."""
    ends = ((box.west - origin) % 360 + width_of(box) for box in boxes)
    return origin, max(ends)
