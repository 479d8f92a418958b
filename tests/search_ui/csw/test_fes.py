"""Filters in every version, axis order and choice of wildcards become the conditions they state, or are
refused by name.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.readers.xml import parse
from indexer.areas import Area
from indexer.query import (
    And,
    Compare,
    Condition,
    During,
    Everything,
    Exists,
    Like,
    Not,
    Or,
    Phrase,
    Query,
    Spatial,
    Terms,
    check,
)
from mappings.record import BoundingBox
from search_ui.csw import fes
from search_ui.csw.errors import OwsError
from tests.search_ui.csw.filters import Dialect, to_xml

PREFIXES = 'xmlns="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml" xmlns:fes="http://www.opengis.net/fes/2.0"'
YELLOW_SEA = BoundingBox(119.0, 32.0, 126.0, 41.0)


def decoded(inside: str) -> Condition:
    return fes.decode(parse(f"<Filter {PREFIXES}>{inside}</Filter>".encode()))


def comparison(operator: str, name: str, value: str, attributes: str = "") -> str:
    return (
        f"<{operator} {attributes}><PropertyName>{name}</PropertyName><Literal>{value}</Literal></{operator}>"
    )


def like(name: str, pattern: str, attributes: str = 'wildCard="%" singleChar="_" escapeChar="\\"') -> str:
    return comparison("PropertyIsLike", name, pattern, attributes)


def box(operator: str, crs: str, lower: str, upper: str) -> str:
    attribute = f'srsName="{crs}"' if crs else ""
    return (
        f"<{operator}><PropertyName>ows:BoundingBox</PropertyName><gml:Envelope {attribute}>"
        f"<gml:lowerCorner>{lower}</gml:lowerCorner><gml:upperCorner>{upper}</gml:upperCorner></gml:Envelope></{operator}>"
    )


values = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"),
    min_size=1,
)
days = st.dates().map(lambda day: day.isoformat())
operators = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
patterns = st.lists(
    st.sampled_from(["a", "%", "_", "!", "海", "\\*", "\\?", "\\\\", "*", "?", "'", "<"]),
    min_size=1,
    max_size=8,
)
longitudes = st.floats(-180, 180, allow_nan=False).map(lambda x: round(x, 4) + 0.0)
latitudes = st.floats(-90, 90, allow_nan=False).map(lambda y: round(y, 4) + 0.0)
boxes = st.builds(
    lambda west, east, ys: BoundingBox(west, min(ys), east, max(ys)),
    longitudes,
    longitudes,
    st.tuples(latitudes, latitudes),
)
leaves = st.one_of(
    st.builds(Compare, st.sampled_from(["identifier", "type", "keyword"]), operators, values),
    st.builds(Compare, st.just("modified"), operators, days),
    st.builds(Like, st.sampled_from(["identifier", "keyword"]), patterns.map("".join)).filter(
        lambda c: "**" not in c.pattern and c.pattern != "*"
    ),
    st.builds(Spatial, st.sampled_from(["intersects", "within", "contains"]), boxes),
    st.builds(lambda name: Not(Exists(name)), st.sampled_from(["type", "keyword", "modified"])),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=2, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=4).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=12,
)
dialects = st.builds(
    lambda version, specials, crs: Dialect(version, specials[0], specials[1], specials[2], crs),
    st.sampled_from(["1.0", "1.1", "2.0"]),
    st.sampled_from([("%", "_", "\\"), ("*", "?", "!"), ("%", "#", "!"), ("*", "_", "'"), ("!", "%", "*")]),
    st.sampled_from(
        [
            "urn:ogc:def:crs:EPSG::4326",
            "EPSG:4326",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "http://www.opengis.net/def/crs/EPSG/0/4326",
        ]
    ),
)


@given(conditions, dialects)
def test_what_is_written_as_a_filter_is_read_back(condition: Condition, dialect: Dialect) -> None:
    read = fes.decode(parse(to_xml(condition, dialect)))
    assert read == condition


@given(st.text(max_size=200))
def test_any_pattern_gives_a_condition_that_engines_take(text: str) -> None:
    for name in ("AnyText", "dc:subject"):
        escaped = "".join(
            c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
        )
        escaped = escaped.replace("&", "&amp;").replace("<", "&lt;")
        check(Query(decoded(like(name, escaped))))


@pytest.mark.parametrize(
    "name", ["dc:title", "Title", "apiso:Title", "apiso:title", "title", "/dc:title", "csw:Record/dc:title"]
)
def test_a_property_has_many_names(name: str) -> None:
    assert decoded(comparison("PropertyIsEqualTo", name, "CTD")) == Compare("title", "=", "CTD")


@pytest.mark.parametrize(
    ("crs", "lower", "upper"),
    [
        ("", "119 32", "126 41"),
        ("EPSG:4326", "119 32", "126 41"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "119 32", "126 41"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "119 32", "126 41"),
        ("urn:ogc:def:crs:OGC::CRS84", "119 32", "126 41"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "119 32", "126 41"),
        ("CRS:84", "119 32", "126 41"),
        ("urn:ogc:def:crs:EPSG::4326", "32 119", "41 126"),
        ("urn:x-ogc:def:crs:EPSG:6.11:4326", "32 119", "41 126"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "32 119", "41 126"),
        ("urn:ogc:def:crs:EPSG::4490", "32 119", "41 126"),
        ("", "32 119", "41 126"),  # only latitude first is possible
    ],
)
def test_axis_order_follows_the_crs(crs: str, lower: str, upper: str) -> None:
    assert decoded(box("BBOX", crs, lower, upper)) == Spatial("intersects", YELLOW_SEA)


def test_web_mercator_is_turned_into_degrees() -> None:
    found = decoded(box("BBOX", "EPSG:3857", "13247019.40 3763310.63", "14026255.84 5012341.66"))
    assert isinstance(found, Spatial)
    assert isinstance(found.region, BoundingBox)
    bounds = [found.region.west, found.region.south, found.region.east, found.region.north]
    assert bounds == pytest.approx([119, 32, 126, 41], abs=1e-4)


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        ("170 -10", "-170 10", BoundingBox(170, -10, -170, 10)),
        ("170 -10", "190 10", BoundingBox(170, -10, -170, 10)),
        ("181 -90", "220 90", BoundingBox(-179, -90, -140, 90)),
        ("-200 -100", "200 100", BoundingBox(-180, -90, 180, 90)),
    ],
)
def test_boxes_may_cross_the_antimeridian_and_leave_the_world(
    lower: str, upper: str, expected: BoundingBox
) -> None:
    assert decoded(box("BBOX", "CRS84", lower, upper)) == Spatial("intersects", expected)


def _ring(name: str, positions: str) -> str:
    return f"<gml:{name}><gml:LinearRing><gml:posList>{positions}</gml:posList></gml:LinearRing></gml:{name}>"


TRIANGLE = Area("POLYGON ((119 32, 126 32, 126 41, 119 32))")


def test_a_polygon_is_asked_as_it_is() -> None:
    gml3 = "<gml:exterior><gml:LinearRing><gml:posList>119 32 126 32 126 41</gml:posList></gml:LinearRing>"
    gml2 = "<gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>119,32 126,32 126,41</gml:coordinates>"
    for polygon in (f"{gml3}</gml:exterior>", f"{gml2}</gml:LinearRing></gml:outerBoundaryIs>"):
        inside = f"<PropertyName>apiso:BoundingBox</PropertyName><gml:Polygon>{polygon}</gml:Polygon>"
        assert decoded(f"<Within>{inside}</Within>") == Spatial("within", TRIANGLE)


@pytest.mark.parametrize(
    ("geometry", "wkt"),
    [
        ("<gml:Point><gml:pos>119 32</gml:pos></gml:Point>", "POINT (119 32)"),
        ("<gml:LineString><gml:posList>119 32 126 41</gml:posList></gml:LineString>",
         "LINESTRING (119 32, 126 41)"),
        (f'<gml:Polygon srsName="urn:ogc:def:crs:EPSG::4326">{_ring("exterior", "32 119 32 126 41 126")}</gml:Polygon>',
         TRIANGLE.wkt),
        ("<gml:MultiSurface><gml:surfaceMember><gml:Polygon>"
         + _ring("interior", "1 1 2 1 2 2 1 1") + _ring("exterior", "0 0 9 0 9 9 0 0")
         + "</gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon>"
         + _ring("exterior", "20 0 29 0 29 9 20 0") + "</gml:Polygon></gml:surfaceMember></gml:MultiSurface>",
         "GEOMETRYCOLLECTION (POLYGON ((0 0, 9 0, 9 9, 0 0), (1 1, 2 1, 2 2, 1 1)),"
         " POLYGON ((20 0, 29 0, 29 9, 20 0)))"),
    ],
)  # fmt: skip
def test_other_geometries_are_asked_as_they_are(geometry: str, wkt: str) -> None:
    inside = f"<PropertyName>apiso:BoundingBox</PropertyName>{geometry}"
    assert decoded(f"<Intersects>{inside}</Intersects>") == Spatial("intersects", Area(wkt))


def test_gml_2_boxes_are_read() -> None:
    corners = "<gml:Box><gml:coordinates>119,32 126,41</gml:coordinates></gml:Box>"
    inside = f"<BBOX><PropertyName>BoundingBox</PropertyName>{corners}</BBOX>"
    assert decoded(inside) == Spatial("intersects", YELLOW_SEA)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("%sea temperature%", Like("anytext", "*sea temperature*")),
        ("%SST%", Like("anytext", "*SST*")),
        ("Victoria", Like("anytext", "Victoria")),
        ("%", Exists("anytext")),
        ("% %", Exists("anytext")),
        ("%sea-surface (CTD)%", Like("anytext", "*sea-surface (CTD)*")),
        ("%海表温度%", Phrase("海表温度", "anytext")),
        ("SST海温%", And((Phrase("海温", "anytext"), Like("anytext", "SST *")))),
        ("%黄海 CTD%", And((Phrase("黄海", "anytext"), Like("anytext", "* CTD*")))),
        ("t_mp%", Like("anytext", "t?mp*")),
        (r"100\%%", Like("anytext", "100%*")),
    ],
)
def test_patterns_on_texts_are_searched_by_words(pattern: str, expected: Condition) -> None:
    assert decoded(like("csw:AnyText", pattern)) == expected


def test_an_empty_escape_character_is_none() -> None:
    assert decoded(like("dc:identifier", "a\\*b", 'wildCard="*" singleChar="?" escapeChar=""')) == Like(
        "identifier", "a\\\\*b"
    )


@pytest.mark.parametrize(
    ("operator", "name", "value", "expected"),
    [
        ("PropertyIsGreaterThanOrEqualTo", "apiso:TempExtent_end", "2020", During("2020", None)),
        ("PropertyIsGreaterThan", "TempExtent_end", "2020", During("2021-01-01T00:00:00Z", None)),
        ("PropertyIsLessThanOrEqualTo", "TempExtent_begin", "2021-05", During(None, "2021-05")),
        ("PropertyIsLessThan", "TempExtent_end", "2020", Compare("end", "<", "2020")),
        (
            "PropertyIsGreaterThan",
            "dct:modified",
            "2020-01-01T00:00:00+08:00",
            Compare("modified", ">", "2019-12-31T16:00:00Z"),
        ),
        ("PropertyIsEqualTo", "dct:temporal", "2003/2005", During("2003", "2005")),
        ("PropertyIsEqualTo", "dct:abstract", "salinity", Phrase("salinity", "abstract")),
        ("PropertyIsEqualTo", "dc:type", "Dataset", Compare("type", "=", "Dataset")),
    ],
)
def test_comparisons_fit_the_field(operator: str, name: str, value: str, expected: Condition) -> None:
    assert decoded(comparison(operator, name, value)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2001", "2003", During("2001", "2003")),
        ("2001-06", "2001", During("2001-06", "2001")),
        ("2003", "2001", And((During("2003", None), During(None, "2001")))),  # what covers 2001 to 2003
    ],
)
def test_begin_and_end_together_ask_for_an_overlap(first: str, last: str, expected: Condition) -> None:
    end = comparison("PropertyIsGreaterThanOrEqualTo", "apiso:TempExtent_end", first)
    begin = comparison("PropertyIsLessThanOrEqualTo", "apiso:TempExtent_begin", last)
    assert decoded(f"<And>{end}{begin}</And>") == expected
    box_too = decoded(f"<And>{end}{box('BBOX', '', '119 32', '126 41')}{begin}</And>")
    assert (box_too == And((Spatial("intersects", YELLOW_SEA), expected))) == isinstance(expected, During)


def test_case_matters_only_when_asked_for() -> None:
    assert decoded(comparison("PropertyIsEqualTo", "dc:type", "dataset", 'matchCase="true"')) == Terms(
        "type", ("dataset",)
    )
    assert decoded(comparison("PropertyIsEqualTo", "dc:type", "dataset", 'matchCase="false"')) == Compare(
        "type", "=", "dataset"
    )


def test_a_literal_before_its_property_turns_the_comparison_round() -> None:
    sides = "<Literal>2020</Literal><PropertyName>dct:modified</PropertyName>"
    inside = f"<PropertyIsLessThan>{sides}</PropertyIsLessThan>"
    assert decoded(inside) == Compare("modified", ">", "2020")


def test_between_and_null() -> None:
    between = (
        "<PropertyIsBetween><PropertyName>dct:modified</PropertyName><LowerBoundary><Literal>2001</Literal></LowerBoundary>"
        "<UpperBoundary><Literal>2003</Literal></UpperBoundary></PropertyIsBetween>"
    )
    assert decoded(between) == And((Compare("modified", ">=", "2001"), Compare("modified", "<=", "2003")))
    assert decoded("<PropertyIsNull><PropertyName>dc:format</PropertyName></PropertyIsNull>") == Not(
        Exists("format")
    )


def test_a_pattern_of_dates_covers_each_of_them() -> None:
    assert decoded(like("dc:date", "2003-%")) == Or((Compare("modified", "=", "2003"),))
    found = decoded(like("dc:date", "200?-10-*", 'wildCard="*" singleChar="?" escapeChar="\\"'))
    assert found == Or(tuple(Compare("modified", "=", f"200{digit}-10") for digit in range(10)))


def test_ids_empty_filters_and_temporal_operators() -> None:
    assert decoded('<FeatureId fid="a"/><FeatureId fid="b"/>') == Terms("identifier", ("a", "b"))
    assert decoded('<fes:ResourceId rid="a"/>') == Terms("identifier", ("a",))
    assert decoded("") == Everything()
    during = (
        "<fes:During><fes:ValueReference>dct:temporal</fes:ValueReference><gml:TimePeriod><gml:beginPosition>2001</gml:beginPosition>"
        "<gml:endPosition>2002</gml:endPosition></gml:TimePeriod></fes:During>"
    )
    assert decoded(during) == During("2001", "2002", "within")


@pytest.mark.parametrize(
    ("inside", "code", "locator"),
    [
        (comparison("PropertyIsEqualTo", "dc:colour", "red"), "InvalidParameterValue", "PropertyName"),
        (
            comparison("PropertyIsEqualTo", "dct:modified", "yesterday"),
            "InvalidParameterValue",
            "dct:modified",
        ),
        (comparison("PropertyIsLessThan", "dc:title", "b"), "InvalidParameterValue", "dc:title"),
        (
            comparison("PropertyIsEqualTo", "ows:BoundingBox", "1 2 3 4"),
            "InvalidParameterValue",
            "ows:BoundingBox",
        ),
        (
            "<PropertyIsEqualTo><Literal>a</Literal></PropertyIsEqualTo>",
            "MissingParameterValue",
            "PropertyName",
        ),
        (
            "<PropertyIsEqualTo><PropertyName>dc:title</PropertyName></PropertyIsEqualTo>",
            "MissingParameterValue",
            "Literal",
        ),
        (
            "<PropertyIsBetween><PropertyName>dc:date</PropertyName></PropertyIsBetween>",
            "MissingParameterValue",
            "LowerBoundary",
        ),
        ("<And/>", "InvalidParameterValue", "And"),
        ("<Not/>", "InvalidParameterValue", "Not"),
        (comparison("PropertyIsNull", "dc:type", "x") * 2, "InvalidParameterValue", "Filter"),
        (box("BBOX", "EPSG:2192", "1 2", "3 4"), "InvalidParameterValue", "srsName"),
        (box("BBOX", "", "1 2", "3"), "InvalidParameterValue", "upperCorner"),
        (box("BBOX", "", "1 two", "3 4"), "InvalidParameterValue", "lowerCorner"),
        (box("BBOX", "", "1 nan", "3 4"), "InvalidParameterValue", "lowerCorner"),
        (box("BBOX", "", "1 1e999", "3 4"), "InvalidParameterValue", "lowerCorner"),
        (box("BBOX", "CRS84", "1 20", "3 10"), "InvalidParameterValue", "Envelope"),
        ("<BBOX><PropertyName>ows:BoundingBox</PropertyName></BBOX>", "InvalidParameterValue", "BBOX"),
        (
            box("BBOX", "", "1 2", "3 4").replace("ows:BoundingBox", "dc:title"),
            "InvalidParameterValue",
            "PropertyName",
        ),
        (box("Touches", "", "1 2", "3 4"), "OptionNotSupported", "Touches"),
        ("<PropertyIsFunny/>", "OptionNotSupported", "PropertyIsFunny"),
        (
            "<PropertyIsEqualTo><Function name='length'/><Literal>1</Literal></PropertyIsEqualTo>",
            "OptionNotSupported",
            "Function",
        ),
        (
            "<Not>" * 70 + comparison("PropertyIsNull", "dc:type", "") + "</Not>" * 70,
            "InvalidParameterValue",
            "Filter",
        ),
    ],
)
def test_what_cannot_be_searched_is_refused_by_name(inside: str, code: str, locator: str) -> None:
    with pytest.raises(OwsError) as refused:
        decoded(inside)
    assert (refused.value.code, refused.value.locator) == (code, locator)
