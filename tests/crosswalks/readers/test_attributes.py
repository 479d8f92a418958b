"""Coordinate axes and their bounds, and ACDD's parties, in attribute tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crosswalks.readers.attributes import AttributeReader, Table, Variable
from crosswalks.readers.axes import bounds, decode_time, time_end, time_start
from crosswalks.readers.erddap import ErddapInfoReader
from mappings.errors import UnreadableRecord
from mappings.record import RawRecord


def variable(name: str, *dimensions: str, **attributes: str) -> Variable:
    return Variable(name, "double", dimensions, attributes)


def find(node: Any, path: str) -> list[Any]:
    return list(AttributeReader().select(path, {})(node))


GRID = Table(
    variables=[
        variable("TIME", "TIME", units="days since 1950-01-01T00:00:00Z"),
        variable("DEPTH", "DEPTH", units="m", positive="down"),
        variable("LATITUDE", "LATITUDE", units="degrees_north", actual_range="10, 20"),
        variable("LONGITUDE", "LONGITUDE", units="degrees_east", actual_range="170, 190"),
        variable("TEMP", "TIME", "DEPTH", standard_name="sea_water_temperature", units="degree_C"),
    ]
)


def test_axes_are_found_and_the_others_are_the_variables() -> None:
    assert [find(GRID, f"#{axis}/#name") for axis in ("time", "vertical", "latitude", "longitude")] == [
        ["TIME"], ["DEPTH"], ["LATITUDE"], ["LONGITUDE"],
    ]  # fmt: skip
    assert find(GRID, "#variables/#name") == ["TEMP"]
    assert find(GRID, "#vertical/positive") == ["down"]
    assert find(GRID, "#variables/standard_name") == ["sea_water_temperature"]


@pytest.mark.parametrize(
    "impostor",
    [
        variable("x", "x", axis="X", units="m"),  # a projected coordinate
        variable("lon_velocity", units="degrees_east s-1 per day"),
        variable("time_of_sampling", units="days"),
        variable("level", "level", axis="Z", units="hPa"),
        variable("duration", standard_name="", units="seconds"),
    ],
)
def test_what_only_looks_like_an_axis_is_a_variable(impostor: Variable) -> None:
    assert find(Table(variables=[impostor]), "#variables/#name") == [impostor.name]


def test_the_best_candidate_wins() -> None:
    table = Table(
        variables=[
            variable("lon_bnds", "lon", "nv", units="degrees_east"),
            variable("lon", "lon", units="degrees_east", standard_name="longitude"),
        ]
    )
    assert find(table, "#longitude/#name") == ["lon"]


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"actual_range": "-1.5, 2.5"}, (-1.5, 2.5)),
        ({"actual_range": "54.3, 0.002"}, (0.002, 54.3)),
        ({"actual_range": "3.0 NaN"}, (3.0, None)),
        ({"data_min": "1", "data_max": "2"}, (1.0, 2.0)),
        ({"valid_min": "100", "valid_max": "140"}, (100.0, 140.0)),
        ({"valid_range": "100, 140"}, (100.0, 140.0)),
        ({"valid_min": "-180", "valid_max": "180"}, (None, None)),  # true of every longitude
        ({"valid_range": "-90, 90"}, (None, None)),
        ({"valid_min": "-32767", "valid_max": "32767"}, (None, None)),
        ({"actual_range": "a, b"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_bounds_of_an_axis(attributes: dict[str, str], found: tuple[float | None, float | None]) -> None:
    assert bounds(variable("x", **attributes)) == found


@pytest.mark.parametrize(
    ("value", "units", "found"),
    [
        (0.0, "seconds since 1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        (1.5, "days since 1950-01-01 00:00:00", "1950-01-02T12:00:00Z"),
        (24.0, "hours since 1-1-1", "0001-01-02T00:00:00Z"),
        (1000.0, "msec since 1970-01-01 00:00:00 GMT", "1970-01-01T00:00:01Z"),
        (1.0, "minutes since 2008-01-01 00:00", "2008-01-01T00:01:00Z"),
        (1.0, "fortnights since 2008-01-01", None),
        (1.0, "days since launch", None),
        (1e300, "days since 1950-01-01", None),
        (1.0, "m", None),
    ],
)
def test_times_are_decoded_by_their_units(value: float, units: str, found: str | None) -> None:
    assert decode_time(value, units) == found


def test_a_time_axis_may_be_open_or_written_in_iso_8601() -> None:
    open_end = variable("time", units="seconds since 1970-01-01", actual_range="0, NaN")
    assert (time_start(open_end), time_end(open_end)) == ("1970-01-01T00:00:00Z", None)
    written = variable("time", actual_range="2001-01-01T00:00:00Z, 2002-01-01T00:00:00Z")
    assert (time_start(written), time_end(written)) == ("2001-01-01T00:00:00Z", "2002-01-01T00:00:00Z")
    only_valid = variable("time", units="days since 1950-01-01", valid_min="0", valid_max="90000")
    assert (time_start(only_valid), time_end(only_valid)) == (None, None)


def parties(path: str, **attributes: str) -> list[dict[str, str]]:
    return [dict(item.attributes) for item in find(Table(attributes=attributes), path)]


def test_creators_are_people_or_organisations() -> None:
    assert parties("#creators", creator_name="Li Hai", institution="Institute X", creator_email="l@x") == [
        {"individual": "Li Hai", "organisation": "Institute X", "role": "originator", "email": "l@x"}
    ]
    assert parties("#creators", creator_name="Naval Lab", creator_type="institution") == [
        {"organisation": "Naval Lab", "role": "originator"}
    ]
    assert parties("#creators", creator_name="东溟海洋研究院") == [
        {"organisation": "东溟海洋研究院", "role": "originator"}
    ]
    assert (
        parties("#publishers", publisher_name="Data manager", publisher_type="position")[0]["position"]
        == "Data manager"
    )


def test_one_creator_with_a_comma_is_one_and_as_many_as_there_are_addresses_are_many() -> None:
    assert len(parties("#creators", creator_name="Scripps Institution, UCSD", creator_email="a@b")) == 1
    two = parties("#creators", creator_name="Ann Ode, Bo Lin", creator_email="a@x, b@x")
    assert [(party["individual"], party["email"]) for party in two] == [("Ann Ode", "a@x"), ("Bo Lin", "b@x")]


def test_contributors_and_their_roles_are_parallel_lists() -> None:
    found = parties("#contributors", contributor_name="A B, C D, E F", contributor_role="author, funder")
    assert [(party["individual"], party["role"]) for party in found] == [
        ("A B", "author"), ("C D", "funder"), ("E F", "contributor"),
    ]  # fmt: skip


def test_the_institution_is_a_party_only_where_no_other_is_of_it() -> None:
    assert parties("#institution", institution="X Institute") == [
        {"organisation": "X Institute", "role": "resourceProvider"}
    ]
    assert parties("#institution", institution="X", creator_name="Li Hai") == []


def test_attribute_names_match_in_any_case_but_exactly_first() -> None:
    table = Table(attributes={"TITLE": "loud", "Summary": "s", "summary": "exact"})
    assert (find(table, "title"), find(table, "summary")) == (["loud"], ["exact"])


COLUMNS = ["Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"]


def info(*rows: Any, columns: list[str] = COLUMNS) -> tuple[Table, list[str]]:
    reports: list[str] = []
    content = json.dumps({"table": {"columnNames": columns, "rows": list(rows)}}).encode()
    read: Table = ErddapInfoReader().open(
        RawRecord("1", "erddap-info", content),
        content,
        lambda message, place: reports.append(f"{message} {place}"),
    )
    return read, reports


def test_an_erddap_info_table() -> None:
    read, reports = info(
        ["attribute", "NC_GLOBAL", "title", "String", "T"],
        ["dimension", "time", "", "double", "nValues=1977, evenlySpaced=true, averageSpacing=1 day"],
        ["attribute", "time", "units", "String", "seconds since 1970-01-01"],
        ["variable", "sst", "", "float", "time, latitude"],
        ["attribute", "sst", "units", "String", "degree_C"],
        ["broken"],
    )
    assert reports == ["a row of the table does not have five cells and was left out row 5"]
    assert (read.attributes, read.gridded) == ({"title": "T"}, True)
    assert (read.variables[0].length, read.variables[0].spacing) == (1977, "1 day")
    assert (read.variables[1].data_type, read.variables[1].dimensions) == ("float", ("time", "latitude"))
    assert find(read, "#time/#step") == ["P1D"]


def test_other_erddap_tables_are_refused() -> None:
    with pytest.raises(UnreadableRecord, match="not an ERDDAP info table"):
        info(columns=["time", "latitude"])
