"""Leases: what one process does at a time, whoever it is, and however it ends."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from indexer.store.database import Database
from indexer.store.tables import leases


class LeaseStore:
    """Gives leases. Each call is one transaction by one clock, so no two owners ever hold the same one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._write = database.upsert(leases, ["name"])

    def acquire(self, name: str, owner: str, seconds: float) -> bool:
        """Take a lease that is free, expired, or one's own."""
        with self._database.write() as connection:
            now = self._database.clock(connection)
            held = connection.execute(select(leases).where(leases.c.name == name)).one_or_none()
            if held is not None and held.owner != owner and held.expires > now:
                return False
            connection.execute(self._write, {"name": name, "owner": owner, "expires": now + seconds})
            return True

    def renew(self, name: str, owner: str, seconds: float) -> bool:
        """Hold on to one's lease; False where it expired or is another's."""
        with self._database.write() as connection:
            now = self._database.clock(connection)
            statement = (
                update(leases)
                .where(leases.c.name == name, leases.c.owner == owner, leases.c.expires > now)
                .values(expires=now + seconds)
            )
            return connection.execute(statement).rowcount > 0

    def release(self, name: str, owner: str) -> bool:
        """Give one's lease back; False where it was another's by now."""
        statement = delete(leases).where(leases.c.name == name, leases.c.owner == owner)
        with self._database.write() as connection:
            return connection.execute(statement).rowcount > 0
