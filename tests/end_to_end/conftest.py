"""Fixtures of the end-to-end tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.workspace import Workspace


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workspace]:
    """Makes a workspace with its own SQLite and tantivy files."""

    def make(name: str) -> Workspace:
        folder: Path = tmp_path_factory.mktemp(name)
        return Workspace(folder)

    return make
