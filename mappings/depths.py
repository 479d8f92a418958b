"""The depths that are told apart where records are counted by depth."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

from mappings.record import VerticalRange

DEPTHS = (0, 10, 50, 200, 1000, 2000, 4000, 6000)
"""Metres at which a zone begins: surface, mixed layer, shelf, twilight zone ..., the trenches."""


@dataclass(frozen=True, slots=True)
class DepthZone:
    """From ``top`` to ``bottom`` metres, both included; the last one has no bottom. Its value is its top."""

    top: int
    bottom: int | None


ZONES = tuple(DepthZone(top, bottom) for top, bottom in zip(DEPTHS, (*DEPTHS[1:], None), strict=True))


def zones_of(vertical: VerticalRange) -> tuple[DepthZone, ...]:
    """The zones that a range overlaps, just as a search between their two depths finds it. Heights are in none."""
    if not (isfinite(vertical.top) and isfinite(vertical.bottom)):
        return ()
    return tuple(
        zone
        for zone in ZONES
        if vertical.top <= (inf if zone.bottom is None else zone.bottom) and vertical.bottom >= zone.top
    )
