"""Halocline: settings, wiring and the command line. ``python app.py --help`` lists the commands; nothing imports this file.

The settings are environment variables, or lines of a ``.env`` file in the working directory; docs/guide.md describes each.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from dotenv import load_dotenv

import harvester.commands
import search_ui.cli
from indexer.workspace import Workspace
from mappings.errors import HaloclineError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says."""

    data_dir: Path
    database_url: str | None
    search_url: str | None
    secret_key: str | None
    base_url: str | None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """An empty variable counts as not set."""

        def setting(name: str) -> str | None:
            return environment.get(f"HALOCLINE_{name}", "").strip() or None

        return cls(
            data_dir=Path(setting("DATA_DIR") or "var"),
            database_url=setting("DATABASE_URL"),
            search_url=setting("SEARCH_URL"),
            secret_key=setting("SECRET_KEY"),
            base_url=setting("BASE_URL"),
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


@click.group(cls=_Commands)
@click.version_option("0.1.0", prog_name="Halocline")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Harvest, crosswalk, index and serve metadata of ocean and earth-science data."""
    load_dotenv(Path(".env"))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    ctx.obj = Settings.read(os.environ).workspace()


for command in (*harvester.commands.COMMANDS, *search_ui.cli.COMMANDS):
    main.add_command(command)

if __name__ == "__main__":
    main()
