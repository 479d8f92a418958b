"""Documents made once, when a record is crosswalked, and kept in SQL: indexing and rebuilding need only read them.

Making a document (analysis, concepts) costs several times what an engine takes to index it. What is kept does not know
the record's id in the catalogue, which is given when the record is stored.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

import mappings
from indexer.document import Document, unnamed
from mappings.record import Record

_HERE, _MAPPINGS = Path(__file__).parent, Path(mappings.__file__).parent
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Document)


def prepare(record: Record) -> bytes:
    """The document of ``record``, without its id and version."""
    return _ENCODER.encode(unnamed(record))


def document(prepared: bytes, record_id: str, version: int, updated: str) -> Document:
    """What ``prepare`` made, under the id and version it has in the catalogue, which last changed it then."""
    return _DECODER.decode(prepared).named(record_id, version, updated)


@cache
def fingerprint() -> str:
    """Differs when the fields, the vocabularies or the code that makes documents do: what another one has prepared is
    made anew.
    """
    digest = hashlib.sha256()
    for path in sorted((_MAPPINGS / "vocabularies").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    for name in ("fields.yaml", "fields.py", "record.py", "boxes.py", "depths.py", "tiles.py"):
        digest.update((_MAPPINGS / name).read_bytes())
    for name in ("analysis.py", "classes.py", "concepts.py", "document.py"):
        digest.update((_HERE / name).read_bytes())
    return digest.hexdigest()[:16]
