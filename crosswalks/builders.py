"""How the parts of a Record are built where sources say them in other words than ISO 19115: boxes, periods,
depths and such.

Every builder takes the values its rules found, by slot name, and a ``report`` for what it had to mend. It
raises ``ValueError`` with a readable reason where nothing can be made of them; the engine then leaves the
part out with a finding.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from crosswalks.durations import add_duration
from crosswalks.geometry import box_of_wkt, combine_wkt, meets_wkt, oriented_wkt
from crosswalks.identifiers import known_identifier
from crosswalks.shapes import (
    NUMBER,
    TEXT,
    Builder,
    Report,
    Shape,
    Slot,
    Values,
    flat_parts,
    plain_shape,
    record_slots,
)
from crosswalks.words import factors, pattern
from mappings import record as parts
from mappings.record import BoundingBox, Identifier, Period, Record, ResponsibleParty, VerticalRange
from mappings.times import first_second, last_second

GLOBAL_SPAN = 355.0
"""Grids from 0 to 360 end one cell before 360; a box at least this wide and beyond 180 degrees is the whole
globe."""

_TO_METRES = factors("vertical_units")

_DEPTH_CRS = pattern("depth_crs")
_HEIGHT_CRS = pattern("height_crs")


def build_box(values: Values, report: Report) -> BoundingBox:
    """A box from four bounds, or from ``lower`` and ``upper`` corners in the axis order of ``crs`` (OGC
    06-121r9 §10.2)."""
    if "lower" in values:
        values = values | _corners(values)
    if "width" in values or "height" in values:
        values = values | _sized(*_need(values, "west", "width", "south", "height"))
    west, south, east, north = _need(values, "west", "south", "east", "north")
    if not all(map(math.isfinite, (west, south, east, north))):
        raise ValueError("a bound is not a number")
    if south > north:
        report(
            f"the southern bound {south} is north of the northern bound {north}; taken the other way round"
        )
        south, north = north, south
    west, east = _longitudes(west, east)
    return BoundingBox(west, south, east, north)


def _sized(west: float, width: float, south: float, height: float) -> dict[str, float]:
    """Bounds from a corner and extents (THREDDS ``start`` and ``size``), which are negative where an axis
    runs the other way."""
    bounds = {
        "west": min(west, west + width),
        "east": max(west, west + width),
        "south": min(south, south + height),
        "north": max(south, south + height),
    }
    return {name: round(value, 9) for name, value in bounds.items()}


def _need(values: Values, *names: str) -> list[Any]:
    missing = [name for name in names if name not in values]
    if missing:
        raise ValueError(f"there is no {' and no '.join(missing)}")
    return [values[name] for name in names]


def _longitudes(west: float, east: float) -> tuple[float, float]:
    """Longitudes on any turn of the globe (0..360, 170..190) as -180..180; ``west > east`` is across the
    antimeridian."""
    if max(abs(west), abs(east)) > 720:
        raise ValueError(f"longitudes {west}, {east} are not degrees")
    if (west, east) == (180, -180) or abs(east - west) >= 360:
        return -180.0, 180.0
    if -180 <= west <= 180 and -180 <= east <= 180:
        return west, east
    if east - west >= GLOBAL_SPAN:
        return -180.0, 180.0
    west, east = _wrapped(west), _wrapped(east)
    return (-180.0, east) if west == 180 else (west, east)


def _wrapped(longitude: float) -> float:
    if -180 <= longitude <= 180:
        return longitude
    turned = round((longitude + 180) % 360 - 180, 10)
    return 180.0 if turned == -180 else turned


def _corners(values: Values) -> dict[str, float]:
    """Bounds from two corners. Longitude comes first unless the CRS says otherwise or the numbers cannot be
    meant so."""
    lower, upper = (_pair(corner) for corner in _need(values, "lower", "upper"))
    crs = values.get("crs") or ""
    code = re.search(r"(\d{4,6})\D*$", crs)
    if code and code[1] not in {"4326", "4258", "4269", "4490", "4979"}:
        raise ValueError(f"the corners are in {crs}, and only longitudes and latitudes are understood")
    latitude_first = bool(code)
    if latitude_first and max(abs(lower[0]), abs(upper[0])) > 90:
        latitude_first = False
    elif not latitude_first and max(abs(lower[1]), abs(upper[1])) > 90:
        latitude_first = True
    if latitude_first:
        lower, upper = lower[::-1], upper[::-1]
    return {"west": lower[0], "south": lower[1], "east": upper[0], "north": upper[1]}


def _pair(corner: str) -> tuple[float, float]:
    numbers = re.split(r"[\s,]+", corner.strip())
    if len(numbers) < 2:
        raise ValueError(f"{corner!r} is not a pair of coordinates")
    return float(numbers[0]), float(numbers[1])


def build_vertical(values: Values, _: Report) -> VerticalRange:
    """Depths, from ``minimum`` and ``maximum`` in ``units`` counted ``positive`` (``up`` or ``down``) or by a
    vertical CRS.

    Where neither is said, values with the larger part below zero are heights and others are depths:
    sources of ocean data mostly mean depth when they write 0 and 200.
    """
    if "top" in values:
        return VerticalRange(*_need(values, "top", "bottom"))
    if "height" in values:
        values["maximum"] = sum(_need(values, "minimum", "height"))
    low, high = sorted(_need(values, "minimum", "maximum"))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("a vertical bound is not a number")
    units = values.get("units")
    if units is not None:
        factor = _TO_METRES.get(units.strip().lower().rstrip("."))
        if factor is None:
            if not re.search(r"9001|metre|meter", units, re.IGNORECASE):
                raise ValueError(f"vertical bounds in {units!r} cannot be turned into metres")
            factor = 1
        low, high = _scaled(low, factor), _scaled(high, factor)
    if _is_height(values, low, high):
        low, high = 0.0 - high, 0.0 - low
    return VerticalRange(low, high)


def _scaled(value: float, factor: float) -> float:
    return value if factor == 1 else round(value * factor, 6)


def _is_height(values: Values, low: float, high: float) -> bool:
    positive = (values.get("positive") or "").strip().lower()
    if positive in {"up", "down"}:
        return positive == "up"
    crs = values.get("crs") or ""
    if _DEPTH_CRS.search(crs):
        return False
    if _HEIGHT_CRS.search(crs):
        return True
    return low < 0 and -low > high


def build_period(values: Values, report: Report) -> Period:
    """A period from ``start`` and ``end``, one of which may follow from the other and a ``duration``."""
    start, end = values.get("start"), values.get("end")
    duration = values.get("duration")
    if duration is not None and start and not end:
        end = add_duration(start, duration)
    elif duration is not None and end and not start:
        start = add_duration(end, duration, backwards=True)
    if start is None and end is None:
        raise ValueError("neither end of the period is known")
    if start and end and first_second(start) > last_second(end):
        report(f"the period starts at {start}, after its end {end}; taken the other way round")
        start, end = end, start
    return Period(start, end)


def build_party(values: Values, _: Report) -> ResponsibleParty:
    """A party needs a person, an organisation or a position; one known by e-mail or URL alone is no party."""
    if not ("individual" in values or "organisation" in values or "position" in values):
        raise ValueError("a contact without a name of a person, organisation or position")
    values.setdefault("role", "pointOfContact")
    return ResponsibleParty(**values)


def build_identifier(values: Values, _: Report) -> Identifier:
    """An identifier; DOIs and CSTRs are recognised however they are written."""
    known = known_identifier(values["code"])
    return known if known is not None else Identifier(**values)


def build_variable(values: Values, _: Report) -> parts.Variable:
    """A variable. A long name that only repeats the standard name says nothing."""
    if values.get("long_name") == values.get("standard_name"):
        values.pop("long_name", None)
    return parts.Variable(**values)


def build_association(values: Values, _: Report) -> parts.Association:
    """Another dataset, named by identifier or title."""
    if not (values.get("identifier") or values.get("title")):
        raise ValueError("an associated resource with neither identifier nor title")
    values.setdefault("type", "crossReference")
    return parts.Association(**values)


def build_record(values: Values, report: Report) -> Record:
    """The Record. Several geometries become one; where there is a geometry and no box, the box is the
    geometry's."""
    geometries = values.pop("extent.geometries", None)
    if geometries and not values.get("extent.geometry"):
        values["extent.geometry"] = combine_wkt(geometries)
    geometry, boxes = values.get("extent.geometry"), values.get("extent.boxes")
    if geometry and boxes and geometries and len(boxes) == 1 and not boxes[0].crosses_antimeridian:
        box = boxes[0]
        values["extent.geometry"] = oriented_wkt(geometry, box.west, box.south, box.east, box.north)
    if geometry and not boxes:
        values["extent.boxes"] = (build_box(box_of_wkt(geometry), report),)
    elif geometry and boxes:
        _agree(values, report)
    return Record(**flat_parts(values))


