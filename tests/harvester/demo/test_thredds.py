"""The THREDDS endpoint: catalogs after the InvCatalog schema, DAS and DDS after DAP 2.0."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import etree

from harvester.demo.holdings import holdings
from harvester.demo.server import Endpoint
from harvester.demo.thredds import Thredds
from tests.harvester.demo.fetching import fetch

HREF = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with Endpoint(Thredds(holdings("thredds.yaml"), "test")) as endpoint:
        yield endpoint.root + "/thredds/"


def catalogs(url: str) -> Iterator[tuple[str, etree._Element]]:
    """The catalog at ``url`` and all that it leads to."""
    status, content = fetch(url)
    assert status == 200, url
    catalog = etree.fromstring(content)
    yield url, catalog
    for reference in catalog.iterfind(".//{*}catalogRef"):
        yield from catalogs(urljoin(url, str(reference.attrib[HREF])))


def test_the_catalogs_lead_to_every_dataset_once(base: str) -> None:
    found = [
        dataset.attrib["urlPath"]
        for _, catalog in catalogs(base + "catalog.xml")
        for dataset in catalog.iterfind(".//{*}dataset[@urlPath]")
    ]
    expected = [f"{holding.folder}/{holding.id}.nc" for holding in holdings("thredds.yaml")]
    assert sorted(found) == sorted(expected)


def test_catalogs_are_nested_two_deep(base: str) -> None:
    found = {url.removeprefix(base) for url, _ in catalogs(base + "catalog.xml")}
    assert {"catalog.xml", "catalog/moorings/catalog.xml", "catalog/moorings/deep/catalog.xml"} <= found


def test_catalogs_are_valid(base: str, corpus: Path) -> None:
    folder = corpus / "xsd" / "www.unidata.ucar.edu" / "schemas" / "thredds"
    schema = etree.XMLSchema(etree.parse(folder / "InvCatalog.1.0.7.xsd"))
    for url, catalog in catalogs(base + "catalog.xml"):
        assert schema.validate(catalog), (url, schema.error_log)


def test_a_dataset_without_opendap_answers_none(base: str) -> None:
    assert fetch(base + "dodsC/archive/xbt_wpac_archive.nc.das")[0] == 404
    assert fetch(base + "catalog/nowhere/catalog.xml")[0] == 404


def test_das_and_dds(base: str) -> None:
    das = fetch(base + "dodsC/moorings/deep/wp_m3_deep_current.nc.das")[1].decode()
    assert das.startswith(
        'Attributes {\n    NC_GLOBAL {\n        String title "西太平洋 M3 深海潜标海流资料";'
    )
    assert "        Float64 geospatial_vertical_max 6200.0;\n" in das
    assert das.count("{") == das.count("}")
    dds = fetch(base + "dodsC/models/ecs_forecast.nc.dds")[1].decode()
    assert "Float32 temperature[time = 365][depth = 24][latitude = 181][longitude = 241];" in dds
    assert dds.rstrip().endswith("} ecs_forecast;")


def test_the_broken_ones_are_broken_as_they_say(base: str) -> None:
    cut = fetch(base + "dodsC/archive/broken_das_cut.nc.das")[1]
    assert cut.count(b"{") > cut.count(b"}")
    with pytest.raises(UnicodeDecodeError):
        fetch(base + "dodsC/archive/broken_das_latin1.nc.das")[1].decode()
    status, content = fetch(base + "dodsC/archive/broken_dds.nc.dds")
    assert (status, content[:7]) == (500, b"Error {")
