"""The tables. Instants are ISO 8601 text, UTC. Bytes of endpoints and ISO documents are compressed.

``records`` stays narrow, so that listings and hashes are read without passing over the bytes in ``documents``
and ``raws``. A change here needs a migration; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

records = Table(
    "records",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("file_identifier", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("change", BigInteger, nullable=False),  # the ingest transaction that wrote it: see ``changes``
    Column("content_hash", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("updated", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("location", Text),
    Column("modified", Text),  # as the endpoint says it
    Column("title", Text, nullable=False),
    UniqueConstraint("source", "native_id"),
    Index(None, "change"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Text, ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Column("record", LargeBinary, nullable=False),  # the Record as JSON (mappings.codec), as it is: read most
    Column("iso", LargeBinary, nullable=False),  # ISO 19115-2, UTF-8
)

entries = Table(
    "entries",
    metadata,
    Column("id", Text, ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Column("made_by", Text, nullable=False),  # indexer.prepared.fingerprint
    Column("content", LargeBinary, nullable=False),
    Column("place", BigInteger, nullable=False, server_default="0"),  # indexer.place
    Index(None, "place", "id"),
)
"""What the index is told of each record (``indexer.prepared``); made anew where another version has made it."""

raws = Table(
    "raws",
    metadata,
    Column("id", Text, ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("attachments", LargeBinary),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("deleted", Text, nullable=False),
    Index(None, "change"),
)

changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # one row
    Column("latest", BigInteger, nullable=False),
)
"""Counts the transactions that changed records. Writers queue: who sees ``latest`` sees all up to it."""

identity = Table(
    "identity",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # one row
    Column("uuid", Text, nullable=False),
    Column("made", Text, nullable=False),
)
"""Who the catalogue is: it keeps this when its address changes, or when it is restored elsewhere."""

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("record_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    sqlite_autoincrement=True,  # numbers never come back: a drain deletes by number what it has done
)

sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("schedule", Text),
    Column("options", Text, nullable=False),  # a JSON object of texts
    Column("enabled", Boolean, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("heard", Text, nullable=False),
    Column("finished", Text),
    Column("seen", Integer, nullable=False),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("message", Text),
    Index(None, "source", "id"),
    Index(None, "status"),
    sqlite_autoincrement=True,
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("expires", Float, nullable=False),  # seconds since 1970
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("format", Text),
    Column("location", Text),
    Column("reason", Text, nullable=False),
    Column("place", Text),
    Column("run", Integer),
    Column("size", Integer, nullable=False),
    Column("first", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("attachments", LargeBinary),
    UniqueConstraint("source", "native_id"),
    sqlite_autoincrement=True,
)

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_digest", Text, nullable=False, unique=True),
    Column("record_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("institution", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("box", Text),  # JSON: [west, south, east, north]
    Column("start", Text),
    Column("end", Text),
    Column("variables", Text, nullable=False),  # a JSON list of texts
    Column("language", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("submitted", Text, nullable=False),
    Column("reason", Text),
    Column("decided_by", Text),
    Column("decided", Text),
    Index(None, "status"),
    Index(None, "email", "status"),
    sqlite_autoincrement=True,
)
