"""The CSW endpoints, with OWSLib as the client and by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree
from owslib.csw import CatalogueServiceWeb

from harvester.demo.csw import CSW, GMD, GMI, Csw
from harvester.demo.records import Document, iso_documents, library_documents
from harvester.demo.server import Endpoint
from tests.harvester.demo.fetching import fetch

BROKEN = "cn.example.broken.not-well-formed"


@pytest.fixture(scope="module")
def documents() -> tuple[Document, ...]:
    return iso_documents()


@pytest.fixture(scope="module")
def csw(documents: tuple[Document, ...]) -> Iterator[str]:
    """The catalogue without the document that would spoil a page."""
    sound = [document for document in documents if document.identifier != BROKEN]
    with Endpoint(Csw("test", sound, (CSW, GMD, GMI))) as endpoint:
        yield endpoint.root + "/csw"


@pytest.fixture(scope="module")
def library() -> Iterator[str]:
    with Endpoint(Csw("test", library_documents(), (CSW,))) as endpoint:
        yield endpoint.root + "/csw"


def test_owslib_pages_through_all_records(csw: str, documents: tuple[Document, ...]) -> None:
    client = CatalogueServiceWeb(csw)
    found, start = [], 1
    while start:
        client.getrecords2(esn="full", outputschema=GMD, startposition=start, maxrecords=10)
        assert client.results["matches"] == len(documents) - 1
        found += list(client.records)
        start = client.results["nextrecord"]
    assert len(found) == len(documents) - 1


def test_owslib_reads_the_library(library: str) -> None:
    client = CatalogueServiceWeb(library)
    client.getrecordbyid(["lib:atlas-1992"])
    record = client.records["lib:atlas-1992"]
    assert record.title == "渤海黄海东海海洋图集（水文分册）"
    assert (float(record.bbox.minx), float(record.bbox.maxy)) == (117.0, 41.0)


@pytest.mark.parametrize(
    ("schema", "roots"),
    [
        (CSW, {f"{{{CSW}}}Record"}),
        (GMD, {f"{{{GMD}}}MD_Metadata"}),
        (GMI, {f"{{{GMI}}}MI_Metadata", f"{{{GMD}}}MD_Metadata"}),
    ],
)
def test_output_schemas(csw: str, schema: str, roots: set[str]) -> None:
    query = f"?request=GetRecords&resultType=results&elementSetName=full&outputSchema={schema}"
    status, content = fetch(csw + query)
    assert status == 200
    results = etree.fromstring(content).find(f"{{{CSW}}}SearchResults")
    assert results is not None
    assert {element.tag for element in results} == roots
    assert results.get("nextRecord") == "11"


def test_post_and_kvp_answer_the_same(csw: str) -> None:
    body = f"""<csw:GetRecords xmlns:csw="{CSW}" service="CSW" version="2.0.2" resultType="results"
        startPosition="3" maxRecords="2" outputSchema="{GMI}">
      <csw:Query typeNames="csw:Record"><csw:ElementSetName>full</csw:ElementSetName></csw:Query>
    </csw:GetRecords>"""
    query = "?request=GetRecords&resultType=results&startPosition=3&maxRecords=2&elementSetName=full"
    assert fetch(csw, body.encode()) == fetch(f"{csw}{query}&outputSchema={GMI}")


@pytest.mark.parametrize(
    ("query", "locator"),
    [
        ("request=GetRecords&startPosition=0", "startposition"),
        ("request=GetRecords&outputSchema=x", "outputschema"),
        ("request=GetRecords&constraint=x", "constraint"),
        ("request=GetRecordById", "id"),
        ("request=Harvest", "request"),
        ("service=CSW", "request"),
    ],
)
def test_what_it_cannot_do_is_an_exception_report(csw: str, query: str, locator: str) -> None:
    report = etree.fromstring(fetch(f"{csw}?{query}")[1])
    exception = report.find("{http://www.opengis.net/ows}Exception")
    assert exception is not None
    assert exception.get("locator") == locator


def test_a_document_that_is_not_well_formed_spoils_its_answer(documents: tuple[Document, ...]) -> None:
    with Endpoint(Csw("test", documents, (CSW, GMD, GMI))) as endpoint:
        content = fetch(f"{endpoint.root}/csw?request=GetRecordById&outputSchema={GMD}&id={BROKEN}")[1]
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(content)
