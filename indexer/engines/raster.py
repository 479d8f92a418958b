"""An area on a grid: of most rectangles a few additions tell whether they meet it or lie in it.

Each cell of the grid lies in the area, lies outside, or may have a piece of its border. Sums over the cells from the
south-west corner on give how many of a kind any rectangle of cells has (F. C. Crow, Summed-area tables, 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from indexer.engines.regions import simple_parts

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]
Counts = NDArray[np.int32]
STEPS = 128
_SLACK = 1e-6
"""In steps of the grid: far more than what rounding moves anything by."""


@dataclass(frozen=True, slots=True)
class Raster:
    """``origin`` and ``step`` are degrees of longitude and latitude; sums are arrays of ``STEPS + 1`` rows, from the
    south, and columns, from the west.
    """

    origin: Numbers
    step: Numbers
    inside: Counts
    outside: Counts

    def meet(self, smallest: Numbers, largest: Numbers) -> tuple[Truths, Truths]:
        """Which rectangles surely share a point with the area, and which surely none.

        Of each is known what it covers, a column of west, south, east and north of ``smallest``, and what it does not
        go beyond, in ``largest``. (West may be east of east, and south north of north, in ``smallest``: the rectangle
        then reaches at least from beyond the one to beyond the other.)
        """
        least, most = self._cells(smallest, -_SLACK), self._cells(largest, _SLACK)
        meets = (_sum(self.inside, least) > 0) | self._has(largest, most)
        return meets, _all(self.outside, most)

    def lie_in(self, smallest: Numbers, largest: Numbers) -> tuple[Truths, Truths]:
        """Which rectangles, given as for ``meet``, surely lie in the area's polygons, and which surely do not."""
        least, most = self._cells(smallest, -_SLACK), self._cells(largest, _SLACK)
        lies_out = (_sum(self.outside, least) > 0) | _all(self.outside, most) | self._leaves(smallest)
        return self._has(largest, most), lies_out

    def _has(self, bounds: Numbers, cells: Counts) -> Truths:
        """Whether all of each rectangle and of the cells that it touches lies in the area."""
        return _all(self.inside, cells) & ~self._leaves(bounds)

    def _leaves(self, bounds: Numbers) -> Truths:
        """Which rectangles go beyond the grid."""
        steps = self._steps(bounds)
        return cast("Truths", (steps[:2] < 0).any(axis=0) | (steps[2:] > STEPS).any(axis=0))

    def _cells(self, bounds: Numbers, slack: float) -> Counts:
        """The first columns and rows that rectangles grown by so many steps touch, and those after the last, each
        within the grid.
        """
        steps = self._steps(bounds)
        cells: Counts = np.empty(steps.shape, dtype=np.int32)
        cells[:2] = np.clip(np.floor(steps[:2] - slack), 0, STEPS)
        cells[2:] = np.clip(np.floor(steps[2:] + slack) + 1, cells[:2], STEPS)
        return cells

    def _steps(self, bounds: Numbers) -> Numbers:
        """Bounds in steps of the grid from its south-west corner."""
        return (bounds - np.tile(self.origin, 2)[:, None]) / np.tile(self.step, 2)[:, None]


def raster(geometry: BaseGeometry) -> Raster:
    """The raster of a geometry that is not empty, whose polygons do not overlap."""
    bounds = shapely.bounds(geometry)
    low, high = bounds[:2], bounds[2:]
    margin = (high - low) * _SLACK + _SLACK
    origin, step = low - margin, (high - low + 2 * margin) / STEPS
    parts = simple_parts(geometry)
    dimensions = shapely.get_dimensions(parts)
    rings = shapely.get_rings(parts[dimensions == 2])
    edges = [
        (_edges(lines) - np.tile(origin, 2)) / np.tile(step, 2) for lines in (rings, parts[dimensions < 2])
    ]
    border, filled = _border(np.vstack(edges)), _filled(edges[0])
    return Raster(origin, step, _sums(filled & ~border), _sums(~filled & ~border))


