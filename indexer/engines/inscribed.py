"""Large rectangles inside an area: what they match, the area matches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from indexer.engines.regions import Rectangle

GRID = 32
Cells = NDArray[np.bool_]


def inscribed(area: BaseGeometry, most: int) -> Iterator[Rectangle]:
    """Up to ``most`` rectangles of a grid over the area that lie in it, each the one that adds most to those before."""
    if area.is_empty:
        return
    west, south, east, north = area.bounds
    xs, ys = np.linspace(west, east, GRID + 1), np.linspace(south, north, GRID + 1)
    inside: Cells = np.asarray(
        shapely.covers(area, shapely.box(xs[None, :-1], ys[:-1, None], xs[None, 1:], ys[1:, None])),
        dtype=bool,
    )
    new = inside.copy()
    for _ in range(most):
        found = _largest(inside, new)
        if found is None:
            return
        left, bottom, right, top = found
        new[bottom:top, left:right] = False
        yield float(xs[left]), float(ys[bottom]), float(xs[right]), float(ys[top])


def _largest(inside: Cells, new: Cells) -> tuple[int, int, int, int] | None:
    """Columns and rows, ends exclusive, of the rectangle of cells inside that has most new ones."""
    counts = np.zeros((GRID + 1, GRID + 1), dtype=int)
    counts[1:, 1:] = new.cumsum(axis=0).cumsum(axis=1)
    best, found = 0, None
    heights = [0] * (GRID + 1)
    for row in range(GRID):
        for column in range(GRID):
            heights[column] = heights[column] + 1 if inside[row, column] else 0
        for left, right, height in _blocks(heights):
            bottom, top = row + 1 - height, row + 1
            gained = counts[top, right] - counts[bottom, right] - counts[top, left] + counts[bottom, left]
            if gained > best:
                best, found = gained, (left, bottom, right, top)
    return found


def _blocks(heights: list[int]) -> Iterator[tuple[int, int, int]]:
    """The widest block of each height under a skyline, which ends with 0: left, right (exclusive), height."""
    open_blocks: list[tuple[int, int]] = []
    for column, height in enumerate(heights):
        left = column
        while open_blocks and open_blocks[-1][1] >= height:
            left, taller = open_blocks.pop()
            if taller:
                yield left, column, taller
        open_blocks.append((left, height))
