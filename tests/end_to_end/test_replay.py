"""Servers as they were recorded, harvested over HTTP.

Of most servers only a part was recorded. What is missing is a 404, and must end in quarantine while the rest
gets in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from lxml import etree

from harvester.demo.endpoints import OPTIONS
from harvester.demo.server import Application, Endpoint
from harvester.pipeline import RunReport
from indexer.workspace import Workspace
from tests.end_to_end.replay import RecordedCsw, recorded_host
from tests.end_to_end.support import (
    assert_found,
    assert_found_through_csw,
    assert_valid,
    harvest,
    loopback,
    served,
    stored,
)

ARGOPY = "erddap/euroargodev__argopy__argopy~tests~test_data~"
RERDDAP = "erddap/ropensci__rerddap__vcr__"
ERDDAP_PYTHON = "erddap/hmedrano__erddap-python__vcr__coastwatch.pfeg.noaa.gov~erddap~info~"
SIPHON = "thredds/Unidata__siphon__vcr__"
CKAN = "csw202/GSA__ckanext-geodatagov__ckanext~geodatagov~tests~data-samples~"
PYCSW = "csw202/geopython__pycsw__tests~functionaltests~suites~"
DGIWG = "csw202/opengeospatial__ets-cat20-dgiwg10__src~test~resources~org~opengis~cite~cat20~dgiwg10~"
CATALOGS_ONLY = {**OPTIONS, "opendap": "false"}


class Replay:
    """Harvests recorded servers into one workspace, and checks what every harvest must leave behind."""

    def __init__(self, workspace: Workspace, corpus: Path) -> None:
        self.workspace = workspace
        self.corpus = corpus

    def harvest(
        self, kind: str, application: Application, path: str, options: Mapping[str, str] = OPTIONS
    ) -> RunReport:
        with Endpoint(application) as endpoint:
            report = harvest(self.workspace, loopback("replay", kind, endpoint.root + path, options))
        self._check(report)
        return report

    def titles(self) -> set[str]:
        return {found.record.title.text for found in stored(self.workspace, "replay")}

    def _check(self, report: RunReport) -> None:
        records = stored(self.workspace, "replay")
        assert len(records) == report.created
        assert len(self.workspace.stewardship.quarantined()) == report.failed
        assert_valid(self.workspace, records, self.corpus)
        assert_found(self.workspace, records)
        with served(self.workspace) as root:
            assert_found_through_csw(root, records)


@pytest.fixture
def replay(workspaces: Callable[[str], Workspace], corpus: Path) -> Replay:
    return Replay(workspaces("replay"), corpus)


def listing(identifiers: list[str]) -> bytes:
    """A list of datasets as ERDDAP gives it, for infos whose own list was not recorded."""
    columns = ["griddap", "tabledap", "Title", "Dataset ID"]
    rows = [["yes", "", identifier, identifier] for identifier in identifiers]
    return json.dumps({"table": {"columnNames": columns, "rows": rows}}).encode()


def test_erddap_of_which_one_info_was_recorded(replay: Replay, corpus: Path) -> None:
    more = {
        "/erddap/info/index.json": corpus
        / f"{ARGOPY}3390b51587135ad525d8886aaaac3ed55587b5e4a76004671fc568166beb5670.json",
        "/erddap/info/ArgoFloats-reference/index.json": corpus
        / f"{ARGOPY}f4bdba7f58e6710128352ffa25c4656e80198c3c8aa12732ec50031a987e5a1d.json",
    }
    report = replay.harvest("erddap", recorded_host(corpus, "erddap.ifremer.fr", more), "/erddap/index.html")
    assert (report.status, report.seen, report.created, report.failed) == ("partial", 53, 1, 52)
    assert replay.titles() == {"Argo Reference Measurements"}


def test_erddap_infos_of_coastwatch(replay: Replay, corpus: Path) -> None:
    recorded = ["erdTAgeomday", "hycom_gom310D", "ncdcOisst21Agg_LonPM180"]
    more = {"/erddap/info/index.json": listing([*recorded, "neverRecorded"])}
    application = recorded_host(corpus, "coastwatch.pfeg.noaa.gov", more)
    report = replay.harvest("erddap", application, "/erddap")
    assert (report.status, report.seen, report.created, report.failed) == ("partial", 4, 3, 1)
    records = {found.native_id: found.record for found in stored(replay.workspace, "replay")}
    assert {variable.standard_name for variable in records["ncdcOisst21Agg_LonPM180"].variables} >= {
        "sea_surface_temperature"
    }
    [item] = replay.workspace.stewardship.quarantined()
    assert item.native_id == "neverRecorded"
    assert "404" in item.reason


def test_erddap_search_of_which_nothing_more_was_recorded(replay: Replay, corpus: Path) -> None:
    application = recorded_host(corpus, "erddap.marine.ie")
    options = {**OPTIONS, "search": "temperature"}
    report = replay.harvest("erddap", application, "/erddap", options)
    assert (report.seen, report.created, report.failed) == (17, 0, 17)


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("ereeftds.bom.gov.au", "/ereefs/tds/catalog/ereef/mwq/P1A/catalog.xml"),
        ("www.ncei.noaa.gov", "/thredds/catalog/narr-a-files/199303/19930313/catalog.xml"),
        (
            "thredds-test.unidata.ucar.edu",
            "/thredds/catalog/noaaport/text/tropical/atlantic/hdob/catalog.xml",
        ),
        ("opendap.larc.nasa.gov", "/opendap/DSCOVR/EPIC/L1B/2024/04/catalog.xml"),
    ],
)
def test_thredds_catalogs(replay: Replay, corpus: Path, host: str, path: str) -> None:
    application = recorded_host(corpus, host)
    report = replay.harvest("thredds", application, path, CATALOGS_ONLY)
    datasets = etree.parse(application.answers[path, ()]).iter("{*}dataset")
    listed = [found for found in datasets if "urlPath" in found.attrib or found.find("{*}access") is not None]
    assert report.status == "succeeded"
    assert report.created == report.seen == len(listed) > 5


def test_thredds_without_its_opendap_answers(replay: Replay, corpus: Path) -> None:
    application = recorded_host(corpus, "ereeftds.bom.gov.au")
    report = replay.harvest("thredds", application, "/ereefs/tds/catalog/ereef/mwq/P1A/catalog.xml")
    assert (report.seen, report.created, report.failed) == (13, 0, 13)


def test_opendap_answers(replay: Replay, corpus: Path) -> None:
    """Every recorded DAS, listed in a catalog of ours; those whose DDS was recorded too get in."""
    das = sorted((corpus / "opendap").glob("*.das"))
    paired = [path for path in das if path.with_suffix(".dds").is_file()]
    more: dict[str, Path | bytes] = {"/catalog.xml": catalog([path.stem for path in das])}
    for path in das:
        more[f"/dap/{path.name}"] = path
    for path in paired:
        more[f"/dap/{path.with_suffix('.dds').name}"] = path.with_suffix(".dds")
    report = replay.harvest("thredds", recorded_host(corpus, "none", more), "/catalog.xml")
    assert (report.seen, report.failed) == (len(das), len(das) - len(paired))
    assert "SODA v2.2.4 monthly means" in replay.titles()


def catalog(names: list[str]) -> bytes:
    namespace = "http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0"
    root = etree.Element(f"{{{namespace}}}catalog")
    etree.SubElement(root, f"{{{namespace}}}service", name="dap", serviceType="OPENDAP", base="/dap/")
    for name in names:
        dataset = etree.SubElement(root, f"{{{namespace}}}dataset", name=name, ID=name, urlPath=name)
        etree.SubElement(dataset, f"{{{namespace}}}serviceName").text = "dap"
    return etree.tostring(root)


def test_csw_of_two_records_each_with_its_own_answer(replay: Replay, corpus: Path) -> None:
    records = {path.stem.partition("_id_")[2]: path for path in corpus.glob(f"{CKAN}sample3_id_*.xml")}
    application = RecordedCsw(
        corpus / f"{CKAN}sample3.xml", {1: corpus / f"{CKAN}sample3_getrecords2.xml"}, records
    )
    report = replay.harvest("csw", application, "/csw")
    assert (report.status, report.seen, report.created) == ("succeeded", 2, 2)
    assert {found.native_id for found in stored(replay.workspace, "replay")} == set(records)


def test_csw_in_three_pages(replay: Replay, corpus: Path) -> None:
    pages = {
        1 + 4 * n: corpus / f"{PYCSW}stablesort~expected~get_GetRecords-page{n + 1}.xml" for n in range(3)
    }
    application = RecordedCsw(corpus / f"{PYCSW}default~expected~get_GetCapabilities.xml", pages)
    report = replay.harvest("csw", application, "/csw")
    assert (report.status, report.seen, report.created) == ("succeeded", 12, 12)
    assert {
        found.record.provenance.format
        for found in stored(replay.workspace, "replay")
        if found.record.provenance
    } == {"csw-record"}


def test_csw_that_promises_more_than_it_has(replay: Replay, corpus: Path) -> None:
    """1,197 records matched, ten promised on the first page, one in it, and the next page is not there."""
    application = RecordedCsw(
        corpus / f"{DGIWG}getcapabilities~GetCapabilities-response.xml",
        {1: corpus / f"{DGIWG}getrecords~iso-response.xml"},
    )
    report = replay.harvest("csw", application, "/csw")
    assert report.status in {"partial", "failed"}
    assert report.message
    assert report.created == 1
