"""The demo, harvested over HTTP: what gets in, what is quarantined, what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harvester import demo
from harvester.demo.records import iso_records
from harvester.pipeline import RunReport
from harvester.source import SourceConfig
from indexer.query import Query, Spatial, Text
from indexer.workspace import Workspace
from mappings.record import BoundingBox
from tests.end_to_end.support import (
    assert_found,
    assert_found_through_csw,
    assert_valid,
    harvest,
    served,
    stored,
)

SEEN_AND_FAILED = {
    "demo-erddap": (26, 3),
    "demo-thredds": (21, 1),
    "demo-csw": (16, 2),
    "demo-library": (4, 0),
}
QUARANTINED = {
    "broken_info_cut",
    "broken_info_gone",
    "broken_login_page",
    "archive/broken_dds.nc",
    "cn.example.broken.no-title",
    "cn.example.broken.not-well-formed",
}


@dataclass(frozen=True)
class Harvested:
    """A workspace into which the demo was harvested once."""

    workspace: Workspace
    sources: dict[str, SourceConfig]
    reports: dict[str, RunReport]


@pytest.fixture(scope="module")
def harvested(workspaces: Callable[[str], Workspace]) -> Iterator[Harvested]:
    workspace = workspaces("demo")
    with demo.start() as running:
        sources = {source.name: source for source in running.endpoints}
        reports = {name: harvest(workspace, source) for name, source in sources.items()}
        yield Harvested(workspace, sources, reports)


@pytest.mark.parametrize("source", SEEN_AND_FAILED)
def test_counts_are_those_of_the_files(harvested: Harvested, source: str) -> None:
    seen, failed = SEEN_AND_FAILED[source]
    report = harvested.reports[source]
    assert (report.seen, report.created, report.failed) == (seen, seen - failed, failed), report
    assert report.status == ("partial" if failed else "succeeded")
    assert len(stored(harvested.workspace, source)) == seen - failed


def test_every_stored_document_is_valid(harvested: Harvested, corpus: Path) -> None:
    for source in SEEN_AND_FAILED:
        assert_valid(harvested.workspace, stored(harvested.workspace, source), corpus)


@pytest.mark.parametrize("source", SEEN_AND_FAILED)
def test_each_record_is_found_by_title_box_and_time(harvested: Harvested, source: str) -> None:
    assert_found(harvested.workspace, stored(harvested.workspace, source))


def test_each_record_is_found_through_csw(harvested: Harvested) -> None:
    with served(harvested.workspace) as root:
        for source in SEEN_AND_FAILED:
            assert_found_through_csw(root, stored(harvested.workspace, source))


def test_the_broken_ones_are_in_quarantine_with_bytes_reason_and_place(harvested: Harvested) -> None:
    items = {
        item.native_id.rpartition("/")[2]: item for item in harvested.workspace.stewardship.quarantined()
    }
    assert set(items) == {name.rpartition("/")[2] for name in QUARANTINED}
    assert all(item.reason for item in items.values())
    cut = harvested.workspace.stewardship.quarantined_item(items["broken_info_cut"].id)
    assert cut.content.startswith(b'{\n "table"')
    torn = harvested.workspace.stewardship.quarantined_item(items["cn.example.broken.not-well-formed"].id)
    assert torn.about.place is not None
    assert b"Tides & currents" in torn.content


def test_records_written_by_the_demo_come_back_as_they_were(harvested: Harvested) -> None:
    """YAML, written as ISO, served, harvested, read and stored: nothing is lost on the way round."""
    by_id = {found.record.file_identifier: found.record for found in stored(harvested.workspace, "demo-csw")}
    for record in iso_records():
        found = replace(by_id[record.file_identifier], provenance=None)
        assert found.title == record.title
        assert found.extent == record.extent
        assert found.platforms == record.platforms
        assert found.access_level == record.access_level
        assert set(found.contacts) == set(record.contacts)


def test_a_box_across_the_antimeridian_finds_what_crosses_it(harvested: Harvested) -> None:
    around = Query(Spatial("intersects", BoundingBox(178.0, -60.0, -178.0, 60.0)))
    found = {hit.record.file_identifier for hit in harvested.workspace.catalogue.search(around).hits}
    assert {"floats_npac_bgc", "cn.example.legacy.date-line-plankton", "lib:cruise-report-2017"} <= found
    assert "ys_buoy_h07" not in found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("黑潮", "ecs_ctd_2021"),
        ("Kuroshio", "cn.example.legacy.current-meters"),
        ("黑潮区海流计", "cn.example.legacy.current-meters"),
        ("mooring deep circulation", "cn.example.canglan.wpma-2014-2024"),
        ("海表温度", "sst_l4_ecs_daily"),
    ],
)
def test_words_in_chinese_and_english(harvested: Harvested, words: str, expected: str) -> None:
    page = harvested.workspace.catalogue.search(Query(Text(words)))
    assert expected in {hit.record.file_identifier for hit in page.hits}


def test_a_second_harvest_changes_nothing(harvested: Harvested) -> None:
    for name, source in harvested.sources.items():
        seen, failed = SEEN_AND_FAILED[name]
        report = harvest(harvested.workspace, source)
        counts = (report.created, report.updated, report.unchanged, report.deleted, report.failed)
        assert counts == (0, 0, seen - failed, 0, failed), report
    assert len(harvested.workspace.stewardship.quarantined()) == len(QUARANTINED)
