"""DAS and DDS as servers really send them: nested, unquoted, cut off, in Latin-1."""

from __future__ import annotations

import pytest

from crosswalks.readers.attributes import Table, Variable
from crosswalks.readers.dap import DapReader, parse_das, parse_dds
from mappings.errors import UnreadableRecord
from mappings.record import RawRecord


class Reports(list[tuple[str, str | None]]):
    def __call__(self, message: str, place: str | None) -> None:
        self.append((message, place))


def table(das: str | bytes, dds: str | bytes | None = None) -> tuple[Table, Reports]:
    reports = Reports()
    content = das if isinstance(das, bytes) else das.encode()
    attachments = () if dds is None else (("dds", dds if isinstance(dds, bytes) else dds.encode()),)
    read: Table = DapReader().open(
        RawRecord("1", "opendap", content, attachments=attachments), content, reports
    )
    return read, reports


def by_name(read: Table) -> dict[str, Variable]:
    return {variable.name: variable for variable in read.variables}


DAS = r"""
Attributes {
  NC_GLOBAL {
    String title "A \"quoted\" title; with { marks }, and
a second line";
    Float64 lat_range -1.5, 2.5e+3;
    String bare unquoted words here;
    String list "a", "b";
    String empty "";
    String name%20with%20space "x";
  }
  temp { String units "degree_C"; nested { String inner "1"; } }
  DODS_EXTRA { String Unlimited_Dimension "time"; }
}
"""
DDS = """Dataset {
  Float64 time[time = 3];
  Grid { Array: Float32 temp[time = 3][lat = 2]; Maps: Float64 time[time = 3]; Float32 lat[lat = 2]; } temp;
  Structure { Int32 inner; } box;
} data%2Fset.nc;
"""


def test_attributes_and_variables_come_together() -> None:
    read, reports = table(DAS, DDS)
    assert reports == []
    assert read.name == "data/set.nc"
    assert read.attributes == {
        "title": 'A "quoted" title; with { marks }, and\na second line',
        "lat_range": "-1.5, 2.5e+3",
        "bare": "unquoted words here",
        "list": "a, b",
        "name with space": "x",
    }
    found = by_name(read)
    assert list(found) == ["time", "temp", "lat", "inner"]
    assert (found["temp"].data_type, found["temp"].dimensions) == ("Float32", ("time", "lat"))
    assert found["temp"].attributes == {"units": "degree_C"}
    assert (found["time"].is_dimension, found["lat"].is_dimension) == (False, True)


def test_without_a_dds_the_containers_are_the_variables() -> None:
    read, _ = table(DAS)
    assert list(by_name(read)) == ["temp"]


def test_attributes_at_the_top_belong_to_the_dataset() -> None:
    read, _ = table('Attributes {\n String title "T";\n HDF_GLOBAL { String summary "S"; }\n}')
    assert read.attributes == {"title": "T", "summary": "S"}


def test_members_of_a_sequence_are_variables() -> None:
    das = 'Attributes { s { time { String units "s"; } temp { String units "K"; } } NC_GLOBAL { String title "T"; } }'
    for dds in (None, "Dataset { Sequence { Float64 time; Float32 temp; } s; } s;"):
        found = by_name(table(das, dds)[0])
        assert {name: variable.get("units") for name, variable in found.items()} == {"time": "s", "temp": "K"}


def test_dotted_container_names_find_their_variables() -> None:
    read, _ = table(
        'Attributes { location.lon { String units "degree_east"; } }',
        "Dataset { Sequence { Float32 lon; } location; } x;",
    )
    assert by_name(read)["lon"].get("units") == "degree_east"


def test_a_das_cut_inside_a_text_keeps_what_came_before() -> None:
    read, reports = table('Attributes {\n NC_GLOBAL {\n String title "T";\n String summary "The sea \u2014')
    assert read.attributes == {"title": "T"}
    assert reports == [("the DAS is cut off inside a text; what comes before it was read", "line 4")]


def test_a_das_that_ends_early_says_where() -> None:
    read, reports = table('Attributes { NC_GLOBAL { String title "T"; } temp { String units "K";')
    assert (read.attributes, by_name(read)["temp"].get("units")) == ({"title": "T"}, "K")
    assert reports[0][0] == "the DAS ends inside temp; what comes before was read"


def test_latin_1_is_read_where_utf_8_is_not() -> None:
    assert table('Attributes { NC_GLOBAL { String title "Température"; } }'.encode("latin-1"))[
        0
    ].attributes == {"title": "Température"}
    assert table('Attributes { NC_GLOBAL { String title "海温"; } }')[0].attributes == {"title": "海温"}


def test_odd_statements_are_reported_and_the_rest_is_read() -> None:
    read, reports = table(
        'Attributes { NC_GLOBAL { Colour sea "blue"; lonely; Alias a b; String title "T"; } }'
    )
    assert read.attributes == {"sea": "blue", "title": "T"}
    assert [message for message, _ in reports] == [
        "'Colour' is not an attribute type; 'sea' was read all the same",
        "'lonely' is not an attribute and was left out",
    ]


def test_a_broken_dds_costs_only_the_dds() -> None:
    read, reports = table(DAS, "Error { code = 500; };")
    assert list(by_name(read)) == ["temp"]
    assert reports[0][0].startswith("not a DDS: it begins with 'Error { code = 500; };'")
    read, reports = table(DAS, "Dataset { Float64 time[time = 3]; Grid { Array: Float32 te")
    assert reports[0][0] == "the DDS ends too early; what comes before was read"
    assert "time" in by_name(read)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"Error {\n code = 404;\n};", b"Dataset { } x;", b"Attributes { a {" + b"a {" * 60],
)
def test_what_is_no_das_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        parse_das(content, Reports())


def test_a_dds_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(UnreadableRecord, match="more than 50 deep"):
        parse_dds(b"Dataset { " + b"Structure { " * 60, Reports())
