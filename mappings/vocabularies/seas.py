"""In which sea region a box lies."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from mappings.boxes import width_of
from mappings.record import BoundingBox
from mappings.tiles import WIDEST
from mappings.vocabularies.loading import load_vocabularies

SHARE = 0.75
"""How much of a box has to lie in a region."""
VOCABULARY = "sea_regions"
Numbers = NDArray[np.float64]


@lru_cache(maxsize=4096)
def seas_of(box: BoundingBox) -> tuple[str, ...]:
    """The smallest region that has the middle of ``box`` and most of it, and all wider ones; none if there is none.

    The boxes of regions overlap, since coasts are not straight: the smallest is the one that is most likely meant.
    A box around the world is in the global ocean, and not in every sea; what is narrower is never in the global ocean.
    """
    ids, west, width, south, north, area = _regions()
    eastward = (box.west - west) % 360  # degrees from the west side of each region to that of the box
    own_width, own_height = width_of(box), box.north - box.south
    middle = (eastward + own_width / 2) % 360 <= width
    latitude = (box.south + box.north) / 2
    middle &= (south <= latitude) & (latitude <= north)
    across = np.clip(width - eastward, 0, own_width) + np.clip(eastward + own_width - 360, 0, width)
    share = np.minimum(across / own_width, 1) if own_width else np.ones_like(across)
    if own_height:
        share = share * (np.minimum(north, box.north) - np.maximum(south, box.south)) / own_height
    everywhere = (width == 360) & (north - south == 180)
    found = np.flatnonzero(middle & (share >= SHARE) & ~(everywhere & (own_width <= WIDEST)))
    if not found.size:
        return ()
    smallest = ids[found[area[found].argmin()]]
    return load_vocabularies().with_broader(VOCABULARY, smallest)


@cache
def _regions() -> tuple[tuple[str, ...], Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Ids, west sides, widths, south and north sides and areas of the regions that have limits."""
    regions = [
        (region.id, region.box)
        for region in load_vocabularies().of(VOCABULARY).values()
        if region.box is not None and not region.named_only
    ]
    west = np.array([box.west for _, box in regions])
    width = np.array([width_of(box) for _, box in regions])
    south = np.array([box.south for _, box in regions])
    north = np.array([box.north for _, box in regions])
    return tuple(id for id, _ in regions), west, width, south, north, width * (north - south)
