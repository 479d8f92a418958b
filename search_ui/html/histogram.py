"""The years of the hits as bars, drawn as SVG without any script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_ui.html.facets import Choice, Facet

MOST_BARS = 60
HEIGHT = 48


@dataclass(frozen=True, slots=True)
class Bar:
    """One year; ``x`` counts bars from the left, ``height`` is out of ``HEIGHT``."""

    x: int
    height: float
    choice: Choice


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars from ``first`` to ``last`` year; earlier years than fit are left out."""

    bars: tuple[Bar, ...]
    width: int
    first: int
    last: int


def histogram_of(facet: Facet) -> Histogram | None:
    """The latest years as bars; None where there is nothing to compare."""
    years = sorted((int(choice.value), choice) for choice in facet.choices if choice.count)
    if len(years) < 2:
        return None
    last = years[-1][0]
    shown = [(year, choice) for year, choice in years if year > last - MOST_BARS]
    first = shown[0][0]
    highest = max(choice.count or 0 for _, choice in shown)
    return Histogram(tuple(_bars(shown, first, highest)), last - first + 1, first, last)


def _bars(years: Sequence[tuple[int, Choice]], first: int, highest: int) -> list[Bar]:
    return [
        Bar(year - first, round(max(2.0, HEIGHT * (choice.count or 0) / highest), 1), choice)
        for year, choice in years
    ]
