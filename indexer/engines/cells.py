"""Quadtree cells: a coarse cover of a region by terms, so that an inverted index finds what may lie there.

A cell is the text of its way down from the whole plane (longitude -180..180, latitude -90..90), one digit for
each level. Its bounds are binary fractions of 360 and 180 and so exact. A region is covered by the cells that
its closed image touches, borders included: two regions that share a point have cells of which one is the
other or lies in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

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
    border: list[str] = []
    level: list[tuple[str, Rectangle]] = [("", _PLANE)]
    while level:
        covered = list(covers([bounds for _, bounds in level]))
        inside += [cell for (cell, _), whole in zip(level, covered, strict=True) if whole]
        rest = [one for one, whole in zip(level, covered, strict=True) if not whole]
        border += [cell for cell, _ in rest if len(cell) == MAX_LEVEL]
        children = [child for one in rest if len(one[0]) < MAX_LEVEL for child in _children(*one)]
        touched = touches([bounds for _, bounds in children])
        deeper = [child for child, meets in zip(children, touched, strict=True) if meets]
        if len(inside) + len(border) + len(deeper) > most:
            border += [cell for cell, bounds in level if cell not in inside and cell not in border]
            break
        level = deeper
    return Cover(tuple(inside), tuple(border))


def document_terms(cells: Cover) -> list[str]:
    """What a document is indexed by: its cells, and that there is something below each of their ancestors."""
    terms: dict[str, None] = {}
    for cell in (*cells.inside, *cells.border):
        terms[f"{cell}="] = None
        terms |= dict.fromkeys(f"{ancestor}>" for ancestor in _ancestors(cell))
    return list(terms)


def sure_terms(cells: Cover) -> list[str]:
    """Terms of which each proves that a document touches the region: it has a cell that lies inside."""
    return [f"{cell}{mark}" for cell in cells.inside for mark in "=>"]


def possible_terms(cells: Cover) -> list[str]:
    """Terms of which every document that touches the region has at least one."""
    every = (*cells.inside, *cells.border)
    ancestors = {f"{ancestor}=" for cell in every for ancestor in _ancestors(cell)}
    return [f"{cell}{mark}" for cell in every for mark in "=>"] + sorted(ancestors)


def _ancestors(cell: str) -> Iterator[str]:
    return (cell[:length] for length in range(len(cell)))


def _children(cell: str, bounds: Rectangle) -> Iterator[tuple[str, Rectangle]]:
    west, south, east, north = bounds
    middle, equator = (west + east) / 2, (south + north) / 2
    yield f"{cell}0", (west, south, middle, equator)
    yield f"{cell}1", (middle, south, east, equator)
    yield f"{cell}2", (west, equator, middle, north)
    yield f"{cell}3", (middle, equator, east, north)
