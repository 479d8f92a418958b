"""Sources, runs, leases and the quarantine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import update

from indexer.runs import INTERRUPTED, SILENCE, RunCounts, is_dead, this_process
from indexer.stewardship import Run, Stewardship, StoredSource
from indexer.store import Store, tables
from mappings.errors import ConfigurationError, NotFound
from tests.conftest import PROJECT

ERDDAP = StoredSource(
    "coastwatch",
    "erddap",
    "https://coastwatch.example.org/erddap",
    "every 6h",
    {"requests_per_second": "2", "search": "温度"},
)


@pytest.fixture
def stewardship(store: Store) -> Stewardship:
    return Stewardship(store)


class TestSources:
    def test_a_source_comes_back_as_it_was_added(self, stewardship: Stewardship) -> None:
        stewardship.add_source(ERDDAP)
        plain = StoredSource("a.b_c-1", "folder", "file:///data", enabled=False)
        stewardship.add_source(plain)
        assert stewardship.source("coastwatch") == ERDDAP
        assert stewardship.sources() == (plain, ERDDAP)

    def test_a_name_is_given_once(self, stewardship: Stewardship) -> None:
        stewardship.add_source(ERDDAP)
        with pytest.raises(ConfigurationError, match="already"):
            stewardship.add_source(replace(ERDDAP, url="https://other.example.org/"))
        assert stewardship.source("coastwatch") == ERDDAP

    @pytest.mark.parametrize("name", ["", "a b", "../up", ".hidden", "a/b", "海", "x" * 65, "a\n"])
    def test_a_name_must_do_everywhere(self, stewardship: Stewardship, name: str) -> None:
        with pytest.raises(ConfigurationError, match="name"):
            stewardship.add_source(replace(ERDDAP, name=name))

    def test_a_source_is_switched_off_and_changed(self, stewardship: Stewardship) -> None:
        stewardship.add_source(ERDDAP)
        stewardship.set_enabled("coastwatch", False)
        assert stewardship.source("coastwatch") == replace(ERDDAP, enabled=False)
        stewardship.replace_source(replace(ERDDAP, options={}))
        assert stewardship.source("coastwatch").options == {}

    def test_a_removed_source_takes_its_quarantine_along(self, stewardship: Stewardship) -> None:
        stewardship.add_source(ERDDAP)
        stewardship.quarantine("coastwatch", "a", "cut off")
        stewardship.quarantine("other", "a", "cut off")
        run = stewardship.begin_run("coastwatch")
        stewardship.remove_source("coastwatch")
        assert stewardship.sources() == ()
        assert [item.source for item in stewardship.quarantined()] == ["other"]
        assert stewardship.run(run).source == "coastwatch"

    def test_an_unknown_source_is_not_found(self, stewardship: Stewardship) -> None:
        with pytest.raises(NotFound, match="'nothing'"):
            stewardship.source("nothing")
        with pytest.raises(NotFound):
            stewardship.remove_source("nothing")
        with pytest.raises(NotFound):
            stewardship.set_enabled("nothing", True)


class TestRuns:
    def test_a_run_from_its_beginning_to_its_end(self, stewardship: Stewardship) -> None:
        number = stewardship.begin_run("coastwatch")
        run = stewardship.run(number)
        assert (run.status, run.finished, run.counts) == ("running", None, RunCounts())
        stewardship.report_run(number, RunCounts(seen=10, created=4))
        assert stewardship.run(number).counts == RunCounts(seen=10, created=4)
        counts = RunCounts(20, 4, 3, 2, 1, 5)
        stewardship.finish_run(number, "partial", counts, "5 records are in quarantine")
        run = stewardship.run(number)
        assert (run.status, run.counts, run.message) == ("partial", counts, "5 records are in quarantine")
        assert run.finished is not None
        assert run.started <= run.finished

    def test_runs_are_listed_newest_first(self, stewardship: Stewardship) -> None:
        numbers = [stewardship.begin_run(name) for name in ("a", "b", "a", "a")]
        assert [run.id for run in stewardship.runs()] == numbers[::-1]
        assert [run.id for run in stewardship.runs("a", limit=2)] == [numbers[3], numbers[2]]
        assert {name: run.id for name, run in stewardship.latest_runs().items()} == {
            "a": numbers[3],
            "b": numbers[1],
        }

    def test_an_unknown_run_is_not_found(self, stewardship: Stewardship) -> None:
        for call in (
            lambda: stewardship.run(7),
            lambda: stewardship.report_run(7, RunCounts()),
            lambda: stewardship.finish_run(7, "failed", RunCounts()),
        ):
            with pytest.raises(NotFound, match="7"):
                call()

    def test_a_run_of_a_killed_process_has_failed(self, stewardship: Stewardship, database_url: str) -> None:
        script = (
            "import sys, os, signal; from indexer.store import open_store;"
            "open_store(sys.argv[1]).runs.begin('coastwatch'); os.kill(os.getpid(), signal.SIGKILL)"
        )
        done = subprocess.run([sys.executable, "-c", script, database_url], cwd=PROJECT, check=False)
        assert done.returncode == -9
        mine = stewardship.begin_run("other")
        [run] = stewardship.runs("coastwatch")
        assert (run.status, run.message) == ("failed", INTERRUPTED)
        assert run.finished == run.heard
        assert stewardship.run(mine).status == "running"

    def test_a_run_of_an_earlier_process_with_this_pid_is_dead(self) -> None:
        run = _run(this_process())
        assert not is_dead(run, int(time.time()))
        assert is_dead(replace(run, owner=run.owner + "x"), int(time.time()))
        parent = run.owner.replace(f":{os.getpid()}:", f":{os.getppid()}:")
        assert not is_dead(replace(run, owner=parent), int(time.time()))

    def test_a_run_elsewhere_is_dead_after_long_silence(self) -> None:
        run = _run("other.example.org:1:abcd")
        heard = 1_767_312_000  # 2026-01-02T00:00:00Z
        assert not is_dead(run, heard + SILENCE)
        assert is_dead(run, heard + SILENCE + 1)

    def test_a_run_elsewhere_that_speaks_again_ends_as_it_says(
        self, stewardship: Stewardship, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = stewardship.begin_run("a")
        with store.database.write() as connection:
            connection.execute(
                update(tables.runs).values(owner="elsewhere:1:abcd", heard="2020-01-01T00:00:00Z")
            )
        assert stewardship.run(number).status == "failed"
        stewardship.finish_run(number, "succeeded", RunCounts(seen=1))
        assert stewardship.run(number).status == "succeeded"
        assert stewardship.run(number).message is None


def _run(owner: str) -> Run:
    instant = "2026-01-02T00:00:00Z"
    return Run(1, "a", "running", instant, instant, None, RunCounts(), None, owner)


LEASES = """
import sys
from indexer.stewardship import Stewardship
from indexer.store import open_store
url, owner, path = sys.argv[1:]
stewardship = Stewardship(open_store(url))
for turn in range(40):
    while not stewardship.acquire_lease("file", owner, 60):
        pass
    with open(path, "r+") as file:
        number = int(file.read())
        file.seek(0)
        file.write(str(number + 1))
    assert stewardship.release_lease("file", owner)
