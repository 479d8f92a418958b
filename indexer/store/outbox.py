"""What the index has yet to learn. The transaction that changes a record writes a row; it goes when indexed.

Rows are never changed, so a record that changes while it is being indexed has a further row, which stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, union_all

from indexer.store.database import Database, chunks
from indexer.store.tables import changes, outbox, records, tombstones


@dataclass(frozen=True, slots=True)
class Queued:
    """A record that was at ``version`` when it changed (or went)."""

    number: int
    record_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in the catalogue's history: the latest change and the latest outbox row there were."""

    change: int
    number: int


def queue(connection: Connection, versions: Iterable[tuple[str, int]]) -> None:
    """Add a row for each id and version."""
    rows = [{"record_id": record_id, "version": version} for record_id, version in versions]
    if rows:
        connection.execute(insert(outbox), rows)


class Outbox:
    """The queue between SQL and the index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __len__(self) -> int:
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(outbox)).scalar_one()

    def waiting_since(self) -> str | None:
        """When the record that has waited longest was changed or deleted; None where nothing waits."""
        first = select(func.min(outbox.c.number)).scalar_subquery()
        waits = select(outbox.c.record_id).where(outbox.c.number == first).scalar_subquery()
        with self._database.read() as connection:
            for question in (
                select(records.c.updated).where(records.c.id == waits),
                select(tombstones.c.deleted).where(tombstones.c.id == waits),
            ):
                if (found := connection.execute(question).scalar_one_or_none()) is not None:
                    return str(found)
        return None

    def put(self, versions: Iterable[tuple[str, int]]) -> None:
        """Have the index told again of these ids, which are at these versions here or there."""
        with self._database.write() as connection:
            queue(connection, versions)

    def ids(self) -> set[str]:
        """The ids that wait."""
        with self._database.read() as connection:
            return set(connection.execute(select(outbox.c.record_id)).scalars())

    def oldest(self, limit: int) -> tuple[Queued, ...]:
        """The first ``limit`` rows."""
        question = (
            select(outbox.c.number, outbox.c.record_id, outbox.c.version)
            .order_by(outbox.c.number)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(Queued(*row) for row in connection.execute(question))

    def settle(self, done: Iterable[Queued], indexed: Mapping[str, int | None]) -> None:
        """Take out the rows that are ``done``.

        ``indexed`` says which version of each record the index was given (None: it was taken out). A slow
        process may have given something that another one had already replaced and settled. So what is not
        the state of the catalogue now is queued again.
        """
        with self._database.write() as connection:
            numbers = [queued.number for queued in done]
            for start in range(0, len(numbers), 500):
                connection.execute(delete(outbox).where(outbox.c.number.in_(numbers[start : start + 500])))
            queue(connection, _stale(connection, indexed))

    def mark(self) -> Mark:
        """Now."""
        newest = select(func.coalesce(func.max(outbox.c.number), 0)).scalar_subquery()
        with self._database.read() as connection:
            return Mark(*connection.execute(select(changes.c.latest, newest)).one())

    def state(self) -> tuple[int, int | None, int | None]:
        """The latest change, and the first and the last row: these stay what they are as long as nothing is written,
        and nothing is indexed.
        """
        first, last = (select(end(outbox.c.number)).scalar_subquery() for end in (func.min, func.max))
        with self._database.read() as connection:
            latest, oldest, newest = connection.execute(select(changes.c.latest, first, last)).one()
        return latest, oldest, newest

    def renew(self, since: Mark) -> None:
        """After an index was filled from what the catalogue held at ``since`` or later.

        Drops the rows from before, and queues all that changed after: it may have gone to the index that was
        replaced.
        """
        newer = union_all(
            *(
                select(table.c.id, table.c.version).where(table.c.change > since.change)
                for table in (records, tombstones)
            )
        )
        with self._database.write() as connection:
            connection.execute(delete(outbox).where(outbox.c.number <= since.number))
            connection.execute(insert(outbox).from_select(["record_id", "version"], newer))


def _stale(connection: Connection, indexed: Mapping[str, int | None]) -> list[tuple[str, int]]:
    current: dict[str, int] = {}
    for ids in chunks(indexed):
        current.update(
            connection.execute(select(records.c.id, records.c.version).where(records.c.id.in_(ids))).all()
        )
    gone = [
        record_id
        for record_id, version in indexed.items()
        if version is not None and record_id not in current
    ]
    stale = [(record_id, version) for record_id, version in current.items() if indexed[record_id] != version]
    for ids in chunks(gone):
        rows = connection.execute(
            select(tombstones.c.id, tombstones.c.version).where(tombstones.c.id.in_(ids))
        )
        stale += [(row.id, row.version) for row in rows]
    return stale
