"""Where a run writes: the catalogue, the quarantine and the run's own row; or nowhere, when it is only a trial."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from harvester.source import Failure
from indexer.catalogue import Catalogue
from indexer.runs import RunCounts
from indexer.stewardship import Stewardship
from indexer.stored import Ingest, IngestCounts

Status = Literal["succeeded", "partial", "failed"]

INDEX_RECORDS = 1000
"""Stored records wait for the index until they are so many,"""
INDEX_SECONDS = 5.0
"""or the last time was so long ago: committing to an index is dear, and nobody searches for what came a moment ago."""


class Ledger(Protocol):
    """What a run needs to remember. One instance serves one run of one source."""

    @property
    def known(self) -> Mapping[str, str]:
        """Native id to content hash of what is stored of the source."""

    def store(self, batch: Sequence[Ingest]) -> IngestCounts: ...

    def delete(self, native_ids: Collection[str]) -> int: ...

    def quarantine(self, failure: Failure, attachments: tuple[tuple[str, bytes], ...] = ()) -> None: ...

    def quarantined(self) -> Collection[str]: ...

    def release(self, native_ids: Collection[str]) -> None: ...

    def report(self, counts: RunCounts) -> None: ...

    def finish(self, status: Status, counts: RunCounts, message: str | None) -> None: ...

    def settle(self) -> int:
        """Tell the index what it has yet to learn. Gives how many changes still wait because it is unavailable."""


class SqlLedger:
    """Writes for good. The run's row is there from the beginning, so that a run that dies leaves a trace."""

    def __init__(self, source: str, catalogue: Catalogue, stewardship: Stewardship) -> None:
        self._source = source
        self._catalogue = catalogue
        self._stewardship = stewardship
        self._run = stewardship.begin_run(source)
        self._known = catalogue.known_hashes(source)
        self._waiting = 0
        self._indexed_at = time.monotonic()

    @property
    def known(self) -> Mapping[str, str]:
        return self._known

    def store(self, batch: Sequence[Ingest]) -> IngestCounts:
        """Into SQL, and now and then into the index, as far as that is available."""
        counts = self._catalogue.ingest(batch)
        self._waiting += len(batch)
        if self._waiting >= INDEX_RECORDS or time.monotonic() - self._indexed_at > INDEX_SECONDS:
            self._index()
        return counts

    def _index(self) -> None:
        self._catalogue.drain()
        self._waiting, self._indexed_at = 0, time.monotonic()

    def delete(self, native_ids: Collection[str]) -> int:
        deleted = self._catalogue.delete(self._source, native_ids)
        self._index()
        return deleted

    def quarantine(self, failure: Failure, attachments: tuple[tuple[str, bytes], ...] = ()) -> None:
        self._stewardship.quarantine(
            self._source,
            failure.native_id,
            failure.reason,
            run=self._run,
            format=failure.format,
            location=failure.location,
            place=failure.place,
            content=failure.content,
            attachments=attachments,
        )

    def quarantined(self) -> Collection[str]:
        return {item.native_id for item in self._stewardship.quarantined(self._source)}

    def release(self, native_ids: Collection[str]) -> None:
        self._stewardship.release(self._source, native_ids)

    def report(self, counts: RunCounts) -> None:
        self._stewardship.report_run(self._run, counts)

    def finish(self, status: Status, counts: RunCounts, message: str | None) -> None:
        if self._waiting:
            self._index()
        self._stewardship.finish_run(self._run, status, counts, message)

    def settle(self) -> int:
        self._index()
        return self._catalogue.pending()


@dataclass(frozen=True, slots=True)
class DryLedger:
    """Writes nothing, and counts what would be written."""

    known: Mapping[str, str]

    def store(self, batch: Sequence[Ingest]) -> IngestCounts:
        created = sum(item.native_id not in self.known for item in batch)
        same = sum(self.known.get(item.native_id) == item.content_hash for item in batch)
        return IngestCounts(created, len(batch) - created - same, same)

    def delete(self, native_ids: Collection[str]) -> int:
        return len(set(native_ids) & self.known.keys())

    def quarantine(self, failure: Failure, attachments: tuple[tuple[str, bytes], ...] = ()) -> None:
        pass

    def quarantined(self) -> Collection[str]:
        return ()

    def release(self, native_ids: Collection[str]) -> None:
        pass

    def report(self, counts: RunCounts) -> None:
        pass

    def finish(self, status: Status, counts: RunCounts, message: str | None) -> None:
        pass

    def settle(self) -> int:
        return 0