def _agree(values: Values, report: Report) -> None:
    """A geometry away from one of the boxes is no finer drawing of them but one more place: it becomes a box too."""
    geometry, boxes = values["extent.geometry"], tuple(values["extent.boxes"])
    if all(meets_wkt(geometry, box.west, box.south, box.east, box.north) for box in boxes):
        return
    del values["extent.geometry"]
    values["extent.boxes"] = (*boxes, build_box(box_of_wkt(geometry), report))
    report("the geometry lies away from the box that is given as well; its bounds were added as a box")


def _with(
    part: type, builder: Builder, *, needed: str = "", aside: str = "", texts: str = "", numbers: str = ""
) -> Shape:
    """A shape with a builder of its own, and slots beside the fields of ``part``."""
    more = dict.fromkeys(texts.split(), TEXT) | dict.fromkeys(numbers.split(), NUMBER)
    slots = {**plain_shape(part).slots, **more}
    return Shape(part, slots, tuple(needed.split()), builder, frozenset(aside.split()))


_SPECIAL: tuple[Shape, ...] = (
    _with(BoundingBox, build_box, aside="crs", texts="lower upper crs", numbers="width height"),
    _with(
        VerticalRange,
        build_vertical,
        aside="units positive crs height",
        texts="positive units crs",
        numbers="minimum maximum height",
    ),
    _with(Period, build_period, aside="duration", texts="duration"),
    _with(ResponsibleParty, build_party, aside="role scope"),
    _with(parts.Variable, build_variable, needed="name", aside="data_type"),
    _with(Identifier, build_identifier, needed="code", aside="authority"),
    _with(parts.Association, build_association, aside="type"),
)

RECORD_SHAPE = Shape(
    Record,
    {**record_slots(), "extent.geometries": Slot("text", many=True)},
    ("file_identifier", "title"),
    build_record,
)

SHAPES: Mapping[type, Shape] = {
    **{
        part: plain_shape(part)
        for part in (
            parts.Translation,
            parts.LocalisedText,
            parts.Thesaurus,
            parts.Keyword,
            parts.KeywordGroup,
            parts.Instrument,
            parts.Platform,
            parts.ProcessStep,
            parts.QualityReport,
            parts.Link,
            parts.Format,
            parts.BrowseGraphic,
        )
    },
    **{shape.part: shape for shape in _SPECIAL},
}
"""Every part that ``each`` groups can build, by its class."""


def shape_of(slot: Slot) -> Shape | None:
    """The shape of what a slot takes, if it takes parts."""
    return SHAPES[slot.part] if slot.part is not None else None


def needed_text(shape: Shape, values: Mapping[str, Any]) -> str | None:
    """The first needed slot that has no value."""
    return next((name for name in shape.needed if not values.get(name)), None)
