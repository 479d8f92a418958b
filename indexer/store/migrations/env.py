"""Run by Alembic. The connection and its transaction are those of ``indexer.store.migrations.migrate``."""

from __future__ import annotations

from alembic import context

from indexer.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite takes back DDL too, as transactions here begin with BEGIN
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
