"""URLs and posted XML decode into the same requests, or are refused in the name of the parameter at fault."""

from __future__ import annotations

import pytest

from crosswalks.readers.xml import parse
from indexer.query import And, Compare, During, Sort, Spatial, Terms, Text
from mappings.errors import HaloclineError
from mappings.record import BoundingBox
from search_ui.csw import kvp, posted
from search_ui.csw.errors import OwsError, as_ows
from search_ui.csw.protocol import (
    GMD,
    GMI,
    V202,
    V300,
    DescribeRecord,
    GetCapabilities,
    GetDomain,
    GetRecordById,
    GetRecords,
    Output,
    Request,
)

BASE = {"service": "CSW", "version": "2.0.2"}
RECORDS = BASE | {"request": "GetRecords", "typeNames": "csw:Record"}
RECORDS_30 = {"service": "CSW", "version": "3.0.0", "request": "GetRecords"}
CSW = f'xmlns="{V202.csw}" xmlns:ogc="{V202.filter}" service="CSW" version="2.0.2"'
CSW30 = f'xmlns="{V300.csw}" xmlns:fes="{V300.filter}" service="CSW" version="3.0.0"'


def from_url(parameters: dict[str, str]) -> Request:
    return kvp.decode(kvp.parameters_of(parameters.items()))


def from_xml(text: str) -> Request:
    return posted.decode(parse(text.encode()))


def test_the_same_search_by_url_and_by_xml() -> None:
    by_url = from_url(
        RECORDS
        | {
            "resultType": "results",
            "outputSchema": GMD,
            "elementSetName": "full",
            "startPosition": "11",
            "maxRecords": "5",
        }
        | {"constraintLanguage": "CQL_TEXT", "constraint": "dc:type = 'dataset'", "sortBy": "dct:modified:D"}
    )
    by_xml = from_xml(
        f'<GetRecords {CSW} resultType="results" outputSchema="{GMD}" startPosition="11" maxRecords="5">'
        '<Query typeNames="csw:Record"><ElementSetName>full</ElementSetName>'
        '<Constraint version="1.1.0"><ogc:Filter>'
        "<ogc:PropertyIsEqualTo><ogc:PropertyName>dc:type</ogc:PropertyName><ogc:Literal>dataset</ogc:Literal>"
        "</ogc:PropertyIsEqualTo></ogc:Filter></Constraint><ogc:SortBy><ogc:SortProperty>"
        "<ogc:PropertyName>dct:modified</ogc:PropertyName><ogc:SortOrder>DESC</ogc:SortOrder>"
        "</ogc:SortProperty></ogc:SortBy></Query></GetRecords>"
    )
    assert by_url == by_xml
    assert by_url == GetRecords(
        V202, Output(GMD, "full"), Compare("type", "=", "dataset"), Sort("modified", True), 11, 5, "results"
    )


def test_defaults_are_those_of_the_standards() -> None:
    assert from_url(RECORDS) == GetRecords(V202, Output(V202.csw, "summary"), result_type="hits")
    query = '<Query typeNames="Record"><ElementSetName>brief</ElementSetName></Query>'
    found = from_xml(f"<GetRecords {CSW30}>{query}</GetRecords>")
    assert found == GetRecords(V300, Output(V300.csw, "brief"), result_type="results")


def test_a_filter_may_come_in_the_url() -> None:
    text = (
        '<Filter xmlns="http://www.opengis.net/ogc"><PropertyIsEqualTo><PropertyName>dc:type</PropertyName>'
        "<Literal>dataset</Literal></PropertyIsEqualTo></Filter>"
    )
    found = from_url(RECORDS | {"CONSTRAINTLANGUAGE": "FILTER", "constraint": text})
    assert isinstance(found, GetRecords)
    assert found.where == Compare("type", "=", "dataset")


