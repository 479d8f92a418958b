"""The quarantine's table: one open row for each record that cannot be read."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from indexer.packing import Attachments, pack, pack_attachments, unpack, unpack_attachments
from indexer.quarantine import Quarantined, QuarantinedItem
from indexer.store.database import AnyRow, Database, chunks
from indexer.store.tables import quarantine
from mappings.times import from_seconds

_ABOUT = [column for column in quarantine.c if column.name not in {"content", "attachments"}]


def release(connection: Connection, source: str, native_ids: Iterable[str]) -> int:
    """Take out the rows of ``native_ids``, as part of a transaction. Gives how many there were."""
    columns = quarantine.c
    gone = 0
    for some in chunks(native_ids):
        statement = delete(quarantine).where(columns.source == source, columns.native_id.in_(some))
        gone += connection.execute(statement).rowcount
    return gone


class QuarantineStore:
    """Keeps and gives back failed records."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._write = database.upsert(quarantine, ["source", "native_id"], keep=["id", "first"])

    def put(
        self,
        source: str,
        native_id: str,
        *,
        run: int | None,
        format: str | None,
        location: str | None,
        reason: str,
        place: str | None,
        content: bytes,
        attachments: Attachments,
    ) -> None:
        """Keep a failure; a newer one of the same record takes its row."""
        now = from_seconds(int(time.time()))
        row = {
            "source": source,
            "native_id": native_id,
            "run": run,
            "format": format,
            "location": location,
            "reason": reason,
            "place": place,
            "size": len(content),
            "first": now,
            "last": now,
            "content": pack(content),
            "attachments": pack_attachments(attachments),
        }
        with self._database.write() as connection:
            connection.execute(self._write, row)

    def listing(self, source: str | None, limit: int | None, offset: int) -> tuple[Quarantined, ...]:
        """The rows without their bytes, latest failure first."""
        question = _of(source, select(*_ABOUT)).order_by(quarantine.c.last.desc(), quarantine.c.id.desc())
        with self._database.read() as connection:
            return tuple(_about(row) for row in connection.execute(question.limit(limit).offset(offset)))

    def count(self, source: str | None) -> int:
        """How many there are."""
        with self._database.read() as connection:
            return int(connection.execute(_of(source, select(func.count(quarantine.c.id)))).scalar_one())

    def get(self, number: int) -> QuarantinedItem | None:
        """One row with its bytes."""
        with self._database.read() as connection:
            row = connection.execute(select(quarantine).where(quarantine.c.id == number)).one_or_none()
        if row is None:
            return None
        return QuarantinedItem(_about(row), unpack(row.content), unpack_attachments(row.attachments))

    def release(self, source: str, native_ids: Iterable[str]) -> int:
        """Take out the rows of ``native_ids``."""
        with self._database.write() as connection:
            return release(connection, source, native_ids)


def _of(source: str | None, question: Select[Any]) -> Select[Any]:
    return question if source is None else question.where(quarantine.c.source == source)


def _about(row: AnyRow) -> Quarantined:
    return Quarantined(
        id=row.id,
        source=row.source,
        native_id=row.native_id,
        format=row.format,
        location=row.location,
        reason=row.reason,
        place=row.place,
        run=row.run,
        size=row.size,
        first=row.first,
        last=row.last,
    )
