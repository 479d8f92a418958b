"""Documents made once and kept: the same as those made of the record, whoever has made them."""

from __future__ import annotations

import pytest
from hypothesis import given

from indexer import prepared
from indexer.document import Document, document_of
from indexer.store import Store
from indexer.store.tables import entries
from indexer.stored import Ingest
from mappings.record import Record
from tests.indexer.samples import sample
from tests.strategies import records


@given(records())
def test_what_is_kept_is_the_document_of_the_record(record: Record) -> None:
    made = prepared.document(prepared.prepare(record), "urn:x@tests", 3, "2026-11-26T08:00:00Z")
    assert made == document_of("urn:x@tests", 3, record, "2026-11-26T08:00:00Z")


def test_a_record_is_prepared_when_it_is_stored(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    item = sample("ctd")
    store.writer.ingest([item])
    monkeypatch.setattr("indexer.store.reading.document_of", None)
    assert list(store.reader.stream()) == [_as_stored(store, item)]
    assert store.reader.documents(["ctd", "other"]) == {"ctd": _as_stored(store, item)}


def test_what_another_version_has_prepared_is_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = sample("a"), sample("b")
    store.writer.ingest([a])
    monkeypatch.setattr(prepared, "fingerprint", lambda: "of the next version")
    store.writer.ingest([b])
    monkeypatch.setattr(prepared, "document", _only_of_b)
    assert list(store.reader.stream()) == [_as_stored(store, a), _as_stored(store, b)]


def test_deleting_a_record_takes_its_entry_along(store: Store) -> None:
    store.writer.ingest([sample("a")])
    store.writer.delete("yellow-sea", ["a"])
    with store.database.read() as connection:
        assert connection.execute(entries.select()).all() == []


def _as_stored(store: Store, item: Ingest) -> Document:
    """The document of an item that was just stored."""
    stored = store.reader.stored([item.native_id])[item.native_id]
    return document_of(item.native_id, 1, item.record, stored.updated)


_unpacked = prepared.document


def _only_of_b(content: bytes, record_id: str, version: int, updated: str) -> object:
    assert record_id == "b"
    return _unpacked(content, record_id, version, updated)
