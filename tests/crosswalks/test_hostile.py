"""Whatever bytes come, a crosswalk gives a record or one of the two errors that mean "this record is no good"."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalks.definitions import FORMATS, crosswalk_for
from crosswalks.detect import format_of
from mappings.errors import CrosswalkError, UnreadableRecord
from mappings.record import RawRecord
from tests.crosswalks.support import das, iso
from tests.crosswalks.test_definitions import ATTRIBUTES, KEYWORDS, VARIABLES, info

EXTENT = (
    "<gmd:extent><gmd:EX_Extent><gmd:geographicElement><gmd:EX_BoundingPolygon><gmd:polygon>"
    '<gml:Polygon srsName="urn:ogc:def:crs:EPSG::4326"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">'
    "1 2 3 2 3 4 1 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gmd:polygon></gmd:EX_BoundingPolygon>"
    "</gmd:geographicElement><gmd:verticalElement><gmd:EX_VerticalExtent><gmd:minimumValue>1</gmd:minimumValue>"
    "<gmd:maximumValue>2</gmd:maximumValue></gmd:EX_VerticalExtent></gmd:verticalElement></gmd:EX_Extent></gmd:extent>"
)
SEEDS: dict[str, bytes] = {
    "erddap-info": info(ATTRIBUTES, VARIABLES).encode(),
    "opendap": das(
        "\n".join(f'  String {name} "{value}";' for name, value in ATTRIBUTES.items()),
        ' lon { Float64 actual_range 1, 2; String units "degrees_east"; }',
    ).encode(),
    "thredds": b'<dataset xmlns="http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0" '
    b'name="n"><geospatialCoverage>'
    b"<northsouth><start>40</start><size>-20</size></northsouth><eastwest><start>1</start><size>2</size></eastwest>"
    b"</geospatialCoverage><timeCoverage><end>2001</end><duration>10 days</duration></timeCoverage></dataset>",
    "csw-record": b'<Record xmlns="http://www.opengis.net/cat/csw/2.0.2" '
    b'xmlns:o="http://www.opengis.net/ows" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    b"<dc:title>t</dc:title><dc:date>2001-02-03</dc:date><o:BoundingBox>"
    b"<o:LowerCorner>1 2</o:LowerCorner><o:UpperCorner>3 4</o:UpperCorner>"
    b"</o:BoundingBox></Record>",
    "iso19139": iso(KEYWORDS + EXTENT).encode(),
    "iso19115-2": iso(KEYWORDS + EXTENT, root="gmi:MI_Metadata").encode(),
}


def survives(format: str, content: bytes, attachments: tuple[tuple[str, bytes], ...] = ()) -> None:
    raw = RawRecord("n", format, content, "http://h/erddap/griddap/x.html", attachments=attachments)
    try:
        made = crosswalk_for(format).apply(raw, trace=True)
    except (UnreadableRecord, CrosswalkError):
        return
    assert made.record.title.text.strip()
    hash(made.record)


@pytest.mark.parametrize("format", FORMATS)
def test_the_seeds_are_good_records(format: str) -> None:
    assert crosswalk_for(format).apply(RawRecord("n", format, SEEDS[format])).record.title.text


@given(content=st.binary(max_size=300), format=st.sampled_from(FORMATS))
def test_random_bytes(content: bytes, format: str) -> None:
    survives(format, content, (("dds", content), ("thredds", content)))


@given(content=st.binary(max_size=300))
def test_random_files_have_a_format_or_none(content: bytes) -> None:
    try:
        found = format_of(content, "f")
    except UnreadableRecord:
        return
    assert found in FORMATS


@settings(max_examples=400)
@given(data=st.data(), format=st.sampled_from(FORMATS))
def test_good_records_cut_and_spliced(data: st.DataObject, format: str) -> None:
    content = SEEDS[format]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 60)))
        put = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"", b"1e999", b"-", b"NaN", b"\xff", b"0000", b"{", b"}", b'"']),
            )
        )
        content = content[:start] + put + content[end:]
    survives(format, content, (("dds", content), ("thredds", SEEDS["thredds"])))


IMPOSSIBLE = """
1e400|-9999|NaN|inf|181|2001-13-45|99999999999|0000|-0001|P1D|P9999999999Y|POINT(NaN 1)|LINESTRING(1 1)|1, 2|down|km
POLYGON((0 0,1 1,0 0))|10.5072/x|degrees_east|days since 1-1-1|days since 99999-99-99|https://|UTC|2001-02-30T25:61:61Z
"""
texts = st.one_of(st.text(max_size=12), st.sampled_from(IMPOSSIBLE.strip().replace("\n", "|").split("|")))
NAMES = "units actual_range valid_min valid_max axis positive standard_name long_name".split()


@settings(max_examples=300)
@given(
    attributes=st.dictionaries(st.sampled_from(sorted(ATTRIBUTES)), texts, max_size=12),
    own=st.dictionaries(st.sampled_from(NAMES), texts),
)
def test_attribute_tables_with_impossible_values(attributes: dict[str, str], own: dict[str, str]) -> None:
    variables: dict[str, Any] = dict.fromkeys(("time", "lon", "lat", "depth", "temp"), own)
    survives("erddap-info", info(attributes, variables).encode("utf-8", "replace"))


@settings(max_examples=300)
@given(values=st.lists(texts, min_size=6, max_size=6))
def test_iso_documents_with_impossible_values(values: list[str]) -> None:
    safe = ["".join(char for char in value if char.isprintable() and char not in "<&") for value in values]
    parts = EXTENT.replace("1 2 3 2 3 4 1 2", f"1 2 {safe[0]} {safe[1]} 3 4 1 2").replace(
        ">1<", f">{safe[2]}<"
    )
    period = (
        f"<gmd:extent><gmd:EX_Extent><gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent><gml:TimePeriod>"
        f"<gml:beginPosition>{safe[3]}</gml:beginPosition><gml:endPosition>"
        f"{safe[4]}</gml:endPosition><gml:duration>{safe[5]}</gml:duration>"
        "</gml:TimePeriod></gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement></gmd:EX_Extent></gmd:extent>"
    )
    survives("iso19115-2", iso(parts + period, root="gmi:MI_Metadata").encode())


plain = st.none() | st.booleans() | st.floats() | st.text(max_size=5)
keys = st.sampled_from(["table", "columnNames", "rows"])


@given(
    st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=10,
    )
)
def test_json_of_any_shape(document: Any) -> None:
    survives("erddap-info", json.dumps(document).encode("utf-8", "replace"))
    names = ["Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"]
    survives("erddap-info", json.dumps({"table": {"columnNames": names, "rows": document}}).encode())


def test_deeply_nested_input_of_every_kind() -> None:
    survives("erddap-info", b"[" * 100_000)
    survives("opendap", b"Attributes {" + b"a {" * 100_000)
    survives("iso19139", b"<a>" * 100_000)
    survives("opendap", SEEDS["opendap"], (("dds", b"Dataset {" + b"Structure {" * 100_000),))
