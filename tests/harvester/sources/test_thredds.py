"""THREDDS: inheritance, services and references of catalogs, and OPeNDAP behind them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from lxml import etree

from crosswalks.readers.xml import parse
from harvester.source import Failure, SourceConfig
from harvester.sources.invcatalog import Access, Dataset, Reference, read_catalog
from harvester.sources.patience import IN_A_ROW
from harvester.sources.thredds import catalog_url
from mappings.errors import ConfigurationError, EndpointError, UnreadableRecord
from mappings.record import RawRecord
from tests.contracts.source import HttpSourceContract, open_quickly
from tests.harvester.servers import Asked, Handle, Loopback, Send, answer, serving

NS = "http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0"
DAS = b'Attributes {\n  NC_GLOBAL {\n    String title "Sea";\n  }\n}\n'
DDS = b"Dataset {\n  Float32 sst[time = 2];\n} sea;\n"
SERVICES = """
<service name="all" serviceType="Compound" base="">
  <service name="more" serviceType="Compound" base="">
    <service name="odap" serviceType="OpenDAP" base="/thredds/dodsC/"/>
  </service>
  <service name="http" serviceType="HTTPServer" base="/thredds/fileServer/"/>
</service>
<service name="latest" serviceType="Resolver" base=""/>
"""


def catalog(body: str, services: str = SERVICES, namespace: str = NS) -> bytes:
    return (
        f'<?xml version="1.0"?><catalog xmlns="{namespace}" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"{services}{body}</catalog>"
    ).encode()


def read(body: str, **more: str) -> list[Dataset | Reference]:
    return list(read_catalog(catalog(body, **more), "http://h/thredds/catalog/a/catalog.xml"))


def dataset(body: str, **more: str) -> Dataset:
    (found,) = read(body, **more)
    assert isinstance(found, Dataset)
    return found


def texts(found: Dataset, name: str) -> list[str]:
    return [element.text for element in parse(found.document).iter(f"{{{NS}}}{name}")]


def tds(catalogs: Mapping[str, bytes], broken: Mapping[str, bytes] | None = None) -> Handle:
    """A server with these catalogs; ``broken`` are raw answers by path; any other DAS and DDS is in order."""

    def handle(asked: Asked, send: Send) -> None:
        found = catalogs.get(asked.path)
        if asked.path in (broken or {}):
            send((broken or {})[asked.path])
        elif found is not None:
            send(answer(found, "application/xml"))
        elif "/dodsC/" in asked.path and asked.path.endswith((".das", ".dds")):
            send(answer(DAS if asked.path.endswith(".das") else DDS))
        else:
            send(answer(b"<html><title>404</title></html>", "text/html", "404 Not Found"))

    return handle


ROOT = "/thredds/catalog.xml"
SMALL = {
    ROOT: catalog(
        '<dataset name="Top" ID="top"><metadata inherited="true"><serviceName>all</serviceName></metadata>'
        '<dataset name="SST" ID="sst" urlPath="sst.nc"/><dataset name="Gone" ID="gone" urlPath="gone.nc"/>'
        '<dataset name="File" ID="file" urlPath="file.nc"><serviceName>http</serviceName></dataset></dataset>'
        '<catalogRef xlink:href="sub/catalog.xml" xlink:title="Sub"/>'
    ),
    "/thredds/sub/catalog.xml": catalog(
        '<dataset name="Mooring" ID="m1" urlPath="m1.nc" serviceName="odap"/>'
        '<dataset name="Glider" ID="g 1" urlPath="g 1.nc" serviceName="odap"/>'
        '<dataset name="Latest" ID="latest" urlPath="latest.xml" serviceName="latest"/>'
        '<catalogRef xlink:href="../catalog.xml" xlink:title="back"/>'
    ),
}
GONE = answer(
    b'Error {\n    code = 500;\n    message = "no such file";\n};\n', status="500 Internal Server Error"
)


def harvested(handle: Handle, **options: str) -> tuple[list[object], Loopback]:
    with serving(handle) as site:
        config = SourceConfig("test", "thredds", site.root + ROOT, options=options)
        return list(open_quickly(config).records()), site


def ids(items: list[object]) -> list[str]:
    return [item.native_id for item in items if isinstance(item, RawRecord)]


class TestContract(HttpSourceContract):
    type = "thredds"
    path = ROOT
    good = frozenset({"sst", "file", "m1", "g 1"})
    broken = frozenset({"gone"})

    def endpoint(self, tmp_path: Path) -> AbstractContextManager[Loopback]:
        return serving(tds(SMALL, {"/thredds/dodsC/gone.nc.das": GONE}))


def test_an_opendap_record_has_its_das_dds_and_catalog_entry() -> None:
    items, site = harvested(tds(SMALL))
    first = items[0]
    assert isinstance(first, RawRecord)
    assert (first.native_id, first.format, first.content) == ("sst", "opendap", DAS)
    assert first.location == site.root + "/thredds/dodsC/sst.nc.html"
    attached = dict(first.attachments)
    assert attached["dds"] == DDS
    entry = parse(attached["thredds"])
    assert (entry.get("urlPath"), entry.get("name")) == ("sst.nc", "SST")
    assert [(s.get("serviceType"), s.get("base")) for s in entry.iter(f"{{{NS}}}service")] == [
        ("OPENDAP", site.root + "/thredds/dodsC/"),
        ("HTTPServer", site.root + "/thredds/fileServer/"),
    ]


def test_without_opendap_the_catalog_entry_is_the_record() -> None:
    items, site = harvested(tds(SMALL), opendap="false")
    assert [item.format for item in items if isinstance(item, RawRecord)] == ["thredds"] * 5
    assert site.paths() == [ROOT, "/thredds/sub/catalog.xml"]
    plain = next(item for item in items if isinstance(item, RawRecord) and item.native_id == "file")
    assert plain.location == site.root + "/thredds/catalog.html?dataset=file"


def test_an_opendap_error_is_not_asked_again_and_keeps_what_came() -> None:
    items, site = harvested(tds(SMALL, {"/thredds/dodsC/gone.nc.dds": GONE}))
    (failure,) = (item for item in items if isinstance(item, Failure))
    assert "no such file" in failure.reason
    assert "where the DDS was due" in failure.reason
    assert failure.content.startswith(b"Error {")
    assert site.paths().count("/thredds/dodsC/gone.nc.dds") == 1


def test_a_login_page_instead_of_a_das() -> None:
    page = answer(b"<!DOCTYPE html><title>Earthdata Login</title>", "text/html")
    items, _ = harvested(tds(SMALL, {"/thredds/dodsC/sst.nc.das": page}))
    (failure,) = (item for item in items if isinstance(item, Failure))
    assert "“Earthdata Login” where the DAS was due" in failure.reason


def test_the_depth_has_a_bound() -> None:
    assert ids(harvested(tds(SMALL), max_depth="0")[0]) == ["sst", "gone", "file"]


def test_references_to_other_hosts_are_followed_only_when_told() -> None:
    with serving(
        tds({ROOT: catalog('<dataset name="Away" ID="away" urlPath="a.nc" serviceName="http"/>')})
    ) as away:
        elsewhere = away.root.replace("127.0.0.1", "localhost")
        body = '<dataset name="H" ID="h" urlPath="h.nc" serviceName="http"/>'
        body += f'<catalogRef xlink:href="{elsewhere}{ROOT}"/>'
        here = tds({ROOT: catalog(body)})
        assert ids(harvested(here)[0]) == ["h"]
        assert away.asked == []
        assert ids(harvested(here, other_hosts="true")[0]) == ["h", "away"]


def test_opendap_on_another_host_leaves_the_catalog_entry() -> None:
    services = '<service name="o" serviceType="DODS" base="http://elsewhere.example/dods/"/>'
    items, _ = harvested(tds({ROOT: catalog('<dataset name="A" ID="a" urlPath="a.nc"/>', services)}))
    assert [(item.native_id, item.format) for item in items if isinstance(item, RawRecord)] == [
        ("a", "thredds")
    ]


@pytest.mark.parametrize(
    "raw",
    [answer(b"<html><title>504</title>", "text/html", "504 Gateway Timeout"), answer(b"<catalog"), GONE],
)
def test_a_nested_catalog_that_is_lost_makes_the_listing_incomplete(raw: bytes) -> None:
    items, _ = harvested(tds(SMALL, {"/thredds/sub/catalog.xml": raw}))
    (failure,) = (item for item in items if isinstance(item, Failure))
    assert failure.listing
    assert failure.native_id.endswith("/thredds/sub/catalog.xml")
    assert ids(items) == ["sst", "gone", "file"]


def test_a_server_that_goes_away_is_not_waited_for_once_per_dataset() -> None:
    many = "".join(
        f'<dataset name="D{n}" ID="d{n}" urlPath="{n}.nc" serviceName="odap"/>' for n in range(100)
    )

    def dying(asked: Asked, send: Send) -> None:
        if asked.path == ROOT:
            send(answer(catalog(many)))

    with serving(dying) as site:
        config = SourceConfig("test", "thredds", site.root + ROOT)
        with pytest.raises(EndpointError, match=rf"stopped answering: {IN_A_ROW} requests in a row failed"):
            list(open_quickly(config).records())
        assert len(site.asked) < 3 * IN_A_ROW


def test_metadata_is_inherited_from_near_to_far() -> None:
    found = dataset(
        '<dataset name="Top"><metadata inherited="true"><serviceName>http</serviceName>'
        "<authority>far</authority></metadata>"
        "<metadata><authority>not passed down</authority></metadata>"
        '<documentation type="summary">nor this</documentation>'
        '<dataset name="Mid"><metadata inherited="true"><authority>near</authority></metadata>'
        '<dataset name="Leaf" urlPath="x.nc"><authority>own</authority></dataset></dataset></dataset>'
    )
    assert texts(found, "authority") == ["own", "near", "far"]
    assert texts(found, "documentation") == []
    assert found.accesses == (Access("HTTPServer", "http://h/thredds/fileServer/x.nc"),)


def test_an_entry_stands_alone() -> None:
    found = dataset(
        '<dataset name="Leaf" ID="i" urlPath="x.nc" serviceName="http"><dataset name="within"/>'
        '<documentation xlink:href="../readme.html"/><date type="modified"> 2020-02-03 </date></dataset>'
    )
    entry = parse(found.document)
    assert entry.tag == f"{{{NS}}}dataset"
    assert [child for child in entry if etree.QName(child).localname == "dataset"] == []
    assert entry.find(f"{{{NS}}}documentation").get("{http://www.w3.org/1999/xlink}href") == (
        "http://h/thredds/catalog/readme.html"
    )
    assert found.modified == "2020-02-03"


def test_access_elements_give_whole_addresses() -> None:
    """As Hyrax and pydap write them."""
    services = '<service name="odap" serviceType="OPeNDAP" base="/data/"/>'
    services += '<service name="file" serviceType="HTTPServer" base="/data/"/>'
    found = dataset(
        '<dataset name="x" ID="/data/x.nc"><access serviceName="odap" urlPath="x.nc"/>'
        '<access serviceName="file" urlPath="x.nc"/></dataset>',
        services=services,
    )
    assert found.opendap == "http://h/data/x.nc"
    bases = [element.get("base") for element in parse(found.document).iter(f"{{{NS}}}service")]
    assert bases == ["http://h/data/x.nc", "http://h/data/x.nc"]


def test_a_dataset_without_service_name_means_the_first_service() -> None:
    assert len(dataset('<dataset name="x" urlPath="x.nc"/>').accesses) == 2


def test_collections_and_resolvers_are_no_records_but_what_asks_to_be_harvested_is() -> None:
    assert read('<dataset name="Collection" ID="c"/>') == []
    assert read('<dataset name="Latest" urlPath="latest.xml" serviceName="latest"/>') == []
    assert dataset('<dataset name="Collection" ID="c" harvest="true"/>').accesses == ()


def test_the_same_data_listed_twice_is_one_record_and_other_data_of_the_same_id_another() -> None:
    body = (
        '<dataset name="A" ID="x" urlPath="a.nc" serviceName="http"/>'
        '<dataset name="A again" ID="x" urlPath="a.nc" serviceName="http"/>'
        '<dataset name="B" ID="x" urlPath="b.nc" serviceName="http"/>'
    )
    assert ids(harvested(tds({ROOT: catalog(body)}))[0]) == ["x", "b.nc"]


@pytest.mark.parametrize(
    "content",
    [
        b"<html/>",
        b"<catalog/>",
        b'<!DOCTYPE catalog [<!ENTITY x "y">]><catalog xmlns="' + NS.encode() + b'">&x;</catalog>',
        b"",
    ],
)
def test_what_is_no_catalog_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        list(read_catalog(content, "http://h/catalog.xml"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h/thredds", "https://h/thredds/catalog.xml"),
        ("https://h/thredds/catalog.html", "https://h/thredds/catalog.xml"),
        (
            "https://h/thredds/catalog/a/catalog.html?dataset=x#y",
            "https://h/thredds/catalog/a/catalog.xml?dataset=x",
        ),
        (
            "https://h/repository/entry/show?output=thredds.catalog",
            "https://h/repository/entry/show?output=thredds.catalog",
        ),
        ("https://h/some.xml", "https://h/some.xml"),
    ],
)
def test_the_catalog_is_found_from_its_page(url: str, expected: str) -> None:
    assert catalog_url(url) == expected


def test_what_is_no_web_address_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"https://host/thredds/catalog\.xml"):
        catalog_url("/srv/catalog.xml")


def test_every_recorded_catalog_is_read_or_refused_with_a_reason(corpus: Path) -> None:
    """166 files: catalogs of running servers and of THREDDS's own tests, and other documents of such servers."""
    datasets = references = refused = 0
    for path in sorted((corpus / "thredds").iterdir()):
        try:
            found = list(read_catalog(path.read_bytes(), "http://h/thredds/catalog.xml"))
        except UnreadableRecord:
            refused += 1
            continue
        for entry in found:
            if isinstance(entry, Dataset):
                datasets += 1
                assert etree.QName(parse(entry.document)).localname == "dataset"
            else:
                references += 1
                assert "://" in entry.url
    assert refused <= 10
    assert datasets > 1500
    assert references > 900
