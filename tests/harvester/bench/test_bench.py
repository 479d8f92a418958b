"""The benchmark's parts: what it generates, asks and measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.bench.generator import generate
from harvester.bench.measure import folder_mb, latency, peak_memory_mb
from harvester.bench.questions import KINDS, questions
from harvester.bench.run import write_documents
from harvester.bench.serving import bodies
from indexer.query import check


def test_the_same_seed_gives_the_same_records() -> None:
    assert list(generate(20, seed=5)) == list(generate(20, seed=5))
    assert list(generate(20, seed=5)) != list(generate(20, seed=6))


def test_records_are_varied() -> None:
    records = list(generate(400))
    boxes = [record.extent.boxes[0] for record in records]
    assert len({record.file_identifier for record in records}) == 400
    assert {record.language for record in records} == {"zho", "eng"}
    assert any(box.crosses_antimeridian for box in boxes)
    assert any(record.extent.periods[0].end is None for record in records)
    assert 0 < sum(record.access_level == "restricted" for record in records) < 100


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_may_be_asked(kind: str) -> None:
    asked = list(questions(kind, 50))
    assert len(asked) == 50
    for query in asked:
        check(query)
        assert bool(query.facets) == ("facets" in kind)


def test_percentiles_are_of_the_nearest_rank() -> None:
    clock = iter(range(1000))
    measured = latency(lambda _: next(clock), range(100))
    assert measured.calls == 100
    assert 0 <= measured.p50 <= measured.p95 <= measured.p99
    assert next(clock) == 100


def test_documents_are_written_by_the_thousand(tmp_path: Path) -> None:
    megabytes = write_documents(30, tmp_path / "documents")
    assert len(list((tmp_path / "documents" / "0000").glob("*.xml"))) == 30
    assert megabytes == pytest.approx(folder_mb(tmp_path), abs=0.2)


def test_requests_differ() -> None:
    assert len(set(bodies(20, seed=1))) == 20


def test_memory_is_told_in_megabytes() -> None:
    assert 10 < peak_memory_mb() < 10_000
