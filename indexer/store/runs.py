"""The table of harvest runs."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from indexer.runs import INTERRUPTED, Run, RunCounts, RunStatus, is_dead, this_process
from indexer.store.database import AnyRow, Database
from indexer.store.tables import runs
from mappings.times import from_seconds


class RunStore:
    """Keeps the runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, source: str) -> int:
        """A new run of this process."""
        now = _now()
        row = {"source": source, "status": "running", "owner": this_process(), "started": now, "heard": now}
        with self._database.write() as connection:
            statement = insert(runs).values(row | asdict(RunCounts())).returning(runs.c.id)
            return int(connection.execute(statement).scalar_one())

    def report(self, run: int, counts: RunCounts) -> bool:
        """Say how far a run is; False where there is no such run."""
        with self._database.write() as connection:
            return _change(connection, run, heard=_now(), **asdict(counts))

    def finish(self, run: int, status: RunStatus, counts: RunCounts, message: str | None) -> bool:
        """End a run; False where there is no such run."""
        now = _now()
        with self._database.write() as connection:
            return _change(
                connection, run, status=status, heard=now, finished=now, message=message, **asdict(counts)
            )

    def bury_dead(self) -> int:
        """Mark the unfinished runs whose process is gone as failed. Gives how many there were."""
        question = select(runs).where(runs.c.status == "running")
        with self._database.read() as connection:
            unfinished = [_run(row) for row in connection.execute(question)]
        dead = [run.id for run in unfinished if is_dead(run, int(time.time()))]
        if not dead:
            return 0
        statement = (
            update(runs)
            .where(runs.c.id.in_(dead), runs.c.status == "running")
            .values(status="failed", finished=runs.c.heard, message=INTERRUPTED)
        )
        with self._database.write() as connection:
            return connection.execute(statement).rowcount

    def get(self, run: int) -> Run | None:
        """One run."""
        with self._database.read() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
        return None if row is None else _run(row)

    def listing(self, source: str | None, limit: int) -> tuple[Run, ...]:
        """The latest runs (of a source), newest first."""
        question = select(runs).order_by(runs.c.id.desc()).limit(limit)
        if source is not None:
            question = question.where(runs.c.source == source)
        with self._database.read() as connection:
            return tuple(_run(row) for row in connection.execute(question))

    def latest(self) -> dict[str, Run]:
        """The latest run of each source."""
        newest = select(func.max(runs.c.id)).group_by(runs.c.source)
        with self._database.read() as connection:
            rows = connection.execute(select(runs).where(runs.c.id.in_(newest)))
            return {row.source: _run(row) for row in rows}


def _change(connection: Connection, run: int, **values: Any) -> bool:
    return connection.execute(update(runs).where(runs.c.id == run).values(values)).rowcount > 0


def _now() -> str:
    return from_seconds(int(time.time()))


def _run(row: AnyRow) -> Run:
    counts = RunCounts(row.seen, row.created, row.updated, row.unchanged, row.deleted, row.failed)
    return Run(
        id=row.id,
        source=row.source,
        status=row.status,
        started=row.started,
        heard=row.heard,
        finished=row.finished,
        counts=counts,
        message=row.message,
        owner=row.owner,
    )
