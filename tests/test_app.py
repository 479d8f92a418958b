"""The command line, from adding a source to answering a request, on a data folder of its own."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import app
from crosswalks.writers import iso19115_2
from harvester.bench.generator import generate
from indexer.requests import DataRequest
from indexer.workspace import Workspace

Run = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def halocline(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command line; ``code`` is the exit status that is expected."""
    monkeypatch.setenv("HALOCLINE_DATA_DIR", str(data))
    monkeypatch.delenv("HALOCLINE_DATABASE_URL", raising=False)
    monkeypatch.delenv("HALOCLINE_SEARCH_URL", raising=False)
    handlers = logging.getLogger().handlers[:]

    def run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app.main, arguments, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    yield run
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Twelve good ISO documents and a broken one."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for number, record in enumerate(generate(12)):
        (folder / f"{number:02d}.xml").write_bytes(iso19115_2.write(record))
    (folder / "broken.xml").write_bytes(b"<gmi:MI_Metadata xmlns:gmi='http://www.isotc211.org/2005/gmi'>")
    return folder


@pytest.fixture
def harvested(halocline: Run, documents: Path) -> Run:
    halocline("source", "add", "files", "--type", "folder", "--url", str(documents), "--schedule", "every 6h")
    halocline("harvest", "files", code=2)
    return halocline


