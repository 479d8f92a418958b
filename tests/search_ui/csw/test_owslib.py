"""OWSLib, the client that QGIS, CKAN and our own harvester use, against a live server."""

from __future__ import annotations

import pytest
import requests
from owslib.catalogue.csw2 import CatalogueServiceWeb
from owslib.catalogue.csw3 import CatalogueServiceWeb as CatalogueServiceWeb3
from owslib.fes import (
    And,
    BBox,
    Not,
    Or,
    PropertyIsEqualTo,
    PropertyIsGreaterThanOrEqualTo,
    PropertyIsLessThanOrEqualTo,
    PropertyIsLike,
    PropertyIsNull,
    SortBy,
    SortProperty,
)
from owslib.fes2 import PropertyIsLike as PropertyIsLike2
from owslib.ows import ExceptionReport
from owslib.util import ServiceException

from search_ui.csw.protocol import GMD, GMI
from tests.search_ui.csw.conftest import GENERATED, TOTAL

pytestmark = pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"
)
"""OWSLib's own."""
CRS84 = "urn:ogc:def:crs:OGC:1.3:CRS84"


@pytest.fixture(scope="module")
def csw(address: str) -> CatalogueServiceWeb:
    return CatalogueServiceWeb(address)


def test_capabilities_say_what_is_there(csw: CatalogueServiceWeb, address: str) -> None:
    assert (csw.identification.type, csw.identification.title) == ("CSW", "A Catalogue & More")
    assert [operation.name for operation in csw.operations] == [
        "GetCapabilities", "DescribeRecord", "GetDomain", "GetRecords", "GetRecordById",
    ]  # fmt: skip
    records = csw.get_operation_by_name("GetRecords")
    assert {GMD, GMI} < set(records.parameters["outputSchema"]["values"])
    assert "csw:AnyText" in records.constraints[0].values
    assert {method["url"] for method in records.methods} == {address}
    assert {"BBOX", "Within"} <= set(csw.filters.spatial_operators)
    assert "Like" in csw.filters.scalar_comparison_operators


@pytest.mark.parametrize("schema", ["http://www.opengis.net/cat/csw/2.0.2", GMD, GMI])
def test_all_records_are_paged_through_once(csw: CatalogueServiceWeb, schema: str) -> None:
    seen: set[str] = set()
    returned = 0
    position = 1
    while position:
        csw.getrecords2(esn="brief", outputschema=schema, startposition=position, maxrecords=25)
        seen |= set(csw.records)
        returned += csw.results["returned"]
        assert csw.results["matches"] == TOTAL
        position = csw.results["nextrecord"]
    assert returned == TOTAL
    # OWSLib reads no gmi; the two copies of one record differ by id, but not by the file identifier in their gmd
    assert len(seen) == {GMD: TOTAL - 1, GMI: 0}.get(schema, TOTAL)


CTD = {"yellow-sea-ctd", "yellow-sea-ctd@two"}
CASTS = PropertyIsLike("dc:title", "%CTD casts%")
SST = PropertyIsLike("csw:AnyText", "%海表温度%")
AT_LAT_LON = BBox([30, 118, 42, 127], crs="urn:ogc:def:crs:EPSG::4326")


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ([PropertyIsLike("csw:AnyText", "%sea temperature and%")], CTD),
        ([PropertyIsLike("csw:AnyText", "%海表温度日平均%")], {"a,b"}),
        ([PropertyIsEqualTo("dc:title", "黄海海表温度日平均产品")], {"a,b"}),
        ([PropertyIsEqualTo("dc:identifier", "a,b")], {"a,b"}),
        ([[CASTS, BBox([118, 30, 127, 42], crs=CRS84)]], CTD),
        ([[CASTS, BBox([-60, 30, -50, 42], crs=CRS84)]], set()),
        ([[CASTS, AT_LAT_LON]], CTD),
        ([[SST, PropertyIsGreaterThanOrEqualTo("apiso:TempExtent_end", "2024-01-01")]], {"a,b"}),
        ([[CASTS, PropertyIsLessThanOrEqualTo("apiso:TempExtent_begin", "2002")]], set()),
        ([[CASTS, Not([PropertyIsNull("dc:subject")])]], CTD),
        (
            [And([Or([CASTS, SST]), Not([PropertyIsEqualTo("dc:identifier", "yellow-sea-ctd")])])],
            {"a,b"},
        ),
    ],
)
def test_filters_find_what_they_should(
    csw: CatalogueServiceWeb, constraints: list[object], expected: set[str]
) -> None:
    csw.getrecords2(constraints, esn="full", maxrecords=100)
    found = {name for name in csw.records if not name.startswith("bench:")}
    assert found == expected
    if expected:
        assert csw.results["matches"] >= len(expected)


