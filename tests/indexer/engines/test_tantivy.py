from __future__ import annotations

from pathlib import Path

from indexer.engines import open_engine
from indexer.engines.base import Engine
from tests.contracts.engine import ComparedContract


class TestTantivyEngine(ComparedContract):
    def make(self, folder: Path) -> Engine:
        return open_engine(f"tantivy://{folder}", folder)
