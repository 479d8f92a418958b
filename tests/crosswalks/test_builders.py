"""Boxes, depths, periods and other parts that sources write in other words than ISO 19115."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalks.builders import (
    RECORD_SHAPE,
    build_association,
    build_box,
    build_identifier,
    build_party,
    build_period,
    build_record,
    build_variable,
    build_vertical,
)
from mappings.record import BoundingBox, Identifier, LocalisedText, Period, VerticalRange


def bounds(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {"west": west, "south": south, "east": east, "north": north}


class Reports(list[str]):
    def __call__(self, message: str) -> None:
        self.append(message)


@pytest.mark.parametrize(
    ("west", "east", "found"),
    [
        (-98.0, -76.4, (-98.0, -76.4)),
        (170.0, -170.0, (170.0, -170.0)),  # across the antimeridian already
        (170.0, 190.0, (170.0, -170.0)),
        (190.0, 230.0, (-170.0, -130.0)),
        (180.0, 230.0, (-180.0, -130.0)),
        (350.0, 370.0, (-10.0, 10.0)),
        (-200.0, -170.0, (160.0, -170.0)),
        (120.0, 180.0, (120.0, 180.0)),
        (0.0, 360.0, (-180.0, 180.0)),
        (0.125, 359.875, (-180.0, 180.0)),
        (0.0, 357.5, (-180.0, 180.0)),  # a grid of 2.5 degrees ends a cell early
        (20.0, 300.0, (20.0, -60.0)),
        (180.0, -180.0, (-180.0, 180.0)),
        (158.0, 158.0, (158.0, 158.0)),
    ],
)
def test_longitudes_of_any_turn_become_minus_180_to_180(
    west: float, east: float, found: tuple[float, float]
) -> None:
    box = build_box(bounds(west, -1, east, 1), Reports())
    assert (box.west, box.east) == pytest.approx(found)


def test_swapped_latitudes_are_turned_round_and_reported() -> None:
    reports = Reports()
    assert build_box(bounds(1, 20, 2, 10), reports) == BoundingBox(1, 10, 2, 20)
    assert len(reports) == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (bounds(0, -91, 1, 0), "latitudes -91, 0"),
        (bounds(-9999, 0, 1, 0), "are not degrees"),
        (bounds(float("nan"), 0, 1, 0), "not a number"),
        ({"west": 1.0, "east": 2.0, "south": 1.0}, "there is no north"),
        ({"lower": "1", "upper": "2 3"}, "not a pair"),
        (
            {"lower": "472944 5363287", "upper": "494983 5428601", "crs": "urn:ogc:def:crs:EPSG::32610"},
            "EPSG::32610",
        ),
    ],
)
def test_impossible_boxes_are_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_box(values, Reports())


@pytest.mark.parametrize(
    ("lower", "upper", "crs"),
    [
        ("-6.171 44.792", "-2.228 51.126", None),
        ("44.792 -6.171", "51.126 -2.228", "urn:x-ogc:def:crs:EPSG:6.11:4326"),
        ("44.792 -6.171", "51.126 -2.228", "urn:ogc:def:crs:EPSG::4326"),
        ("-6.171 44.792", "-2.228 51.126", "urn:ogc:def:crs:OGC:1.3:CRS84"),
    ],
)
def test_corners_follow_the_axis_order_of_their_crs(lower: str, upper: str, crs: str | None) -> None:
    values = {"lower": lower, "upper": upper} | ({"crs": crs} if crs else {})
    assert build_box(values, Reports()) == BoundingBox(-6.171, 44.792, -2.228, 51.126)


def test_corners_that_cannot_be_meant_in_that_order_are_taken_in_the_other() -> None:
    wrong = {"lower": "150 -10", "upper": "170 10", "crs": "urn:ogc:def:crs:EPSG::4326"}
    assert build_box(wrong, Reports()) == BoundingBox(150, -10, 170, 10)
    other = {"lower": "-10 150", "upper": "10 170"}
    assert build_box(other, Reports()) == BoundingBox(150, -10, 170, 10)


def test_a_corner_and_extents_give_a_box_whichever_way_an_axis_runs() -> None:
    values = {"west": 0.0, "width": 359.75, "south": 90.0, "height": -180.0}
    assert build_box(values, Reports()) == BoundingBox(-180, -90, 180, 90)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"minimum": 0.0, "maximum": 200.0}, (0, 200)),
        ({"minimum": 200.0, "maximum": 0.0}, (0, 200)),
        ({"minimum": -1000.0, "maximum": 0.0}, (0, 1000)),  # heights: they reach further below zero
        ({"minimum": -5.0, "maximum": 4000.0}, (-5, 4000)),
        ({"minimum": 0.0, "maximum": 50.0, "positive": "up"}, (-50, 0)),
        ({"minimum": -300.0, "maximum": -1.0, "positive": "UP"}, (1, 300)),
        ({"minimum": -300.0, "maximum": -1.0, "positive": "down"}, (-300, -1)),
        ({"minimum": 20.0, "maximum": 40.0, "crs": "urn:ogc:def:crs:EPSG::5714 MSL height"}, (-40, -20)),
        ({"minimum": 20.0, "maximum": 40.0, "crs": "urn:ogc:def:crs:EPSG::5715"}, (20, 40)),
        ({"minimum": 20.0, "maximum": 40.0, "crs": "EPSG 5831"}, (20, 40)),
        ({"minimum": 0.0, "maximum": 2.0, "units": "km"}, (0, 2000)),
        ({"minimum": 0.0, "maximum": 10.0, "units": "fathoms"}, (0, 18.288)),
        ({"minimum": 0.0, "maximum": 100.0, "units": "dbar"}, (0, 100)),
        ({"minimum": 0.0, "maximum": 100.0, "units": "EPSG:9001"}, (0, 100)),
        ({"minimum": 5.0, "height": 10.0}, (5, 15)),
    ],
)
def test_depths_are_positive_downwards_and_in_metres(
    values: dict[str, Any], found: tuple[float, float]
) -> None:
    assert build_vertical(values, Reports()) == VerticalRange(*found)


@pytest.mark.parametrize(
    "values",
    [
        {"minimum": 1000.0, "maximum": 100.0, "units": "hPa"},
        {"minimum": 1.0},
        {"minimum": 1.0, "maximum": float("inf")},
    ],
)
def test_vertical_bounds_that_are_no_depths_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        build_vertical(values, Reports())


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"start": "2003", "end": "2004-05"}, ("2003", "2004-05")),
        ({"start": "2003-01-31", "duration": "P1M"}, ("2003-01-31", "2003-02-28")),
        ({"start": "2003-01-01", "duration": "60 days"}, ("2003-01-01", "2003-03-02")),
        ({"end": "2003-01-11", "duration": "P10D"}, ("2003-01-01", "2003-01-11")),
        (
            {"end": "2003-01-01T12:00:00Z", "duration": "PT6H"},
            ("2003-01-01T06:00:00Z", "2003-01-01T12:00:00Z"),
        ),
        ({"start": "2003"}, ("2003", None)),
        ({"start": "2003", "end": "2003"}, ("2003", "2003")),
    ],
)
def test_periods_and_durations(values: dict[str, Any], found: tuple[str | None, str | None]) -> None:
    assert build_period(values, Reports()) == Period(*found)


def test_a_period_that_ends_before_it_starts_is_turned_round_and_reported() -> None:
    reports = Reports()
    assert build_period({"start": "2005", "end": "2001"}, reports) == Period("2001", "2005")
    assert len(reports) == 1


def test_a_period_without_ends_is_refused() -> None:
    with pytest.raises(ValueError, match="neither end"):
        build_period({"duration": "P1D"}, Reports())


def test_parties_need_a_name_and_have_a_role() -> None:
    assert build_party({"position": "Data manager"}, Reports()).role == "pointOfContact"
    with pytest.raises(ValueError, match="without a name"):
        build_party({"email": "a@b", "role": "owner"}, Reports())


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("https://doi.org/10.5072/AbC.1", Identifier("10.5072/AbC.1", "doi")),
        ("doi:10.5072/abc", Identifier("10.5072/abc", "doi")),
        ("10.5072/abc", Identifier("10.5072/abc", "doi")),
        ("CSTR:11738.11.NCDC.XX.1", Identifier("11738.11.NCDC.XX.1", "cstr")),
        ("https://cstr.cn/11738.11.NCDC.XX.1", Identifier("11738.11.NCDC.XX.1", "cstr")),
        ("NS06agg", Identifier("NS06agg", "org.pacioos")),
    ],
)
def test_dois_and_cstrs_are_recognised(code: str, found: Identifier) -> None:
    assert build_identifier({"code": code, "authority": "org.pacioos"}, Reports()) == found


def test_small_rules_of_other_parts() -> None:
    assert (
        build_variable({"name": "t", "standard_name": "x_y", "long_name": "x_y"}, Reports()).long_name is None
    )
    assert build_association({"title": "A cruise"}, Reports()).type == "crossReference"
    with pytest.raises(ValueError, match="neither identifier nor title"):
        build_association({"type": "source"}, Reports())


def record(**extent: Any) -> Any:
    values = {"file_identifier": "1", "title": LocalisedText("T")}
    return build_record(
        values | {f"extent.{name}": value for name, value in extent.items()}, Reports()
    ).extent


def test_geometries_become_one_and_give_a_box_where_there_is_none() -> None:
    made = record(geometries=("POINT (1 2)", "POINT (3 4)"))
    assert made.geometry == "MULTIPOINT ((1 2), (3 4))"
    assert made.boxes == (BoundingBox(1, 2, 3, 4),)
    mixed = record(geometries=("POINT (1 2)", "LINESTRING (0 0, 1 1)"))
    assert mixed.geometry == "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))"


def test_a_geometry_with_its_axes_swapped_is_put_right_by_the_box_beside_it() -> None:
    box = BoundingBox(60, 10, 65, 15)
    swapped = record(geometries=("POLYGON ((11 61, 11 64, 14 64, 14 61, 11 61))",), boxes=(box,))
    assert swapped.geometry == "POLYGON ((61 11, 64 11, 64 14, 61 14, 61 11))"


def test_every_shape_of_the_record_can_be_named() -> None:
    assert {"extent.boxes", "dates.created", "constraints.licence", "contacts"} <= RECORD_SHAPE.slots.keys()
    assert "provenance" not in RECORD_SHAPE.slots
