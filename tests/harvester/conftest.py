"""A catalogue of its own for each test: real SQL, and the plain engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(tmp_path / "var", search_url="memory:")
    yield made
    made.catalogue.close()
