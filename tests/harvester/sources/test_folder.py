"""Folders of metadata files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harvester.source import Failure, Item, SourceConfig
from harvester.sources import folder
from mappings.errors import EndpointError
from mappings.record import RawRecord
from tests.contracts.source import SourceContract, open_quickly
from tests.harvester.servers import Loopback

ISO = b'<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>'
INFO = json.dumps(
    {
        "table": {
            "columnNames": ["Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"],
            "rows": [],
        }
    }
).encode()


def fill(root: Path) -> None:
    (root / "deep" / "er").mkdir(parents=True)
    (root / "a.xml").write_bytes(ISO)
    (root / "deep" / "b.json").write_bytes(INFO)
    (root / "deep" / "er" / "c.das").write_bytes(b"Attributes {\n}\n")
    (root / "deep" / "er" / "c.dds").write_bytes(b"Dataset {\n} c;\n")
    (root / "deep" / "海.XML").write_bytes(ISO)
    (root / "deep" / "page.xml").write_bytes(b"<!DOCTYPE html><html/>")
    (root / "notes.txt").write_bytes(b"no metadata")


def items(root: Path | str) -> list[Item]:
    return list(open_quickly(SourceConfig("test", "folder", str(root))).records())


class TestContract(SourceContract):
    type = "folder"
    good = frozenset({"a.xml", "deep/b.json", "deep/er/c.das", "deep/海.XML"})
    broken = frozenset({"deep/page.xml"})

    @contextmanager
    def endpoint(self, tmp_path: Path) -> Iterator[Loopback]:
        root = tmp_path / "records"
        root.mkdir()
        fill(root)
        yield Loopback(str(root))


@pytest.mark.parametrize("prefix", ["", "file://", "file://localhost"])
def test_a_folder_is_a_path_or_a_file_url(tmp_path: Path, prefix: str) -> None:
    place = tmp_path / "with space"
    place.mkdir()
    (place / "a.xml").write_bytes(ISO)
    url = prefix + (str(place).replace(" ", "%20") if prefix else str(place))
    assert items(url) == [RawRecord("a.xml", "iso19139", ISO)]


def test_a_das_has_its_dds_attached(tmp_path: Path) -> None:
    fill(tmp_path)
    das = next(item for item in items(tmp_path) if isinstance(item, RawRecord) and item.format == "opendap")
    assert das.attachments == (("dds", b"Dataset {\n} c;\n"),)


def test_links_out_of_the_folder_are_refused_and_linked_folders_not_entered(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "secret.xml").write_bytes(ISO)
    (root / "link.xml").symlink_to(outside / "secret.xml")
    (root / "lost.xml").symlink_to(root / "nothing.xml")
    (root / "circle").symlink_to(root)
    (root / "away").symlink_to(outside)
    link, lost = items(root)
    assert isinstance(link, Failure)
    assert "outside the folder" in link.reason
    assert link.content == b""
    assert isinstance(lost, Failure)
    assert "No such file" in lost.reason


def test_a_file_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_BYTES", 10)
    (tmp_path / "a.xml").write_bytes(ISO)
    (failure,) = items(tmp_path)
    assert isinstance(failure, Failure)
    assert "at most 10 are read" in failure.reason


def test_what_is_not_a_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    (failure,) = items(tmp_path)
    assert isinstance(failure, Failure)
    assert "not a regular file" in failure.reason


def test_entities_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>')
    (failure,) = items(tmp_path)
    assert isinstance(failure, Failure)
    assert "document type declaration" in failure.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "cannot be opened"),
        ("file.xml", "give the folder"),
        ("file://elsewhere/x", "this machine's files"),
    ],
)
def test_what_is_no_folder_ends_the_run(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file.xml").write_bytes(ISO)
    with pytest.raises(EndpointError, match=reason):
        items(name if "://" in name else tmp_path / name)


def test_a_folder_of_real_records(corpus: Path) -> None:
    """Every file is a record or a failure that says what it is; nothing is raised."""
    found = items(corpus / "iso19115-2")
    formats = {item.format for item in found if isinstance(item, RawRecord)}
    assert formats == {"iso19115-2"} or formats == {"iso19115-2", "iso19139"}
    assert sum(isinstance(item, RawRecord) for item in found) > 150
    assert all(item.reason for item in found if isinstance(item, Failure))
