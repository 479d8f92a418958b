"""``index``: compare the search index with SQL, and make it anew."""

from __future__ import annotations

from dataclasses import asdict

import click

from indexer.workspace import Workspace
from search_ui.cli.output import print_fields, print_json


@click.group()
def index() -> None:
    """Look after the search index. SQL is the truth; the index can always be made from it."""


@index.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def index_status(workspace: Workspace, as_json: bool) -> None:
    """Compare what is stored with what is searchable."""
    status = workspace.catalogue.status()
    if as_json:
        print_json(asdict(status))
        return
    print_fields(
        [
            ("records in SQL", f"{status.records:,}"),
            ("records searchable", f"{status.documents:,}"),
            ("changes waiting for the index", f"{status.pending:,}"),
            ("database", status.database),
            ("index", status.index),
            ("index size", None if status.index_size is None else f"{status.index_size / 1e6:,.1f} MB"),
        ]
    )
    if status.records != status.documents and not status.pending:
        click.echo("\nSQL and the index disagree: run 'python app.py index rebuild'.")


@index.command("rebuild")
@click.pass_obj
def rebuild_index(workspace: Workspace) -> None:
    """Make the index anew from SQL. The old one answers until the new one is ready."""
    catalogue = workspace.catalogue
    with click.progressbar(length=catalogue.count(), label="Indexing") as bar:
        done = catalogue.rebuild(lambda count: bar.update(count - bar.pos))
    click.echo(f"{done:,} records are searchable.")