def test_version_3_has_short_parameters() -> None:
    found = from_url(
        RECORDS_30
        | {"q": "sea temperature", "bbox": "170,-10,-170,10", "time": "2001/2003", "recordIds": "a,b"}
    )
    assert isinstance(found, GetRecords)
    assert found.where == And(
        (
            Text("sea temperature"),
            Spatial("intersects", BoundingBox(170, -10, -170, 10)),
            Terms("identifier", ("a", "b")),
            During("2001", "2003"),
        )
    )


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2001", During("2001", "2001")),
        ("2001/", During("2001", None)),
        ("/2001-05", During(None, "2001-05")),
    ],
)
def test_time_may_be_open(time: str, expected: During) -> None:
    found = from_url(RECORDS_30 | {"typeNames": "Record", "time": time})
    assert isinstance(found, GetRecords)
    assert found.where == expected


def test_ids_describe_and_domain() -> None:
    assert from_url(BASE | {"request": "GetRecordById", "id": "a,b"}) == GetRecordById(
        V202, Output(V202.csw), ("a", "b"), "a,b"
    )
    assert from_xml(
        f'<GetRecordById {CSW} outputSchema="{GMI}"><Id>a,b</Id><Id>c</Id></GetRecordById>'
    ) == GetRecordById(V202, Output(GMI), ("a,b", "c"))
    assert from_url(BASE | {"request": "DescribeRecord", "typeName": "gmd:MD_Metadata"}) == DescribeRecord(
        V202, ("MD_Metadata",)
    )
    assert from_xml(
        f"<GetDomain {CSW}><PropertyName>dc:type,dc:format</PropertyName></GetDomain>"
    ) == GetDomain(V202, (), ("dc:type", "dc:format"))


@pytest.mark.parametrize(
    ("parameters", "version"),
    [
        ({}, V202),
        ({"version": "3.0.0"}, V300),
        ({"acceptVersions": "3.0.0,2.0.2"}, V300),
        ({"ACCEPTVERSIONS": "2.0.2,3.0.0"}, V202),
        ({"acceptversions": "4.0.0,2.0.2"}, V202),
        ({"version": "9.9.9", "acceptversions": "2.0.2"}, V202),
    ],
)
def test_versions_are_negotiated(parameters: dict[str, str], version: object) -> None:
    assert from_url({"service": "CSW", "request": "getcapabilities"} | parameters) == GetCapabilities(version)  # type: ignore[arg-type]


def test_the_bare_address_answers_with_capabilities() -> None:
    assert from_url({}) == GetCapabilities(V202)


