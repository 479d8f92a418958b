"""Records on their way into SQL, and out of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from indexer import prepared
from indexer.store.database import Database, chunks
from indexer.store.ids import candidates
from indexer.store.outbox import queue
from indexer.store.quarantine import release
from indexer.store.tables import changes, documents, entries, quarantine, raws, records, tombstones
from indexer.stored import Ingest, IngestCounts
from mappings.times import from_seconds

Key = tuple[str, str]
"""Source and native id: what a source's record is known by."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What SQL has under a key."""

    id: str
    native_id: str
    file_identifier: str
    version: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A changed record with the id and version it gets."""

    item: Ingest
    id: str
    version: int


class Writer:
    """Writes batches of records, each in one transaction with the outbox rows that tell the index."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._write_record = database.upsert(records, ["id"], keep=["created"])
        self._write_document = database.upsert(documents, ["id"])
        self._write_entry = database.upsert(entries, ["id"])
        self._write_raw = database.upsert(raws, ["id"])
        self._write_tombstone = database.upsert(tombstones, ["id"])

    def ingest(self, batch: Sequence[Ingest]) -> IngestCounts:
        """Store what is new or changed; of several items with one key the last counts.

        What is stored (or was already, unchanged) leaves the quarantine.
        """
        latest = {_key(item): item for item in batch}
        with self._database.read() as connection:
            known = _known(connection, latest)
            cured = _quarantined(connection, latest)
        changed = [
            item
            for key, item in latest.items()
            if key not in known or known[key].content_hash != item.content_hash
        ]
        created = updated = 0
        if changed or cured:
            with self._database.write() as connection:
                created, updated = self._store(connection, changed)
                for source, native_ids in cured.items():
                    release(connection, source, native_ids)
        return IngestCounts(created, updated, len(latest) - created - updated)

    def delete(self, source: str, native_ids: Iterable[str]) -> int:
        """Take records out, and tell the index. Gives how many there were."""
        keys = [(source, native_id) for native_id in dict.fromkeys(native_ids)]
        with self._database.write() as connection:
            doomed = list(_known(connection, keys).values())
            self._remove(connection, source, doomed)
            release(connection, source, [native_id for _, native_id in keys])
        return len(doomed)

    def _store(self, connection: Connection, changed: list[Ingest]) -> tuple[int, int]:
        """Gives how many are new and how many replace another.

        Another process may have been here since ``changed`` was found, so all is looked at again.
        """
        known = _known(connection, map(_key, changed))
        placed: list[_Placed] = []
        homeless: list[Ingest] = []
        for item in changed:
            before = known.get(_key(item))
            if before is None or before.file_identifier != item.file_identifier:
                homeless.append(item)
            elif before.content_hash != item.content_hash:
                placed.append(_Placed(item, before.id, before.version + 1))
        updated = len(placed)
        if homeless:
            placed += _place(connection, homeless)
            for item in homeless:
                if _key(item) in known:
                    updated += 1
                    self._remove(connection, item.source, [known[_key(item)]])
        self._write(connection, placed)
        return len(placed) - updated, updated

    def _write(self, connection: Connection, placed: list[_Placed]) -> None:
        if not placed:
            return
        now = from_seconds(int(time.time()))
        change = _next_change(connection)
        made_by = prepared.fingerprint()
        connection.execute(self._write_record, [_record_row(one, now, change) for one in placed])
        connection.execute(
            self._write_document,
            [{"id": one.id, "record": one.item.packed_record, "iso": one.item.packed_iso} for one in placed],
        )
        connection.execute(
            self._write_entry,
            [
                {
                    "id": one.id,
                    "made_by": made_by,
                    "content": one.item.packed_document,
                    "place": one.item.place,
                }
                for one in placed
            ],
        )
        connection.execute(
            self._write_raw,
            [
                {
                    "id": one.id,
                    "content": one.item.packed_content,
                    "attachments": one.item.packed_attachments,
                }
                for one in placed
            ],
        )
        queue(connection, [(one.id, one.version) for one in placed])

    def _remove(self, connection: Connection, source: str, doomed: list[_Known]) -> None:
        """Leave tombstones: by their versions a record that comes back is newer than its deletion."""
        if not doomed:
            return
        for ids in chunks(known.id for known in doomed):
            connection.execute(delete(records).where(records.c.id.in_(ids)))
        now = from_seconds(int(time.time()))
        change = _next_change(connection)
        rows = [
            {
                "id": known.id,
                "source": source,
                "native_id": known.native_id,
                "version": known.version + 1,
                "change": change,
                "deleted": now,
            }
            for known in doomed
        ]
        connection.execute(self._write_tombstone, rows)
        queue(connection, [(known.id, known.version + 1) for known in doomed])


