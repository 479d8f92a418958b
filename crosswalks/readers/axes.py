"""Which variables are coordinate axes (CF 1.8 §4), and from where to where they reach."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crosswalks.durations import from_unit
from crosswalks.words import factors, table
from mappings.times import first_second, from_seconds, parse_instant

if TYPE_CHECKING:
    from crosswalks.readers.attributes import Variable

_UNITS: Mapping[str, re.Pattern[str]] = {
    "longitude": re.compile(r"degrees?_?(east|E)$", re.IGNORECASE),
    "latitude": re.compile(r"degrees?_?(north|N)$", re.IGNORECASE),
    "time": re.compile(r".+\bsince\b.+", re.IGNORECASE | re.DOTALL),
}
_STANDARD = table("axis_standard_names")
_NAMES = table("axis_names")
_AXIS = table("axis_letters")
_AXIS_TYPE = table("axis_types")
_LENGTH_UNITS = re.compile(
    r"(k|c)?m|(kilo|centi)?met(re|er)s?|feet|ft|fathoms?|d(eci)?bars?|db", re.IGNORECASE
)
_TIME_UNITS = factors("time_units")
_SINCE = re.compile(r"\s*(\w+)\s+since\s+(.+)", re.IGNORECASE | re.DOTALL)
_ORIGIN = re.compile(
    r"(-?\d{1,4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.\d*)?)?)?)?\s*(Z|UTC|GMT|[+-]?\d{1,2}:?\d{0,2})?\s*",
    re.IGNORECASE,
)
MAX_SECONDS = 1e13


def axis_of(variables: Iterable[Variable]) -> dict[str, Variable]:
    """The best candidate for each of ``longitude``, ``latitude``, ``vertical``, ``time``."""
    best: dict[str, tuple[int, Variable]] = {}
    for variable in variables:
        for axis, score in _scores(variable).items():
            if score > best.get(axis, (0, variable))[0]:
                best[axis] = (score, variable)
    chosen: dict[str, Variable] = {}
    for axis, (_, variable) in best.items():
        if all(variable is not other for other in chosen.values()):
            chosen[axis] = variable
    return chosen


def _scores(variable: Variable) -> dict[str, int]:
    """How much speaks for the variable being each axis; a bare axis letter alone proves nothing on projected
    grids."""
    units = (variable.get("units") or "").strip()
    name = variable.name.rpartition(".")[2].lower()
    scores: dict[str, int] = {}

    def add(axis: str | None, points: int) -> None:
        if axis is not None:
            scores[axis] = scores.get(axis, 0) + points

    add(_STANDARD.get((variable.get("standard_name") or "").strip().lower()), 8)
    add(_AXIS_TYPE.get((variable.get("_CoordinateAxisType") or "").lower()), 6)
    for axis, pattern in _UNITS.items():
        if pattern.match(units):
            add(axis, 4)
    add(_NAMES.get(name), 3)
    add(_AXIS.get((variable.get("axis") or "").lower()), 2)
    if variable.get("positive"):
        add("vertical", 2)
    if len(variable.dimensions) == 1 and variable.dimensions[0].lower() == name:
        scores = {axis: points + 2 for axis, points in scores.items()}
    return {axis: points for axis, points in scores.items() if points >= 3 and _fits(axis, units, variable)}


def _fits(axis: str, units: str, variable: Variable) -> bool:
    """Whether the units allow it: metres are no longitude, durations no time, pressure levels no depth."""
    if variable.data_type in {"String", "char", "string", "Structure"} and axis != "time":
        return False
    if axis == "vertical":
        return bool(_LENGTH_UNITS.fullmatch(units.rstrip("."))) or not units
    if axis == "time":
        return not units or "since" in units.lower() or "%" in units or "yyyy" in units.lower()
    return not units or "deg" in units.lower()


def bounds(variable: Variable) -> tuple[float | None, float | None]:
    """Lowest and highest value that the attributes give: what was measured, else what is valid where that
    says something.

    ``valid_min = -180`` and ``valid_max = 180`` hold for every longitude and tell nothing about where the
    data are.
    """
    for name in ("actual_range", "range"):
        pair = _numbers(variable.get(name))
        if len(pair) == 2:
            return _ordered(*pair)
    for low, high in (
        ("actual_min", "actual_max"),
        ("data_min", "data_max"),
        ("minimum", "maximum"),
        ("min", "max"),
    ):
        first, last = _first(variable.get(low)), _first(variable.get(high))
        if first is not None and last is not None:
            return _ordered(first, last)
    pair = _numbers(variable.get("valid_range"))
    low_high = (
        pair if len(pair) == 2 else [_first(variable.get("valid_min")), _first(variable.get("valid_max"))]
    )
    first, last = low_high
    if (
        first is None
        or last is None
        or _is_whole_range(first, last)
        or not (math.isfinite(first) and math.isfinite(last))
    ):
        return None, None
    return _ordered(first, last)


def _is_whole_range(low: float, high: float) -> bool:
    return (
        (low, high) in {(-180.0, 180.0), (0.0, 360.0), (-90.0, 90.0)}
        or high - low >= 360
        or max(abs(low), abs(high)) > 20_000
    )


def _ordered(first: float, last: float) -> tuple[float | None, float | None]:
    low, high = (first, last) if not first > last else (last, first)
    return (low if math.isfinite(low) else None), (high if math.isfinite(high) else None)


def _numbers(text: str | None) -> list[float]:
    try:
        return [float(part) for part in re.split(r"[\s,]+", (text or "").strip()) if part]
    except ValueError:
        return []


def _first(text: str | None) -> float | None:
    numbers = _numbers(text)
    return numbers[0] if len(numbers) == 1 else None


def resolution(variable: Variable) -> float | None:
    """The spacing that ERDDAP or GrADS attributes give for an axis, in its units."""
    for text in (variable.spacing, variable.get("resolution"), variable.get("geospatial_resolution")):
        match = re.match(r"[\d.]+(?:[eE][+-]?\d+)?", text or "")
        if match and float(match[0]) > 0:
            return float(match[0])
    return None


def time_start(variable: Variable) -> str | None:
    """The first instant of a time axis."""
    return _instant(variable, 0)


def time_end(variable: Variable) -> str | None:
    """The last instant of a time axis."""
    return _instant(variable, 1)


def time_step(variable: Variable) -> str | None:
    """The spacing of a time axis as an ISO 8601 duration, where ERDDAP gives it in words (``1 day``)."""
    match = re.fullmatch(r"([\d.]+)\s*([a-z]+)", (variable.spacing or "").strip())
    if match is None or match[2] not in _TIME_UNITS:
        return None
    return from_unit(float(match[1]), match[2])


def _instant(variable: Variable, end: int) -> str | None:
    for name in ("actual_range", "range"):
        pair = [part.strip() for part in (variable.get(name) or "").split(",")]
        if len(pair) == 2 and re.match(r"-?\d{4}-\d\d", pair[end]):
            return pair[end]
    if any(
        variable.get(name) is not None
        for name in ("actual_range", "range", "actual_min", "minimum", "min", "data_min")
    ):
        value = bounds(variable)[end]
        return None if value is None else decode_time(value, variable.get("units") or "")
    return None


def decode_time(value: float, units: str) -> str | None:
    """The instant of ``value`` in ``units`` such as ``days since 1950-01-01`` (CF 1.8 §4.4); None where they
    make no sense."""
    match = _SINCE.fullmatch(units)
    if match is None or match[1].lower() not in _TIME_UNITS:
        return None
    origin = _ORIGIN.fullmatch(match[2])
    if origin is None:
        return None
    year, month, day, hour, minute, second, _ = origin.groups()
    clock = ":".join(f"{int(part or 0):02d}" for part in (hour, minute, second))
    text = f"{int(year):04d}-{int(month):02d}-{int(day):02d}T{clock}Z"
    try:
        start = first_second(parse_instant(text))
    except ValueError:
        return None
    seconds = start + value * _TIME_UNITS[match[1].lower()]
    return from_seconds(math.floor(seconds)) if abs(seconds) < MAX_SECONDS else None