@pytest.mark.parametrize(
    ("parameters", "code", "locator"),
    [
        ({"request": "GetCapabilities"}, "MissingParameterValue", "service"),
        ({"service": "WMS", "request": "GetCapabilities"}, "InvalidParameterValue", "service"),
        ({"service": "CSW"}, "MissingParameterValue", "request"),
        (
            {"service": "CSW", "request": "GetCapabilities", "acceptversions": "1.0.0"},
            "VersionNegotiationFailed",
            "acceptVersions",
        ),
        (
            {"service": "CSW", "request": "GetCapabilities", "sections": "Foo"},
            "InvalidParameterValue",
            "sections",
        ),
        (
            {"service": "CSW", "request": "GetCapabilities", "acceptformats": "text/html"},
            "InvalidParameterValue",
            "acceptFormats",
        ),
        ({"service": "CSW", "request": "GetRecords"}, "MissingParameterValue", "version"),
        (RECORDS | {"version": "2.0.1"}, "InvalidParameterValue", "version"),
        (BASE | {"request": "GetRecordz"}, "InvalidParameterValue", "request"),
        (BASE | {"request": "Transaction"}, "OperationNotSupported", "Transaction"),
        (RECORDS_30 | {"request": "DescribeRecord"}, "OperationNotSupported", "DescribeRecord"),
        (BASE | {"request": "GetRecords"}, "MissingParameterValue", "typeNames"),
        (RECORDS | {"typeNames": "rim:Service"}, "InvalidParameterValue", "typeNames"),
        (RECORDS | {"outputSchema": "urn:x"}, "InvalidParameterValue", "outputSchema"),
        (RECORDS | {"outputFormat": "application/json"}, "InvalidParameterValue", "outputFormat"),
        (RECORDS | {"elementSetName": "huge"}, "InvalidParameterValue", "ElementSetName"),
        (
            RECORDS | {"elementSetName": "full", "elementName": "dc:title"},
            "InvalidParameterValue",
            "ElementName",
        ),
        (RECORDS | {"resultType": "some"}, "InvalidParameterValue", "resultType"),
        (RECORDS | {"startPosition": "0"}, "InvalidParameterValue", "startPosition"),
        (RECORDS | {"startPosition": "1.5"}, "InvalidParameterValue", "startPosition"),
        (RECORDS | {"maxRecords": "-1"}, "InvalidParameterValue", "maxRecords"),
        (RECORDS | {"maxRecords": "9" * 40}, "InvalidParameterValue", "maxRecords"),
        (RECORDS | {"maxRecords": "٣"}, "InvalidParameterValue", "maxRecords"),
        (RECORDS | {"sortBy": "dc:colour:A"}, "InvalidParameterValue", "SortBy"),
        (RECORDS | {"sortBy": "dc:format:A"}, "InvalidParameterValue", "SortBy"),
        (RECORDS | {"constraint": "dc:type='a'"}, "MissingParameterValue", "CONSTRAINTLANGUAGE"),
        (
            RECORDS | {"constraint": "x", "constraintlanguage": "SQL"},
            "InvalidParameterValue",
            "CONSTRAINTLANGUAGE",
        ),
        (RECORDS | {"constraint": "<Filter>", "constraintlanguage": "FILTER"}, "NoApplicableCode", "request"),
        (
            RECORDS | {"constraint": "<Foo/>", "constraintlanguage": "FILTER"},
            "InvalidParameterValue",
            "Constraint",
        ),
        (RECORDS | {"responseHandler": "mailto:a@b.c"}, "OptionNotSupported", "ResponseHandler"),
        (BASE | {"request": "GetRecordById"}, "MissingParameterValue", "Id"),
        (BASE | {"request": "GetDomain"}, "MissingParameterValue", "ParameterName"),
        (
            BASE | {"request": "DescribeRecord", "schemaLanguage": "urn:relax"},
            "InvalidParameterValue",
            "schemaLanguage",
        ),
        (RECORDS_30 | {"bbox": "1,2,3"}, "InvalidParameterValue", "bbox"),
        (RECORDS_30 | {"bbox": "1,2,3,4,EPSG:2192"}, "InvalidParameterValue", "srsName"),
        (RECORDS_30 | {"time": "then"}, "InvalidParameterValue", "time"),
    ],
)
def test_every_mistake_names_its_parameter(parameters: dict[str, str], code: str, locator: str) -> None:
    with pytest.raises(HaloclineError) as refused:
        from_url(parameters)
    error = as_ows(refused.value)
    assert (error.code, error.locator, error.status) == (code, locator, 400)


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(OwsError) as refused:
        kvp.parameters_of([("service", "CSW"), ("SERVICE", "WMS")])
    assert refused.value.locator == "SERVICE"


@pytest.mark.parametrize(
    ("text", "code", "locator"),
    [
        ('<GetRecords xmlns="http://www.opengis.net/cat/csw"/>', "InvalidParameterValue", "request"),
        ("<html/>", "InvalidParameterValue", "request"),
        (f'<GetRecords xmlns="{V202.csw}" version="2.0.2"/>', "MissingParameterValue", "service"),
        (f'<GetRecords xmlns="{V202.csw}" service="CSW"/>', "MissingParameterValue", "version"),
        (f"<GetRecords {CSW}/>", "MissingParameterValue", "Query"),
        (f"<Harvest {CSW}/>", "OperationNotSupported", "Harvest"),
        (f"<GetRecordById {CSW}/>", "MissingParameterValue", "Id"),
        (
            f'<GetRecords {CSW}><Query typeNames="Record"><Constraint version="1"/></Query></GetRecords>',
            "InvalidParameterValue",
            "Constraint",
        ),
    ],
)
def test_mistakes_in_xml_are_named_too(text: str, code: str, locator: str) -> None:
    with pytest.raises(OwsError) as refused:
        from_xml(text)
    assert (refused.value.code, refused.value.locator) == (code, locator)
