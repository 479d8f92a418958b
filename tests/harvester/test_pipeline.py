"""One run: what is stored, skipped, quarantined and deleted, and how a run ends whatever happens."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Timer

import pytest

from harvester import crosswalking, ledger
from harvester.pipeline import BATCH, RunReport, run
from harvester.source import SourceConfig
from indexer.engines.memory import MemoryEngine
from indexer.query import Query, Text
from indexer.stewardship import StoredSource
from indexer.stored import Ingest
from indexer.workspace import Workspace
from mappings.errors import IndexUnavailable
from mappings.record import RawRecord
from tests.harvester.erddap_server import Erddap
from tests.harvester.servers import Asked, Send, answer, closed_port, pages, serving

ISO = """<?xml version="1.0" encoding="UTF-8"?>
<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">
  <gmd:fileIdentifier><gco:CharacterString>{id}</gco:CharacterString></gmd:fileIdentifier>
  <gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation>
    <gmd:title><gco:CharacterString>{title}</gco:CharacterString></gmd:title>
  </gmd:CI_Citation></gmd:citation></gmd:MD_DataIdentification></gmd:identificationInfo>
</gmd:MD_Metadata>"""
LOOPBACK: Mapping[str, str] = {
    "allow_private_addresses": "true",
    "requests_per_second": "0",
    "crawl_delay": "false",
}


class Folder:
    """A folder source whose records can be written, broken and removed."""

    def __init__(self, workspace: Workspace, path: Path) -> None:
        path.mkdir()
        self.workspace = workspace
        self.path = path
        self.config = SourceConfig("lab", "folder", str(path))
        workspace.stewardship.add_source(StoredSource("lab", "folder", str(path)))

    def write(self, *names: str, title: str = "Sea of {id}") -> None:
        for name in names:
            (self.path / f"{name}.xml").write_text(
                ISO.format(id=name, title=title.format(id=name)), encoding="utf-8"
            )

    def break_(self, name: str, content: bytes = b"<gmd:MD_Metadata>\n<a>\n</b>") -> None:
        (self.path / f"{name}.xml").write_bytes(content)

    def remove(self, *names: str) -> None:
        for name in names:
            (self.path / f"{name}.xml").unlink()

    def harvest(self, **how: object) -> RunReport:
        return run(self.config, self.workspace.catalogue, self.workspace.stewardship, **how)  # type: ignore[arg-type]

    def stored(self) -> list[str]:
        return sorted(listed.id for listed in self.workspace.catalogue.listing("lab"))

    def quarantined(self) -> list[str]:
        return sorted(item.native_id for item in self.workspace.stewardship.quarantined("lab"))


@pytest.fixture
def lab(workspace: Workspace, tmp_path: Path) -> Folder:
    return Folder(workspace, tmp_path / "records")


def counts(report: RunReport) -> tuple[int, int, int, int, int, int]:
    return (report.seen, report.created, report.updated, report.unchanged, report.deleted, report.failed)


def test_records_are_stored_found_and_know_where_they_came_from(lab: Folder) -> None:
    lab.write("a", "b")
    report = lab.harvest()
    assert (report.status, report.message) == ("succeeded", None)
    assert counts(report) == (2, 2, 0, 0, 0, 0)
    page = lab.workspace.catalogue.search(Query(Text("Sea")))
    assert page.total == 2
    stored = lab.workspace.catalogue.get("a")
    provenance = stored.record.provenance
    assert provenance is not None
    assert (provenance.source, provenance.native_id, provenance.format) == ("lab", "a.xml", "iso19139")
    assert provenance.crosswalk == "iso19139@1"
    assert b"<gmi:MI_Metadata" in lab.workspace.catalogue.document("a")
    assert lab.workspace.catalogue.raw("a").content == (lab.path / "a.xml").read_bytes()


def test_the_run_has_a_row_with_its_counts(lab: Folder) -> None:
    lab.write("a")
    lab.break_("x")
    report = lab.harvest()
    (row,) = lab.workspace.stewardship.runs("lab")
    assert (row.status, row.message) == (report.status, report.message) == ("partial", report.message)
    assert (row.counts.seen, row.counts.created, row.counts.failed) == (2, 1, 1)
    assert row.finished is not None


def test_unchanged_records_are_not_crosswalked_again_unless_all_are(
    lab: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.write("a", "b", "c")
    lab.harvest()
    worked: list[str] = []
    original = crosswalking.crosswalked

    def watched(source: str, raw: RawRecord) -> Ingest:
        worked.append(raw.native_id)
        return original(source, raw)

    monkeypatch.setattr(crosswalking, "crosswalked", watched)
    lab.write("b", title="Another title")
    assert counts(lab.harvest()) == (3, 0, 1, 2, 0, 0)
    assert worked == ["b.xml"]
    assert lab.workspace.catalogue.get("b").record.title.text == "Another title"
    lab.harvest(full=True)
    assert worked == ["b.xml", "a.xml", "b.xml", "c.xml"]


def test_a_broken_record_is_quarantined_with_bytes_reason_and_place(lab: Folder) -> None:
    lab.write("a", "z")
    lab.break_("m")
    report = lab.harvest()
    assert (report.status, counts(report)) == ("partial", (3, 2, 0, 0, 0, 1))
    assert report.message == "1 of 3 failed; `quarantine list` shows why."
    (about,) = lab.workspace.stewardship.quarantined("lab")
    assert (about.native_id, about.place) == ("m.xml", "line 1")
    assert "not well-formed" in about.reason
    assert lab.workspace.stewardship.quarantined_item(about.id).content == b"<gmd:MD_Metadata>\n<a>\n</b>"


def test_a_record_that_cannot_be_crosswalked_is_quarantined_too(lab: Folder) -> None:
    lab.write("a")
    lab.break_("untitled", b'<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>')
    lab.harvest()
    (about,) = lab.workspace.stewardship.quarantined("lab")
    assert (about.native_id, about.format) == ("untitled.xml", "iso19139")
    assert "title" in about.reason


def test_a_record_that_is_well_again_leaves_the_quarantine(lab: Folder) -> None:
    """Also where it is as it was before it broke, so that nothing is stored."""
    lab.write("a", "b")
    lab.harvest()
    lab.break_("a")
    lab.break_("new")
    report = lab.harvest()
    assert counts(report) == (3, 0, 0, 1, 0, 2)
    assert lab.quarantined() == ["a.xml", "new.xml"]
    assert lab.stored() == ["a", "b"]  # the last good version stays
    lab.write("a", "new")
    assert counts(lab.harvest()) == (3, 1, 0, 2, 0, 0)
    assert lab.quarantined() == []


def test_a_broken_record_that_vanishes_leaves_the_quarantine(lab: Folder) -> None:
    lab.write("a")
    lab.break_("x")
    lab.harvest()
    lab.remove("x")
    assert lab.harvest().status == "succeeded"
    assert lab.quarantined() == []


def test_a_run_in_which_nothing_could_be_read_has_failed(lab: Folder) -> None:
    lab.break_("x")
    assert lab.harvest().status == "failed"


def test_what_is_no_longer_listed_is_deleted(lab: Folder) -> None:
    lab.write("a", "b", "c", "d")
    lab.harvest()
    lab.remove("b", "c")
    assert counts(lab.harvest()) == (2, 0, 0, 2, 2, 0)
    assert lab.stored() == ["a", "d"]
    assert lab.workspace.catalogue.search(Query()).total == 2


def test_a_broken_record_is_not_taken_for_a_deleted_one(lab: Folder) -> None:
    lab.write("a", "b")
    lab.harvest()
    lab.break_("b")
    assert lab.harvest().deleted == 0
    assert lab.stored() == ["a", "b"]


def test_the_brake_on_deletions(lab: Folder) -> None:
    names = [f"r{number:02}" for number in range(30)]
    lab.write(*names)
    lab.harvest()
    lab.remove(*names[:11])
    report = lab.harvest()
    assert (report.status, report.deleted) == ("partial", 0)
    assert report.message is not None
    assert "no longer lists 11 of the 30 records" in report.message
    assert "harvest lab once with --accept-deletions" in report.message
    assert len(lab.stored()) == 30
    assert lab.harvest(accept_deletions=True).deleted == 11
    assert len(lab.stored()) == 19


def test_the_share_that_may_be_deleted_is_an_option(lab: Folder) -> None:
    names = [f"r{number:02}" for number in range(30)]
    lab.write(*names)
    lab.harvest()
    lab.remove(*names[:11])
    lab.config = SourceConfig("lab", "folder", str(lab.path), options={"max_deleted_share": "0.5"})
    assert lab.harvest().deleted == 11


def test_an_endpoint_that_is_suddenly_empty_loses_nothing(lab: Folder) -> None:
    lab.write("a", "b")
    lab.harvest()
    lab.remove("a", "b")
    report = lab.harvest()
    assert (report.status, report.deleted) == ("partial", 0)
    assert lab.stored() == ["a", "b"]


def test_an_endpoint_that_is_away_is_a_failed_run_and_loses_nothing(lab: Folder) -> None:
    lab.write("a")
    lab.harvest()
    lab.remove("a")
    lab.path.rmdir()
    report = lab.harvest()
    assert report.status == "failed"
    assert report.message is not None
    assert "cannot be opened (No such file or directory): check the path" in report.message
    assert lab.stored() == ["a"]
    row = lab.workspace.stewardship.runs("lab")[0]
    assert (row.status, row.message) == ("failed", report.message)


def test_a_source_set_up_wrongly_is_a_failed_run(lab: Folder) -> None:
    lab.config = SourceConfig("lab", "folder", str(lab.path), options={"colour": "blue"})
    report = lab.harvest()
    assert report.status == "failed"
    assert report.message is not None
    assert "colour" in report.message


def test_a_dry_run_counts_and_writes_nothing(lab: Folder) -> None:
    lab.write("a", "b")
    lab.harvest()
    lab.write("b", title="Changed")
    lab.write("c")
    lab.remove("a")
    lab.break_("x")
    before = lab.workspace.stewardship.runs("lab")
    assert counts(lab.harvest(dry_run=True)) == (3, 1, 1, 0, 1, 1)
    assert lab.stored() == ["a", "b"]
    assert lab.quarantined() == []
    assert lab.workspace.stewardship.runs("lab") == before


def test_a_limit_stops_early_and_deletes_nothing(lab: Folder) -> None:
    lab.write("a", "b", "c")
    lab.harvest()
    lab.remove("c")
    report = lab.harvest(limit=1)
    assert counts(report) == (1, 0, 0, 1, 0, 0)
    assert report.message == "Stopped after 1 records, as asked."
    assert lab.stored() == ["a", "b", "c"]


def test_progress_is_told(lab: Folder) -> None:
    lab.write("a", "b")
    told: list[tuple[int, int | None]] = []
    lab.harvest(progress=lambda seen, expected: told.append((seen, expected)))
    assert told == [(1, None), (2, None)]


def test_an_interrupted_run_keeps_what_it_has_and_says_so(lab: Folder) -> None:
    lab.write("a", "b", "c")

    def interrupt(seen: int, expected: int | None) -> None:
        if seen == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lab.harvest(progress=interrupt)
    (row,) = lab.workspace.stewardship.runs("lab")
    assert (row.status, row.message, row.counts.created) == ("failed", "interrupted", 2)
    assert lab.stored() == ["a", "b"]


def test_a_mistake_of_ours_with_one_record_does_not_stop_the_others(
    lab: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.write("a", "b", "c")
    original = crosswalking.crosswalked

    def clumsy(source: str, raw: RawRecord) -> Ingest:
        if raw.native_id == "b.xml":
            raise ZeroDivisionError("oops")
        return original(source, raw)

    monkeypatch.setattr(crosswalking, "crosswalked", clumsy)
    assert counts(lab.harvest()) == (3, 2, 0, 0, 0, 1)
    (about,) = lab.workspace.stewardship.quarantined("lab")
    assert "please report it" in about.reason
    assert "oops" in about.reason


def test_a_mistake_outside_a_record_finishes_the_row_and_comes_out(lab: Folder) -> None:
    lab.write("a")

    def clumsy(seen: int, expected: int | None) -> None:
        raise ZeroDivisionError("oops")

    with pytest.raises(ZeroDivisionError):
        lab.harvest(progress=clumsy)
    (row,) = lab.workspace.stewardship.runs("lab")
    assert row.status == "failed"
    assert "oops" in (row.message or "")


class Away(MemoryEngine):
    """An engine whose writer is taken."""

    def apply(self, changes: object) -> None:
        raise IndexUnavailable("another process is writing to the index")


def test_an_index_that_is_away_does_not_fail_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.workspace.open_engine", lambda url, folder: Away())
    lab = Folder(Workspace(tmp_path / "var"), tmp_path / "records")
    lab.write("a", "b")
    report = lab.harvest()
    assert report.status == "succeeded"
    assert report.message == "2 changes wait for the search index, which is not available just now."
    assert lab.stored() == ["a", "b"]


def test_what_was_harvested_is_found_before_the_run_ends(
    lab: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "INDEX_RECORDS", BATCH)
    lab.write(*(f"r{number:03}" for number in range(BATCH + 1)))
    found: list[int] = []
    lab.harvest(progress=lambda seen, expected: found.append(lab.workspace.catalogue.search(Query()).total))
    assert found[BATCH] == BATCH


def erddap(root: str, **options: str) -> SourceConfig:
    return SourceConfig("erddap", "erddap", root + "/erddap", options={**LOOPBACK, **options})


def test_a_server_that_falls_silent_can_be_left_at_once(workspace: Workspace) -> None:
    cancelled = Event()
    silent_since: list[float] = []

    class Silent(Erddap):
        def __call__(self, asked: Asked, send: Send) -> None:
            if asked.path.endswith("/info/b/index.json"):
                silent_since.append(time.monotonic())
                Timer(0.3, cancelled.set).start()
                time.sleep(10)
            super().__call__(asked, send)

    with serving(Silent(["a", "b", "c"])) as site:
        report = run(erddap(site.root), workspace.catalogue, workspace.stewardship, cancelled=cancelled)
        assert time.monotonic() - silent_since[0] < 3
    assert (report.status, report.message, report.created) == ("failed", "interrupted", 1)
    assert workspace.stewardship.runs("erddap")[0].status == "failed"


def test_an_unreachable_server_says_what_to_check(workspace: Workspace) -> None:
    config = erddap(f"http://127.0.0.1:{closed_port()}")
    report = run(config, workspace.catalogue, workspace.stewardship)
    assert report.status == "failed"
    assert report.message is not None
    assert "check that the server is up" in report.message


def test_a_record_that_the_server_fails_to_send_is_not_taken_for_deleted(workspace: Workspace) -> None:
    names = [f"d{number}" for number in range(5)]

    class Overloaded(Erddap):
        def answer(self, asked: Asked) -> bytes:
            if asked.path.endswith("/info/d4/index.json"):
                return answer(b"", status="503 Service Unavailable", headers="Retry-After: 9999\r\n")
            return super().answer(asked)

    with serving(Erddap(names)) as site:
        assert run(erddap(site.root), workspace.catalogue, workspace.stewardship).created == 5
    with serving(Overloaded(names)) as site:
        report = run(erddap(site.root), workspace.catalogue, workspace.stewardship)
    assert (report.deleted, report.failed, report.status) == (0, 1, "partial")
    assert workspace.catalogue.count() == 5


def test_an_incomplete_listing_deletes_nothing(workspace: Workspace) -> None:
    """A nested catalog that is lost hides the datasets in it, and nobody knows which they were."""
    namespace = "http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0"
    head = f'<catalog xmlns="{namespace}" xmlns:xlink="http://www.w3.org/1999/xlink">'
    head += '<service name="http" serviceType="HTTPServer" base="/files/"/>'
    root = '<dataset name="{0}" urlPath="{0}.nc"/><catalogRef xlink:href="sub.xml"/></catalog>'
    files = {
        "/catalog.xml": (head + root.format("a")).encode(),
        "/sub.xml": (head + '<dataset name="b" urlPath="b.nc"/></catalog>').encode(),
    }

    def harvest() -> RunReport:
        with serving(pages(files)) as site:
            config = SourceConfig("tds", "thredds", site.root + "/catalog.xml", options=LOOPBACK)
            return run(config, workspace.catalogue, workspace.stewardship)

    assert harvest().created == 2
    del files["/sub.xml"]
    report = harvest()
    assert (report.status, report.deleted) == ("partial", 0)
    assert report.message is not None
    assert "Nothing was deleted, because the listing is not complete" in report.message
    files["/catalog.xml"] = files["/catalog.xml"].replace(b'<catalogRef xlink:href="sub.xml"/>', b"")
    assert harvest().deleted == 1
    assert workspace.stewardship.quarantined() == ()


def test_who_asks_is_told(workspace: Workspace) -> None:
    with serving(Erddap(["a"])) as site:
        run(erddap(site.root), workspace.catalogue, workspace.stewardship, site_url="https://sea.example")
        assert {asked.headers["user-agent"] for asked in site.asked} == {
            "Halocline/0.1 (+https://sea.example)"
        }
