"""Is a document valid? The verdict of an XML Schema, as sentences."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from crosswalks.readers.xml import parse
from mappings.errors import ConfigurationError

MOST = 20
"""So many problems are told; a document that is wrong throughout would give thousands."""


def problems(document: bytes, schema: Path) -> tuple[str, ...]:
    """What is wrong with a document according to the XML Schema in a file; nothing when it is valid.

    ``schema`` and what it imports are read from disk only. Where a catalogue of schema locations is needed, its path
    is in the environment (``XML_CATALOG_FILES``) when the first schema is loaded. Raises ``UnreadableRecord`` for
    bytes that are no XML and ``ConfigurationError`` for a schema that is none.
    """
    validator = _schema(schema.resolve(), os.environ.get("XML_CATALOG_FILES"))
    if validator.validate(parse(document).getroottree()):
        return ()
    log: Any = validator.error_log
    return tuple(f"line {error.line}: {error.message}" for error in log)[:MOST]


@cache
def _schema(path: Path, _catalogue: str | None) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True)))
    except (OSError, etree.LxmlError) as error:
        raise ConfigurationError(f"{path} is not an XML Schema that can be used: {error}") from error
