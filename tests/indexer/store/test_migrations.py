"""The tables that the migrations make, and processes that start together."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from indexer.store import Store, migrations, open_store
from indexer.store.tables import metadata
from mappings.errors import ConfigurationError
from tests.conftest import PROJECT
from tests.indexer.samples import sample

OPEN = "import sys; from indexer.store import open_store; open_store(sys.argv[1]).close()"


def test_migrations_make_the_tables_the_code_works_with(store: Store) -> None:
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_outbox_numbers_never_come_back(store: Store) -> None:
    with store.database.read() as connection:
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'outbox'").scalar_one()
    assert "AUTOINCREMENT" in made


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_opening_again_changes_nothing(store: Store, database_url: str) -> None:
    assert store.leases.acquire("scheduler", "me", 60)
    again = open_store(database_url)
    assert not again.leases.acquire("scheduler", "you", 60)
    again.close()


def test_a_database_of_a_newer_halocline_is_refused(store: Store, database_url: str) -> None:
    with sqlite3.connect(store.location) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(ConfigurationError, match="newer Halocline"):
        open_store(database_url)


def test_a_migration_that_fails_leaves_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(connection: object, location: str) -> None:
        upgrade(connection, location)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    upgrade = migrations._upgrade
    monkeypatch.setattr(migrations, "_upgrade", stopped)
    with pytest.raises(KeyboardInterrupt):
        open_store(database_url)
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()


def test_records_from_before_places_are_told_to_an_index_too(store: Store, database_url: str) -> None:
    store.writer.ingest([sample("prepared"), sample("never prepared")])
    with store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE id = 'never prepared'")
        connection.exec_driver_sql("DROP INDEX ix_entries_place_id")
        connection.exec_driver_sql("ALTER TABLE entries DROP COLUMN place")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    again = open_store(database_url)
    assert [one.id for one in again.reader.stream()] == ["never prepared", "prepared"]
    assert again.reader.count() == 2
    again.close()


def test_processes_that_start_together_do_not_collide(database_url: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", OPEN, database_url], cwd=PROJECT, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in started:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    store = open_store(database_url)
    with store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM changes").scalar_one() == 1
    store.close()
