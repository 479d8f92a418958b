"""Who the catalogue is, and what changed in it when."""

from __future__ import annotations

import pytest

from indexer.store import Store, open_store
from indexer.store.history import IN_FLIGHT
from indexer.stored import Deleted
from mappings.times import from_seconds
from tests.indexer.samples import sample

NOW = 1_800_000_000


def at(monkeypatch: pytest.MonkeyPatch, second: int) -> str:
    """Let it be so many seconds after ``NOW``. Gives the instant."""
    monkeypatch.setattr("time.time", lambda: float(NOW + second))
    return from_seconds(NOW + second)


def test_a_catalogue_keeps_its_identity(store: Store, database_url: str) -> None:
    again = open_store(database_url)
    assert again.history.identity() == store.history.identity()
    assert store.history.identity().uuid.version == 4
    again.close()


def test_as_of_is_shortly_before_now_where_nothing_waits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 0)
    store.writer.ingest([sample("a")])
    store.outbox.settle(store.outbox.oldest(9), {"a": 1})
    at(monkeypatch, 60)
    assert store.history.as_of() == from_seconds(NOW + 60 - IN_FLIGHT)


def test_as_of_is_not_after_the_first_change_that_waits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = at(monkeypatch, 0)
    store.writer.ingest([sample("a"), sample("b")])
    second = at(monkeypatch, 100)
    store.writer.ingest([sample("a", "changed")])
    at(monkeypatch, 200)
    assert store.history.as_of() == first
    store.outbox.settle(store.outbox.oldest(2), {"a": 2, "b": 1})
    assert store.history.as_of() == second
    store.outbox.settle(store.outbox.oldest(2), {"a": 2})
    assert store.history.as_of() == from_seconds(NOW + 200 - IN_FLIGHT)


def test_a_row_whose_record_has_changed_again_does_not_count_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 0)
    store.writer.ingest([sample("a")])
    second = at(monkeypatch, 100)
    store.writer.ingest([sample("b")])
    at(monkeypatch, 150)
    store.writer.ingest([sample("a", "changed")])
    at(monkeypatch, 200)
    assert store.history.as_of() == second


def test_deletions_since_an_instant_latest_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)
    store.writer.ingest([sample(name) for name in "abcd"])
    gone: dict[str, str] = {}
    for second, name in enumerate("abc", start=1):
        gone[name] = at(monkeypatch, second)
        store.writer.delete("yellow-sea", [name])
    assert store.history.deletions(gone["b"], 9) == (Deleted("c", gone["c"]), Deleted("b", gone["b"]))
    assert store.history.deletions(gone["a"], 2) == (Deleted("c", gone["c"]), Deleted("b", gone["b"]))
    store.writer.ingest([sample("c")])
    assert store.history.deletions(gone["b"], 9) == (Deleted("b", gone["b"]),)
