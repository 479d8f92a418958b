"""Three real nodes, of which some are killed with signal 9 while the catalogue is searched and written."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from indexer.query import Page, Query, Sort, Text
from indexer.workspace import Workspace
from mappings.errors import IndexUnavailable
from search_ui.application import create_app
from search_ui.services import Services
from tests.indexer.samples import sample
from tests.peers.elasticsearch import TEST_PREFIX, Cluster, cluster

pytestmark = [pytest.mark.peer, pytest.mark.timeout(600)]
RECORDS = 200
PATIENCE = 90
"""Seconds within which the cluster has to be well again."""


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    with cluster(3) as running:
        yield running


@pytest.fixture
def workspace(nodes: Cluster, tmp_path: Path) -> Iterator[Workspace]:
    nodes.start()
    prefix = f"{TEST_PREFIX}{tmp_path.name.replace('_', '-').lower()[-40:].strip('-.')}"
    opened = Workspace(tmp_path, search_url=nodes.address(prefix, shards=2, replicas=1))
    opened.catalogue.ingest([sample(f"first {number}") for number in range(RECORDS)])
    assert opened.catalogue.drain() == RECORDS
    with nodes.client() as client:
        client.cluster.health(wait_for_status="green", timeout="60s")
    yield opened
    opened.close()


@dataclass
class Busy:
    """Searches and writes in threads of their own until it is told to stop."""

    workspace: Workspace
    answered: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)
    written: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def search(self) -> None:
        while not self.stop.wait(0.05):
            try:
                found = self.workspace.catalogue.search(Query(sort=Sort("title"), page=Page(size=5)))
            except IndexUnavailable as error:
                self.refused.append(str(error))
            except Exception as error:  # noqa: BLE001
                self.wrong.append(error)
            else:
                self.answered.append(time.monotonic())
                if found.total < RECORDS:
                    self.wrong.append(found.total)

    def write(self) -> None:
        while not self.stop.wait(0.05):
            try:
                self.workspace.catalogue.ingest([sample(f"later {self.written + n}") for n in range(10)])
                self.written += 10
                self.workspace.catalogue.drain()
            except Exception as error:  # noqa: BLE001
                self.wrong.append(error)
                return

    def __enter__(self) -> Busy:
        self._threads = [threading.Thread(target=work) for work in (self.search, self.write)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join()


def a_data_node(nodes: Cluster) -> str:
    """Not the master, and not the one that the client asks first."""
    return next(name for name in reversed(nodes.nodes) if name != nodes.master())


def the_master(nodes: Cluster) -> str:
    return nodes.master()


@pytest.mark.parametrize("victim", [a_data_node, the_master])
def test_one_of_three_nodes_dies(
    nodes: Cluster, workspace: Workspace, victim: Callable[[Cluster], str]
) -> None:
    with Busy(workspace) as busy:
        until(lambda: len(busy.answered) > 5 and busy.written > 20)
        nodes.kill(victim(nodes))
        killed, before = time.monotonic(), busy.written
        until(lambda: bool(busy.answered) and busy.answered[-1] > killed + 5)
        until(lambda: busy.written > before + 50 and workspace.catalogue.pending() < 50)
    assert busy.wrong == []
    gaps = [later - earlier for earlier, later in zip(busy.answered, busy.answered[1:], strict=False)]
    print(f"{len(busy.answered)} searches, {len(busy.refused)} refused, longest gap {max(gaps):.1f} s")  # noqa: T201
    until(lambda: workspace.catalogue.drain() is not None and workspace.catalogue.pending() == 0)
    status = workspace.catalogue.status()
    assert status.records == status.documents == RECORDS + busy.written
    everything = workspace.catalogue.search(Query(page=Page(size=0)))
    assert everything.total == status.records


def test_the_whole_cluster_dies_and_comes_back(nodes: Cluster, workspace: Workspace) -> None:
    portal = create_app(Services(workspace.catalogue, workspace.stewardship, "http://localhost", "key"))
    client = portal.test_client()
    (record,) = workspace.catalogue.search(Query(page=Page(size=1))).hits
    for name in tuple(nodes.nodes):
        nodes.kill(name)
    away = client.get("/search?lang=en")
    assert away.status_code == 503
    assert "The search index is away" in away.text
    assert client.get("/readyz").status_code == 503
    assert client.get(f"/records/{record.id}").status_code == 200
    workspace.catalogue.ingest([sample(f"m{number}", f"meanwhile {number}") for number in range(25)])
    assert workspace.catalogue.drain() == 0
    assert workspace.catalogue.pending() == 25
    nodes.start()

    def is_back() -> bool:
        workspace.catalogue.drain()
        return workspace.catalogue.pending() == 0

    until(is_back)
    status = workspace.catalogue.status()
    assert status.records == status.documents == RECORDS + 25
    assert client.get("/search?lang=en").status_code == 200
    assert workspace.catalogue.search(Query(Text("meanwhile"))).total == 25


def until(condition: Callable[[], bool]) -> None:
    """Wait for it. What is unavailable may become available."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(IndexUnavailable):
            if condition():
                return
        time.sleep(0.2)
    raise AssertionError("it took too long")
