"""The index schema, made from ``mappings/fields.yaml``.

Every searchable field becomes index fields named by a prefix::

    stems_   text           stems with positions: Text, Phrase
    words_   text           unstemmed words: Like
    key_     keyword        exact values: Terms, facets
    fold_    keyword, title values without case: Like, Compare
    number_  integer        Terms, Compare, facets
    first_   instant        first second of each value: Compare
    last_    instant        last second of each value: Compare
    span_    instant        first and last second of each value as one term: Compare
    rank_    sortable       a number that orders documents, roughly for texts, and finely for instants
    sort_    sortable text  one term that orders documents by value and then by ``TIE``

The fields of ``ANYTEXT`` lack what the other text fields have: relevance is taken from them all. The other names are
constants here. ``STEMS`` are those of all text fields, by which records with a word are found, ``PAIRS`` the pairs of
Han characters in them (``han_pairs``). Every region has its quadtree cells. One that is a single box is kept as bounds,
any other (``SHAPE``) as a hash of its description, and the description itself for the exact answer; periods likewise.
For patterns that begin with a wildcard, as those of CSW clients do, the words lie in a lexicon beside the index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version

import msgspec
import tantivy

from indexer.engines.bounds import BOX, EAST, EAST_ACROSS, NORTH, SOUTH, WEST, WEST_ACROSS
from indexer.engines.box_classes import BOX_CLASS
from indexer.engines.centres import LATITUDE, LONGITUDE
from mappings.fields import Field, load_fields

ID, VERSION = "id", "version"
GONE = "gone"  # 1 in what is left of a deleted document, so that late writes find its version
HAS = "has"  # names of the fields that have a value; of SHAPE, PERIODS and ACROSS those that hold
TIE = "tie"  # orders what nothing else does
SHAPE, SHAPE_TEXT, CELLS = "shape", "shape_text", "cells"
ACROSS = "across"
START, END = "start", "end"
PERIODS, PERIODS_TEXT = "periods", "periods_text"
TOP, BOTTOM = "top", "bottom"
STEMS, PAIRS = "stems", "pairs"

LAYOUT = 12
"""Counted up whenever what is written into the fields changes while their names do not (also in the
analysis).
"""

BLANK = "blank"
"""The tokenizer that splits on blanks; see ``register``."""
_Spec = tuple[str, str, dict[str, object]]


def specification() -> list[_Spec]:
    """Name, type and options of every index field."""
    return [*_constant_fields(), *(spec for field in load_fields().values() for spec in _specs(field))]


@cache
def schema() -> tantivy.Schema:
    """The schema as tantivy wants it."""
    builder = tantivy.SchemaBuilder()
    for name, kind, options in specification():
        getattr(builder, f"add_{kind}_field")(name, **options)
    return builder.build()


@cache
def fingerprint() -> str:
    """Differs between any two schemas or layouts whose indexes cannot stand in for each other."""
    described = msgspec.json.encode([LAYOUT, version("tantivy"), specification()])
    return hashlib.sha256(described).hexdigest()[:16]


def register(index: tantivy.Index) -> None:
    """Make known what tantivy forgets at every opening, and reload only when told."""
    blank = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(BLANK, blank)
    index.config_reader("manual")


def _constant_fields() -> Iterator[_Spec]:
    yield ID, "text", {"stored": True, "tokenizer_name": "raw", "index_option": "basic"}
    yield VERSION, "integer", {"fast": True}
    yield GONE, "integer", {"indexed": True, "fast": True}
    yield _term(HAS)
    yield TIE, "integer", {"fast": True}
    for bound in (WEST, EAST, SOUTH, NORTH, WEST_ACROSS, EAST_ACROSS, TOP, BOTTOM):
        yield bound, "float", {"fast": True}
    for degrees in (LONGITUDE, LATITUDE):
        yield degrees, "float", {"fast": True}
    for second in (START, END):
        yield second, "integer", {"fast": True}
    for hashed, described in ((SHAPE, SHAPE_TEXT), (PERIODS, PERIODS_TEXT)):
        yield hashed, "integer", {"indexed": True, "fast": True}
        yield described, "text", {"stored": True, "tokenizer_name": "raw", "index_option": "basic"}
    yield _term(CELLS)
    for name in (STEMS, PAIRS):
        yield name, "text", {"tokenizer_name": BLANK, "index_option": "position"}
    for box in (BOX, BOX_CLASS):
        yield box, "integer", {"indexed": True, "fast": True}


def _specs(field: Field) -> Iterator[_Spec]:
    if field.type == "text":
        yield f"stems_{field.name}", "text", {"tokenizer_name": BLANK, "index_option": "position"}
        yield f"words_{field.name}", "text", {"tokenizer_name": BLANK, "index_option": "basic"}
        if field.sort:
            yield _term(f"fold_{field.name}")
    elif field.type == "keyword":
        yield _term(f"key_{field.name}", fast=bool(field.facet))
        if not field.exact:
            yield _term(f"fold_{field.name}")
    elif field.type == "integer":
        yield f"number_{field.name}", "integer", {"indexed": True, "fast": True}
    elif field.type == "instant":
        yield f"first_{field.name}", "integer", {"fast": True}
        yield f"last_{field.name}", "integer", {"fast": True}
        yield _term(f"span_{field.name}")
    if field.sort:
        yield f"rank_{field.name}", "integer", {"indexed": True, "fast": True}
        if field.type == "text":
            yield _term(f"sort_{field.name}", fast=True)


def _term(name: str, *, fast: bool = False) -> _Spec:
    return name, "text", {"tokenizer_name": "raw", "index_option": "basic", "fast": fast}
