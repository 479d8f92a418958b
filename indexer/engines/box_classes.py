"""Single boxes in classes: those whose bounds lie in the same steps of a hundredth of a degree share a number.

What a search can tell of a class it need not ask of each box. The bits of the four bounds are interleaved (G. M.
Morton, 1966): boxes that lie near each other and are of one size have numbers near each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engines.bounds import canonical
from indexer.engines.raster import Numbers, Truths
from mappings.record import BoundingBox

BOX_CLASS = "box_class"
Classes = NDArray[np.int64]
_BITS = 15
_STEPS = 1 << _BITS
_LOW = np.array([[-180.0], [-90.0], [-180.0], [-90.0]])
_STEP = np.array([[360.0], [180.0], [360.0], [180.0]]) / _STEPS
_ACROSS = 4 * _BITS
_SPREAD = [sum((byte >> bit & 1) << 4 * bit for bit in range(8)) for byte in range(256)]
_ROUNDING = 1e-9
"""Degrees: far more than what rounding moves a bound by."""


@dataclass(frozen=True, slots=True)
class Between:
    """What is known of the boxes of each class: what all cover and what none goes beyond, as columns of west, south,
    east and north, and whether they cross the antimeridian.

    Where they cover nothing together, west is east of east, or south north of north, in ``smallest``: each then reaches
    from beyond the one to beyond the other.
    """

    smallest: Numbers
    largest: Numbers
    across: Truths


def class_of(box: BoundingBox) -> int:
    """The number of a box's class, 61 bits."""
    west, east, across = canonical(box)
    bounds = (_step(west, 360), _step(box.south, 180), _step(east, 360), _step(box.north, 180))
    return across << _ACROSS | sum(_spread(step) << place for place, step in enumerate(bounds))


def bounds_of(classes: Classes) -> Between:
    """What is known of the boxes of each class."""
    steps = _gathered(classes >> np.arange(4)[:, None])
    low, high = steps * _STEP + _LOW - _ROUNDING, (steps + 1) * _STEP + _LOW + _ROUNDING
    return Between(np.vstack([high[:2], low[2:]]), np.vstack([low[:2], high[2:]]), classes >> _ACROSS == 1)


def _step(degrees: float, turn: int) -> int:
    return min(int((degrees / turn + 0.5) * _STEPS), _STEPS - 1)


def _spread(step: int) -> int:
    """Three zeros before each bit."""
    return _SPREAD[step & 255] | _SPREAD[step >> 8] << 32


def _gathered(bits: Classes) -> Classes:
    """Every fourth bit of the lower 60."""
    bits = bits & 0x0111111111111111
    for width, mask in (
        (3, 0x0303030303030303),
        (6, 0x000F000F000F000F),
        (12, 0x000000FF000000FF),
        (24, 0xFFFF),
    ):
        bits = (bits | bits >> width) & mask
    return bits
