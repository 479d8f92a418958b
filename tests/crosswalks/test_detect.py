"""The format of a file is told from its bytes; what is something else is named."""

from __future__ import annotations

import pytest

from crosswalks.detect import format_of
from mappings.errors import UnreadableRecord
from tests.crosswalks.support import das, iso

SERIES = (
    '<gmd:DS_Series xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gmi="http://www.isotc211.org/2005/gmi">'
    "<gmd:seriesMetadata><gmi:MI_Metadata/></gmd:seriesMetadata></gmd:DS_Series>"
)
INFO = '{"table": {"columnNames": ["Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"], "rows": []}}'


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (iso(), "iso19139"),
        ("\ufeff\n<?xml version='1.0'?><!-- x -->" + iso(), "iso19139"),
        (iso(root="gmi:MI_Metadata"), "iso19115-2"),
        ('<m:MD_Metadata xmlns:m="http://schemas.aodn.org.au/mcp-2.0"/>', "iso19139"),
        (SERIES, "iso19115-2"),
        ('<Record xmlns="http://www.opengis.net/cat/csw/3.0"/>', "csw-record"),
        ('<c:SummaryRecord xmlns:c="http://www.opengis.net/cat/csw/2.0.2"/>', "csw-record"),
        ('<dataset xmlns="http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0"/>', "thredds"),
        (INFO, "erddap-info"),
        (das("String title 'x';"), "opendap"),
    ],
)
def test_formats(content: str, format: str) -> None:
    assert format_of(content.encode()) == format


def test_utf_16_is_xml_too() -> None:
    assert format_of(iso().encode("utf-16")) == "iso19139"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "x.xml: the file is empty"),
        (b"<!doctype html><html><body>Log in</body></html>", "this is a web page"),
        (b"<html/>", "this is a web page"),
        (b'<catalog xmlns="http://x"/>', "a THREDDS catalog; add its address as a source of type thredds"),
        (b'<c:GetRecordsResponse xmlns:c="http://www.opengis.net/cat/csw/2.0.2"/>', "an answer of a CSW"),
        (b"<metadata/>", "FGDC or another kind"),
        (b"<rss/>", "XML with the document element rss"),
        (b"<a><b></a>", "not well-formed"),
        (b"{", "not JSON"),
        (b"[1]", "JSON of a kind"),
        (
            b'{"table": {"columnNames": ["time", "sst"], "rows": []}}',
            "an ERDDAP table of time, sst, not the info table",
        ),
        (b"Dataset { Float32 x; } y;", "this is a DDS"),
        (b"time,sst\n1,2\n", "begins with 'time,sst"),
        (b"\x89HDF\r\n", "not a known metadata format"),
    ],
)
def test_other_files_are_named(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableRecord) as caught:
        format_of(content, "x.xml")
    assert said in str(caught.value)
