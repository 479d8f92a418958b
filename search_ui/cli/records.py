"""``record``: look at what the catalogue holds."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from indexer.workspace import Workspace
from mappings.codec import encode
from search_ui.cli.output import print_json, print_table


@click.group()
def record() -> None:
    """List the catalogue's records and show one."""


@record.command("list")
@click.option("--source", help="Only the records of this source.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def list_records(workspace: Workspace, source: str | None, as_json: bool) -> None:
    """List the records: id, source, the source's own id, location and title."""
    listing = workspace.catalogue.listing(source)
    if as_json:
        print_json([asdict(line) for line in listing])
        return
    rows = ((line.id, line.source, line.title) for line in listing)
    print_table(("ID", "SOURCE", "TITLE"), rows, "There are no records yet: add a source and harvest it.")


@record.command("show")
@click.argument("record_id", metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "xml", "raw"]),
    default="json",
    show_default=True,
    help="The Record, its ISO 19115-2 document, or the bytes as harvested.",
)
@click.pass_obj
def show_record(workspace: Workspace, record_id: str, form: str) -> None:
    """Print one record."""
    catalogue = workspace.catalogue
    if form == "xml":
        click.echo(catalogue.document(record_id), nl=False)
    elif form == "raw":
        click.echo(catalogue.raw(record_id).content, nl=False)
    else:
        print_json(json.loads(encode(catalogue.get(record_id).record)))
