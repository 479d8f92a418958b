"""The table of configured sources."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from indexer.sources import StoredSource
from indexer.store.database import AnyRow, Database
from indexer.store.tables import quarantine, sources


class SourceStore:
    """Keeps the sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, source: StoredSource) -> bool:
        """Add a source; False where its name is taken."""
        try:
            with self._database.write() as connection:
                connection.execute(insert(sources), _row(source))
        except IntegrityError:
            return False
        return True

    def all(self) -> tuple[StoredSource, ...]:
        """Every source, by name."""
        with self._database.read() as connection:
            return tuple(_source(row) for row in connection.execute(select(sources).order_by(sources.c.name)))

    def get(self, name: str) -> StoredSource | None:
        """One source."""
        with self._database.read() as connection:
            row = connection.execute(select(sources).where(sources.c.name == name)).one_or_none()
        return None if row is None else _source(row)

    def replace(self, source: StoredSource) -> bool:
        """Change a source; False where there is none of its name."""
        statement = update(sources).where(sources.c.name == source.name).values(_row(source))
        with self._database.write() as connection:
            return connection.execute(statement).rowcount > 0

    def remove(self, name: str) -> bool:
        """Take a source out, and its quarantine; False where there is none. Its runs are history and stay."""
        with self._database.write() as connection:
            connection.execute(delete(quarantine).where(quarantine.c.source == name))
            return connection.execute(delete(sources).where(sources.c.name == name)).rowcount > 0


def _row(source: StoredSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "type": source.type,
        "url": source.url,
        "schedule": source.schedule,
        "options": msgspec.json.encode(dict(source.options), order="deterministic").decode(),
        "enabled": source.enabled,
    }


def _source(row: AnyRow) -> StoredSource:
    options = msgspec.json.decode(row.options, type=dict[str, str])
    return StoredSource(row.name, row.type, row.url, row.schedule, options, row.enabled)
