"""The benchmark's parts: what it generates, asks and measures."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from harvester.bench.generator import generate
from harvester.bench.measure import folder_mb, latency, peak_memory_mb, warm_up
from harvester.bench.questions import SEARCHES, addresses, beginnings, questions
from harvester.bench.run import write_documents
from harvester.bench.search import Effort, EngineUnderTest, bench_search
from harvester.bench.serving import bodies
from indexer.query import And, Condition, Everything, Text, check
from search_ui.parameters import decode
from tests.conftest import PROJECT

SERVE = (sys.executable, str(PROJECT / "app.py"), "serve")


def test_the_same_seed_gives_the_same_records() -> None:
    assert list(generate(20, seed=5)) == list(generate(20, seed=5))
    assert list(generate(20, seed=5)) != list(generate(20, seed=6))


def test_records_may_be_made_in_parts() -> None:
    assert [*generate(7), *generate(5, first=7)] == list(generate(12))


def test_records_are_varied() -> None:
    records = list(generate(400))
    boxes = [record.extent.boxes[0] for record in records]
    assert len({record.file_identifier for record in records}) == 400
    assert {record.language for record in records} == {"zho", "eng"}
    assert any(box.crosses_antimeridian for box in boxes)
    assert any(record.extent.periods[0].end is None for record in records)
    assert 0 < sum(record.access_level == "restricted" for record in records) < 100


@pytest.mark.parametrize("kind", SEARCHES)
def test_every_question_may_be_asked(kind: str) -> None:
    asked = list(questions(kind, 50))
    assert len(asked) == 50
    for query in asked:
        check(query)
        assert bool(query.facets) == ("facets" in kind)


@pytest.mark.parametrize("kind", SEARCHES)
def test_the_portal_is_asked_the_same(kind: str) -> None:
    for query, address in zip(questions(kind, 50), addresses(kind, 50), strict=True):
        state = decode(MultiDict(parse_qsl(urlsplit(address).query)))
        words = [part for part in _parts(query.where) if isinstance(part, Text)]
        others = [part for part in _parts(query.where) if part not in words]
        assert others == list(_parts(replace(state, q=None).where()))
        assert [state.q] == [part.words for part in words] or not words


def _parts(where: Condition) -> tuple[Condition, ...]:
    match where:
        case And(parts):
            return parts
        case Everything():
            return ()
        case _:
            return (where,)


def test_searches_are_measured_and_the_collection_is_kept(tmp_path: Path) -> None:
    told: list[str] = []
    effort = Effort(searches=3, over_http=3, warm_up_part=1, warm_up_most=4, cold_starts=1)
    engines = [EngineUnderTest("tantivy", None)]
    for _ in range(2):
        figures = bench_search([150], tmp_path, engines, told.append, SERVE, effort)
    found = figures["sizes"]["150"]["tantivy"]  # type: ignore[index]
    assert found["rebuild"]["records_per_s"] > 0
    assert len(found["cold_ms"]) == 1
    for measured in (found["in_process"], found["http"]):
        assert {kind: measured[kind]["calls"] for kind in SEARCHES} == dict.fromkeys(SEARCHES, 3)
        assert all(3 <= measured[kind]["asked_before"] <= 4 for kind in SEARCHES)
    assert sum("made in" in line for line in told) == 1
    assert len(list(tmp_path.glob("search-*.json"))) >= 1


def test_percentiles_are_of_the_nearest_rank() -> None:
    clock = iter(range(1000))
    measured = latency(lambda _: next(clock), range(100))
    assert measured.calls == 100
    assert 0 <= measured.p50 <= measured.p95 <= measured.p99
    assert next(clock) == 100


@pytest.mark.parametrize(
    ("seconds", "asked"),
    [
        ([1, 1, 1, 1], 3),
        ([9, 5, 1, 1, 1, 1], 5),
        ([9, 8.9, 5, 5.2, 4.9, 1], 5),
        ([9, 8.9, 5, 5.2, 4.5, 4.5, 4.5, 1], 7),
        ([9, 8, 7, 6], 4),
        ([], 0),
    ],
)
def test_warming_up_ends_where_two_parts_are_no_faster_or_the_questions_end(
    monkeypatch: pytest.MonkeyPatch, seconds: list[float], asked: int
) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])

    def works(takes: float) -> None:
        clock[0] += takes

    assert warm_up(works, seconds, 1) == asked
    assert warm_up(works, [each for each in seconds for _ in range(10)], 10) == 10 * asked


def test_documents_are_written_by_the_thousand(tmp_path: Path) -> None:
    megabytes = write_documents(30, tmp_path / "documents")
    assert len(list((tmp_path / "documents" / "0000").glob("*.xml"))) == 30
    assert megabytes == pytest.approx(folder_mb(tmp_path), abs=0.2)


def test_requests_differ() -> None:
    assert len(set(bodies(20, seed=1))) == 20
    assert len(set(beginnings(20, seed=1))) > 10


def test_memory_is_told_in_megabytes() -> None:
    assert 10 < peak_memory_mb() < 10_000
