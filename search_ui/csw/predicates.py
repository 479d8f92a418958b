"""One property compared with a value: what FES and CQL have in common, as conditions of ``indexer.query``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indexer.areas import Area
from indexer.query import (
    And,
    Compare,
    Condition,
    During,
    Exists,
    Not,
    Operator,
    Or,
    Phrase,
    Spatial,
    Terms,
    conjunction,
)
from mappings.fields import Field
from mappings.record import BoundingBox
from mappings.times import first_second, from_seconds, last_second, parse_instant
from search_ui.csw import patterns
from search_ui.csw.errors import OwsError, invalid, unsupported
from search_ui.csw.names import field_called

FLIPPED: dict[Operator, Operator] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The same comparison with its sides exchanged."""


def compare(name: str, operator: Operator, value: str, *, match_case: bool = False) -> Condition:
    """``name operator value``. Case does not matter unless the client insists, and then only for equality
    of keywords.
    """
    field = field_called(name)
    value = value.strip()
    match field.type:
        case "keyword":
            if operator == "=" and match_case:
                return Terms(field.name, (value,))
            return Compare(field.name, operator, value)
        case "integer":
            if not value.removeprefix("-").isdecimal():
                raise invalid(name, f"{value!r} is not a whole number")
            return Compare(field.name, operator, value)
        case "instant":
            return _compare_instant(field, operator, instant(name, value))
        case "text":
            return _compare_text(name, field, operator, value)
        case "periods":
            return _compare_periods(name, operator, value)
        case _:
            raise invalid(name, "is a region, which cannot be compared with a value; use BBOX")


def _compare_instant(field: Field, operator: Operator, value: str) -> Condition:
    """Comparisons that ask how far the data reach also find what is still being measured (an open end)."""
    if field.name == "end" and operator == ">=":
        return During(value, None)
    if field.name == "end" and operator == ">":
        return During(from_seconds(last_second(value) + 1), None)
    if field.name == "begin" and operator == "<=":
        return During(None, value)
    return Compare(field.name, operator, value)


def _compare_text(name: str, field: Field, operator: Operator, value: str) -> Condition:
    if operator not in {"=", "<>"}:
        raise invalid(name, f"is a text, which has no order; {operator} cannot be used")
    if field.sort:  # whole values are kept of what can be sorted
        return Compare(field.name, operator, value)
    phrase = Phrase(value, field.name)
    return phrase if operator == "=" else And((Exists(field.name), Not(phrase)))


def _compare_periods(name: str, operator: Operator, value: str) -> Condition:
    if operator in {"=", "<>"}:
        first, slash, last = value.partition("/")
        start, end = instant(name, first), instant(name, last if slash else first)
        overlap = During(start, end)
        return overlap if operator == "=" else And((Exists("time"), Not(overlap)))
    return _compare_instant(
        field_called("TempExtent_end" if operator[0] == ">" else "TempExtent_begin"),
        operator,
        instant(name, value),
    )


def between(name: str, lower: str, upper: str) -> Condition:
    """``lower <= name <= upper``."""
    field = field_called(name)
    if field.type == "periods":
        return During(instant(name, lower), instant(name, upper))
    if field.type == "instant":
        parts: tuple[Operator, Operator] = (">=", "<=")
        return And(
            tuple(
                Compare(field.name, op, instant(name, v)) for op, v in zip(parts, (lower, upper), strict=True)
            )
        )
    return And((compare(name, ">=", lower), compare(name, "<=", upper)))


def all_of(parts: Sequence[Condition]) -> Condition:
    """All of the parts. ``begin <= b`` beside ``end >= a`` is how clients ask for an overlap with a..b."""
    after = [
        part for part in parts if isinstance(part, During) and part.end is None and part.start is not None
    ]
    before = [
        part for part in parts if isinstance(part, During) and part.start is None and part.end is not None
    ]
    if len(after) == len(before) == 1:
        start, end = after[0].start, before[0].end
        if start and end and first_second(start) <= last_second(end):
            rest = [part for part in parts if part not in (after[0], before[0])]
            parts = [*rest, During(start, end)]
    return conjunction(parts)