def _record_row(placed: _Placed, now: str, change: int) -> dict[str, Any]:
    item = placed.item
    return {
        "id": placed.id,
        "source": item.source,
        "native_id": item.native_id,
        "file_identifier": item.file_identifier,
        "version": placed.version,
        "change": change,
        "content_hash": item.content_hash,
        "created": now,
        "updated": now,
        "format": item.format,
        "location": item.location,
        "modified": item.modified,
        "title": item.title,
    }


def _key(item: Ingest) -> Key:
    return item.source, item.native_id


def _by_source(keys: Iterable[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, native_id in keys:
        found.setdefault(source, []).append(native_id)
    return found


def _known(connection: Connection, keys: Iterable[Key]) -> dict[Key, _Known]:
    columns = records.c
    question = select(
        columns.id, columns.native_id, columns.file_identifier, columns.version, columns.content_hash
    )
    return {
        (source, row.native_id): _Known(*row)
        for source, native_ids in _by_source(keys).items()
        for some in chunks(native_ids)
        for row in connection.execute(question.where(columns.source == source, columns.native_id.in_(some)))
    }


def _quarantined(connection: Connection, keys: Iterable[Key]) -> dict[str, list[str]]:
    columns = quarantine.c
    found: dict[str, list[str]] = {}
    for source, native_ids in _by_source(keys).items():
        for some in chunks(native_ids):
            question = select(columns.native_id).where(columns.source == source, columns.native_id.in_(some))
            found.setdefault(source, []).extend(connection.execute(question).scalars())
    return {source: native_ids for source, native_ids in found.items() if native_ids}


def _place(connection: Connection, homeless: list[Ingest]) -> list[_Placed]:
    """Give ids that no other record has. An id that was deleted goes on from the version of its tombstone."""
    choices = [candidates(one.file_identifier, *_key(one)) for one in homeless]
    best = [next(choice) for choice in choices]
    taken = _owned(connection, best)
    ids: list[str] = []
    for first, others in zip(best, choices, strict=True):
        chosen = first
        while chosen in taken or (chosen is not first and _owned(connection, [chosen])):
            chosen = next(others)
        taken.add(chosen)
        ids.append(chosen)
    versions = _buried(connection, ids)
    return [_Placed(one, id_, versions.get(id_, 0) + 1) for one, id_ in zip(homeless, ids, strict=True)]


def _owned(connection: Connection, ids: Iterable[str]) -> set[str]:
    return {
        found
        for some in chunks(ids)
        for found in connection.execute(select(records.c.id).where(records.c.id.in_(some))).scalars()
    }


def _buried(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Versions of the tombstones of ``ids``, which are taken away."""
    found: dict[str, int] = {}
    for some in chunks(ids):
        question = select(tombstones.c.id, tombstones.c.version).where(tombstones.c.id.in_(some))
        found.update((row.id, row.version) for row in connection.execute(question))
    for some in chunks(found):
        connection.execute(delete(tombstones).where(tombstones.c.id.in_(some)))
    return found


def _next_change(connection: Connection) -> int:
    connection.execute(update(changes).values(latest=changes.c.latest + 1))
    return int(connection.execute(select(changes.c.latest)).scalar_one())
