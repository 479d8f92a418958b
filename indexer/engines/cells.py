"""Quadtree cells: a coarse cover of a region by terms, so that an inverted index finds what may lie there.

A cell is the text of its way down from the whole plane (longitude -180..180, latitude -90..90), one digit for
each level. Its bounds are binary fractions of 360 and 180 and so exact. A region is covered by the cells that
its closed image touches, borders included: two regions that share a point have cells of which one is the
other or lies in the other. If the larger of the two lies wholly in its region, or the smaller in its, they share one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from math import ceil, floor, log

from indexer.engines.regions import Rectangle

MAX_LEVEL = 9
MAX_CELLS = 48
_PLANE: Rectangle = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Cover:
    """``inside`` are cells that lie wholly in the region, ``border`` the others it touches."""

    inside: tuple[str, ...]
    border: tuple[str, ...]


Test = Callable[[list[Rectangle]], Iterable[bool]]
"""Says of each rectangle whether the region touches it, or covers it."""


def cover(touches: Test, covers: Test, most: int = MAX_CELLS) -> Cover:
    """Cover a region by ``most`` cells."""
    inside: list[str] = []
    level: list[tuple[str, Rectangle]] = [("", _PLANE)]
    while True:
        covered = list(covers([bounds for _, bounds in level]))
        inside += [cell for (cell, _), whole in zip(level, covered, strict=True) if whole]
        rest = [one for one, whole in zip(level, covered, strict=True) if not whole]
        children = [child for one in rest if len(one[0]) < MAX_LEVEL for child in _children(*one)]
        touched = touches([bounds for _, bounds in children])
        level = [child for child, meets in zip(children, touched, strict=True) if meets]
        if not level or len(inside) + len(level) > most:
            return Cover(tuple(inside), tuple(cell for cell, _ in rest))


def cover_rectangles(rectangles: Sequence[Rectangle], most: int) -> Cover:
    """Cover rectangles by ``most`` cells, or by the fewest there are, all of one level and as small as can be."""
    level = _deepest(rectangles, most)
    strips = _strips(rectangles, level)
    while level > 1 and sum(len(columns) * len(rows) for columns, rows in strips) > most:
        level -= 1
        strips = _strips(rectangles, level)
    lies_in: dict[tuple[int, int], bool] = {}
    for columns, rows in strips:
        for (column, all_of_column), (row, all_of_row) in product(columns, rows):
            place = column, row
            lies_in[place] = (all_of_column and all_of_row) or lies_in.get(place, False)
    return Cover(
        tuple(_name(level, *place) for place, inside in lies_in.items() if inside),
        tuple(_name(level, *place) for place, inside in lies_in.items() if not inside),
    )


def _deepest(rectangles: Iterable[Rectangle], most: int) -> int:
    """The deepest level of which no more than ``most`` cells have the area of the largest rectangle."""
    largest = max((east - west) * (north - south) for west, south, east, north in rectangles) / (360 * 180)
    return min(MAX_LEVEL, floor(log(most / largest, 4))) if largest else MAX_LEVEL


_Strips = list[tuple[int, bool]]


def _strips(rectangles: Iterable[Rectangle], level: int) -> list[tuple[_Strips, _Strips]]:
    """The columns, from the west, and rows, from the south, of the cells that touch each rectangle."""
    return [
        (_along(west, east, 360, level), _along(south, north, 180, level))
        for west, south, east, north in rectangles
    ]


def _along(low: float, high: float, whole: int, level: int) -> _Strips:
    """The cells of one direction, so many degrees long as a whole, that touch a span of it; and whether each lies in
    the span.
    """
    count = 1 << level
    size = whole / count
    first = max(0, ceil((low / whole + 0.5) * count) - 1)
    last = min(count - 1, floor((high / whole + 0.5) * count))
    begins = [place * size - whole / 2 for place in range(first, last + 2)]
    return [
        (first + place, low <= begin and end <= high)
        for place, (begin, end) in enumerate(pairwise(begins))
        if begin <= high and low <= end  # rounding may have put it beside the span
    ]


@lru_cache(maxsize=1 << 15)
def _name(level: int, column: int, row: int) -> str:
    return "".join(str((column >> bit & 1) + 2 * (row >> bit & 1)) for bit in range(level - 1, -1, -1))


_TOUCHED, _OWN, _INSIDE = ">", "=", "#"
"""What a term says of a cell: that the region touches it, that it is one of the region's cover, or one it covers."""


def document_terms(cells: Cover) -> list[str]:
    """What a document is indexed by, so that ``possible_terms`` and ``sure_terms`` find it."""
    return [*touching_terms(cells), *(f"{cell}{_INSIDE}" for cell in cells.inside)]


def touching_terms(cells: Cover) -> list[str]:
    """What ``possible_terms`` finds a document by: its cells and all that they lie in, and which are its own."""
    own = (*cells.inside, *cells.border)
    return [*(f"{cell}{_TOUCHED}" for cell in _with_ancestors(own)), *(f"{cell}{_OWN}" for cell in own)]


def sure_terms(cells: Cover) -> list[str]:
    """Terms of which each proves that a document touches the region: one has a cell of the other wholly inside."""
    touched = _with_ancestors((*cells.inside, *cells.border))
    return [*(f"{cell}{_TOUCHED}" for cell in cells.inside), *(f"{cell}{_INSIDE}" for cell in touched)]


def possible_terms(cells: Cover) -> list[str]:
    """Terms of which every document that touches the region has at least one."""
    own = (*cells.inside, *cells.border)
    larger = _with_ancestors(own).keys() - set(own)
    return [*(f"{cell}{_TOUCHED}" for cell in own), *(f"{cell}{_OWN}" for cell in sorted(larger))]


def _with_ancestors(cells: Iterable[str]) -> dict[str, None]:
    """Cells and all that they lie in."""
    found = dict.fromkeys(cells)
    new = list(found)
    while new:
        larger = dict.fromkeys(cell[:-1] for cell in new if cell)
        new = [cell for cell in larger if cell not in found]
        found |= dict.fromkeys(new)
    return found


def _children(cell: str, bounds: Rectangle) -> Iterator[tuple[str, Rectangle]]:
    west, south, east, north = bounds
    middle, equator = (west + east) / 2, (south + north) / 2
    yield f"{cell}0", (west, south, middle, equator)
    yield f"{cell}1", (middle, south, east, equator)
    yield f"{cell}2", (west, equator, middle, north)
    yield f"{cell}3", (middle, equator, east, north)
