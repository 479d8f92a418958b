"""Every kind of answer is valid against the schemas and says what was asked for."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree

from indexer.catalogue import Catalogue
from mappings.errors import IndexUnavailable
from search_ui.csw.protocol import GMD, GMI, MAX_RECORDS, V202, V300, VERSIONS, Version
from tests.search_ui.csw.answers import records, refusal, results, schema_problems
from tests.search_ui.csw.conftest import TOTAL, application

TITLE = "{http://www.isotc211.org/2005/gmd}title"


def get(client: FlaskClient, version: str = "2.0.2", status: int = 200, /, **parameters: str) -> bytes:
    """The answer to a GET request with these parameters beside service and version."""
    answer = client.get("/csw", query_string={"service": "CSW", "version": version} | parameters)
    assert answer.status_code == status, answer.data[:500]
    assert answer.content_type == "application/xml"
    return bytes(answer.data)


def search(client: FlaskClient, version: str = "2.0.2", status: int = 200, /, **parameters: str) -> bytes:
    asked = {"request": "GetRecords", "typeNames": "csw:Record", "resultType": "results"} | parameters
    return get(client, version, status, **asked)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "sections",
    ["", "ServiceIdentification", "OperationsMetadata,ServiceProvider", "All", "Filter_Capabilities"],
)
def test_capabilities_are_valid(client: FlaskClient, corpus: Path, version: str, sections: str) -> None:
    content = get(client, version, request="GetCapabilities", sections=sections)
    assert not schema_problems(content, version, corpus)
    root = etree.fromstring(content)
    assert root.get("version") == version
    names = [etree.QName(section).localname for section in root]
    expected = [
        name
        for name in ("ServiceIdentification", "ServiceProvider", "OperationsMetadata")
        if sections in ("", "All") or name in sections
    ]
    if version == "2.0.2" or sections in ("", "All", "Filter_Capabilities"):
        expected.append("Filter_Capabilities")
    assert names == expected


@pytest.mark.parametrize(
    ("version", "schema", "element_set"),
    [(v, s, e) for v, e in product(VERSIONS.values(), ["brief", "summary", "full"]) for s in v.schemas],
)
def test_records_are_valid_in_every_form(
    client: FlaskClient, corpus: Path, version: Version, schema: str, element_set: str
) -> None:
    content = search(
        client, version.number, outputSchema=schema, elementSetName=element_set, maxRecords=str(TOTAL)
    )
    assert not schema_problems(content, version.number, corpus)
    assert len(records(content)) == TOTAL
    assert results(content)["elementSet"] == element_set
    names = {etree.QName(record).localname for record in records(content)}
    dublin_core = {"brief": "BriefRecord", "summary": "SummaryRecord", "full": "Record"}[element_set]
    assert names == {{GMD: "MD_Metadata", GMI: "MI_Metadata"}.get(schema, dublin_core)}
    for id_ in ("yellow-sea-ctd", "a,b"):
        one = get(
            client,
            version.number,
            request="GetRecordById",
            id=id_,
            outputSchema=schema,
            elementSetName=element_set,
        )
        assert not schema_problems(one, version.number, corpus)


def test_brief_is_a_part_of_summary_and_summary_of_full(client: FlaskClient) -> None:
    for schema in (GMD, GMI):
        paths = []
        for element_set in ("brief", "summary", "full"):
            asked = {"request": "GetRecordById", "id": "bench:0000000", "outputSchema": schema}
            record = records(get(client, **asked, elementSetName=element_set))[0]
            leaves = [element for element in record.iter() if not len(element)]
            paths.append(
                {(*(above.tag for above in leaf.iterancestors()), leaf.tag, leaf.text) for leaf in leaves}
            )
        assert paths[0] < paths[1] < paths[2]


def test_stored_iso_is_given_byte_for_byte(client: FlaskClient, catalogue: Catalogue) -> None:
    stored = catalogue.document("yellow-sea-ctd").partition(b"?>")[2].strip()
    content = get(
        client, request="GetRecordById", id="yellow-sea-ctd", outputSchema=GMI, elementSetName="full"
    )
    assert stored in content


@pytest.mark.parametrize(
    ("start", "size", "returned", "following"),
    [
        ("1", "10", 10, 11), ("1", str(TOTAL), TOTAL, 0), (str(TOTAL - 9), "10", 10, 0), (str(TOTAL - 8), "10", 9, 0),
        (str(TOTAL - 10), "10", 10, TOTAL), ("1", "0", 0, 1), (str(TOTAL + 1), "10", 0, 0),
        ("5", "99999", TOTAL - 4, 0),
    ],
)  # fmt: skip
def test_next_record(client: FlaskClient, start: str, size: str, returned: int, following: int) -> None:
    found = results(search(client, startPosition=start, maxRecords=size))
    assert found["numberOfRecordsMatched"] == str(TOTAL)
    assert (found["numberOfRecordsReturned"], found["nextRecord"]) == (str(returned), str(following))
    assert TOTAL <= MAX_RECORDS


def test_hits_and_request_id(client: FlaskClient, corpus: Path) -> None:
    content = search(client, resultType="hits", requestId="urn:me:1")
    assert not schema_problems(content, "2.0.2", corpus)
    assert results(content)["numberOfRecordsReturned"] == "0"
    assert b"<csw:RequestId>urn:me:1</csw:RequestId>" in content


def test_validate_echoes_the_request(client: FlaskClient, corpus: Path) -> None:
    content = search(client, resultType="validate")
    assert not schema_problems(content, "2.0.2", corpus)
    body = (
        f'<csw:GetRecords xmlns:csw="{V202.csw}" service="CSW" version="2.0.2" resultType="validate">'
        '<csw:Query typeNames="csw:Record"><csw:ElementSetName>brief</csw:ElementSetName></csw:Query></csw:GetRecords>'
    )
    answer = client.post("/csw", data=body, content_type="text/xml")
    assert not schema_problems(answer.data, "2.0.2", corpus)
    assert b"<csw:ElementSetName>brief</csw:ElementSetName>" in answer.data


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ("/gmd:MD_Metadata/gmd:fileIdentifier", ["fileIdentifier"]),
        ("gmd:MD_Metadata/gmd:hierarchyLevel,gmd:MD_Metadata/gmd:dateStamp", ["hierarchyLevel", "dateStamp"]),
        ("gmd:dateStamp", ["dateStamp"]),
        ("apiso:Title", ["identificationInfo"]),
        ("apiso:Modified,apiso:Identifier", ["fileIdentifier", "dateStamp"]),
    ],
)
def test_element_names_of_iso_documents(
    client: FlaskClient, corpus: Path, names: str, kept: list[str]
) -> None:
    content = search(client, outputSchema=GMD, elementName=names)
    assert not schema_problems(content, "2.0.2", corpus, parts=True)
    for record in records(content):
        assert [etree.QName(element).localname for element in record] == kept
    if names == "apiso:Title":
        assert all(len(list(record.iter(TITLE))) == 1 for record in records(content))


def test_element_names_of_dublin_core(client: FlaskClient, corpus: Path) -> None:
    content = search(client, elementName="dc:title,/csw:Record/dc:identifier")
    assert not schema_problems(content, "2.0.2", corpus)
    for record in records(content):
        assert {etree.QName(element).localname for element in record} == {"title", "identifier"}


@pytest.mark.parametrize("schema", [V202.csw, GMD])
@pytest.mark.parametrize(
    "name",
    ["dc:colour", "/gmd:MD_Metadata", "/gmd:MD_Metadata/x:y", "/gmd:MD_Metadata/gmd:a[1]"],
)
def test_other_element_names_are_refused(client: FlaskClient, schema: str, name: str) -> None:
    refused = refusal(search(client, "2.0.2", 400, elementName=name, outputSchema=schema))
    assert refused is not None
    assert (refused.code, refused.locator) == ("InvalidParameterValue", "ElementName")


def test_describe_record_is_valid(client: FlaskClient, corpus: Path) -> None:
    content = get(client, request="DescribeRecord")
    assert not schema_problems(content, "2.0.2", corpus)
    assert content.count(b"<csw:SchemaComponent") == 3
    assert (
        get(client, request="DescribeRecord", typeName="gmd:MD_Metadata").count(b"<csw:SchemaComponent") == 1
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_domains_are_valid(client: FlaskClient, corpus: Path, version: str) -> None:
    content = get(client, version, request="GetDomain", parameterName="GetRecords.outputSchema")
    assert not schema_problems(content, version, corpus)
    assert GMI.encode() in content
    name = "propertyName" if version == "2.0.2" else "valueReference"
    content = get(client, version, request="GetDomain", **{name: "dc:type,dc:title,dct:modified"})
    assert not schema_problems(content, version, corpus)
    assert b">dataset</" in content
    refused = refusal(get(client, version, 400, request="GetDomain", parameterName="GetRecords.colour"))
    assert refused is not None
    assert refused.locator == "ParameterName"


@pytest.mark.parametrize("version", VERSIONS)
def test_exception_reports_are_valid(client: FlaskClient, corpus: Path, version: str) -> None:
    content = search(client, version, 400, outputSchema="urn:x\x00\x1b<>&\"'")
    assert not schema_problems(content, version, corpus)
    refused = refusal(content)
    assert refused is not None
    assert refused.locator == "outputSchema"
    assert "urn:x" in refused.text


def test_an_unknown_id_is_nothing_in_2_and_an_exception_in_3(client: FlaskClient, corpus: Path) -> None:
    content = get(client, request="GetRecordById", id="nobody")
    assert not schema_problems(content, "2.0.2", corpus)
    assert records(content) == []
    refused = refusal(get(client, "3.0.0", 404, request="GetRecordById", id="nobody"))
    assert refused is not None
    assert (refused.code, refused.locator) == ("NotFound", "id")


def test_codes_of_later_versions_are_not_sent_in_2(client: FlaskClient) -> None:
    codes = {}
    for version in VERSIONS:
        refused = refusal(search(client, version, 400, responseHandler="mailto:a@b.org"))
        assert refused is not None
        codes[version] = refused.code
    assert codes == {"2.0.2": "InvalidParameterValue", "3.0.0": "OptionNotSupported"}


def test_an_index_that_is_away_is_said_so(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, corpus: Path
) -> None:
    def away(*_: object) -> None:
        raise IndexUnavailable("the index is being rebuilt")

    monkeypatch.setattr(catalogue, "search", away)
    content = search(application(catalogue, "http://x").test_client(), "2.0.2", 503)
    assert not schema_problems(content, "2.0.2", corpus)
    refused = refusal(content)
    assert refused is not None
    assert refused.code == "NoApplicableCode"


@pytest.mark.parametrize(
    "namespace", ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"]
)
def test_soap_is_answered_in_soap(client: FlaskClient, corpus: Path, namespace: str) -> None:
    def post(request: str) -> tuple[int, etree._Element]:
        envelope = f'<s:Envelope xmlns:s="{namespace}"><s:Header/><s:Body>{request}</s:Body></s:Envelope>'
        answer = client.post("/csw", data=envelope, content_type="application/soap+xml")
        root = etree.fromstring(answer.data)
        assert root.tag == f"{{{namespace}}}Envelope"
        return answer.status_code, root[-1][0]

    status, inside = post(f'<GetCapabilities xmlns="{V300.csw}" service="CSW"/>')
    assert status == 200
    assert not schema_problems(etree.tostring(inside), "3.0.0", corpus)
    status, inside = post(f'<GetRecords xmlns="{V202.csw}" service="CSW" version="2.0.2"/>')
    assert status == 400
    assert inside.tag == f"{{{namespace}}}Fault"
    assert next(inside.iter("{*}Exception")).get("locator") == "Query"
    assert post("")[1].tag == f"{{{namespace}}}Fault"