def _edges(lines: NDArray[np.object_]) -> Numbers:
    """From where to where each straight piece of lines goes: rows of two points. A point is a piece by itself."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    alone = np.bincount(line, minlength=len(lines))[line] == 1
    goes_on = line[1:] == line[:-1]
    pieces = np.hstack([points[:-1][goes_on], points[1:][goes_on]])
    return cast("Numbers", np.vstack([pieces, np.tile(points[alone], 2)]))


def _border(edges: Numbers) -> Truths:
    """The cells that edges may touch: in each row of cells those between where an edge comes in and where it leaves."""
    south, north = np.sort(edges[:, [1, 3]], axis=1).T
    edge, row = _each_row(_cell(south - _SLACK), _cell(north + _SLACK))
    x, y, to_x, to_y = edges[edge].T
    with np.errstate(divide="ignore", invalid="ignore"):
        part_of_way = [(level - y) / (to_y - y) for level in (row - _SLACK, row + 1 + _SLACK)]
    level = y == to_y
    comes, leaves = (
        x + np.clip(np.where(level, end, part), 0, 1) * (to_x - x) for end, part in enumerate(part_of_way)
    )
    first, last = _cell(np.minimum(comes, leaves) - _SLACK), _cell(np.maximum(comes, leaves) + _SLACK)
    touched: Truths = (_counted(row, first) - _counted(row, last + 1)).cumsum(axis=1)[:, :STEPS] > 0
    return touched


def _filled(rings: Numbers) -> Truths:
    """The cells whose middle has an odd number of rings' edges to the west of it."""
    south, north = np.sort(rings[:, [1, 3]], axis=1).T
    edge, row = _each_row(_cell(south), _cell(north))
    x, y, to_x, to_y = rings[edge].T
    middle = row + 0.5
    crosses = (y <= middle) != (to_y <= middle)
    x, y, to_x, to_y, middle = (values[crosses] for values in (x, y, to_x, to_y, middle))
    at = x + (middle - y) / (to_y - y) * (to_x - x)
    crossings = _counted(row[crosses], _cell(at + 0.5))
    odd: Truths = crossings.cumsum(axis=1)[:, :STEPS] % 2 == 1
    return odd


def _cell(place: Numbers) -> NDArray[np.int_]:
    """The column or row of a place, in steps of the grid."""
    cells: NDArray[np.int_] = np.clip(np.floor(place), 0, STEPS - 1).astype(int)
    return cells


def _counted(row: NDArray[np.int_], column: NDArray[np.int_]) -> NDArray[np.int_]:
    """How often each place of a grid with one column more is named."""
    return np.bincount(row * (STEPS + 1) + column, minlength=STEPS * (STEPS + 1)).reshape(STEPS, STEPS + 1)


def _each_row(first: NDArray[np.int_], last: NDArray[np.int_]) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Every pair of an edge's number and a row that it has, from its first to its last."""
    counts = np.maximum(last - first + 1, 0)
    edge = np.repeat(np.arange(len(counts)), counts)
    begins = np.repeat(counts.cumsum() - counts, counts)
    return edge, first[edge] + np.arange(len(edge)) - begins


def _sums(cells: Truths) -> Counts:
    sums = np.zeros((STEPS + 1, STEPS + 1), dtype=np.int32)
    sums[1:, 1:] = cells.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    return sums


def _sum(sums: Counts, cells: Counts) -> Counts:
    left, bottom, right, top = cells
    return cast("Counts", sums[top, right] - sums[bottom, right] - sums[top, left] + sums[bottom, left])


def _all(sums: Counts, cells: Counts) -> Truths:
    """Whether there is no other cell."""
    left, bottom, right, top = cells
    return cast("Truths", _sum(sums, cells) == (right - left) * (top - bottom))