def test_a_source_is_added_shown_disabled_and_removed(harvested: Run) -> None:
    assert json.loads(harvested("source", "list", "--json").stdout)[0]["schedule"] == "every 6h"
    harvested("source", "disable", "files")
    shown = json.loads(harvested("source", "show", "files").stdout)
    assert shown["enabled"] is False
    assert shown["runs"][0]["status"] == "partial"
    harvested("source", "enable", "files")
    assert "12 records" in harvested("source", "remove", "files", "--yes").stdout
    assert "no sources" in harvested("source", "list").stdout
    assert json.loads(harvested("record", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--type", "erddap", "--url", "http://x", "--option", "nonsense=1"), "nonsense"),
        (("--type", "erddap", "--url", "http://x", "--option", "nonsense"), "NAME=VALUE"),
        (("--type", "folder", "--url", "/x", "--schedule", "sometimes"), "sometimes"),
        (("--type", "gopher", "--url", "http://x"), "gopher"),
    ],
)
def test_what_is_wrong_with_a_source_is_said(halocline: Run, arguments: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(app.main, ("source", "add", "one", *arguments))
    assert result.exit_code in {1, 2}
    assert said in result.output
    assert json.loads(halocline("source", "list", "--json").stdout) == []


def test_a_harvest_reports_as_json(harvested: Run) -> None:
    (report,) = json.loads(harvested("harvest", "files", "--json", code=2).stdout)
    counts = {name: report[name] for name in ("source", "status", "seen", "created", "updated", "unchanged")}
    assert counts == {
        "source": "files",
        "status": "partial",
        "seen": 13,
        "created": 0,
        "updated": 0,
        "unchanged": 12,
    }
    assert (report["deleted"], report["failed"]) == (0, 1)
    assert report["seconds"] > 0


def test_an_unknown_source_is_an_error_in_one_line(halocline: Run) -> None:
    assert "no source is called 'nobody'" in halocline("harvest", "nobody", code=1).output


def test_records_are_listed_and_shown(harvested: Run) -> None:
    listed = json.loads(harvested("record", "list", "--json").stdout)
    assert len(listed) == 12
    assert listed[0].keys() == {"id", "source", "native_id", "location", "title"}
    shown = json.loads(harvested("record", "show", "bench:0000003").stdout)
    assert shown["file_identifier"] == "bench:0000003"
    assert "<gmi:MI_Metadata" in harvested("record", "show", "bench:0000003", "--format", "xml").stdout
    assert "<gmi:MI_Metadata" in harvested("record", "show", "bench:0000003", "--format", "raw").stdout
    assert "bench:0000003" in harvested("record", "list").stdout
    assert "nothing" in harvested("record", "show", "nothing", code=1).output


def test_the_quarantine_keeps_bytes_reason_and_place(harvested: Run, documents: Path) -> None:
    (item,) = json.loads(harvested("quarantine", "list", "--json").stdout)
    assert "broken.xml" in item["native_id"]
    assert item["reason"]
    assert item["place"] == "line 1"
    number = str(item["id"])
    assert item["reason"] in harvested("quarantine", "show", number).stdout
    kept = harvested("quarantine", "show", number, "--bytes").stdout_bytes
    assert kept == (documents / "broken.xml").read_bytes()


def test_requests_are_answered(harvested: Run, data: Path) -> None:
    workspace = Workspace(data)
    purpose = "Validation of a regional model of the Yellow Sea"
    asked = DataRequest(
        "bench:0000001", "Li Wei", "海洋研究所", "li@example.org", purpose, variables=("TEMP",)
    )
    tokens = [workspace.stewardship.submit_request(asked) for _ in range(2)]
    workspace.close()
    assert "Li Wei" in harvested("request", "list", "--status", "pending").stdout
    assert purpose in harvested("request", "show", "1").stdout
    harvested("request", "approve", "1", "--reason", "Please cite it.")
    harvested("request", "refuse", "2", "--reason", "Asked twice.")
    assert "refused" in harvested("request", "refuse", "2", "--reason", "Again.", code=1).output
    statuses = {
        item["id"]: item["status"] for item in json.loads(harvested("request", "list", "--json").stdout)
    }
    assert statuses == {1: "approved", 2: "refused"}
    workspace = Workspace(data)
    assert workspace.stewardship.request_by_token(tokens[0]).reason == "Please cite it."
    workspace.close()


def test_the_index_is_made_anew(harvested: Run) -> None:
    assert "12 records are searchable" in harvested("index", "rebuild").stdout
    status = json.loads(harvested("index", "status", "--json").stdout)
    assert (status["records"], status["documents"], status["pending"]) == (12, 12, 0)
    assert status["waiting_since"] is None


def test_what_the_index_has_lost_is_found_and_mended(harvested: Run, data: Path) -> None:
    assert "agree, record by record" in harvested("index", "status", "--check").stdout
    workspace = Workspace(data)
    with workspace.catalogue._engine.filling("tests", "") as fresh:
        fresh.publish()
    workspace.close()
    assert "SQL and the index disagree" in harvested("index", "status").stdout
    said = harvested("index", "status", "--check").stdout
    assert "12 records cannot be found: bench:0000000, bench:0000001" in said
    assert "All of this is mended" in harvested("index", "status", "--repair").stdout
    status = json.loads(harvested("index", "status", "--check", "--json").stdout)
    assert (status["documents"], status["differences"]["missing"]) == (12, 0)


def test_crosswalks_are_listed_and_previewed(halocline: Run, documents: Path) -> None:
    assert "iso19115-2@" in halocline("crosswalk", "list").stdout
    assert "sound" in halocline("crosswalk", "check").stdout
    file = str(documents / "01.xml")
    assert json.loads(halocline("crosswalk", "preview", file).stdout)["file_identifier"] == "bench:0000001"
    assert "title" in halocline("crosswalk", "preview", file, "--output", "trace").stdout


def test_the_signing_key_is_made_once_and_kept_private(data: Path) -> None:
    settings = app.Settings.read({"HALOCLINE_DATA_DIR": str(data)})
    key = settings.signing_key()
    assert len(key) > 40
    assert settings.signing_key() == key
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert app.Settings.read({"HALOCLINE_SECRET_KEY": "mine"}).signing_key() == "mine"


def test_every_setting_and_command_is_documented() -> None:
    guide = (Path(app.__file__).parent / "docs" / "guide.md").read_text(encoding="utf-8")
    for name in app.Settings.__dataclass_fields__:
        assert f"`HALOCLINE_{name.upper()}`" in guide
    for name, command in app.main.commands.items():
        assert f"`{name}`" in guide
        assert command.help, name
        for inner in command.commands.values() if isinstance(command, click.Group) else ():
            assert inner.help, f"{name} {inner.name}"
