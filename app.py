"""Halocline: settings, wiring and the command line. Nothing imports this file.

``python app.py --help`` lists the commands. The settings are environment variables, or lines of a ``.env`` file in the
working directory; docs/guide.md describes each.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import waitress
from dotenv import load_dotenv
from flask import Flask

import harvester.commands
import search_ui.cli
from harvester.bench.relevance import report
from harvester.bench.relevance.judgements import load_judgements
from harvester.bench.relevance.metrics import DEPTH
from harvester.bench.relevance.run import measure as measure_relevance
from harvester.bench.run import bench as run_bench
from harvester.bench.search import EngineUnderTest
from harvester.bench.search import bench_search as run_bench_search
from harvester.commands import stored_source, summary
from harvester.demo import start as start_demo
from harvester.pipeline import run
from harvester.scheduler import Scheduler
from indexer.workspace import Workspace
from mappings.errors import ConfigurationError, HaloclineError, IndexUnavailable
from search_ui.application import create_app
from search_ui.html.asking import first_hits
from search_ui.html.suggesting import SUGGESTER
from search_ui.services import Services

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
THREADS = 8
BENCH_SIZES = (10_000, 100_000)
SERVE = (sys.executable, str(Path(__file__).resolve()), "serve")
"""The command line that benchmarks start the web server by."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says."""

    data_dir: Path
    database_url: str | None
    search_url: str | None
    secret_key: str | None
    base_url: str | None
    priors: bool

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """An empty variable counts as not set."""

        def setting(name: str) -> str | None:
            return environment.get(f"HALOCLINE_{name}", "").strip() or None

        priors = setting("PRIORS") or "on"
        if priors not in ("on", "off"):
            raise ConfigurationError(f"HALOCLINE_PRIORS is {priors!r}: it can be on or off")
        return cls(
            data_dir=Path(setting("DATA_DIR") or "var"),
            database_url=setting("DATABASE_URL"),
            search_url=setting("SEARCH_URL"),
            secret_key=setting("SECRET_KEY"),
            base_url=setting("BASE_URL"),
            priors=priors == "on",
        )

    def workspace(self) -> Workspace:
        """The catalogue these settings lead to."""
        return Workspace(self.data_dir, self.database_url, self.search_url)

    def signing_key(self) -> str:
        """``HALOCLINE_SECRET_KEY``, or a key made once and kept, readable by its owner alone, in the data folder."""
        if self.secret_key:
            return self.secret_key
        kept = self.data_dir / "secret.key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return kept.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        return kept.read_text(encoding="ascii")


class _Commands(click.Group):
    """Turns the errors that Halocline raises on purpose into one line and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HaloclineError as error:
            raise click.ClickException(str(error)) from error


def web_application(settings: Settings, workspace: Workspace) -> Flask:
    """The portal, its CSW and the data requests, on a catalogue."""
    base_url = settings.base_url or f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"
    try:
        if workspace.catalogue.index_is_lost():
            click.echo("The search index is lost or of another version; making it anew from SQL ...")
            workspace.catalogue.rebuild()
    except IndexUnavailable as error:
        click.echo(f"{error}. Records can be opened, and searched as soon as it is back.")
    return create_app(
        Services(
            workspace.catalogue,
            workspace.stewardship,
            base_url,
            settings.signing_key(),
            priors=settings.priors,
        )
    )


def run_server(application: Flask, host: str, port: int, scheduler: Scheduler | None) -> None:
    """Serve until Ctrl-C or SIGTERM, the scheduler beside it. Raises ``ConfigurationError`` where the port is taken."""
    try:
        server = waitress.create_server(application, host=host, port=port, threads=THREADS, ident=None)
    except OSError as error:
        raise ConfigurationError(
            f"cannot serve at {host}:{port}: {error.strerror}; choose another --port"
        ) from error
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    if scheduler is not None:
        scheduler.start()
    application.extensions[SUGGESTER].prepare()
    try:
        server.run()
    finally:
        server.close()
        if scheduler is not None:
            scheduler.stop()


@click.group(cls=_Commands)
@click.version_option("0.1.0", prog_name="Halocline")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Harvest, crosswalk, index and serve metadata of ocean and earth-science data."""
    load_dotenv(Path(".env"))
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    ctx.obj = Settings.read(os.environ).workspace()
    ctx.call_on_close(ctx.obj.close)


@main.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True)
@click.option("--no-scheduler", is_flag=True, help="Only serve; harvest nothing.")
@click.pass_obj
def serve(workspace: Workspace, host: str, port: int, no_scheduler: bool) -> None:
    """Serve the portal and CSW, and run the sources on their schedules."""
    settings = Settings.read(os.environ)
    application = web_application(settings, workspace)
    site_url = settings.base_url
    scheduler = (
        None if no_scheduler else Scheduler(workspace.catalogue, workspace.stewardship, site_url=site_url)
    )
    click.echo(
        f"Halocline is at http://{host}:{port}/ and its CSW at http://{host}:{port}/csw. Ctrl-C stops it."
    )
    run_server(application, host, port, scheduler)


