"""``source``, ``harvest`` and ``schedule`` at the terminal."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from threading import Event
from types import FrameType

import click

from harvester.pipeline import RunReport, run
from harvester.schedule import trigger
from harvester.scheduler import Scheduler
from harvester.source import SOURCE_TYPES, SourceConfig, read_options, source_config
from indexer.sources import StoredSource
from indexer.workspace import Workspace

EXIT_CODES = {"succeeded": 0, "partial": 2, "failed": 1}


@click.group()
def source() -> None:
    """Add, show and remove the endpoints that are harvested."""


@source.command("add")
@click.argument("name")
@click.option("--type", "type_name", required=True, type=click.Choice(list(SOURCE_TYPES)))
@click.option("--url", required=True, help="The endpoint's address (a folder's path for type folder).")
@click.option("--schedule", help='When to harvest: "every 6h", "every 30m", or a cron line in UTC.')
@click.option("--option", "options", multiple=True, metavar="K=V", help="An option of the type; repeatable.")
@click.pass_obj
def add_source(
    workspace: Workspace,
    name: str,
    type_name: str,
    url: str,
    schedule: str | None,
    options: tuple[str, ...],
) -> None:
    """Add a source. Nothing is fetched yet."""
    stored = StoredSource(name, type_name, url, schedule, dict(map(_key_and_value, options)))
    read_options(source_config(stored))
    if schedule is not None:
        trigger(schedule)
    workspace.stewardship.add_source(stored)
    click.echo(f"Added {name}. Harvest it now with: python app.py harvest {name}")


def _key_and_value(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE", param_hint="--option")
    return key.strip(), value.strip()


@source.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def list_sources(workspace: Workspace, as_json: bool) -> None:
    """List the sources."""
    stored = workspace.stewardship.sources()
    if as_json:
        click.echo(json.dumps([_plain(one) for one in stored], ensure_ascii=False, indent=2))
    elif not stored:
        click.echo("There are no sources yet; 'python app.py source add --help' says how to add one.")
    for one in () if as_json else stored:
        state = "" if one.enabled else "  (disabled)"
        click.echo(f"{one.name}  {one.type}  {one.url}  {one.schedule or 'by hand'}{state}")


@source.command("show")
@click.argument("name")
@click.pass_obj
def show_source(workspace: Workspace, name: str) -> None:
    """Show one source and its last runs, as JSON."""
    stewardship = workspace.stewardship
    shown = {**_plain(stewardship.source(name)), "runs": [asdict(one) for one in stewardship.runs(name, 10)]}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@source.command("enable")
@click.argument("name")
@click.pass_obj
def enable_source(workspace: Workspace, name: str) -> None:
    """Let the schedule run a source again."""
    workspace.stewardship.set_enabled(name, True)
    click.echo(f"{name} is enabled.")


@source.command("disable")
@click.argument("name")
@click.pass_obj
def disable_source(workspace: Workspace, name: str) -> None:
    """Keep the schedule from running a source; its records stay."""
    workspace.stewardship.set_enabled(name, False)
    click.echo(f"{name} is disabled; its records stay.")


@source.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove_source(workspace: Workspace, name: str, yes: bool) -> None:
    """Remove a source with its records and its quarantine; the history of its runs stays."""
    stewardship, catalogue = workspace.stewardship, workspace.catalogue
    stewardship.source(name)
    if not yes:
        click.confirm(f"Remove {name} and its {len(catalogue.known_hashes(name))} records?", abort=True)
    deleted = catalogue.delete_source(name)
    catalogue.drain()
    stewardship.remove_source(name)
    click.echo(f"Removed {name} and {deleted} records.")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every enabled source.")
@click.option("--full", is_flag=True, help="Process unchanged records too.")
@click.option("--dry-run", is_flag=True, help="Store nothing; only say what would happen.")
@click.option(
    "--accept-deletions", is_flag=True, help="Delete what the endpoint no longer lists, however much."
)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after this many records.")
@click.option("--json", "as_json", is_flag=True, help="End with JSON: one object per source.")
@click.pass_obj
def harvest(
    workspace: Workspace,
    names: tuple[str, ...],
    everything: bool,
    full: bool,
    dry_run: bool,
    accept_deletions: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """Harvest sources now, one after the other. Exit status: 0 succeeded, 2 partial, 1 failed."""
    stewardship = workspace.stewardship
    if everything == bool(names):
        raise click.UsageError("Name the sources to harvest, or give --all.")
    chosen = [one for one in stewardship.sources() if one.enabled] if everything else []
    chosen += [stewardship.source(name) for name in names]
    reports = []
    with _stop_on_signal() as cancelled:
        for stored in chosen:
            with _progress(stored.name, quiet=as_json) as show:
                report = run(
                    source_config(stored),
                    workspace.catalogue,
                    stewardship,
                    full=full,
                    dry_run=dry_run,
                    accept_deletions=accept_deletions,
                    limit=limit,
                    progress=show,
                    cancelled=cancelled,
                )
            reports.append(report)
            if not as_json:
                click.echo(summary(report))
            if cancelled.is_set():
                break
    if as_json:
        click.echo(json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=2))
    statuses = {report.status for report in reports}
    sys.exit(next((EXIT_CODES[status] for status in ("failed", "partial") if status in statuses), 0))


def summary(report: RunReport) -> str:
    """A finished run in a line or two."""
    counts = (
        f"{report.seen} seen: {report.created} new, {report.updated} changed, {report.unchanged} unchanged, "
        f"{report.deleted} deleted, {report.failed} failed"
    )
    told = f"\n  {report.message}" if report.message else ""
    return f"{report.source} {report.status} in {report.seconds:.1f} s. {counts}.{told}"


@click.command()
@click.pass_obj
def schedule(workspace: Workspace) -> None:
    """Run the sources on their schedules until stopped (``serve`` does this too)."""
    scheduler = Scheduler(workspace.catalogue, workspace.stewardship)
    with _stop_on_signal() as stopped:
        scheduler.start()
        click.echo("Running the schedules. Press Ctrl-C to stop.")
        stopped.wait()
        scheduler.stop()


def stored_source(config: SourceConfig) -> StoredSource:
    """A source's configuration as it is kept."""
    return StoredSource(config.name, config.type, config.url, config.schedule, config.options, config.enabled)


def _plain(stored: StoredSource) -> dict[str, object]:
    return {
        "name": stored.name,
        "type": stored.type,
        "url": stored.url,
        "schedule": stored.schedule,
        "options": dict(stored.options),
        "enabled": stored.enabled,
    }


@contextmanager
def _stop_on_signal() -> Iterator[Event]:
    """An event that Ctrl-C and SIGTERM set, so that what is in hand is stored before the process ends."""
    stopped = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Bar:
    """Progress on the terminal: a line that is written over, with a bar once the total is known."""

    WIDTH = 30

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, seen: int, expected: int | None) -> None:
        if expected:
            filled = min(self.WIDTH, self.WIDTH * seen // expected)
            bar = f"[{'#' * filled}{'-' * (self.WIDTH - filled)}] {seen}/{expected}"
        else:
            bar = f"{seen} records"
        click.echo(f"\r{self._name}  {bar} ", nl=False, err=True)


@contextmanager
def _progress(name: str, quiet: bool) -> Iterator[_Bar | None]:
    """A bar for the run of one source, where somebody is there to see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    yield _Bar(name)
    click.echo("\r\033[K", nl=False, err=True)


COMMANDS = (source, harvest, schedule)
"""What ``app.py`` adds to its command line."""
