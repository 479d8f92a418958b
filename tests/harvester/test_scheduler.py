"""The scheduler in real threads and on real SQL, with short times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harvester.scheduler import LEASE, Scheduler, Timing
from indexer.engines.memory import MemoryEngine
from indexer.query import Query
from indexer.stewardship import Run, StoredSource
from indexer.workspace import Workspace
from mappings.errors import IndexUnavailable
from tests.harvester.erddap_server import Erddap
from tests.harvester.servers import Asked, Send, serving
from tests.harvester.test_pipeline import ISO, LOOPBACK

QUICK = Timing(lease=1.5, look=0.2, drain=0.2)


@contextmanager
def running(workspace: Workspace, owner: str = "one") -> Iterator[Scheduler]:
    scheduler = Scheduler(workspace.catalogue, workspace.stewardship, timing=QUICK, owner=owner)
    scheduler.start()
    try:
        yield scheduler
    finally:
        assert scheduler.stop()


def eventually(true: Callable[[], object], seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def source(workspace: Workspace, folder: Path, name: str = "lab", **more: object) -> StoredSource:
    place = folder / name
    place.mkdir()
    (place / "a.xml").write_text(ISO.format(id=f"{name}-a", title="Sea"), encoding="utf-8")
    made = StoredSource(name, "folder", str(place), **{"schedule": "every 1h", **more})  # type: ignore[arg-type]
    workspace.stewardship.add_source(made)
    return made


def finished(workspace: Workspace, name: str = "lab") -> list[Run]:
    return [row for row in workspace.stewardship.runs(name) if row.finished]


def test_a_source_that_was_never_harvested_is_due_at_once_and_then_waits(
    workspace: Workspace, tmp_path: Path
) -> None:
    source(workspace, tmp_path)
    with running(workspace):
        eventually(lambda: finished(workspace))
        assert workspace.catalogue.search(Query()).total == 1
        time.sleep(0.6)
        assert len(finished(workspace)) == 1
    with running(workspace):  # started again: the hour is not over
        time.sleep(0.6)
        assert len(finished(workspace)) == 1


@pytest.mark.parametrize("more", [{"schedule": None}, {"enabled": False}, {"schedule": "now and then"}])
def test_what_has_no_schedule_or_is_disabled_is_left_alone(
    workspace: Workspace, tmp_path: Path, more: dict[str, object]
) -> None:
    source(workspace, tmp_path, "idle", **more)
    source(workspace, tmp_path, "busy")
    with running(workspace):
        eventually(lambda: finished(workspace, "busy"))
        time.sleep(0.3)
    assert finished(workspace, "idle") == []


def test_changes_are_noticed_without_a_restart(workspace: Workspace, tmp_path: Path) -> None:
    with running(workspace) as scheduler:
        eventually(lambda: scheduler.is_leader)
        source(workspace, tmp_path)
        eventually(lambda: finished(workspace))
        workspace.stewardship.set_enabled("lab", False)
        eventually(lambda: scheduler._jobs.get_job("lab") is None)
        workspace.stewardship.set_enabled("lab", True)
        eventually(lambda: scheduler._jobs.get_job("lab") is not None)
        workspace.stewardship.remove_source("lab")
        eventually(lambda: scheduler._jobs.get_job("lab") is None)


def test_one_process_leads_and_another_takes_over_when_it_stops(workspace: Workspace, tmp_path: Path) -> None:
    with running(workspace, "one") as first:
        eventually(lambda: first.is_leader)
        with running(workspace, "two") as second:
            time.sleep(2 * QUICK.lease)  # the lease is renewed
            assert (first.is_leader, second.is_leader) == (True, False)
            first.stop()
            eventually(lambda: second.is_leader)
            source(workspace, tmp_path)
            eventually(lambda: finished(workspace))
            assert len(finished(workspace)) == 1


def test_another_process_takes_over_when_the_leader_dies(workspace: Workspace) -> None:
    assert workspace.stewardship.acquire_lease(LEASE, "a process that was killed", QUICK.lease)
    with running(workspace) as scheduler:
        time.sleep(0.5)
        assert not scheduler.is_leader
        eventually(lambda: scheduler.is_leader, 3 * QUICK.lease)


def test_runs_follow_one_another(workspace: Workspace) -> None:
    under_way, most = [0], [0]

    class Slow(Erddap):
        def __call__(self, asked: Asked, send: Send) -> None:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            time.sleep(0.1)
            super().__call__(asked, send)
            under_way[0] -= 1

    with serving(Slow(["a", "b"])) as one, serving(Slow(["c", "d"])) as two:
        for name, site in (("one", one), ("two", two)):
            stored = StoredSource(name, "erddap", site.root + "/erddap", "every 1h", LOOPBACK)
            workspace.stewardship.add_source(stored)
        with running(workspace):
            eventually(lambda: finished(workspace, "one") and finished(workspace, "two"))
    assert most == [1]
    assert workspace.catalogue.count() == 4


def test_it_stops_within_seconds_though_a_server_is_silent(workspace: Workspace) -> None:
    class Silent(Erddap):
        def __call__(self, asked: Asked, send: Send) -> None:
            if asked.path.endswith("/info/b/index.json"):
                time.sleep(20)
            super().__call__(asked, send)

    with serving(Silent(["a", "b"])) as site:
        stored = StoredSource("silent", "erddap", site.root + "/erddap", "every 1h", LOOPBACK)
        workspace.stewardship.add_source(stored)
        with running(workspace):
            eventually(lambda: "/erddap/info/b/index.json" in site.paths())
            started = time.monotonic()
        assert time.monotonic() - started < 3
    (row,) = workspace.stewardship.runs("silent")
    assert (row.status, row.message, row.counts.created) == ("failed", "interrupted", 1)


def test_a_stopped_scheduler_gives_the_lease_back(workspace: Workspace) -> None:
    with running(workspace) as scheduler:
        eventually(lambda: scheduler.is_leader)
    assert workspace.stewardship.acquire_lease(LEASE, "two", 1)


def test_what_waits_for_the_index_is_drained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away(MemoryEngine):
        is_away = True

        def apply(self, changes: object) -> None:
            if self.is_away:
                raise IndexUnavailable("another process is writing to the index")
            super().apply(changes)  # type: ignore[arg-type]

    engine = Away()
    monkeypatch.setattr("indexer.workspace.open_engine", lambda url, folder: engine)
    workspace = Workspace(tmp_path / "var")
    source(workspace, tmp_path)
    with running(workspace):
        eventually(lambda: finished(workspace))
        assert workspace.catalogue.pending() == 1
        engine.is_away = False
        eventually(lambda: workspace.catalogue.pending() == 0)
    assert workspace.catalogue.search(Query()).total == 1
