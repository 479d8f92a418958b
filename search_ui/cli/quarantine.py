"""``quarantine``: records that could not be read."""

from __future__ import annotations

from dataclasses import asdict

import click

from indexer.workspace import Workspace
from search_ui.cli.output import print_fields, print_json, print_table, printable

SHOWN_BYTES = 2000


@click.group()
def quarantine() -> None:
    """Look at the records that could not be read, with their bytes, the reason and the place."""


@quarantine.command("list")
@click.option("--source", help="Only the records of this source.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def list_quarantined(workspace: Workspace, source: str | None, as_json: bool) -> None:
    """List the quarantined records, newest failure first."""
    items = workspace.stewardship.quarantined(source)
    if as_json:
        print_json([asdict(item) for item in items])
        return
    rows = ((item.id, item.source, item.native_id, item.last, item.reason) for item in items)
    print_table(("NO", "SOURCE", "RECORD", "SINCE", "REASON"), rows, "The quarantine is empty.")


@quarantine.command("show")
@click.argument("number", type=int)
@click.option("--bytes", "only_bytes", is_flag=True, help="Write only the bytes as they came.")
@click.pass_obj
def show_quarantined(workspace: Workspace, number: int, only_bytes: bool) -> None:
    """Show one quarantined record: why it failed, where, and how its bytes begin."""
    item = workspace.stewardship.quarantined_item(number)
    if only_bytes:
        click.echo(item.content, nl=False)
        return
    about = item.about
    print_fields(
        [
            ("source", about.source),
            ("record", about.native_id),
            ("format", about.format),
            ("location", about.location),
            ("reason", about.reason),
            ("place", about.place),
            ("first failed", about.first),
            ("last failed", about.last),
            ("bytes", about.size),
        ]
    )
    click.echo("\n" + printable(item.content[:SHOWN_BYTES].decode("utf-8", errors="replace")))
    if about.size > SHOWN_BYTES:
        click.echo(f"... ({about.size - SHOWN_BYTES:,} more bytes; --bytes writes them all)")
