"""Search engines behind one port (``base.Engine``): ``memory`` and ``tantivy``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from indexer.engines.base import Engine
from mappings.errors import ConfigurationError


def open_engine(url: str, data_dir: Path) -> Engine:
    """The engine that a search URL names.

    ``memory:`` forgets everything at the end of the process; ``tantivy:///absolute/folder`` keeps an index
    there, ``tantivy:folder`` below ``data_dir``. Raises ``ConfigurationError`` for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "memory":
        from indexer.engines.memory import MemoryEngine  # noqa: PLC0415

        return MemoryEngine()
    if parts.scheme == "tantivy":
        if parts.netloc:
            raise ConfigurationError(
                f"{url!r}: write tantivy:///folder, with three slashes, for an index on this machine"
            )
        engine = import_module("indexer.engines.tantivy.engine")
        opened: Engine = engine.TantivyEngine(data_dir / (unquote(parts.path) or "index"))
        return opened
    if parts.scheme in {"http", "https"}:
        raise ConfigurationError(
            "Elasticsearch is not supported yet: leave HALOCLINE_SEARCH_URL empty to use tantivy"
        )
    raise ConfigurationError(f"{url!r} is no search URL: it begins with memory: or tantivy:///")
