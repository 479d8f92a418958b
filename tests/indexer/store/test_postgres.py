"""The store on PostgreSQL: what its other tests ask of SQLite, asked again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from indexer.store import Store, open_store
from indexer.store.tables import changes, identity, leases, metadata
from mappings.errors import ConfigurationError
from tests.indexer.store.postgres import postgres

# Every test of these modules runs here too, on this module's ``store``.
from tests.indexer.store.test_history import *  # noqa: F403
from tests.indexer.store.test_outbox import *  # noqa: F403
from tests.indexer.store.test_writing import *  # noqa: F403
from tests.indexer.test_stewardship import TestLeases, TestQuarantine, TestRuns, TestSources, stewardship

__all__ = ["TestLeases", "TestQuarantine", "TestRuns", "TestSources", "stewardship"]

pytest.importorskip("psycopg", reason="psycopg is not installed: PostgreSQL is an option")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
def database_url(server: str) -> Iterator[str]:
    yield server
    store = open_store(server)
    emptied = ", ".join(table.name for table in metadata.tables.values() if table not in (changes, identity))
    with store.database.write() as connection:
        connection.exec_driver_sql(f"TRUNCATE {emptied} RESTART IDENTITY")
        connection.exec_driver_sql("UPDATE changes SET latest = 0")
    store.close()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


def test_migrations_make_the_tables_the_code_works_with(store: Store) -> None:
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_read_sees_one_snapshot(store: Store) -> None:
    with store.database.read() as connection:
        assert connection.execute(select(leases)).all() == []
        assert store.leases.acquire("scheduler", "me", 60)
        assert connection.execute(select(leases)).all() == []


def test_the_location_shows_no_options(store: Store) -> None:
    assert store.location == "postgresql+psycopg://halocline@/postgres"
    assert store.size() > 1_000_000  # type: ignore[operator]


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigurationError, match="nobody") as caught:
        open_store("postgresql://nobody:s3cret@127.0.0.1:1/name")
    assert "s3cret" not in str(caught.value)
