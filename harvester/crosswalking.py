"""The crosswalk step of a run: from raw records to what the catalogue takes, or to why it cannot be had.

It is the step that costs most, and needs nothing but the bytes. A run that has many records to crosswalk, and gets
them fast, has it done by other processes, so that fetching, storing and indexing go on meanwhile; a small or a slow
one does it itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace

from crosswalks.definitions import crosswalk_for
from crosswalks.writers import iso19115_2
from harvester.source import Failure
from indexer.stored import Ingest
from mappings.errors import FatalError, RecordError
from mappings.record import Provenance, RawRecord
from mappings.times import from_seconds

log = logging.getLogger(__name__)

MANY = 300
"""Records crosswalked by the run itself before others are asked,"""
QUICKLY = 20.0
"""if they came within so many seconds."""
CHUNK = 25
"""Records handed over at a time,"""
CHUNK_BYTES = 4 * 1024 * 1024
"""or fewer when they are large."""
PROCESSES = max(1, min(4, os.cpu_count() or 1))

Made = tuple[RawRecord, Ingest | Failure]


def crosswalked(source: str, raw: RawRecord) -> Ingest:
    """A raw record as what the catalogue takes. Raises ``RecordError``."""
    crosswalk = crosswalk_for(raw.format)
    made = crosswalk.apply(raw).record
    harvested = from_seconds(int(time.time()))
    provenance = Provenance(source, raw.native_id, raw.format, raw.location, harvested, crosswalk.label)
    record = replace(made, provenance=provenance)
    return Ingest.of(source, raw, record, iso19115_2.write(record))


def outcome(source: str, raw: RawRecord) -> Ingest | Failure:
    """``crosswalked``, or the failure that goes into the quarantine. Raises ``FatalError``."""
    try:
        return crosswalked(source, raw)
    except RecordError as error:
        return _failure(raw, error.reason, error.place)
    except FatalError:
        raise
    except Exception as error:  # a record that trips over a mistake of ours must not stop the others
        log.exception("crosswalk_failed source=%s native_id=%s", source, raw.native_id)
        reason = f"Halocline made a mistake with this record ({error!r}): please report it with these bytes."
        return _failure(raw, reason, None)


def _failure(raw: RawRecord, reason: str, place: str | None) -> Failure:
    return Failure(raw.native_id, reason, raw.location, raw.content, raw.format, place)


@dataclass(slots=True)
class Crosswalking:
    """The step for one run. What is put in comes out in the same order, some of it later."""

    source: str
    started: float = field(default_factory=time.monotonic)
    count: int = 0
    pool: ProcessPoolExecutor | None = None
    chunk: list[RawRecord] = field(default_factory=list)
    chunk_bytes: int = 0
    under_way: deque[tuple[list[RawRecord], Future[list[Ingest | Failure]]]] = field(default_factory=deque)

    def put(self, raw: RawRecord) -> Iterator[Made]:
        """Take one more record; gives what is done. Raises ``FatalError``."""
        self.count += 1
        if self.pool is None and self.count == MANY and time.monotonic() - self.started < QUICKLY:
            self.pool = _processes()
        if self.pool is None:
            yield raw, outcome(self.source, raw)
            return
        self.chunk.append(raw)
        self.chunk_bytes += len(raw.content)
        if len(self.chunk) >= CHUNK or self.chunk_bytes >= CHUNK_BYTES:
            self._hand_over(self.pool)
        while len(self.under_way) > 3 * PROCESSES or (self.under_way and self.under_way[0][1].done()):
            yield from self._oldest()

    def rest(self) -> Iterator[Made]:
        """Everything that is still under way, waiting for it."""
        if self.pool is not None and self.chunk:
            self._hand_over(self.pool)
        while self.under_way:
            yield from self._oldest()

    def close(self) -> None:
        """Let the other processes go."""
        if self.pool is not None:
            self.pool.shutdown(wait=True, cancel_futures=True)

    def _hand_over(self, pool: ProcessPoolExecutor) -> None:
        raws, self.chunk, self.chunk_bytes = self.chunk, [], 0
        try:
            self.under_way.append((raws, pool.submit(_outcomes, self.source, raws)))
        except BrokenProcessPool as error:
            raise _killed(raws) from error

    def _oldest(self) -> Iterator[Made]:
        raws, future = self.under_way.popleft()
        try:
            results = future.result()
        except BrokenProcessPool as error:
            self.under_way.clear()
            raise _killed(raws) from error
        yield from zip(raws, results, strict=True)


def _killed(raws: Sequence[RawRecord]) -> FatalError:
    return FatalError(
        "a process that crosswalks records was killed, perhaps for want of memory, at or before these: "
        f"{', '.join(raw.native_id for raw in raws[:5])} ... Harvest again; what was stored is kept."
    )


def _processes() -> ProcessPoolExecutor:
    """Started afresh, not forked: a web server's threads must not be copied in the middle of what they do. Ctrl-C at
    the terminal is for the run, which stores what it has.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        PROCESSES, context, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    )
    for _ in range(PROCESSES):
        pool.submit(int)  # starts them all now: with later starts, killing one made the pool wait for ever
    return pool


def _outcomes(source: str, raws: Sequence[RawRecord]) -> list[Ingest | Failure]:
    """What another process does."""
    return [outcome(source, raw) for raw in raws]
