"""``bench search``: the same records and questions for the embedded engine and for Elasticsearch, in process and over
HTTP.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from harvester.bench.collection import DATABASE, collection
from harvester.bench.measure import latency, machine, peak_memory_mb, process_memory_mb, warm_up
from harvester.bench.questions import SEARCHES, addresses, beginnings, questions
from harvester.bench.serving import Server
from indexer.workspace import Workspace

Tell = Callable[[str], None]
T = TypeVar("T")
WARM_UP_SEED = 3


@dataclass(frozen=True, slots=True)
class Effort:
    """How many questions of each kind are measured, in process and over HTTP, and how many processes ask their first.
    Before that each kind is warmed up by others: in parts of ``warm_up_part``, ``warm_up_most`` together at most.
    """

    searches: int = 400
    over_http: int = 200
    warm_up_part: int = 200
    warm_up_most: int = 2000
    cold_starts: int = 5

    def measured(
        self, call: Callable[[T], object], count: int, ask: Callable[..., Iterable[T]]
    ) -> dict[str, object]:
        """Latencies of ``count`` questions, and how many others were asked before. ``ask`` makes as many as it is told,
        others for another seed.
        """
        asked_before = warm_up(call, ask(self.warm_up_most, seed=WARM_UP_SEED), self.warm_up_part)
        return {"asked_before": asked_before, **asdict(latency(call, ask(count)))}


@dataclass(frozen=True, slots=True)
class EngineUnderTest:
    """``search_url`` is what ``HALOCLINE_SEARCH_URL`` would say; None for tantivy."""

    name: str
    search_url: str | None

    def workspace(self, folder: Path) -> Workspace:
        """The collection in ``folder``, searched by this engine."""
        return Workspace(folder, f"sqlite:///{(folder / DATABASE).resolve()}", self.search_url)


def bench_search(
    sizes: Sequence[int],
    folder: Path,
    engines: Sequence[EngineUnderTest],
    tell: Tell,
    serve: Sequence[str],
    effort: Effort = Effort(),
) -> dict[str, object]:
    """Measure each engine at each size, tell how it goes, and give everything measured.

    The collections are kept below ``folder`` for the next time. ``serve`` is the command line of the web server.
    """
    figures: dict[str, object] = {}
    for size in sizes:
        place = folder / f"search-{size}"
        tell(f"\n{size:,} records")
        start = time.perf_counter()
        if collection(size, place, lambda _: None):
            tell(f"  made in {time.perf_counter() - start:,.0f} s")
        figures[str(size)] = {engine.name: _measure(engine, place, tell, serve, effort) for engine in engines}
    result: dict[str, object] = {"machine": machine(), "sizes": figures}
    target = folder / f"search-{time.strftime('%Y%m%d-%H%M%S')}.json"
    target.write_text(json.dumps(result, indent=2), encoding="utf-8")
    tell(f"\nWritten to {target}")
    return result


def _measure(
    engine: EngineUnderTest, folder: Path, tell: Tell, serve: Sequence[str], effort: Effort
) -> dict[str, object]:
    """Each in a process of its own, so that memory is that of the one thing measured."""
    tell(f" {engine.name}")
    figures: dict[str, object] = {"rebuild": _apart(_rebuild, engine, folder)}
    tell(f"  rebuild: {json.dumps(figures['rebuild'])}")
    figures["cold_ms"] = [_apart(_cold, engine, folder) for _ in range(effort.cold_starts)]
    tell(f"  match-all+6 facets, asked first by a new process: {figures['cold_ms']} ms")
    in_process: dict[str, object] = _apart(_searches, engine, folder, effort)
    figures["in_process"] = in_process
    _tell_all(in_process, tell)
    figures["http"] = over_http = _over_http(engine, folder, serve, effort)
    tell("  over HTTP, /search.json and /suggest.json")
    _tell_all(over_http, tell)
    return figures


def _apart(measure: Callable[..., T], *arguments: object) -> T:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def _rebuild(engine: EngineUnderTest, folder: Path) -> dict[str, object]:
    workspace = engine.workspace(folder)
    try:
        start = time.perf_counter()
        count = workspace.catalogue.rebuild()
        seconds = time.perf_counter() - start
        status = workspace.catalogue.status()
    finally:
        workspace.close()
    return {
        "seconds": round(seconds, 1),
        "records_per_s": round(count / seconds),
        "index_mb": None if status.index_size is None else round(status.index_size / 1e6, 1),
        "peak_memory_mb": peak_memory_mb(),
    }


def _cold(engine: EngineUnderTest, folder: Path) -> float:
    """Milliseconds of the first question to a process that has opened the index, and asked nothing yet."""
    workspace = engine.workspace(folder)
    try:
        workspace.catalogue.status()
        return latency(workspace.catalogue.search, questions("match-all+6 facets", 1)).p50
    finally:
        workspace.close()


def _searches(engine: EngineUnderTest, folder: Path, effort: Effort) -> dict[str, object]:
    workspace = engine.workspace(folder)
    try:
        found: dict[str, object] = {
            kind: effort.measured(workspace.catalogue.search, effort.searches, partial(questions, kind))
            for kind in SEARCHES
        }
    finally:
        workspace.close()
    return {**found, "peak_memory_mb": peak_memory_mb()}


def _over_http(
    engine: EngineUnderTest, folder: Path, serve: Sequence[str], effort: Effort
) -> dict[str, object]:
    with Server(serve, folder, engine.search_url) as server:
        found: dict[str, object] = {
            kind: effort.measured(server.get, effort.over_http, partial(addresses, kind)) for kind in SEARCHES
        }
        found["autocomplete"] = effort.measured(server.get, effort.over_http, beginnings)
        found["web_process_memory_mb"] = process_memory_mb(server.pid)
    return found


def _tell_all(found: dict[str, object], tell: Tell) -> None:
    for kind, figures in found.items():
        if isinstance(figures, dict) and "p50" in figures:
            tell(
                f"  {kind:28} p50 {figures['p50']:8.2f}   p95 {figures['p95']:8.2f}   p99 {figures['p99']:8.2f} ms"
                f"   after {figures['asked_before']:5,} others"
            )
        else:
            tell(f"  {kind:28} {figures}")
