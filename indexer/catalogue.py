"""The catalogue: records go in, are found, come out. SQL is the truth; an outbox feeds the index."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

import msgspec

from indexer import prepared
from indexer.document import Document
from indexer.engines.base import Deletion, Engine
from indexer.query import MAX_PAGE, Condition, Page, Query, SearchResult, check
from indexer.remembered import Remembered
from indexer.similar import similar
from indexer.store import Store
from indexer.store.outbox import Mark, Queued
from indexer.stored import (
    CatalogueStatus,
    Deleted,
    Differences,
    DocumentPage,
    Identity,
    Ingest,
    IngestCounts,
    Listed,
    SearchPage,
    StoredRecord,
    Titled,
    content_hash,
)
from mappings.errors import IndexUnavailable, NotFound
from mappings.record import RawRecord

__all__ = [
    "Catalogue",
    "CatalogueStatus",
    "Deleted",
    "Differences",
    "DocumentPage",
    "Identity",
    "Ingest",
    "IngestCounts",
    "Listed",
    "SearchPage",
    "StoredRecord",
    "Titled",
    "content_hash",
]

log = logging.getLogger(__name__)

T = TypeVar("T")

DRAIN = 1000
"""How many outbox rows are indexed at a time."""
PART = 50_000
"""How many documents of a rebuild are made safe at a time: what is done again after a kill."""
TOLD = 100
"""After how many documents of a rebuild its progress is told."""
MARKED = 1.0
"""Seconds for which nobody looks whether another process has changed something."""
TOTALS, SPELLINGS = 2000, 200
"""How many totals, and words with those spelt nearly alike, are remembered."""


class Catalogue:
    """Stores, finds and gives back records. Any thread may use it, and other processes on the same store."""

    def __init__(self, store: Store, engine: Engine) -> None:
        """An engine that keeps nothing when its process ends is filled from the store here."""
        self._store = store
        self._engine = engine
        self._indexing = threading.Lock()
        self._marked: tuple[Hashable, float] | None = None
        self._own_changes = 0
        self._totals: Remembered[Condition, int] = Remembered(TOTALS)
        self._spellings: Remembered[tuple[str, int], tuple[str, ...]] = Remembered(SPELLINGS)
        if not engine.capabilities.persistent:
            self.rebuild()

    # Finding

    def search(self, query: Query) -> SearchPage:
        """One page of Records. Raises ``InvalidQuery``, ``IndexUnavailable``."""
        mark = self.mark()
        found = self._search(query)
        stored = self._store.reader.stored(found.ids)
        # What was deleted a moment ago may still be in the index.
        hits = tuple(stored[i] for i in found.ids if i in stored)
        totals = dict(found.totals)
        self._keep(mark, query, totals)
        return SearchPage(hits, found.total, dict(found.facets), found.heatmap, found.next, totals)

    def total(self, where: Condition) -> int:
        """How many records match, see ``totals``."""
        return self.totals((where,))[where]

    def totals(self, conditions: Iterable[Condition]) -> dict[Condition, int]:
        """How many records match each condition; those that are not remembered are counted side by side. Remembered,
        also from searches, as long as nothing changes (see ``mark``). Raises ``InvalidQuery``, ``IndexUnavailable``.
        """
        mark = self.mark()
        known = {where: self._totals.find(mark, where) for where in conditions}
        found = {where: total for where, total in known.items() if total is not None}
        unknown = tuple(where for where in known if where not in found)
        if not unknown:
            return found
        query = Query(unknown[0], page=Page(size=0), totals=unknown[1:])
        counted = self._search(query)
        self._keep(mark, query, counted.totals)
        return {**found, unknown[0]: counted.total, **counted.totals}

    def _keep(self, mark: Hashable, query: Query, totals: Mapping[Condition, int]) -> None:
        """Remember totals, but not those of a walk, which may see the index as it was."""
        if query.page.after is not None:
            return
        for where, total in totals.items():
            self._totals.keep(mark, where, total)

    def titles(self, query: Query) -> tuple[Titled, ...]:
        """The titles of one page of hits, in order. Raises ``InvalidQuery``, ``IndexUnavailable``."""
        return self._titles(self._search(query).ids)

    def drawn_titles(self, size: int, at_once: int) -> Iterator[tuple[Titled, ...]]:
        """Up to ``size`` titles in the order of the numbers that records have by chance. So many ``at_once`` are read
        from SQL, when they are asked for: what changes meanwhile may come twice, or not. Raises ``IndexUnavailable``.
        """
        for offset in range(0, size, MAX_PAGE):
            ids = self._search(Query(page=Page(offset, min(MAX_PAGE, size - offset)))).ids
            for start in range(0, len(ids), at_once):
                yield self._titles(ids[start : start + at_once])

    def _titles(self, ids: Sequence[str]) -> tuple[Titled, ...]:
        titles = self._store.reader.titles(ids)
        return tuple(titles[id] for id in ids if id in titles)

    def _search(self, query: Query) -> SearchResult:
        check(query)
        mark = self.mark()
        found = self._engine.search(query)
        self._keep(mark, query, {query.where: found.total})
        return found

    def search_documents(self, query: Query) -> DocumentPage:
        """One page of ISO 19115-2 documents. Raises ``InvalidQuery``, ``IndexUnavailable``."""
        found = self._search(query)
        documents = self._store.reader.iso(found.ids)
        return DocumentPage(tuple(documents[i] for i in found.ids if i in documents), found.total)

    def similar(self, record_id: str, size: int) -> tuple[StoredRecord, ...]:
        """Up to ``size`` records that are most like one, best first. Raises ``NotFound``, ``IndexUnavailable``."""
        read = self._store.reader.documents
        own = _found(record_id, read([record_id]).get(record_id))
        ids = similar(self._engine.search, self.totals, read, own, size)
        stored = self._store.reader.stored(ids)
        return tuple(stored[id] for id in ids if id in stored)

    def words_near(self, word: str, edits: int) -> tuple[str, ...]:
        """See ``Engine.words_near``. Remembered as long as nothing changes."""
        return self._spellings.answer(
            self.mark(), (word, edits), lambda: self._engine.words_near(word, edits)
        )

    def worth(self, conditions: Sequence[Condition], record_id: str) -> tuple[float | None, ...]:
        """See ``Engine.worth``."""
        return self._engine.worth(conditions, record_id)

    # Reading

    def get(self, record_id: str) -> StoredRecord:
        """One record. Raises ``NotFound``."""
        return _found(record_id, self._store.reader.stored([record_id]).get(record_id))

    def document(self, record_id: str) -> bytes:
        """The ISO 19115-2 document of a record. Raises ``NotFound``."""
        return _found(record_id, self._store.reader.iso([record_id]).get(record_id))

    def raw(self, record_id: str) -> RawRecord:
        """A record as its endpoint gave it. Raises ``NotFound``."""
        return _found(record_id, self._store.reader.raw(record_id))

    def listing(self, source: str | None = None) -> Iterator[Listed]:
        """Every record (of a source), by source and native id."""
        return self._store.reader.listing(source)

    def known_hashes(self, source: str) -> dict[str, str]:
        """Native id to ``content_hash`` of every record of a source: what need not be crosswalked again."""
        return self._store.reader.hashes(source)

    def count(self) -> int:
        """How many records are stored."""
        return self._store.reader.count()

    # Following

    def mark(self) -> Hashable:
        """Something that is the same as before as long as nothing changes in the catalogue or in its index. What
        another process changes is seen after a second at most.
        """
        known, now = self._marked, time.monotonic()
        if known is None or now - known[1] > MARKED:
            known = self._marked = (self._own_changes, *self._store.outbox.state()), now
        return known[0]

    def identity(self) -> Identity:
        """Who the catalogue is: the same wherever its database is taken."""
        return self._store.history.identity()

    def as_of(self) -> str:
        """The instant before which every change can surely be found. Who asks next time for what the catalogue changed
        from then on (the field ``updated``) misses nothing.
        """
        return self._store.history.as_of()

    def deletions(self, since: str, limit: int) -> tuple[Deleted, ...]:
        """Records taken out from the instant ``since`` on: the latest ``limit``, latest first."""
        return self._store.history.deletions(since, limit)

    # Writing

    def ingest(self, batch: Sequence[Ingest]) -> IngestCounts:
        """Store a batch, all of it or nothing, and queue for the index what is new or changed.

        Records are told apart by source and native id; of several in the batch the last counts. A record
        whose ``content_hash`` is known is left alone. What is ingested leaves the quarantine. Call ``drain``
        afterwards.
        """
        return self._store.writer.ingest(batch)

    def delete(self, source: str, native_ids: Iterable[str]) -> int:
        """Take out records of a source, and clear their quarantine. Gives how many records there were."""
        return self._store.writer.delete(source, native_ids)

    def delete_source(self, source: str) -> int:
        """Take out every record of a source."""
        return self.delete(source, self.known_hashes(source))

    # Indexing

    def drain(self, limit: int | None = None) -> int:
        """Tell the index what it has yet to learn (at most ``limit`` changes), oldest first.

        Gives how many changes it was told; where the index is unavailable the rest wait for the next drain.
        """
        done = 0
        with self._indexing:
            while limit is None or done < limit:
                queued = self._store.outbox.oldest(DRAIN if limit is None else min(DRAIN, limit - done))
                if not queued:
                    break
                try:
                    self._index(queued)
                except IndexUnavailable as error:
                    log.warning("index_unavailable pending=%d reason=%s", self.pending(), error)
                    break
                self._has_changed()
                done += len(queued)
        return done

    def pending(self) -> int:
        """How many changes wait for the index."""
        return len(self._store.outbox)

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Fill a fresh index from the store and swap it in; the old one answers until then.

        A rebuild that was stopped or killed goes on where it was. Gives the number of records. ``progress`` is told
        how many are done, now and then. What changes meanwhile is queued.
        """
        with self._indexing:
            begun = msgspec.json.encode(self._store.outbox.mark()).decode()
            with self._engine.filling(prepared.fingerprint(), begun) as fresh:
                done = self._store.reader.count(until=fresh.after)
                stream = self._store.reader.stream(fresh.after)
                for documents in _in_parts(iter(stream)):
                    counted = _Counted(documents, done, progress)
                    fresh.add(counted, lambda: stream.bookmark)
                    done = counted.done
                mark = msgspec.json.decode(fresh.note, type=Mark)
                fresh.publish()
            self._store.outbox.renew(mark)
        self._has_changed()
        if progress is not None:
            progress(done)
        return done

    def index_is_lost(self) -> bool:
        """Whether only ``rebuild`` can make records searchable: the index is gone, broken, or of another version."""
        if self._engine.needs_rebuild:
            return True
        return self._engine.status().documents == 0 and self.pending() == 0 and self.count() > 0

    def status(self) -> CatalogueStatus:
        """How much there is, and where."""
        index = self._engine.status()
        return CatalogueStatus(
            records=self.count(),
            pending=self.pending(),
            waiting_since=self._store.outbox.waiting_since(),
            database=self._store.location,
            database_size=self._store.size(),
            documents=index.documents,
            index=index.location,
            index_size=index.size,
        )

    def compare(self) -> Differences:
        """Compare each record in SQL with the index. It reads all ids of both. Raises ``IndexUnavailable``."""
        indexed = dict(self._engine.census())
        waiting = self._store.outbox.ids()
        missing: list[tuple[str, int]] = []
        outdated: list[tuple[str, int]] = []
        for record_id, version in self._store.reader.versions():
            there = indexed.pop(record_id, None)
            if there != version and record_id not in waiting:
                (missing if there is None else outdated).append((record_id, version))
        surplus = [(record_id, version) for record_id, version in indexed.items() if record_id not in waiting]
        return Differences(tuple(missing), tuple(outdated), tuple(surplus))

    def repair(self, differences: Differences) -> Differences:
        """Tell the index again of what differs. Gives what differs still: only ``rebuild`` can mend that."""
        self._store.outbox.put([*differences.missing, *differences.outdated, *differences.surplus])
        self.drain()
        return self.compare()

    def close(self) -> None:
        """Let go of the index. The store is closed by who opened it."""
        self._engine.close()

    def _has_changed(self) -> None:
        """What the index was told here is seen at once."""
        self._own_changes += 1
        self._marked = None

    def _index(self, queued: Sequence[Queued]) -> None:
        """Give the index the present state of the records in ``queued``."""
        versions: dict[str, int] = {}
        for row in queued:
            versions[row.record_id] = max(row.version, versions.get(row.record_id, 0))
        documents = self._store.reader.documents(versions)
        changes: list[Document | Deletion] = [
            documents.get(id_) or Deletion(id_, version) for id_, version in versions.items()
        ]
        self._engine.apply(changes)
        indexed = {id_: documents[id_].version if id_ in documents else None for id_ in versions}
        self._store.outbox.settle(queued, indexed)


def _in_parts(documents: Iterator[Document]) -> Iterator[Iterator[Document]]:
    """The documents in parts that are made safe together."""
    for first in documents:
        yield chain([first], islice(documents, PART - 1))


@dataclass(slots=True)
class _Counted:
    """Documents, counted while they are taken."""

    documents: Iterator[Document]
    done: int
    progress: Callable[[int], None] | None

    def __iter__(self) -> Iterator[Document]:
        for document in self.documents:
            yield document
            self.done += 1
            if self.progress is not None and self.done % TOLD == 0:
                self.progress(self.done)


def _found(record_id: str, found: T | None) -> T:
    if found is None:
        raise NotFound(f"no record is called {record_id!r}")
    return found
