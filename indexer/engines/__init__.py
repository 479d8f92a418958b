"""Search engines behind one port (``base.Engine``): ``memory``, ``tantivy`` and ``elasticsearch``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from indexer.engines.base import Engine
from mappings.errors import ConfigurationError


def open_engine(url: str, data_dir: Path) -> Engine:
    """The engine that a search URL names.

    ``memory:`` forgets everything at the end of the process; ``tantivy:///absolute/folder`` keeps an index
    there, ``tantivy:folder`` below ``data_dir``; ``http(s)://host:9200/prefix`` is Elasticsearch. Raises
    ``ConfigurationError`` for anything else.
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
        connection = import_module("indexer.engines.elasticsearch.connection")
        engine = import_module("indexer.engines.elasticsearch.engine")
        distant: Engine = engine.ElasticsearchEngine(connection.read_address(url))
        return distant
    raise ConfigurationError(
        "HALOCLINE_SEARCH_URL is no search URL: write memory:, tantivy:///folder or http(s)://host:9200/prefix"
    )
