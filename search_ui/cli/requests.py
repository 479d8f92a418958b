"""``request``: answer the requests for restricted data."""

from __future__ import annotations

from dataclasses import asdict

import click

from indexer.requests import RequestStatus
from indexer.workspace import Workspace
from search_ui.cli.output import print_fields, print_json, print_table

_reason = click.option("--reason", required=True, help="What the person who asked will read.")
_by = click.option("--by", default="administrator", show_default=True, help="Who decides.")


@click.group()
def request() -> None:
    """Look at the requests for restricted data, and approve or refuse them."""


@request.command("list")
@click.option("--status", type=click.Choice(["pending", "approved", "refused"]), help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def list_requests(workspace: Workspace, status: RequestStatus | None, as_json: bool) -> None:
    """List the requests, newest first."""
    requests = workspace.stewardship.requests(status)
    if as_json:
        print_json([asdict(item) for item in requests])
        return
    rows = (
        (
            item.id,
            item.status,
            item.submitted,
            item.request.name,
            item.request.institution,
            item.request.record_id,
        )
        for item in requests
    )
    print_table(
        ("NO", "STATUS", "SUBMITTED", "WHO", "INSTITUTION", "RECORD"), rows, "Nobody has asked for data yet."
    )


@request.command("show")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def show_request(workspace: Workspace, number: int, as_json: bool) -> None:
    """Show one request: who asks, for what, and why."""
    item = workspace.stewardship.request(number)
    if as_json:
        print_json(asdict(item))
        return
    asked = item.request
    box = asked.box
    print_fields(
        [
            ("status", item.status),
            ("record", asked.record_id),
            ("who", asked.name),
            ("institution", asked.institution),
            ("e-mail", asked.email),
            ("purpose", asked.purpose),
            ("box", f"{box.west}, {box.south}, {box.east}, {box.north}" if box else None),
            ("from", asked.start),
            ("to", asked.end),
            ("variables", ", ".join(asked.variables)),
            ("submitted", item.submitted),
            ("decided", item.decided),
            ("by", item.decided_by),
            ("reason", item.reason),
        ]
    )


@request.command("approve")
@click.argument("number", type=int)
@_reason
@_by
@click.pass_obj
def approve_request(workspace: Workspace, number: int, reason: str, by: str) -> None:
    """Approve a request."""
    workspace.stewardship.approve(number, reason, by)
    click.echo(f"Request {number} is approved; its status page says so.")


@request.command("refuse")
@click.argument("number", type=int)
@_reason
@_by
@click.pass_obj
def refuse_request(workspace: Workspace, number: int, reason: str, by: str) -> None:
    """Refuse a request."""
    workspace.stewardship.refuse(number, reason, by)
    click.echo(f"Request {number} is refused; its status page says so.")
