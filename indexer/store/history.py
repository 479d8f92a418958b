"""What changed in the catalogue and when, for those who follow it: and who it is."""

from __future__ import annotations

import time
from uuid import UUID

from sqlalchemy import func, select

from indexer.store.database import Database
from indexer.store.tables import identity, outbox, records, tombstones
from indexer.stored import Deleted, Identity
from mappings.times import first_second, from_seconds

IN_FLIGHT = 10
"""Seconds that a transaction may take from the instant it writes into its rows to its commit."""
LOOKED_AT = 1000
"""Outbox rows, the oldest, among which the earliest change is looked for: they are in the order of commits, but for a
few after a rebuild.
"""


class History:
    """Answers questions about the past of the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def identity(self) -> Identity:
        """Who the catalogue is, wherever its database is taken."""
        with self._database.read() as connection:
            row = connection.execute(select(identity.c.uuid, identity.c.made)).one()
        return Identity(UUID(row.uuid), row.made)

    def as_of(self) -> str:
        """The instant before which every change has surely reached the index. What is stored from now on is later."""
        pending = (
            select(outbox.c.record_id, outbox.c.version).order_by(outbox.c.number).limit(LOOKED_AT).subquery()
        )
        question = select(func.min(records.c.updated)).join_from(
            pending, records, (records.c.id == pending.c.record_id) & (records.c.version == pending.c.version)
        )
        settled = int(time.time()) - IN_FLIGHT
        with self._database.read() as connection:
            waiting = connection.execute(question).scalar_one()
        return from_seconds(settled if waiting is None else min(settled, first_second(waiting)))

    def deletions(self, since: str, limit: int) -> tuple[Deleted, ...]:
        """The latest deletions from the instant ``since`` on, at most ``limit``, latest first."""
        question = (
            select(tombstones.c.id, tombstones.c.deleted)
            .where(tombstones.c.deleted >= since)
            .order_by(tombstones.c.change.desc(), tombstones.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(Deleted(*row) for row in connection.execute(question))
