"""The crosswalk step: the same results, in the same order, by this process or by others."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from crosswalks.writers import iso19115_2
from harvester import crosswalking
from harvester.bench.generator import generate
from harvester.crosswalking import CHUNK, Crosswalking, Made
from harvester.source import Failure
from mappings.errors import FatalError
from mappings.record import RawRecord

RAWS = [RawRecord(r.file_identifier, "iso19115-2", iso19115_2.write(r)) for r in generate(3 * CHUNK + 7)]
BROKEN = RawRecord("broken", "iso19115-2", b"<gmi:MI_Metadata")


def through(step: Crosswalking, raws: list[RawRecord]) -> Iterator[Made]:
    for raw in raws:
        yield from step.put(raw)
    yield from step.rest()
    step.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes are asked from the second record on."""
    monkeypatch.setattr(crosswalking, "MANY", 2)


def shown(made: list[Made]) -> list[tuple[str, object]]:
    return [
        (raw.native_id, m.reason if isinstance(m, Failure) else (m.record.title, m.iso)) for raw, m in made
    ]


def test_other_processes_give_the_same_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    raws = [*RAWS[:40], BROKEN, *RAWS[40:]]
    alone = Crosswalking("bench")
    here = list(through(alone, raws))
    assert alone.pool is None
    monkeypatch.setattr(crosswalking, "MANY", 2)
    step = Crosswalking("bench")
    elsewhere = list(through(step, raws))
    assert step.pool is not None
    assert shown(elsewhere) == shown(here)
    assert [raw.native_id for raw, _ in elsewhere] == [raw.native_id for raw in raws]
    failures = [made for _, made in elsewhere if isinstance(made, Failure)]
    assert [(made.native_id, made.content) for made in failures] == [("broken", BROKEN.content)]


@pytest.mark.usefixtures("at_once")
def test_a_slow_endpoint_needs_no_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crosswalking, "QUICKLY", -1.0)
    step = Crosswalking("bench")
    assert len(list(through(step, RAWS))) == len(RAWS)
    assert step.pool is None


@pytest.mark.usefixtures("at_once")
def test_a_killed_process_ends_the_run_with_a_reason() -> None:
    step = Crosswalking("bench")
    for raw in RAWS[: CHUNK + 1]:
        list(step.put(raw))
    assert step.pool is not None
    step.under_way[0][1].result(timeout=60)  # the processes are up
    for pid in list(step.pool._processes):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(FatalError, match="was killed"):
        list(through(step, RAWS))
    step.close()
