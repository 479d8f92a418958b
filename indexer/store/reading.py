"""Records on their way out of SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select, tuple_

from indexer import prepared
from indexer.document import Document, document_of
from indexer.packing import unpack, unpack_attachments
from indexer.place import NOWHERE
from indexer.store.database import AnyRow, Database, chunks
from indexer.store.tables import documents, entries, raws, records
from indexer.stored import Listed, StoredRecord, Titled
from mappings import codec
from mappings.record import RawRecord

STREAM = 500
"""Rows read at a time where all are wanted, in transactions of their own: no journal grows for them."""

_STORED = select(
    records.c.id,
    records.c.source,
    records.c.native_id,
    records.c.version,
    records.c.created,
    records.c.updated,
    documents.c.record,
).join_from(records, documents, documents.c.id == records.c.id)
_ENTRIES = select(
    records.c.id,
    records.c.version,
    records.c.updated,
    entries.c.made_by,
    entries.c.content,
    entries.c.place,
).join_from(entries, records, entries.c.id == records.c.id)
_order = tuple_(entries.c.place, entries.c.id)
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_STORED_BY_ID = _STORED.where(records.c.id.in_(_IDS))
_ENTRIES_BY_ID = _ENTRIES.where(records.c.id.in_(_IDS))
_RECORD_BY_ID = select(documents.c.id, documents.c.record).where(documents.c.id.in_(_IDS))
_ISO_BY_ID = select(documents.c.id, documents.c.iso).where(documents.c.id.in_(_IDS))
_LISTED = select(records.c.id, records.c.source, records.c.native_id, records.c.location, records.c.title)


class Reader:
    """Reads stored records. An id that is not there is left out of the answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stored(self, ids: Iterable[str]) -> dict[str, StoredRecord]:
        """The records called ``ids``."""
        return {stored.id: stored for stored in map(_stored, self._by_id(_STORED_BY_ID, ids))}

    def titles(self, ids: Iterable[str]) -> dict[str, Titled]:
        """The titles of the records called ``ids``."""
        rows = self._by_id(_RECORD_BY_ID, ids)
        return {record_id: Titled(record_id, *codec.decode_title(record)) for record_id, record in rows}

    def iso(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The ISO 19115-2 documents of the records called ``ids``."""
        return {record_id: unpack(iso) for record_id, iso in self._by_id(_ISO_BY_ID, ids)}

    def raw(self, record_id: str) -> RawRecord | None:
        """A record as its endpoint gave it."""
        question = (
            select(
                records.c.native_id,
                records.c.format,
                raws.c.content,
                records.c.location,
                records.c.modified,
                raws.c.attachments,
            )
            .join_from(records, raws, raws.c.id == records.c.id)
            .where(records.c.id == record_id)
        )
        with self._database.read() as connection:
            row = connection.execute(question).one_or_none()
        if row is None:
            return None
        attachments = unpack_attachments(row.attachments)
        return RawRecord(
            row.native_id, row.format, unpack(row.content), row.location, row.modified, attachments
        )

    def hashes(self, source: str) -> dict[str, str]:
        """Native id to content hash, for all records of a source."""
        question = select(records.c.native_id, records.c.content_hash).where(records.c.source == source)
        with self._database.read() as connection:
            return {row.native_id: row.content_hash for row in connection.execute(question)}

    def exists(self, record_id: str) -> bool:
        """Whether there is such a record."""
        with self._database.read() as connection:
            return (
                connection.execute(select(records.c.id).where(records.c.id == record_id)).first() is not None
            )

    def count(self, until: str | None = None) -> int:
        """How many records there are (up to the ``bookmark`` of a ``Stream``)."""
        question = select(func.count()).select_from(entries)
        if until is not None:
            question = question.where(_order <= _place_and_id(until))
        with self._database.read() as connection:
            return connection.execute(question).scalar_one()

    def versions(self) -> Iterator[tuple[str, int]]:
        """Id and version of all records, by id."""
        for row in self._walked(select(records.c.id, records.c.version), records.c.id):
            yield row.id, row.version

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """What the index is told of the records called ``ids``."""
        rows = self._by_id(_ENTRIES_BY_ID, ids)
        return {document.id: document for document in self.prepared(rows)}

    def stream(self, after: str = "") -> Stream:
        """What the index is told of all records, or of those after a bookmark, in the order of their places.

        What changes meanwhile may be seen, or not, or twice.
        """
        return Stream(self, after)

    def page(self, after: str) -> Sequence[AnyRow]:
        """Some rows of ``Stream``, the next ones after a bookmark."""
        question = _ENTRIES.order_by(entries.c.place, entries.c.id).limit(STREAM)
        with self._database.read() as connection:
            return connection.execute(question.where(_order > _place_and_id(after))).all()

    def prepared(self, rows: Sequence[AnyRow]) -> Iterator[Document]:
        """As prepared when they were stored, or made anew where that was by another version, or not at all."""
        mine = prepared.fingerprint()
        others = {row.id for row in rows if row.made_by != mine}
        stored = self.stored(others) if others else {}
        for row in rows:
            if row.made_by == mine:
                yield prepared.document(unpack(row.content), row.id, row.version, row.updated)
            elif row.id in stored:  # gone since, otherwise
                one = stored[row.id]
                yield document_of(one.id, one.version, one.record, one.updated)

    def listing(self, source: str | None) -> Iterator[Listed]:
        """All records (of a source), by source and native id."""
        question = _LISTED if source is None else _LISTED.where(records.c.source == source)
        for row in self._walked(question, records.c.source, records.c.native_id):
            yield Listed(*row)

    def _walked(self, question: Select[*tuple[Any, ...]], *order: ColumnElement[str]) -> Iterator[AnyRow]:
        """All rows in the order of columns that tell them apart, some read at a time."""
        page = rest = question.order_by(*order).limit(STREAM)
        while True:
            with self._database.read() as connection:
                rows = connection.execute(rest).all()
            yield from rows
            if len(rows) < STREAM:
                return
            rest = page.where(tuple_(*order) > tuple(rows[-1]._mapping[column] for column in order))

    def _by_id(self, question: Select[*tuple[Any, ...]], ids: Iterable[str]) -> list[AnyRow]:
        parts = list(chunks(ids))
        if not parts:  # a search that only counts need not begin a transaction
            return []
        with self._database.read() as connection:
            return [row for some in parts for row in connection.execute(question, {"ids": some})]


@dataclass(slots=True)
class Stream:
    """Documents by their places, to be walked once. ``bookmark`` is where it has come to: another goes on there."""

    reader: Reader
    bookmark: str

    def __iter__(self) -> Iterator[Document]:
        while rows := self.reader.page(self.bookmark):
            places = {row.id: row.place for row in rows}
            for document in self.reader.prepared(rows):
                self.bookmark = f"{places[document.id]}:{document.id}"
                yield document
            self.bookmark = f"{rows[-1].place}:{rows[-1].id}"


def _place_and_id(bookmark: str) -> tuple[int, str]:
    place, _, record_id = bookmark.partition(":")
    return int(place or NOWHERE), record_id


def _stored(row: AnyRow) -> StoredRecord:
    record_id, source, native_id, version, created, updated, record = row
    return StoredRecord(record_id, source, native_id, version, created, updated, codec.decode(record))
