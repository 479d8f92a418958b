"""docs/operations.md, done: a running catalogue moves to Elasticsearch by one setting, and answers as before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner

import app
from harvester import demo
from indexer.query import (
    And,
    Condition,
    DepthRange,
    During,
    Everything,
    FacetRequest,
    Like,
    Page,
    Query,
    Sort,
    Spatial,
    Terms,
    Text,
)
from indexer.workspace import Workspace
from mappings.fields import load_fields
from mappings.record import BoundingBox
from tests.end_to_end.support import harvest
from tests.peers.elasticsearch import TEST_PREFIX

pytestmark = pytest.mark.peer
FIRST = 10
ALIKE = 0.8
"""The share of the first hits by relevance that two engines must have in common."""
QUESTIONS: tuple[Condition, ...] = (
    Everything(),
    Text("temperature"),
    Text("海水温度"),
    Text("CTD profiles"),
    Like("anytext", "*salin*"),
    Spatial("intersects", BoundingBox(170, -20, -160, 20)),
    Spatial("within", BoundingBox(117, 23, 131, 41)),
    Spatial("contains", BoundingBox(123, 30, 124, 31)),
    And((Text("temperature"), During("2010", "2015"), DepthRange(0, 100))),
    Terms("access", ("restricted",)),
)


def test_one_setting_moves_a_catalogue_to_elasticsearch(
    workspaces: Callable[[str], Workspace], elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workspaces("before")
    with demo.start() as running:
        for source in running.endpoints:
            harvest(before, source)
    search_url = f"{elasticsearch_url}/{TEST_PREFIX}moved"
    monkeypatch.setenv("HALOCLINE_DATA_DIR", str(before.data_dir))
    monkeypatch.setenv("HALOCLINE_SEARCH_URL", search_url)
    moved = CliRunner().invoke(app.main, ["index", "rebuild"], catch_exceptions=False)
    assert moved.exit_code == 0, moved.output
    after = Workspace(before.data_dir, search_url=search_url)
    try:
        assert after.catalogue.status().documents == before.catalogue.count() > 50
        for where in QUESTIONS:
            assert_answered_alike(before, after, where)
    finally:
        after.close()


def assert_answered_alike(before: Workspace, after: Workspace, where: Condition) -> None:
    """Same hits in the same order of title, same total and facets; by relevance nearly the same come first."""
    facets = tuple(FacetRequest(field.name, 50) for field in load_fields().facets)
    query = Query(where, Sort("title"), facets, Page(size=1000))
    one, other = before.catalogue.search(query), after.catalogue.search(query)
    assert one.total > 0
    assert one == other
    ranked = Query(where, page=Page(size=FIRST))
    best, others = (
        {hit.record.file_identifier for hit in workspace.catalogue.search(ranked).hits}
        for workspace in (before, after)
    )
    assert len(best & others) >= ALIKE * len(best)
