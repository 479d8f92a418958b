"""Addresses, transactions and the words errors come in."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from indexer.store import Store, database, open_store
from indexer.store.tables import leases
from mappings.errors import ConfigurationError, FatalError, RetryableError


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("not a url with s3cret", "is not one"),
        ("postgresql://user:s3cret@[broken/name", ""),
        ("mysql://user:s3cret@host/name", "mysql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_bad_address_is_refused_without_showing_its_password(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_store(url)
    assert says in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        open_store(f"sqlite:///{tmp_path}/nowhere/halocline.db")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 100)
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_sqlite_keeps_a_write_ahead_log_and_syncs_every_commit(store: Store) -> None:
    with store.database.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_exception_undoes_the_transaction(store: Store) -> None:
    def fail() -> None:
        with store.database.write() as connection:
            connection.execute(insert(leases), {"name": "a", "owner": "b", "expires": 1.0})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with store.database.read() as connection:
        assert connection.execute(select(leases)).all() == []


def test_a_read_sees_one_snapshot(store: Store) -> None:
    with store.database.read() as connection:
        assert connection.execute(select(leases)).all() == []
        assert store.leases.acquire("scheduler", "me", 60)
        assert connection.execute(select(leases)).all() == []
    with store.database.read() as connection:
        assert len(connection.execute(select(leases)).all()) == 1


def test_a_writer_waits_for_another_process(store: Store) -> None:
    other = sqlite3.connect(store.location, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    release.start()
    started = time.monotonic()
    assert store.leases.acquire("scheduler", "me", 60)
    assert time.monotonic() - started > 0.3
    release.join()
    other.close()


def test_a_writer_whose_turn_never_comes_may_try_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    store = open_store(database_url)
    other = sqlite3.connect(store.location, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RetryableError, match="another process"):
        store.leases.acquire("scheduler", "me", 60)
    other.execute("ROLLBACK")
    assert store.leases.acquire("scheduler", "me", 60)
    other.close()
    store.close()


def test_a_broken_file_is_fatal_and_named(store: Store) -> None:
    for number in range(50):
        store.leases.acquire(f"lease {number}" * 50, "me", 60)
    store.close()
    path = Path(store.location)
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(FatalError, match=str(path)):
        store.leases.acquire("scheduler", "me", 60)
    store.close()
