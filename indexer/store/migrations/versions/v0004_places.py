"""Indexes are filled in the order of places. Records from before have none until they change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.add_column("entries", sa.Column("place", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_entries_place_id"), "entries", ["place", "id"])
    op.execute(
        "INSERT INTO entries (id, made_by, content) SELECT id, '', '' FROM records"
        " WHERE NOT EXISTS (SELECT 1 FROM entries WHERE entries.id = records.id)"
    )
