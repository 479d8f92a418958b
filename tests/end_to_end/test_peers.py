"""Real servers of other makers, harvested over HTTP."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from harvester.demo.endpoints import OPTIONS
from indexer.workspace import Workspace
from tests.end_to_end.support import (
    assert_found,
    assert_found_through_csw,
    assert_valid,
    harvest,
    loopback,
    served,
    stored,
)
from tests.peers import servers

pytestmark = [pytest.mark.peer, pytest.mark.timeout(900)]  # the first run makes the peers' environments
UNTITLED = {"gov.super.important:FILE-ID", "6e36fc57-7138-4a38-8b7b-ce1aafbb5a43"}
"""Records of the corpus that have no title."""


@pytest.fixture(scope="module")
def pycsw(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """pycsw with every real ISO record of the corpus that it accepts."""
    records = tmp_path_factory.mktemp("records")
    with (corpus / "MANIFEST.train.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            if (
                row["quality"] == "real"
                and row["well_formed"] == "yes"
                and row["kind"] in {"iso19139", "iso19115-2"}
            ):
                path = corpus / row["path"].removeprefix("train/")
                shutil.copy(path, records / f"{row['sha256'][:16]}.xml")
    with servers.pycsw(records, tmp_path_factory.mktemp("pycsw")) as url:
        yield url


@pytest.fixture(scope="module")
def pydap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.pydap(tmp_path_factory.mktemp("pydap")) as url:
        yield url


def matched(url: str) -> int:
    """How many records a CSW says that it has."""
    query = "?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=hits&elementSetName=brief"
    with urlopen(url + query, timeout=60) as answer:
        found = re.search(rb'numberOfRecordsMatched="(\d+)"', answer.read())
    assert found
    return int(found[1])


def test_pycsw_is_harvested_whole(pycsw: str, workspaces: Callable[[str], Workspace], corpus: Path) -> None:
    workspace = workspaces("pycsw")
    source = loopback("pycsw", "csw", pycsw)
    report = harvest(workspace, source)
    assert report.seen == matched(pycsw) > 300
    assert report.created == report.seen - len(UNTITLED)
    assert {item.native_id for item in workspace.stewardship.quarantined()} == UNTITLED
    records = stored(workspace, "pycsw")
    assert len(records) == report.created
    assert_valid(workspace, records, corpus)
    assert_found(workspace, records)
    with served(workspace) as root:
        assert_found_through_csw(root, records)
    again = harvest(workspace, source)
    assert (again.created, again.updated, again.unchanged) == (0, 0, report.created)


def test_pycsw_gives_the_same_records_in_both_versions(
    pycsw: str, workspaces: Callable[[str], Workspace]
) -> None:
    workspace = workspaces("versions")
    for version in ("2.0.2", "3.0.0"):
        report = harvest(workspace, loopback(version, "csw", pycsw, {**OPTIONS, "version": version}))
        assert report.seen == matched(pycsw), report
    older, newer = (
        {found.native_id: found.record.title for found in stored(workspace, version)}
        for version in ("2.0.2", "3.0.0")
    )
    assert older == newer


def test_pydap_is_harvested_but_for_what_it_cannot_send(
    pydap: str, workspaces: Callable[[str], Workspace], corpus: Path
) -> None:
    """pydap breaks off its DAS at the first character beyond ASCII: that dataset goes to quarantine."""
    workspace = workspaces("pydap")
    report = harvest(workspace, loopback("pydap", "thredds", pydap))
    assert (report.status, report.seen, report.created, report.failed) == ("partial", 3, 2, 1)
    records = stored(workspace, "pydap")
    titles = {found.record.title.text for found in records}
    assert titles == {
        "Sea surface temperature of the Yellow Sea, peer grid",
        "Deep mooring in the Philippine Sea, peer station",
    }
    mooring = next(found.record for found in records if "mooring" in found.record.title.text)
    assert mooring.extent.vertical is not None
    assert (mooring.extent.vertical.top, mooring.extent.vertical.bottom) == (100.0, 3000.0)
    assert mooring.variables[0].standard_name == "sea_water_temperature"
    assert_valid(workspace, records, corpus)
    assert_found(workspace, records)
    [item] = workspace.stewardship.quarantined()
    assert "m2_zh" in item.native_id
