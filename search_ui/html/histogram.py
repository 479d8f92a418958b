"""The years and the depths of the hits as bars, drawn as SVG without any script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.query import FacetValue
from mappings.depths import ZONES, DepthZone
from search_ui.html.facets import DEPTHS, YEARS, Choice, search_url
from search_ui.parameters import SearchState
from search_ui.presentation import code_label

MOST_BARS = 60
HEIGHT = 48


@dataclass(frozen=True, slots=True)
class Bar:
    """One year or zone; ``x`` counts bars from the left, ``height`` is out of ``HEIGHT``."""

    x: int
    height: float
    choice: Choice


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars, how many would fit side by side, and what stands below them from left to right."""

    name: str
    bars: tuple[Bar, ...]
    width: int
    marks: tuple[str, ...]


def years_of(state: SearchState, values: Sequence[FacetValue]) -> Histogram | None:
    """The latest years as bars, earlier ones than fit left out; None where there is nothing to compare."""
    years = sorted((int(value.value), value) for value in values)
    if len(years) < 2:
        return None
    last = years[-1][0]
    shown = [(year, value) for year, value in years if year > last - MOST_BARS]
    first = shown[0][0]
    chosen = state.chosen(YEARS)
    choices = [
        (
            year - first,
            Choice(v.value, v.value, v.count, v.value in chosen, search_url(state.toggling(YEARS, v.value))),
        )
        for year, v in shown
    ]
    return Histogram(YEARS, _bars(choices), last - first + 1, (str(first), str(last)))


def depths_of(state: SearchState, values: Sequence[FacetValue]) -> Histogram | None:
    """The depth zones as bars. Choosing one asks for its depths; choosing it again for all."""
    counts = {value.value: value.count for value in values}
    choices = [
        (place, _depth_choice(state, zone, counts[str(zone.top)]))
        for place, zone in enumerate(ZONES)
        if str(zone.top) in counts
    ]
    marks = tuple(str(zone.top) for zone in ZONES)
    return Histogram(DEPTHS, _bars(choices), len(ZONES), marks) if choices else None


def _depth_choice(state: SearchState, zone: DepthZone, count: int) -> Choice:
    chosen = (state.depth_min, state.depth_max) == (zone.top, zone.bottom)
    top, bottom = (None, None) if chosen else (zone.top, zone.bottom)
    url = search_url(replace(state, depth_min=top, depth_max=bottom, page=1))
    return Choice(str(zone.top), code_label(DEPTHS, str(zone.top)), count, chosen, url)


def _bars(choices: Sequence[tuple[int, Choice]]) -> tuple[Bar, ...]:
    highest = max(choice.count or 0 for _, choice in choices)
    return tuple(
        Bar(x, round(max(2.0, HEIGHT * (choice.count or 0) / highest), 1), choice) for x, choice in choices
    )
