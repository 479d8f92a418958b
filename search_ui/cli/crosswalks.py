"""``crosswalk``: look at the crosswalks, and try one on a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from crosswalks.definitions import FORMATS, crosswalk_for
from crosswalks.detect import format_of
from crosswalks.writers import iso19115_2
from mappings.codec import encode
from mappings.record import RawRecord
from search_ui.cli.output import print_json, print_table


@click.group()
def crosswalk() -> None:
    """Look at the crosswalks, and see what one makes of a file."""


@crosswalk.command("list")
def list_crosswalks() -> None:
    """List the formats that are understood."""
    rows = ((name, crosswalk_for(name).label) for name in FORMATS)
    print_table(("FORMAT", "CROSSWALK"), rows, "There are no crosswalks.")


@crosswalk.command("check")
def check_crosswalks() -> None:
    """Read every definition and say whether it is sound."""
    for name in FORMATS:
        click.echo(f"{crosswalk_for(name).label}: sound")


@crosswalk.command("preview")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", help="The format, if it is not to be told from the content.")
@click.option("--output", type=click.Choice(["json", "xml", "trace"]), default="json", show_default=True)
def preview(file: Path, form: str | None, output: str) -> None:
    """Show what a file becomes: the Record, its ISO 19115-2 document, or which rule gave which value."""
    content = file.read_bytes()
    raw = RawRecord(file.stem, form or format_of(content, file.name), content)
    done = crosswalk_for(raw.format).apply(raw, trace=output == "trace")
    if output == "xml":
        click.echo(iso19115_2.write(done.record), nl=False)
    elif output == "json":
        print_json(json.loads(encode(done.record)))
    else:
        rows = ((entry.field, entry.rule, entry.value) for entry in done.trace)
        print_table(("FIELD", "RULE", "VALUE"), rows, "No rule gave a value.")
    for finding in done.findings:
        click.echo(f"{finding.field}: {finding.message} ({finding.place})", err=True)