def test_a_box_narrows_the_search(csw: CatalogueServiceWeb) -> None:
    csw.getrecords2([BBox([-180, -90, 180, 90])], resulttype="hits")
    world = csw.results["matches"]
    csw.getrecords2([BBox([175, -5, -175, 5], crs=CRS84)], esn="brief", maxrecords=100)
    assert 0 < csw.results["matches"] < world <= TOTAL
    assert "a,b" in csw.records


def test_records_come_in_the_order_asked_for(csw: CatalogueServiceWeb) -> None:
    titles = {}
    for order in ("ASC", "DESC"):
        csw.getrecords2(esn="summary", sortby=SortBy([SortProperty("dc:title", order)]), maxrecords=TOTAL)
        titles[order] = [record.title for record in csw.records.values()]
    assert len(titles["ASC"]) == TOTAL
    assert titles["ASC"] != titles["DESC"]
    assert titles["ASC"][0] == titles["DESC"][-1]


def test_one_record_in_each_schema(csw: CatalogueServiceWeb) -> None:
    csw.getrecordbyid(["yellow-sea-ctd"])
    record = csw.records["yellow-sea-ctd"]
    assert record.title == "CTD casts in the Yellow Sea & <Bohai>"
    assert [float(x) for x in (record.bbox.minx, record.bbox.miny, record.bbox.maxx, record.bbox.maxy)] == [
        119,
        32,
        126,
        41,
    ]
    csw.getrecordbyid(["yellow-sea-ctd"], outputschema=GMD)
    iso = csw.records["yellow-sea-ctd"]
    assert iso.identification[0].title == record.title
    assert iso.acquisition is None
    csw.getrecordbyid(["yellow-sea-ctd"], outputschema=GMI)
    assert b"gmi:MI_Metadata" in csw.response
    assert b"Research Vessel Test" in csw.response


def test_several_ids_and_ids_with_commas(csw: CatalogueServiceWeb) -> None:
    csw.getrecordbyid(["yellow-sea-ctd", "bench:0000000", "nobody"])
    assert set(csw.records) == {"yellow-sea-ctd", "bench:0000000"}
    csw.getrecordbyid(["a,b"])
    assert set(csw.records) == {"a,b"}
    csw.getrecordbyid(["yellow-sea-ctd@two"])
    assert set(csw.records) == {"yellow-sea-ctd@two"}


def test_cql_and_hits(csw: CatalogueServiceWeb) -> None:
    csw.getrecords2(cql="dc:title LIKE '%CTD casts%' AND BBOX(ows:BoundingBox,118,30,127,42)", esn="brief")
    assert set(csw.records) == {"yellow-sea-ctd", "yellow-sea-ctd@two"}
    csw.getrecords2(resulttype="hits")
    assert (csw.results["matches"], csw.results["returned"], csw.results["nextrecord"]) == (TOTAL, 0, 1)


def test_domains(csw: CatalogueServiceWeb) -> None:
    csw.getdomain("GetRecords.resultType")
    assert csw.results["values"] == ["hits", "results", "validate"]
    csw.getdomain("dc:type", dtype="property")
    assert csw.results["values"] == ["dataset"]
    csw.describerecord()
    assert b"SchemaComponent" in csw.response


def test_mistakes_raise_in_the_client(csw: CatalogueServiceWeb, address: str) -> None:
    with pytest.raises(ExceptionReport, match="dc:colour"):
        csw.getrecords2([PropertyIsEqualTo("dc:colour", "red")])
    with pytest.raises(ServiceException, match="outputSchema"):
        csw.getrecordbyid(["a"], outputschema="urn:nothing")
    assert (
        requests.get(
            address, params={"service": "CSW", "request": "Nothing", "version": "2.0.2"}, timeout=10
        ).status_code
        == 400
    )


def test_version_3(address: str) -> None:
    csw = CatalogueServiceWeb3(address, version="3.0.0")
    assert [operation.name for operation in csw.operations] == [
        "GetCapabilities",
        "GetDomain",
        "GetRecords",
        "GetRecordById",
    ]
    csw.getrecords([PropertyIsLike2("dc:title", "%CTD casts%")], esn="full")
    assert csw.results["matches"] == 2
    assert set(csw.records) == {"yellow-sea-ctd", "yellow-sea-ctd@two"}
    assert csw.records["yellow-sea-ctd"].bbox is not None  # OWSLib looks for its corners in another namespace
    csw.getrecords([PropertyIsLike2("dc:title", "%CTD casts%")], outputschema=GMD)
    assert "yellow-sea-ctd" in csw.records
    csw.getdomain("dc:type", "property")
    assert csw.results["values"] == ["dataset"]
    csw.getrecords(maxrecords=0)
    assert csw.results["matches"] == GENERATED + 3