"""


class TestLeases:
    def test_a_lease_has_one_owner(self, stewardship: Stewardship) -> None:
        assert stewardship.acquire_lease("scheduler", "me", 60)
        assert not stewardship.acquire_lease("scheduler", "you", 60)
        assert stewardship.acquire_lease("scheduler", "me", 60)
        assert stewardship.acquire_lease("another", "you", 60)
        assert not stewardship.release_lease("scheduler", "you")
        assert stewardship.release_lease("scheduler", "me")
        assert stewardship.acquire_lease("scheduler", "you", 60)

    def test_a_lease_expires(self, stewardship: Stewardship) -> None:
        assert stewardship.acquire_lease("scheduler", "me", 0.05)
        time.sleep(0.1)
        assert not stewardship.renew_lease("scheduler", "me", 60)
        assert stewardship.acquire_lease("scheduler", "you", 60)
        assert not stewardship.renew_lease("scheduler", "me", 60)

    def test_a_renewed_lease_lasts(self, stewardship: Stewardship) -> None:
        assert stewardship.acquire_lease("scheduler", "me", 0.3)
        assert stewardship.renew_lease("scheduler", "me", 60)
        time.sleep(0.4)
        assert not stewardship.acquire_lease("scheduler", "you", 60)

    def test_of_many_threads_one_gets_it(self, stewardship: Stewardship) -> None:
        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(lambda number: stewardship.acquire_lease("x", str(number), 60), range(16)))
        assert got.count(True) == 1

    def test_two_processes_never_hold_it_together(
        self, store: Store, database_url: str, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        path = tmp_path_factory.mktemp("shared") / "number"
        path.write_text("0")
        arguments = [sys.executable, "-c", LEASES, database_url]
        both = [subprocess.Popen([*arguments, owner, str(path)], cwd=PROJECT) for owner in ("one", "two")]
        assert [process.wait(timeout=120) for process in both] == [0, 0]
        assert path.read_text() == "80"


class TestQuarantine:
    def test_a_failed_record_is_kept_with_its_bytes(self, stewardship: Stewardship) -> None:
        run = stewardship.begin_run("csw")
        stewardship.quarantine(
            "csw",
            "record-1",
            "an entity is declared",
            run=run,
            format="iso19139",
            location="https://csw.example.org/?id=record-1",
            place="line 2",
            content=b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
            attachments=(("dds", b"\x00\xff"),),
        )
        [about] = stewardship.quarantined("csw")
        assert (about.reason, about.place, about.run, about.size) == (
            "an entity is declared",
            "line 2",
            run,
            30,
        )
        item = stewardship.quarantined_item(about.id)
        assert item.about == about
        assert item.content == b"<!DOCTYPE x [<!ENTITY a 'b'>]>"
        assert item.attachments == (("dds", b"\x00\xff"),)

    def test_a_newer_failure_takes_the_row(self, stewardship: Stewardship) -> None:
        stewardship.quarantine("csw", "a", "cut off", place="line 2", content=b"<a", format="iso19139")
        [first] = stewardship.quarantined()
        stewardship.quarantine("csw", "a", "no title", content=b"<a/>")
        [second] = stewardship.quarantined()
        assert (second.id, second.reason, second.place, second.format) == (first.id, "no title", None, None)
        assert second.first == first.first <= second.last
        assert stewardship.quarantined_item(second.id).content == b"<a/>"

    def test_the_listing_is_by_source_and_in_pages(self, stewardship: Stewardship) -> None:
        for number in range(5):
            stewardship.quarantine("a", str(number), "cut off")
        stewardship.quarantine("b", "0", "cut off")
        assert stewardship.quarantined_count() == 6
        assert stewardship.quarantined_count("a") == 5
        assert [item.native_id for item in stewardship.quarantined("a", limit=2, offset=1)] == ["3", "2"]
        assert [item.native_id for item in stewardship.quarantined("a", offset=3)] == ["1", "0"]

    def test_records_are_released(self, stewardship: Stewardship) -> None:
        for native_id in "abc":
            stewardship.quarantine("csw", native_id, "cut off")
        assert stewardship.release("csw", ["a", "b", "unknown"]) == 2
        assert stewardship.release("other", ["c"]) == 0
        assert [item.native_id for item in stewardship.quarantined()] == ["c"]

    def test_an_unknown_number_is_not_found(self, stewardship: Stewardship) -> None:
        with pytest.raises(NotFound, match="number 9"):
            stewardship.quarantined_item(9)