@main.command()
@click.option("--port", default=DEFAULT_PORT, show_default=True)
@click.pass_context
def demo(ctx: click.Context, port: int) -> None:
    """Harvest sample ocean data from local endpoints and serve the portal.

    Everything is kept in the folder demo below the data folder, and made anew at each start.
    """
    settings = replace(Settings.read(os.environ), database_url=None, search_url=None, base_url=None)
    settings = replace(settings, data_dir=settings.data_dir / "demo")
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    workspace = settings.workspace()
    ctx.call_on_close(workspace.close)
    with start_demo() as endpoints:
        for source in endpoints.endpoints:
            workspace.stewardship.add_source(stored_source(source))
            click.echo(summary(run(source, workspace.catalogue, workspace.stewardship)))
        address = f"http://{DEFAULT_HOST}:{port}"
        click.echo(
            f"\n{workspace.catalogue.count()} records are in the catalogue.\n"
            f"  portal      {address}/\n"
            f"  CSW         {address}/csw?service=CSW&request=GetCapabilities\n"
            f"  quarantine  {address}/quarantine\n"
            f"\nThe commands see it too: HALOCLINE_DATA_DIR={settings.data_dir} python app.py quarantine list\n"
            "Ctrl-C stops it.",
        )
        application = web_application(replace(settings, base_url=address), workspace)
        run_server(application, DEFAULT_HOST, port, Scheduler(workspace.catalogue, workspace.stewardship))


@main.group(invoke_without_command=True)
@click.option("--size", "sizes", multiple=True, type=click.IntRange(min=100), help="Records; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_context
def bench(ctx: click.Context, sizes: tuple[int, ...], as_json: bool) -> None:
    """Measure ingest, search and CSW on generated records (10,000 and 100,000 unless --size says otherwise).

    With a command, measure that instead.
    """
    if ctx.invoked_subcommand is not None:
        if sizes or as_json:
            raise click.UsageError(f"write options after the command: bench {ctx.invoked_subcommand} ...")
        return
    folder = Settings.read(os.environ).data_dir / "bench"
    figures = run_bench(sizes or BENCH_SIZES, folder, lambda line: click.echo(line, err=as_json), SERVE)
    if as_json:
        click.echo(json.dumps(figures, indent=2))


@bench.command("search")
@click.option("--size", "sizes", multiple=True, type=click.IntRange(min=100), help="Records; repeatable.")
@click.option(
    "--elasticsearch", "search_url", help="Ask a cluster too: its address, as HALOCLINE_SEARCH_URL has it."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def bench_search(sizes: tuple[int, ...], search_url: str | None, as_json: bool) -> None:
    """Measure rebuilding and searching, with the same records and questions for each engine.

    The generated records are kept below the data folder, and used again. In the cluster the index of the prefix is
    replaced: give one of its own.
    """
    engines = [EngineUnderTest("tantivy", None)]
    if search_url is not None:
        engines.append(EngineUnderTest("elasticsearch", search_url))
    folder = Settings.read(os.environ).data_dir / "bench"
    figures = run_bench_search(
        sizes or BENCH_SIZES[-1:], folder, engines, lambda line: click.echo(line, err=as_json), SERVE
    )
    if as_json:
        click.echo(json.dumps(figures, indent=2))


@bench.command("relevance")
@click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="HALOCLINE_CORPUS",
    help="Real records to judge over, beside the demo's.",
)
@click.option(
    "--elasticsearch", metavar="URL", help="Ask Elasticsearch too; HALOCLINE_SEARCH_URL if not given."
)
@click.option("--priors", type=click.Choice(["on", "off"]), default="on", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def bench_relevance(corpus: Path | None, elasticsearch: str | None, priors: str, as_json: bool) -> None:
    """Measure how good the first hits are: NDCG@10 and MRR of judged questions, for each engine."""
    search_url = elasticsearch or Settings.read(os.environ).search_url or ""
    outcomes = measure_relevance(
        load_judgements(),
        corpus,
        search_url if search_url.startswith("http") else None,
        lambda catalogue, text: first_hits(catalogue, text, DEPTH, priors=priors == "on"),
        lambda line: click.echo(line, err=as_json),
    )
    if as_json:
        click.echo(
            json.dumps([report.as_json(outcome) for outcome in outcomes], indent=2, ensure_ascii=False)
        )
        return
    for outcome in outcomes:
        click.echo("\n".join(report.lines(outcome)))


for command in (*harvester.commands.COMMANDS, *search_ui.cli.COMMANDS):
    main.add_command(command)

if __name__ == "__main__":
    main()
