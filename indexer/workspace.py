"""Opens the catalogue and its stewardship where the settings say they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from indexer.catalogue import Catalogue
from indexer.engines import open_engine
from indexer.stewardship import Stewardship
from indexer.store import Store, open_store


@dataclass(frozen=True)
class Workspace:
    """What one process works with. Nothing is opened before it is used.

    ``database_url`` defaults to SQLite, and ``search_url`` to tantivy, both under ``data_dir``.
    """

    data_dir: Path
    database_url: str | None = None
    search_url: str | None = None

    @cached_property
    def catalogue(self) -> Catalogue:
        """What is stored and how it is found."""
        own = f"tantivy{(self.data_dir / 'index').resolve().as_uri().removeprefix('file')}"
        return Catalogue(self._store, open_engine(self.search_url or own, self.data_dir))

    @cached_property
    def stewardship(self) -> Stewardship:
        """Sources, runs, quarantine and data requests."""
        return Stewardship(self._store)

    @cached_property
    def _store(self) -> Store:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        default = f"sqlite:///{quote(str((self.data_dir / 'halocline.db').resolve()))}"
        return open_store(self.database_url or default)

    def close(self) -> None:
        """Let go of what was opened."""
        if "catalogue" in self.__dict__:
            self.catalogue.close()
        if "_store" in self.__dict__:
            self._store.close()
