"""What each transform makes of what sources write."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalks.readers.xml import parse
from crosswalks.transforms import TRANSFORMS
from mappings.record import Identifier, LocalisedText, Translation

GMD = 'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"'

CASES: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("trim", {}, " a ", "a"),
    ("collapse", {}, "a\n  b", "a b"),
    ("unwrap", {}, "a line\n            wrapped\n  - kept", "a line wrapped\n  - kept"),
    ("lower", {}, "ABC", "abc"),
    ("short", {"most": 3}, "abc", "abc"),
    ("short", {"most": 3}, "abcd", None),
    ("split", {}, "a, b,,c", ["a", "b", "c"]),
    ("split", {"separators": ";|"}, "a, b; c|d", ["a, b", "c", "d"]),
    ("keywords", {}, "a, b > c, d", ["a", "b > c", "d"]),
    ("keywords", {}, "a, b; c", ["a, b", "c"]),
    ("keywords", {}, "one\ntwo, too\n", ["one", "two, too"]),
    ("keywords", {}, "海温、盐度，海流", ["海温", "盐度", "海流"]),
    ("lookup", {"table": {"A b": "x"}}, "a B", "x"),
    ("lookup", {"table": {"a": "x"}}, "b", "b"),
    ("lookup", {"table": {"a": "x"}, "otherwise": "drop"}, "b", None),
    ("without suffix", {"suffixes": [".html", ".das"]}, "http://h/x.nc.html", "http://h/x.nc"),
    ("email", {}, "mailto:a@b.org", "a@b.org"),
    ("email", {}, "http://h/form", None),
    ("url", {}, "https://h/a b\n c", "https://h/a%20bc"),
    ("url", {}, "www.example.org", "http://www.example.org"),
    ("url", {"quiet": True}, "(local files)", None),
    ("urls in text", {}, "see http://a.org/x. and (https://b.org)", ["http://a.org/x", "https://b.org"]),
    ("language", {}, "en-GB", "eng"),
    ("language", {}, "eng; USA", "eng"),
    ("language", {}, "chi", "zho"),
    ("language", {}, "中文", "zho"),
    ("language", {}, "German", "deu"),
    ("language", {}, "und", None),
    ("script language", {}, "东海 CTD 资料", "zho"),
    ("script language", {}, "日本海の水温", None),
    ("script language", {}, "East China Sea", None),
    ("instant", {}, "2003-04-05 06:07:08 UTC", "2003-04-05T06:07:08Z"),
    ("instant", {}, "20030405", "2003-04-05"),
    ("instant", {}, "2003/4/5", "2003-04-05"),
    ("instant", {}, "5-APR-2003", "2003-04-05"),
    ("instant", {}, "27 May 2016 10:00", "2016-05-27T10:00:00Z"),
    ("instant", {}, "May 27, 2016", "2016-05-27"),
    ("instant", {}, "5/27/2016", "2016-05-27"),
    ("instant", {}, "2003年4月", "2003-04"),
    ("instant", {}, "2013-11-01Z", "2013-11-01"),
    ("instant", {}, "2014-03-17-06:00", "2014-03-17"),
    ("instant", {}, "2003-00-00", "2003"),
    ("instant", {}, "Wed Sep 12 14:44:43 PDT 2012", "2012-09-12"),
    ("instant", {}, "present", None),
    ("instant", {}, "至今", None),
    ("epoch", {}, 1.5e9, "2017-07-14T02:40:00Z"),
    ("epoch", {}, float("nan"), None),
    ("duration", {}, "1 day", "P1D"),
    ("duration", {}, "30 minutes", "PT30M"),
    ("duration", {}, "monthly", "P1M"),
    ("duration", {}, "P3DT12H", "P3DT12H"),
    ("duration", {"unit": "hour"}, "6", "PT6H"),
    ("number", {}, "1.5e3", 1500.0),
    ("number", {}, "12,5", 12.5),
    ("number", {}, "54.3f", 54.3),
    ("number", {}, "NaN", None),
    ("number", {"allow_unit": True}, "0.25 degrees", 0.25),
    ("number", {"positive": True}, "0", None),
    ("scale", {"by": 0.5}, 4.0, 2.0),
    ("integer", {}, "10000.0", 10000),
    ("boolean", {}, "TRUE", True),
    ("boolean", {}, "否", False),
    ("identifier", {"authority": "x"}, "abc", Identifier("abc", "x")),
    ("identifier", {}, "doi:10.1234/a", Identifier("10.1234/a", "doi")),
    (
        "identifiers in text",
        {},
        "Li (2020), https://doi.org/10.5072/x1. CSTR:123.11.A.B; and no 10.5 m",
        [Identifier("10.5072/x1", "doi"), Identifier("123.11.A.B", "cstr")],
    ),
    ("crs", {}, "urn:ogc:def:crs:EPSG:6.6:4326", "EPSG:4326"),
    ("crs", {}, "http://www.opengis.net/def/crs/EPSG/0/4490", "EPSG:4490"),
    ("crs", {}, "WGS 84", "EPSG:4326"),
    ("crs", {}, "4258", "EPSG:4258"),
    ("crs", {}, "Polar grid", "Polar grid"),
    ("wkt", {}, "SRID=4326;POINT(1 2)", "POINT (1 2)"),
    ("wkt", {"latitude_first": True}, "POINT(30 120)", "POINT (120 30)"),
    ("wkt", {"latitude_first": True}, "POINT(120 30)", "POINT (120 30)"),
    ("standard name", {}, "http://mmisw.org/ont/cf/parameter/sea_water_salinity", "sea_water_salinity"),
    ("standard name", {}, "Temperature (sea_water_temperature)", "sea_water_temperature"),
    ("standard name", {}, "Depth below surface (depth)", "depth"),
    ("standard name", {}, "Chlorophyll (fluorometric)", None),
    ("standard name", {"loose": True}, "sea_water_salinity status_flag", "sea_water_salinity"),
    ("long name", {}, "Temperature (sea_water_temperature)", "Temperature"),
    ("long name", {}, "Chlorophyll (fluorometric)", "Chlorophyll (fluorometric)"),
    ("long name", {}, "http://mmisw.org/ont/cf/parameter/winds", None),
    ("unit", {}, "https://unitsofmeasure.org/ucum.html#mg&#x2e;m&#x2d;3", "mg.m-3"),
    ("unit", {}, "http://example.org/units#S%20m-1", "S m-1"),
    ("unit", {}, "unknown", None),
    ("access", {}, "unclassified", "open"),
    ("access", {}, "topSecret", "closed"),
    ("access", {}, "There are no access constraints.", "open"),
    ("access", {}, "http://inspire.ec.europa.eu/.../LimitationsOnPublicAccess/noLimitations", "open"),
    ("access", {}, "Available upon request to the data centre", "restricted"),
    ("access", {}, "限制共享：须在线提交数据申请，经审批后方可使用。", "restricted"),
    ("access", {}, "公开", "open"),
    ("access", {}, "不公开", "closed"),
    ("access", {}, "otherRestrictions", None),
    ("access", {}, "Please cite the data.", None),
    ("licence", {}, "Licensed CC-BY 4.0", "CC-BY 4.0"),
    ("licence", {}, "见 https://creativecommons.org/licenses/by/4.0/，使用时", "https://creativecommons.org/licenses/by/4.0/"),
    ("licence", {}, "Free to use", None),
    ("erddap service", {"service": "opendap"}, "https://h/erddap/griddap/sst.html", "https://h/erddap/griddap/sst"),
    ("erddap service", {"service": "protocol"}, "https://h/erddap/tabledap/buoy.html", "ERDDAP:tabledap"),
    ("erddap service", {"service": "csv"}, "https://h/erddap/griddap/sst.html", None),
    (
        "erddap service",
        {"service": "wms"},
        "https://h/e/griddap/sst.html",
        "https://h/e/wms/sst/request?service=WMS&version=1.3.0&request=GetCapabilities",
    ),
    ("erddap service", {"service": "page"}, "https://h/other", None),
    ("class name", {}, parse(f"<gmd:DQ_DomainConsistency {GMD}/>".encode()), "DomainConsistency"),
    ("distance", {"unit": "metres"}, parse(f'<gco:Distance {GMD} uom="km">4</gco:Distance>'.encode()), 4000.0),
    ("distance", {"unit": "metres"}, parse(f'<gco:Distance {GMD} uom="deg">4</gco:Distance>'.encode()), None),
    ("distance", {"unit": "degrees"}, parse(f'<gco:Distance {GMD} uom="degrees_north">4</gco:Distance>'.encode()), 4.0),
    (
        "distance",
        {"unit": "degrees"},
        parse(f'<gco:Angle {GMD} uom="http://x/units.xml#arcmin">30</gco:Angle>'.encode()),
        0.5,
    ),
    ("distance", {"unit": "metres"}, parse(f'<gco:Distance {GMD} uom="m">0</gco:Distance>'.encode()), None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "given", "expected"), CASES)
def test_transforms(name: str, arguments: dict[str, Any], given: Any, expected: Any) -> None:
    assert TRANSFORMS[name].built(arguments)(given) == expected


def test_every_transform_is_tried_here_or_below() -> None:
    assert TRANSFORMS.keys() - {case[0] for case in CASES} == {"localised", "gml"}


@pytest.mark.parametrize(
    ("name", "arguments", "given", "said"),
    [
        ("instant", {}, "YYYY-MM-DD", "'YYYY-MM-DD' is not an ISO 8601 date or time"),
        ("instant", {}, "2017-02-30", "a day that does not exist"),
        ("number", {}, "wide", "'wide' is not a number"),
        ("number", {"allow_unit": True}, "about 3", "does not begin with a number"),
        ("integer", {}, "1.5", "not a whole number"),
        ("boolean", {}, "maybe", "neither true nor false"),
        ("duration", {}, "often", "not a duration such as P1D"),
        ("url", {}, "file.nc", "not an absolute URL"),
        ("language", {}, "Klingonese!", "not a language code"),
        ("wkt", {}, "POLYGON(", "not a WKT geometry"),
        ("wkt", {}, "POINT(1000 2)", "beyond longitudes and latitudes"),
        ("wkt", {}, "POINT EMPTY", "the geometry is empty"),
        ("epoch", {}, 1e300, "is no time that data have"),
    ],
)
def test_bad_values_are_refused_with_a_sentence(
    name: str, arguments: dict[str, Any], given: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        TRANSFORMS[name].built(arguments)(given)


def localised(inside: str, rest: str = "") -> LocalisedText | None:
    root = parse(f"<gmd:MD_Metadata {GMD}>{rest}<gmd:title>{inside}</gmd:title></gmd:MD_Metadata>".encode())
    found: LocalisedText | None = TRANSFORMS["localised"].built({"one_line": True})(root[-1])
    return found


def said(locale: str, text: str) -> str:
    return (
        f'<gmd:textGroup><gmd:LocalisedCharacterString locale="#{locale}">{text}'
        "</gmd:LocalisedCharacterString></gmd:textGroup>"
    )


def test_translations_have_the_language_that_the_document_declares_for_their_locale() -> None:
    declared = (
        '<gmd:locale><gmd:PT_Locale id="l2"><gmd:languageCode><gmd:LanguageCode codeListValue="chi"/>'
        "</gmd:languageCode></gmd:PT_Locale></gmd:locale>"
    )
    inside = (
        "<gco:CharacterString>Sea\n   level</gco:CharacterString>"
        f"<gmd:PT_FreeText>{said('l2', '海平面')}{said('FR', 'Niveau')}{said('nonsense', 'x')}</gmd:PT_FreeText>"
    )
    translations = (Translation("zho", "海平面"), Translation("fra", "Niveau"))
    assert localised(inside, declared) == LocalisedText("Sea level", translations)


def test_a_text_without_a_default_wording_takes_its_first_translation() -> None:
    inside = f"<gmd:PT_FreeText>{said('EN', '')}{said('FR', 'Niveau')}{said('DE', 'Pegel')}</gmd:PT_FreeText>"
    assert localised(inside) == LocalisedText("Niveau", (Translation("deu", "Pegel"),))
    assert localised("<gco:CharacterString/>") is None


def test_the_documents_own_language_is_not_repeated_as_a_translation() -> None:
    own = "<gmd:language><gco:CharacterString>eng</gco:CharacterString></gmd:language>"
    inside = f"<gco:CharacterString>Sea</gco:CharacterString><gmd:PT_FreeText>{said('EN', 'Sea')}</gmd:PT_FreeText>"
    assert localised(inside, own) == LocalisedText("Sea")


GML = 'xmlns:gml="http://www.opengis.net/gml/3.2"'
SQUARE = (
    "<gml:Polygon {0}><gml:exterior><gml:LinearRing><gml:posList>{1}</gml:posList></gml:LinearRing>"
    "</gml:exterior></gml:Polygon>"
)


@pytest.mark.parametrize(
    ("gml", "wkt"),
    [
        (SQUARE.format('srsName="urn:ogc:def:crs:OGC:1.3:CRS84"', "1 2 3 2 3 4 1 2"), "POLYGON ((1 2, 3 2, 3 4, 1 2))"),
        (SQUARE.format("", "1 2 3 2 3 4"), "POLYGON ((1 2, 3 2, 3 4, 1 2))"),
        (SQUARE.format('srsName="urn:ogc:def:crs:EPSG::4326"', "2 1 2 3 4 3 2 1"), "POLYGON ((1 2, 3 2, 3 4, 1 2))"),
        (SQUARE.format("", "30 120 31 120 31 121 30 120"), "POLYGON ((120 30, 120 31, 121 31, 120 30))"),
        (SQUARE.format('srsDimension="3"', "1 2 0 3 2 0 3 4 0 1 2 0"), "POLYGON ((1 2, 3 2, 3 4, 1 2))"),
        ("<gml:Point><gml:pos>1 2</gml:pos></gml:Point>", "POINT (1 2)"),
        ("<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>", "POINT (1 2)"),
        ("<gml:LineString><gml:pos>1 2</gml:pos><gml:pos>3 4</gml:pos></gml:LineString>", "LINESTRING (1 2, 3 4)"),
    ],
)  # fmt: skip
def test_gml_becomes_wkt_with_longitudes_first(gml: str, wkt: str) -> None:
    assert TRANSFORMS["gml"].built({})(parse(f"<x {GML}>{gml}</x>".encode())) == wkt


@pytest.mark.parametrize(
    "gml", ["", SQUARE.format("", ""), SQUARE.format("", "1 2 3"), SQUARE.format("", "a b c d")]
)
def test_gml_without_usable_coordinates_is_refused(gml: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        TRANSFORMS["gml"].built({})(parse(f"<x {GML}>{gml}</x>".encode()))
