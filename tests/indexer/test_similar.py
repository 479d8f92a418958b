"""Similar datasets: what is shared, the rarer the more; the same for the plain engine and tantivy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.engines import open_engine
from indexer.engines.base import Engine
from indexer.query import Condition, Query, check
from indexer.similar import _overlap, similar
from mappings.record import BoundingBox
from tests.contracts.engine_documents import document

FILLER = [
    document(f"other{number}", keywords={"keyword": ["ocean", f"own {number}"]}) for number in range(30)
]
SHARED = {
    "concept": ["sea_water_salinity", "salinity"],
    "keyword": ["ocean", "Argo"],
    "platform": ["Sonne"],
}
OWN = document("own", keywords=SHARED, boxes=[(170, 0, -170, 10)])
LIKE = [
    document("twin", keywords=SHARED, boxes=[(170, 0, -170, 10)]),
    document("far twin", keywords=SHARED, boxes=[(0, 50, 10, 60)]),
    document("same variable", keywords={"concept": ["sea_water_salinity", "salinity"]}),
    document("same keyword", keywords={"keyword": ["ocean", "Argo"]}),
    document("same ship", keywords={"platform": ["Sonne"], "keyword": ["ocean"]}),
]


def found(engine: Engine, documents: list[Document], own: Document, size: int = 5) -> tuple[str, ...]:
    engine.apply(documents)
    known = {one.id: one for one in documents}

    def search(query):  # type: ignore[no-untyped-def]
        check(query)
        return engine.search(query)

    def totals(conditions: Iterable[Condition]) -> Mapping[Condition, int]:
        return engine.search(Query(totals=tuple(conditions))).totals

    return similar(search, totals, lambda ids: {id: known[id] for id in ids}, own, size)


@pytest.fixture(params=["memory:", "tantivy:"], ids=["memory", "tantivy"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return open_engine(request.param, tmp_path)


def test_what_shares_most_comes_first(engine: Engine) -> None:
    assert found(engine, [*FILLER, OWN, *LIKE], OWN) == (
        "twin", "far twin", "same variable", "same keyword", "same ship",
    )  # fmt: skip
    assert found(engine, [*FILLER, OWN, *LIKE], OWN, 2) == ("twin", "far twin")


def test_common_values_are_not_looked_for_where_rare_ones_are_enough(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.similar.ENOUGH", 4)  # so many have the concept that comes first
    assert found(engine, [*FILLER, OWN, *LIKE], OWN) == ("twin", "far twin", "same variable")


def test_what_shares_nothing_rare_has_none(engine: Engine) -> None:
    assert found(engine, [*FILLER, OWN, *LIKE], FILLER[0]) == ()
    assert found(engine, [document("alone")], document("alone")) == ()


def test_overlap() -> None:
    box = BoundingBox(170, 0, -170, 10)
    assert _overlap(box, box) == 1
    assert _overlap(box, BoundingBox(-180, 0, -170, 10)) == pytest.approx(0.5)
    assert _overlap(BoundingBox(-180, 0, -170, 10), box) == pytest.approx(0.5)
    assert _overlap(box, BoundingBox(0, 0, 10, 10)) == 0
    assert _overlap(box, BoundingBox(170, 20, -170, 30)) == 0
    assert _overlap(BoundingBox(-180, -90, 180, 90), BoundingBox(-170, -90, 170, 90)) == pytest.approx(
        340 / 360
    )
    assert _overlap(BoundingBox(-170, -90, 170, 90), BoundingBox(160, -90, -160, 90)) == pytest.approx(
        20 / 360
    )
    assert _overlap(BoundingBox(1, 1, 1, 1), BoundingBox(1, 1, 2, 2)) == 0
