"""Clocks and gauges: latencies as percentiles, memory of a process, size of a folder."""

from __future__ import annotations

import math
import os
import platform
import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
STILL = 2
FASTER = 0.97


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of repeated calls (nearest-rank percentiles)."""

    calls: int
    p50: float
    p95: float
    p99: float


def latency(call: Callable[[T], object], questions: Iterable[T]) -> Latency:
    """Time ``call`` once for each question."""
    times = []
    for question in questions:
        start = time.perf_counter()
        call(question)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return Latency(len(times), *(round(_percentile(times, share), 2) for share in (0.50, 0.95, 0.99)))


def warm_up(call: Callable[[T], object], questions: Iterable[T], part: int) -> int:
    """Ask the questions in parts until the times stand still, or the questions end; give how many were asked.

    A server in Java compiles itself while it works, and gets faster over thousands of questions. Times stand still when
    no median of the last ``STILL`` parts was below ``FASTER`` of the lowest before it.
    """
    ahead = iter(questions)
    best, still, asked = math.inf, 0, 0
    while still < STILL and (now := list(islice(ahead, part))):
        median = latency(call, now).p50
        asked += len(now)
        still = 0 if median < FASTER * best else still + 1
        best = min(best, median)
    return asked


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def peak_memory_mb() -> float:
    """The most memory this process has held at once (resident set, MB)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def process_memory_mb(pid: int) -> dict[str, float] | None:
    """Resident memory of another process in MB: ``now``, ``peak`` and ``private`` (without mapped files).

    None where the system has no /proc.
    """
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return None
    wanted = {"VmRSS:": "now", "VmHWM:": "peak", "RssAnon:": "private"}
    lines = (line.split() for line in status.read_text().splitlines())
    return {wanted[words[0]]: round(int(words[1]) / 1024, 1) for words in lines if words[0] in wanted}


def folder_mb(folder: Path) -> float:
    """The size of all files below a folder, MB."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1)


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }
