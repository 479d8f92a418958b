"""The mapping and settings of an index, made from ``mappings/fields.yaml``.

``mappings/elasticsearch.json`` is what this module gives, for administrators to read; a test holds the two together.
``python -m indexer.engines.elasticsearch.mapping`` writes it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from indexer.engines.bounds import EAST, EAST_ACROSS, NORTH, SOUTH, WEST, WEST_ACROSS
from indexer.query import MAX_OFFSET, MAX_PAGE
from mappings.fields import Field, load_fields

FILE = Path(__file__).parents[3] / "mappings" / "elasticsearch.json"
AUTOMATIC = "0-1"
"""One replica as soon as there is a second node."""
LAYOUT = 6
"""Counted up whenever what is written into the fields changes while their names do not (also in the analysis)."""

ID, GONE, HAS, TIE = "id", "gone", "has", "tie"
SHAPE, SHAPE_TEXT = "shape", "shape_text"
"""Key and description of a region."""
BOX, GEOMETRY = "box", "geometry"
"""The region of a document: a single box, or anything else."""
CELLS = "cells"
"""The cells that a single box touches (``engines.cells``)."""
PERIODS, DEPTH = "periods", "depth"
STEMS = "stems"
"""The stems of all text fields: what finds words; relevance is taken from the single fields."""
CENTRE = "centre"
SEVERAL, SEVERAL_TEXT = "several", "several_text"
"""Key and description of the periods of a document that has more than one."""

Properties = dict[str, dict[str, Any]]
_TERM = {"type": "keyword", "doc_values": False, "norms": False}
_COUNTED = {"type": "keyword"}
_NUMBER = {"type": "long"}
_REGION = {"type": "geo_shape", "ignore_malformed": True}  # what it cannot index is found by its description
_DESCRIBED = {"type": "keyword", "index": False, "doc_values": False, "store": True}
_WORDS = {"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": False}
_STEMS = {"type": "text", "analyzer": "whitespace", "index_options": "positions"}


@cache
def index_body() -> dict[str, Any]:
    """Settings and mappings for the creation of an index."""
    return {
        "settings": {
            "index": {
                "max_result_window": MAX_OFFSET + MAX_PAGE,
                "number_of_shards": 1,
                "auto_expand_replicas": AUTOMATIC,
            }
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"halocline": fingerprint()},
            "_source": {"enabled": False},  # SQL has it
            "properties": properties(),
        },
    }


def fingerprint() -> str:
    """Differs between any two mappings or layouts whose indexes cannot stand in for each other."""
    return hashlib.sha256(msgspec.json.encode([LAYOUT, properties()])).hexdigest()[:16]


def properties() -> Properties:
    """Every index field."""
    found: Properties = {
        ID: _COUNTED,
        GONE: {"type": "boolean"},
        HAS: _TERM,
        TIE: {"type": "long", "index": False},
        SHAPE: _NUMBER,
        SHAPE_TEXT: _DESCRIBED,
        BOX: _REGION,
        GEOMETRY: _REGION,
        CELLS: _TERM,
        STEMS: {**_STEMS, "norms": False},
        CENTRE: {"type": "geo_point"},
        PERIODS: {"type": "long_range"},
        SEVERAL: _NUMBER,
        SEVERAL_TEXT: _DESCRIBED,
        DEPTH: {"type": "double_range"},
    }
    found |= {bound: {"type": "double"} for bound in (WEST, EAST, SOUTH, NORTH, WEST_ACROSS, EAST_ACROSS)}
    for field in load_fields().values():
        found |= _of_field(field)
    return found


def _of_field(field: Field) -> Properties:
    found: Properties = {}
    if field.type == "text":
        found |= {f"stems_{field.name}": _STEMS, f"words_{field.name}": _WORDS}
        if field.sort:
            found[f"fold_{field.name}"] = _TERM
    elif field.type == "keyword":
        found[f"key_{field.name}"] = _COUNTED if field.facet else _TERM
        if not field.exact:
            found[f"fold_{field.name}"] = _TERM
    elif field.type == "integer":
        found[f"number_{field.name}"] = _NUMBER
    elif field.type == "instant":
        found |= {f"first_{field.name}": _NUMBER, f"last_{field.name}": _NUMBER}
        found[f"span_{field.name}"] = {"type": "long_range"}
    if field.sort:
        kind = "keyword" if field.type == "text" else "long"
        found[f"sort_{field.name}"] = {"type": kind, "index": False}
    return found


def written() -> str:
    """The text of ``mappings/elasticsearch.json``."""
    return msgspec.json.format(msgspec.json.encode(index_body()), indent=2).decode() + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
