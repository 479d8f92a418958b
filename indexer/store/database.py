"""The connection to SQL: addresses, SQLite's pragmas, queueing transactions, errors in our own words."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Row, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, ProgrammingError

from mappings.errors import ConfigurationError, FatalError, HaloclineError, RetryableError

BUSY_SECONDS = 60
"""How long a writer waits for its turn."""

AnyRow = Row[*tuple[Any, ...]]

CHUNK = 500
"""How many values go into one IN list."""

_WRITER = 0x48414C4F  # "HALO": the PostgreSQL advisory lock that Halocline's writers queue for
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Database:
    """Transactions on one database. Safe to use from many threads.

    There is one writer at a time, on PostgreSQL as on SQLite: what its transaction has read stays true until
    it commits. Raises ``RetryableError`` when one's turn does not come within ``BUSY_SECONDS``,
    ``FatalError`` when the database cannot be used (full disk, broken file, lost server).
    """

    def __init__(self, url: str) -> None:
        """Raises ``ConfigurationError`` for an address that is none, or of another kind of database."""
        self._url = _checked(url)
        self._engine = _engine(self._url)
        self._reading = (
            self._engine
            if self.is_sqlite
            else self._engine.execution_options(isolation_level="REPEATABLE READ")
        )
        self._turn = threading.Lock()

    @property
    def location(self) -> str:
        """Where it is, in words that may be shown: no password, no options."""
        if self.is_sqlite:
            return str(self._url.database)
        return self._url.set(query={}).render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot, as long as the block lasts."""
        with self._translated(), self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one writer's transaction, on disk at the end of the block, or undone by an exception."""
        with self._translated(), self._turn, self._engine.connect() as connection:
            connection = connection.execution_options(halocline_writes=True)  # noqa: PLW2901
            with connection.begin():
                if not self.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER})
                yield connection

    def clock(self, connection: Connection) -> float:
        """Seconds since 1970 by the one clock that all writers share."""
        if self.is_sqlite:
            return time.time()
        return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def upsert(self, table: Table, keys: Sequence[str], keep: Sequence[str] = ()) -> Insert:
        """Insert a row, or overwrite the one with the same ``keys`` but for its columns ``keep``."""
        insert = sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)
        new = {c.name: insert.excluded[c.name] for c in table.c if c.name not in {*keys, *keep}}
        return insert.on_conflict_do_update(index_elements=list(keys), set_=new)

    def size(self) -> int | None:
        """Bytes that it takes, without the journal."""
        question = (
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            if self.is_sqlite
            else "SELECT pg_database_size(current_database())"
        )
        with self.read() as connection:
            return int(connection.execute(text(question)).scalar_one())

    def close(self) -> None:
        """Close the pooled connections."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise
        except DatabaseError as error:
            raise self._error(error) from error

    def _error(self, error: DatabaseError) -> HaloclineError:
        if is_busy(error.orig):
            return RetryableError(f"another process is writing to {self.location}; try again in a moment")
        return FatalError(f"the database {self.location} cannot be used: {error.orig}")


def is_busy(error: BaseException | None) -> bool:
    """Whether SQLite gave up waiting for another process."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """``values`` in lists short enough for an IN."""
    everything = list(values)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


def _checked(given: str) -> URL:
    try:
        url = make_url(given)
    except ArgumentError:
        # Not chained: SQLAlchemy's message repeats the address with its password.
        raise ConfigurationError(
            "the database URL is not one: write sqlite:////folder/halocline.db or postgresql://user:password@host/name"
        ) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        if url.database in {None, "", ":memory:"}:
            raise ConfigurationError("the database URL names no file: write sqlite:////folder/halocline.db")
        return url
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise ConfigurationError(
        f"the database URL begins with {backend}: Halocline keeps its records in sqlite or postgresql"
    )


def _engine(url: URL) -> Engine:
    # Threads of the web server and of a harvest each hold a connection for the length of one transaction.
    pool: dict[str, Any] = {"pool_size": 8, "max_overflow": 24}
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **pool)
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True, **pool)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"PostgreSQL needs the package psycopg: pip install 'psycopg[binary]' ({error})"
        ) from None


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    # FULL, not NORMAL: a commit that a power cut undoes might already be in the index for good.
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "journal_size_limit=67108864"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("halocline_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
