"""What goes into the catalogue and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from uuid import UUID

from indexer.packing import pack, pack_attachments, unpack, unpack_attachments
from indexer.place import place_of
from indexer.prepared import prepare
from indexer.query import Condition, Cursor, FacetValue, TileCount
from mappings import codec
from mappings.record import LocalisedText, RawRecord, Record


@dataclass(frozen=True, slots=True)
class Ingest:
    """One harvested record on its way in, as SQL keeps it: made where the record is crosswalked, often in a process of
    its own, so that whoever stores it has only to write. ``content_hash`` tells whether it is a changed one.
    """

    source: str
    native_id: str
    file_identifier: str
    title: str
    format: str
    location: str | None
    modified: str | None
    content_hash: str
    packed_record: bytes  # JSON, as it is
    packed_iso: bytes
    packed_document: bytes  # what the index is told of it
    place: int
    packed_content: bytes
    packed_attachments: bytes | None

    @classmethod
    def of(cls, source: str, raw: RawRecord, record: Record, iso: bytes) -> Ingest:
        """A record as the endpoint gave it, as a Record, and as ISO 19115-2."""
        crosswalk = record.provenance.crosswalk if record.provenance else None
        return cls(
            source=source,
            native_id=raw.native_id,
            file_identifier=record.file_identifier,
            title=record.title.text.replace("\0", ""),  # which PostgreSQL's text cannot hold
            format=raw.format,
            location=raw.location,
            modified=raw.modified,
            content_hash=content_hash(raw, crosswalk),
            packed_record=codec.encode(record),
            packed_iso=pack(iso),
            packed_document=pack(prepare(record)),
            place=place_of(record.extent),
            packed_content=pack(raw.content),
            packed_attachments=pack_attachments(raw.attachments),
        )

    @property
    def record(self) -> Record:
        """The Record."""
        return codec.decode(self.packed_record)

    @property
    def iso(self) -> bytes:
        """The ISO 19115-2 document."""
        return unpack(self.packed_iso)

    @property
    def raw(self) -> RawRecord:
        """The record as the endpoint gave it."""
        content, attachments = unpack(self.packed_content), unpack_attachments(self.packed_attachments)
        return RawRecord(self.native_id, self.format, content, self.location, self.modified, attachments)


@dataclass(frozen=True, slots=True)
class IngestCounts:
    """What a batch did to the catalogue."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A Record with its id and version in the catalogue; ``created`` and ``updated`` are the instants at which it came
    and last changed there.
    """

    id: str
    source: str
    native_id: str
    version: int
    created: str
    updated: str
    record: Record


@dataclass(frozen=True, slots=True)
class Titled:
    """What a record is called; ``language`` is the record's own."""

    id: str
    title: LocalisedText
    language: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a listing of the catalogue; ``title`` is in the record's own language."""

    id: str
    source: str
    native_id: str
    location: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record that was taken out of the catalogue, and the instant of that."""

    id: str
    deleted: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the catalogue is: a name that no other has, and the instant from which it has it."""

    uuid: UUID
    made: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits in order, the exact number of all of them, counted facet values by field, map tiles, where a
    walk goes on, and how many records match each of the other conditions. Hits that were deleted meanwhile are left
    out of their page.
    """

    hits: tuple[StoredRecord, ...]
    total: int
    facets: dict[str, tuple[FacetValue, ...]]
    heatmap: tuple[TileCount, ...] = ()
    next: Cursor | None = None
    totals: Mapping[Condition, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of hits as ISO 19115-2 documents, and the exact number of all of them."""

    documents: tuple[bytes, ...]
    total: int


Versions = tuple[tuple[str, int], ...]
"""Ids and versions."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Where SQL and the index do not agree, though nothing about it waits for the index.

    ``missing`` are in SQL alone, ``outdated`` in the index at another version than in SQL, ``surplus`` in the index
    alone; with the versions they have in SQL, in SQL and in the index.
    """

    missing: Versions
    outdated: Versions
    surplus: Versions

    def __len__(self) -> int:
        return len(self.missing) + len(self.outdated) + len(self.surplus)


@dataclass(frozen=True, slots=True)
class CatalogueStatus:
    """How much is stored and searchable, and where. ``pending`` changes wait for the index, the first of them since
    ``waiting_since``. Sizes: bytes.
    """

    records: int
    pending: int
    waiting_since: str | None
    database: str  # without its password
    database_size: int | None
    documents: int
    index: str
    index_size: int | None


def content_hash(raw: RawRecord, crosswalk: str | None) -> str:
    """What tells a changed record from an unchanged one: everything that the crosswalk reads.

    ``crosswalk`` is its label ("erddap-info@1"): with a new version of it every record is a changed one.
    ``raw.modified`` is not: servers move it without touching the record.
    """
    parts = [raw.format.encode(), (crosswalk or "").encode(), (raw.location or "").encode(), raw.content]
    for name, content in raw.attachments:
        parts += [name.encode(), content]
    digest = blake2b(digest_size=20)
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()
