"""The benchmark: ingest a folder of generated ISO documents through the pipeline, then search it, then serve it."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from crosswalks.writers import iso19115_2
from harvester.bench.generator import generate
from harvester.bench.measure import Latency, folder_mb, latency, machine, peak_memory_mb
from harvester.bench.questions import KINDS, questions
from harvester.bench.serving import measure_csw
from harvester.pipeline import RunReport, run
from harvester.source import SourceConfig
from indexer.workspace import Workspace
from mappings.errors import FatalError

SEARCHES = 400
WARM_UP = 20
PER_FOLDER = 1000

Tell = Callable[[str], None]


def bench(sizes: tuple[int, ...], folder: Path, tell: Tell, serve: Sequence[str]) -> dict[str, object]:
    """Measure at each size, tell how it goes, and give everything measured.

    ``serve`` is the command line that starts the web server on the catalogue; its port and data folder are added.
    Everything is written below ``folder`` and removed again but for the result.
    """
    folder.mkdir(parents=True, exist_ok=True)
    result: dict[str, object] = {"machine": machine(), "sizes": {}}
    figures: dict[str, object] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix=f"bench-{size}-", dir=folder) as scratch:
            figures[str(size)] = _measure(size, Path(scratch), tell, serve)
    result["sizes"] = figures
    target = folder / f"bench-{time.strftime('%Y%m%d-%H%M%S')}.json"
    target.write_text(json.dumps(result, indent=2), encoding="utf-8")
    tell(f"\nWritten to {target}")
    return result


def _measure(size: int, scratch: Path, tell: Tell, serve: Sequence[str]) -> dict[str, object]:
    tell(f"\n{size:,} records")
    documents = scratch / "documents"
    megabytes = write_documents(size, documents)
    tell(f"  generated {megabytes:,.0f} MB of ISO 19115-2 documents")
    workspace = Workspace(scratch / "data")
    figures: dict[str, object] = {"documents_mb": megabytes}
    try:
        report = _ingest(workspace, documents)
        figures["ingest"] = _ingest_figures(report, scratch / "data")
        tell(_line("ingest", figures["ingest"]))
        again = _ingest(workspace, documents)
        figures["unchanged_records_per_s"] = round(again.seen / again.seconds, 1)
        tell(f"  the same again, unchanged: {figures['unchanged_records_per_s']:,} records/s")
        figures["search_ms"] = {kind: asdict(found) for kind, found in _searches(workspace, tell)}
        figures["bench_peak_memory_mb"] = peak_memory_mb()
    finally:
        workspace.close()
    figures["csw"] = measure_csw(serve, scratch / "data")
    tell(_line("CSW over HTTP", figures["csw"]))
    return figures


def write_documents(size: int, folder: Path) -> float:
    """Write ``size`` generated records as ISO documents, a thousand to a folder. Gives their megabytes."""
    total = 0
    for number, record in enumerate(generate(size)):
        below = folder / f"{number // PER_FOLDER:04d}"
        if number % PER_FOLDER == 0:
            below.mkdir(parents=True)
        content = iso19115_2.write(record)
        (below / f"{number:07d}.xml").write_bytes(content)
        total += len(content)
    return round(total / 1e6, 1)


def _ingest(workspace: Workspace, documents: Path) -> RunReport:
    config = SourceConfig("bench", "folder", str(documents))
    report = run(config, workspace.catalogue, workspace.stewardship)
    if report.status != "succeeded":
        raise FatalError(f"the generated records could not be ingested: {report.message}")
    return report


def _ingest_figures(report: RunReport, data: Path) -> dict[str, object]:
    return {
        "records_per_s": round(report.created / report.seconds, 1),
        "seconds": round(report.seconds, 1),
        "database_mb": round(folder_mb(data) - folder_mb(data / "index"), 1),
        "index_mb": folder_mb(data / "index"),
        "peak_memory_mb": peak_memory_mb(),
    }


def _searches(workspace: Workspace, tell: Tell) -> Iterator[tuple[str, Latency]]:
    """Each kind of search, in process, through the catalogue: engine, then the page's records from SQL."""
    for kind in KINDS:
        latency(workspace.catalogue.search, questions(kind, WARM_UP, seed=3))
        found = latency(workspace.catalogue.search, questions(kind, SEARCHES))
        tell(f"  {kind:24} p50 {found.p50:7.2f} ms   p95 {found.p95:7.2f} ms   p99 {found.p99:7.2f} ms")
        yield kind, found


def _line(name: str, figures: object) -> str:
    return f"  {name}: {json.dumps(figures)}"