def overlapping(name: str, start: str | None, end: str | None) -> Condition:
    """Records with data in a period whose ends may be open."""
    return During(
        None if start is None else instant(name, start), None if end is None else instant(name, end)
    )


def is_null(name: str) -> Condition:
    """Records without any value of the property."""
    return Not(Exists(field_called(name).name))


def like(name: str, pattern: str, syntax: patterns.LikeSyntax) -> Condition:
    """A pattern: against whole values of keywords, against words of texts, and as a beginning of dates."""
    field = field_called(name)
    if len(pattern) > patterns.MAX_LENGTH:
        raise invalid(name, f"the pattern is longer than {patterns.MAX_LENGTH:,} characters")
    canonical = patterns.canonical(pattern.strip(), syntax)
    if field.type == "text":
        return patterns.words(field.name, canonical)
    if field.type == "keyword":
        return patterns.whole_value(field.name, canonical)
    if field.type == "instant":
        if canonical == "*":
            return Exists(field.name)
        dates = patterns.dates(canonical)
        if dates:
            return Or(tuple(Compare(field.name, "=", date) for date in dates))
    raise invalid(name, f"cannot be compared with the pattern {pattern!r}")


def instant(name: str, value: str) -> str:
    """A date or time, canonical. ``name`` is blamed for one that is not."""
    try:
        return parse_instant(value)
    except ValueError as error:
        raise invalid(name, str(error)) from error


def identifiers(values: tuple[str, ...]) -> Condition:
    """Records by their ids (``FeatureId``, ``ResourceId``, ``recordIds``)."""
    return Terms("identifier", values)


def spatial(name: str | None, operator: str, region: BoundingBox | Area) -> Condition:
    """A spatial operator of FES or CQL, by its name in any case. Without a property name it is about the
    records' extent.
    """
    if name is not None and field_called(name).type != "region":
        raise invalid("PropertyName", f"{name!r} is not a region; use ows:BoundingBox")
    build = _SPATIAL.get(operator.lower())
    if build is None:
        raise unsupported(
            operator,
            f"the spatial operator {operator} is not supported; use BBOX, Intersects, Within or Contains",
        )
    return build(region)


_SPATIAL: dict[str, Callable[[BoundingBox | Area], Condition]] = {
    "bbox": lambda region: Spatial("intersects", region),
    "intersects": lambda region: Spatial("intersects", region),
    "within": lambda region: Spatial("within", region),
    "contains": lambda region: Spatial("contains", region),
    "equals": lambda region: And((Spatial("within", region), Spatial("contains", region))),
    "disjoint": lambda region: And((Exists("where"), Not(Spatial("intersects", region)))),
    "overlaps": lambda region: And(
        (Spatial("intersects", region), Not(Spatial("within", region)), Not(Spatial("contains", region)))
    ),
}
SPATIAL_OPERATORS = frozenset(_SPATIAL)


def temporal(name: str, operator: str, start: str, end: str) -> Condition:
    """A temporal operator of FES 2.0 or CQL, by its name in any case, with an instant (``start == end``) or
    a period.
    """
    field = field_called(name)
    if field.type not in {"instant", "periods"}:
        raise invalid("PropertyName", f"{name!r} is not a time")
    first, last = instant(name, start), instant(name, end)
    extent = field.type == "periods"
    match operator.lower():
        case "after":
            return Compare("begin" if extent else field.name, ">", last)
        case "before":
            return Compare("end" if extent else field.name, "<", first)
        case "during":
            return During(first, last, "within") if extent else between(name, first, last)
        case "tequals":
            return (
                And((Compare("begin", "=", first), Compare("end", "=", last)))
                if extent
                else Compare(field.name, "=", first)
            )
        case "anyinteracts" | "toverlaps":
            return During(first, last) if extent else between(name, first, last)
    raise _no_temporal(operator)


def _no_temporal(operator: str) -> OwsError:
    return unsupported(
        operator,
        f"the temporal operator {operator} is not supported; use During, AnyInteracts, Before or After",
    )


TEMPORAL_OPERATORS = frozenset({
    "after", "before", "begins", "begunby", "tcontains", "during", "tequals", "toverlaps", "meets",
    "overlappedby",
    "metby", "ends", "endedby", "anyinteracts",
})  # fmt: skip
