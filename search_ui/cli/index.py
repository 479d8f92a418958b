"""``index``: compare the search index with SQL, and make it anew."""

from __future__ import annotations

from dataclasses import asdict

import click

from indexer.catalogue import Differences
from indexer.workspace import Workspace
from search_ui.cli.output import print_fields, print_json

EXAMPLES = 5
_MEANINGS = {
    "missing": "records cannot be found",
    "outdated": "records are found as they were at another time",
    "surplus": "records are found that are no longer there",
}


@click.group()
def index() -> None:
    """Look after the search index. SQL is the truth; the index can always be made from it."""


@index.command("status")
@click.option(
    "--check", is_flag=True, help="Compare each record with the index, not only how many there are."
)
@click.option("--repair", is_flag=True, help="The same, and tell the index again of what differs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def index_status(workspace: Workspace, check: bool, repair: bool, as_json: bool) -> None:
    """Compare what is stored with what is searchable."""
    catalogue = workspace.catalogue
    if repair:
        catalogue.drain()
    found = catalogue.compare() if check or repair else None
    left = catalogue.repair(found) if repair and found else found
    status = catalogue.status()
    if as_json:
        counts = (
            {} if found is None or left is None else {"differences": _counts(found), "left": _counts(left)}
        )
        print_json({**asdict(status), **counts})
        return
    print_fields(
        [
            ("records in SQL", f"{status.records:,}"),
            ("records searchable", f"{status.documents:,}"),
            ("changes waiting for the index", f"{status.pending:,}"),
            ("the first of them since", status.waiting_since),
            ("database", status.database),
            ("index", status.index),
            ("index size", None if status.index_size is None else f"{status.index_size / 1e6:,.1f} MB"),
        ]
    )
    if found is not None and left is not None:
        _tell(found, left if repair else None)
    elif status.records != status.documents and not status.pending:
        click.echo(
            "\nSQL and the index disagree: 'python app.py index status --repair' finds where, and mends it."
        )


def _counts(differences: Differences) -> dict[str, int]:
    return {name: len(getattr(differences, name)) for name in ("missing", "outdated", "surplus")}


def _tell(found: Differences, left: Differences | None) -> None:
    if not found:
        click.echo("\nSQL and the index agree, record by record.")
        return
    click.echo("")
    for name, meaning in _MEANINGS.items():
        differing = getattr(found, name)
        if differing:
            examples = ", ".join(record_id for record_id, _ in differing[:EXAMPLES])
            more = " ..." if len(differing) > EXAMPLES else ""
            click.echo(f"{len(differing):,} {meaning}: {examples}{more}")
    if left is None:
        click.echo("'python app.py index status --repair' mends this.")
    elif left:
        click.echo(f"{len(left):,} of these cannot be mended one by one: run 'python app.py index rebuild'.")
    else:
        click.echo("All of this is mended.")


@index.command("rebuild")
@click.pass_obj
def rebuild_index(workspace: Workspace) -> None:
    """Make the index anew from SQL. The old one answers until the new one is ready."""
    catalogue = workspace.catalogue
    with click.progressbar(length=catalogue.count(), label="Indexing") as bar:
        done = catalogue.rebuild(lambda count: bar.update(count - bar.pos))
    click.echo(f"{done:,} records are searchable.")
