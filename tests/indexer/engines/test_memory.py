from __future__ import annotations

from pathlib import Path

from indexer.engines.base import Engine
from indexer.engines.memory import MemoryEngine
from tests.contracts.engine import EngineContract


class TestMemoryEngine(EngineContract):
    def make(self, folder: Path) -> Engine:
        return MemoryEngine()
