"""Extents for people: one period around several, coordinates in words, and a drawing that needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mappings.boxes import hull, width_of
from mappings.record import BoundingBox, Period
from mappings.times import first_second, last_second

WORLD_WEST = -30.0
"""Where the world begins when all of it is shown: the Pacific stays whole."""
LEAST_WIDTH = 24.0
"""Degrees of longitude a drawing shows at least, so that one can tell where in the world it is."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle in SVG coordinates: x to the east, y to the south, in degrees."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a map without script shows: the window, and the extents in it, drawn on either side of 180 degrees."""

    view: Rectangle
    extents: tuple[Rectangle, ...]


def overall_period(periods: tuple[Period, ...]) -> Period | None:
    """From the first beginning to the last end; open where any of them is."""
    starts = [period.start for period in periods]
    ends = [period.end for period in periods]
    known_starts = [start for start in starts if start is not None]
    known_ends = [end for end in ends if end is not None]
    start = min(known_starts, key=first_second) if known_starts and len(known_starts) == len(starts) else None
    end = max(known_ends, key=last_second) if known_ends and len(known_ends) == len(ends) else None
    return None if start is None and end is None else Period(start, end)


def box_text(box: BoundingBox) -> str:
    """``119°E – 126°E, 32°N – 41°N``, or the coordinates of a point."""
    around = (box.west, box.east) == (-180, 180)
    longitudes = "180°W – 180°E" if around else _range(_longitude(box.west), _longitude(box.east))
    return f"{longitudes}, {_range(_latitude(box.south), _latitude(box.north))}"


def drawing(boxes: Sequence[BoundingBox], *, whole_world: bool = False) -> Drawing:
    """The extents in a window around them, or on the whole world."""
    around = hull(boxes)
    view = Rectangle(WORLD_WEST, -90, 360, 180)
    if around is not None and not whole_world:
        view = _window(around)
    shapes = (Rectangle(box.west, -box.north, width_of(box), box.north - box.south) for box in boxes)
    least = view.width / 120
    seen = (
        Rectangle(shape.x + turn, shape.y, max(shape.width, least), max(shape.height, least))
        for shape in shapes
        for turn in (-360, 0, 360)
    )
    east = view.x + view.width
    return Drawing(view, tuple(shape for shape in seen if shape.x < east and shape.x + shape.width > view.x))


def _window(around: BoundingBox) -> Rectangle:
    """A window twice as wide as high around a box, within the world."""
    width = max(width_of(around) * 1.5, (around.north - around.south) * 1.5 * 2, LEAST_WIDTH)
    if width >= 360:
        return Rectangle(around.west + width_of(around) / 2 - 180, -90, 360, 180)
    height = width / 2
    top = (around.south + around.north) / 2 + height / 2
    top = min(90.0, max(top, -90 + height))
    return Rectangle(around.west + width_of(around) / 2 - width / 2, -top, width, height)


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low} – {high}"


def _longitude(value: float) -> str:
    side = "" if value in {0, 180, -180} else "E" if value > 0 else "W"
    return f"{_degrees(value)}°{side}"


def _latitude(value: float) -> str:
    side = "" if value == 0 else "N" if value > 0 else "S"
    return f"{_degrees(value)}°{side}"


def _degrees(value: float) -> str:
    return f"{abs(value):.4f}".rstrip("0").rstrip(".")
