"""Brings a database to the tables this version of Halocline works with."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from indexer.store.database import BUSY_SECONDS, Database, is_busy
from mappings.errors import ConfigurationError

HEAD = "0004"
"""The newest revision in ``versions/`` (a test compares), so that opening need not load Alembic."""


def migrate(database: Database) -> None:
    """Apply the migrations that ``database`` lacks, in one transaction: processes that start together queue.

    Raises ``ConfigurationError`` where a newer Halocline has already changed the tables.
    """
    if database.is_sqlite:
        _journal_ahead(Path(database.location))
    with database.read() as connection:
        if _revision(connection) == HEAD:
            return
    with database.write() as connection:
        if _revision(connection) != HEAD:
            _upgrade(connection, database.location)


def _journal_ahead(path: Path) -> None:
    """Switch the file to WAL, once for its life. SQLite does not queue for this: try until it is done."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.DatabaseError as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise ConfigurationError(f"the database {path} cannot be used: {error}") from error
            time.sleep(0.05)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection, location: str) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigurationError(
            f"the database {location} was made by a newer Halocline: use that, or an older backup ({error})"
        ) from error
