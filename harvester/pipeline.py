"""One run of one source: from what the endpoint yields to the catalogue.

``run`` is read from top to bottom: open the source, then for each item skip what is known, crosswalk, write ISO, store
in batches; at the end delete what the endpoint no longer lists. A failure at any of these steps is a row of the
quarantine, and the next record goes on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from crosswalks.definitions import crosswalk_for
from harvester.crosswalking import Crosswalking
from harvester.ledger import DryLedger, Ledger, SqlLedger, Status
from harvester.source import (
    Deletion,
    Expected,
    Failure,
    Item,
    Source,
    SourceConfig,
    open_client,
    open_source,
    read_options,
)
from harvester.tally import Tally
from indexer.catalogue import Catalogue
from indexer.runs import RunCounts
from indexer.stewardship import Stewardship
from indexer.stored import Ingest, content_hash
from mappings.errors import FatalError, RetryableError
from mappings.record import RawRecord

log = logging.getLogger(__name__)

BATCH = 200
"""Records stored in one transaction,"""
BATCH_BYTES = 16 * 1024 * 1024
"""or fewer when they are large,"""
BATCH_SECONDS = 10.0
"""or when the endpoint is slow, so that what was harvested is soon found."""
INTERRUPTED = "interrupted"

Progress = Callable[[int, int | None], None]
"""Told how many records were seen, and how many there are if the endpoint says so."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What became of a run."""

    source: str
    status: Status
    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    failed: int = 0
    seconds: float = 0.0
    message: str | None = None


def run(
    config: SourceConfig,
    catalogue: Catalogue,
    stewardship: Stewardship,
    *,
    full: bool = False,
    dry_run: bool = False,
    accept_deletions: bool = False,
    limit: int | None = None,
    progress: Progress | None = None,
    cancelled: Event | None = None,
    site_url: str | None = None,
) -> RunReport:
    """Harvest one source.

    ``full`` crosswalks unchanged records too; ``dry_run`` stores nothing; ``limit`` stops after so many records;
    ``accept_deletions`` lifts the brake on deletions; setting ``cancelled`` ends the run between two records.
    A source that cannot be harvested gives a report with status ``failed``; nothing is raised for it. The run's row
    is finished whatever happens.
    """
    started = time.monotonic()
    ledger: Ledger = (
        DryLedger(catalogue.known_hashes(config.name))
        if dry_run
        else SqlLedger(config.name, catalogue, stewardship)
    )
    tally = Tally(config.name)
    cancelled = cancelled or Event()
    try:
        options = read_options(config)
        client = open_client(options, site_url=site_url, cancelled=cancelled)
        try:
            source = open_source(config, client)
            _Run(ledger, tally, full, limit, progress, cancelled, Crosswalking(config.name)).harvest(source)
        finally:
            client.close()
        if tally.is_complete:
            gone = tally.missing(ledger.known, options.max_deleted_share, accept_deletions)
            tally.count(deleted=ledger.delete(gone) if gone else 0)
        _clear_quarantine(ledger, tally)
        status, message = tally.outcome(ledger.settle())
    except (FatalError, RetryableError) as error:
        status, message = "failed", INTERRUPTED if cancelled.is_set() else str(error)
    except BaseException as error:
        reason = INTERRUPTED if isinstance(error, KeyboardInterrupt) else f"Halocline failed: {error!r}"
        ledger.finish("failed", tally.counts, reason)
        raise
    ledger.finish(status, tally.counts, message)
    seconds = round(time.monotonic() - started, 3)
    log.info("run_finished source=%s status=%s seconds=%s message=%s", config.name, status, seconds, message)
    return _report(config.name, status, tally.counts, seconds, message)


@dataclass(slots=True)
class _Run:
    """The way of the items of one run: from the source to the ledger."""

    ledger: Ledger
    tally: Tally
    full: bool
    limit: int | None
    progress: Progress | None
    cancelled: Event
    crosswalking: Crosswalking
    batch: list[Ingest] = field(default_factory=list)
    batch_bytes: int = 0
    stored_at: float = field(default_factory=time.monotonic)

    def harvest(self, source: Source) -> None:
        """Take what the source yields, until its end, the limit, or a wish to stop. What is in hand is stored."""
        try:
            for item in source.records():
                if self.cancelled.is_set():
                    raise FatalError(INTERRUPTED)
                self._take(item)
                if self.progress is not None:
                    self.progress(self.tally.counts.seen, self.tally.expected)
                if self.limit is not None and self.tally.counts.seen >= self.limit:
                    self.tally.limited = True
                    return
            self.tally.end_of_listing()
        finally:
            try:
                self._flush()
            finally:
                self.crosswalking.close()

    def _take(self, item: Item) -> None:
        """One item: a record, a deletion, a failure, or how many there will be."""
        if isinstance(item, Expected):
            self.tally.expected = item.total
        elif isinstance(item, Deletion):
            self._flush()
            self.tally.count(deleted=self.ledger.delete([item.native_id]))
        elif isinstance(item, Failure):
            self.tally.count(seen=0 if item.listing else 1)
            self._fail(item)
        else:
            self.tally.count(seen=1)
            self.tally.seen.add(item.native_id)
            self._record(item)
        if time.monotonic() - self.stored_at > BATCH_SECONDS:
            self._flush()

    def _record(self, raw: RawRecord) -> None:
        """Skip a record that is known as it is; have another crosswalked."""
        if not self.full and self._is_unchanged(raw):
            self.tally.count(unchanged=1)
            return
        for done, made in self.crosswalking.put(raw):
            self._made(done, made)

    def _made(self, raw: RawRecord, made: Ingest | Failure) -> None:
        """A crosswalked record goes into the batch, one that could not be into the quarantine."""
        if isinstance(made, Failure):
            self._fail(made, raw.attachments)
        else:
            self.batch.append(made)
            self.batch_bytes += len(raw.content)
            if len(self.batch) >= BATCH or self.batch_bytes >= BATCH_BYTES:
                self._store()

    def _is_unchanged(self, raw: RawRecord) -> bool:
        known = self.ledger.known.get(raw.native_id)
        return known is not None and known == content_hash(raw, crosswalk_for(raw.format).label)

    def _fail(self, failure: Failure, attachments: tuple[tuple[str, bytes], ...] = ()) -> None:
        self.ledger.quarantine(failure, attachments)
        self.tally.fail(failure)

    def _flush(self) -> None:
        """Store all that is in hand."""
        for raw, made in self.crosswalking.rest():
            self._made(raw, made)
        self._store()

    def _store(self) -> None:
        """Store the batch, and tell how far the run is."""
        batch, self.batch, self.batch_bytes = self.batch, [], 0
        self.stored_at = time.monotonic()
        if batch:
            stored = self.ledger.store(batch)
            self.tally.count(created=stored.created, updated=stored.updated, unchanged=stored.unchanged)
        self.ledger.report(self.tally.counts)


def _clear_quarantine(ledger: Ledger, tally: Tally) -> None:
    """Let go of what did not fail this time: it came in good order, or the whole endpoint was seen without
    it."""
    fine = {
        native_id
        for native_id in ledger.quarantined()
        if native_id not in tally.failed and (tally.is_complete or native_id in tally.seen)
    }
    if fine:
        ledger.release(fine)


def _report(source: str, status: Status, counts: RunCounts, seconds: float, message: str | None) -> RunReport:
    return RunReport(
        source=source,
        status=status,
        seen=counts.seen,
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        deleted=counts.deleted,
        failed=counts.failed,
        seconds=seconds,
        message=message,
    )
