"""A Document as the index has it: one JSON object, its texts analysed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from indexer import analysis
from indexer.document import Document, Span
from indexer.engines.bounds import BOX, NORTH, SOUTH, WEST_ACROSS, box_key, longitudes_of
from indexer.engines.box_classes import BOX_CLASS, class_of
from indexer.engines.cells import cover_rectangles, document_terms
from indexer.engines.centres import LATITUDE, LONGITUDE, centre_of
from indexer.engines.ordering import sort_value, tie
from indexer.engines.regions import Region, latitudes, region_of
from indexer.engines.relevance import NO_WORDS, stem_fields
from indexer.engines.shapes import is_one_box, key_of, shape_cells, shape_of
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.han_pairs import pairs_in
from mappings.fields import FieldType, load_fields

OPEN = 1 << 60
"""Stands for an open end: later than any second, or earlier when negative."""
_SECONDS_OFFSET = 4 * 10**13  # makes every second of the years that instants may have positive: 47 bits
_TIE_BITS = 16  # what 63 bits have room for beside the seconds
_RANKED_BYTES = 7
_BOX_CELLS = 64
"""How many cells a single box is indexed by: what they leave in doubt about an area has to be looked at."""


def encode(document: Document) -> str:
    """``document`` for ``IndexWriter.add_json``."""
    fields: dict[str, Any] = {
        schema.ID: document.id,
        schema.VERSION: document.version,
        schema.TIE: tie(document.id),
        **dict.fromkeys(stem_fields(), NO_WORDS),
    }
    has = [*document.texts, *document.keywords, *document.integers, *document.instants]
    _add_texts(fields, document)
    _add_keywords(fields, document)
    for name, numbers in document.integers.items():
        fields[f"number_{name}"] = numbers
    _add_instants(fields, document)
    _add_sort_keys(fields, document)
    region = region_of(document)
    if region is not None:
        has += _names("region")
        _add_region(fields, document, region)
    if document.periods:
        has += _names("periods")
        _add_periods(fields, document.periods)
    if document.depth is not None:
        has += _names("range")
        fields[schema.TOP], fields[schema.BOTTOM] = (depth + 0.0 for depth in document.depth)
    has += [name for name in (schema.SHAPE, schema.PERIODS) if name in fields]
    fields[schema.HAS] = [*has, schema.ACROSS] if WEST_ACROSS in fields else has
    return msgspec.json.encode(fields).decode()


def _names(kind: FieldType) -> list[str]:
    return [field.name for field in load_fields().of_type(kind)]


def encode_deletion(record_id: str, version: int) -> str:
    """What is left of a deleted document."""
    return msgspec.json.encode({schema.ID: record_id, schema.VERSION: version, schema.GONE: 1}).decode()


def instant_term(first: int, last: int) -> str:
    """The term that stands for one instant: its first and last second."""
    return f"{first}:{last}"


def _add_texts(fields: dict[str, Any], document: Document) -> None:
    stems: list[str] = []
    for name, analysed in document.texts.items():
        if analysed.stems:
            fields[f"stems_{name}"] = analysed.stems
            fields[f"words_{name}"] = analysed.words
            stems += analysed.stems
    for name, values in document.whole.items():
        fields[f"fold_{name}"] = _folded(values)
    if stems:
        fields[schema.STEMS] = stems
        if pairs := pairs_in(stems):
            fields[schema.PAIRS] = pairs


def _add_keywords(fields: dict[str, Any], document: Document) -> None:
    known = load_fields()
    for name, values in document.keywords.items():
        fields[f"key_{name}"] = [value[: analysis.MAX_KEY] for value in values]
        if not known[name].exact:
            fields[f"fold_{name}"] = _folded(values)


def _folded(values: Iterable[str]) -> list[str]:
    return list(map(analysis.fold_key, values))


def _add_instants(fields: dict[str, Any], document: Document) -> None:
    for name, spans in document.instants.items():
        fields[f"first_{name}"] = [first for first, _ in spans]
        fields[f"last_{name}"] = [last for _, last in spans]
        fields[f"span_{name}"] = [instant_term(first, last) for first, last in spans]


def _add_sort_keys(fields: dict[str, Any], document: Document) -> None:
    number: int = fields[schema.TIE]
    for field in load_fields().sortable:
        value = sort_value(document, field)
        if isinstance(value, int):
            fields[f"rank_{field.name}"] = (value + _SECONDS_OFFSET) << _TIE_BITS | number >> (62 - _TIE_BITS)
        elif value is not None:
            start = value.encode()[:_RANKED_BYTES].ljust(_RANKED_BYTES, b"\0")
            fields[f"rank_{field.name}"] = int.from_bytes(start)
            fields[f"sort_{field.name}"] = f"{value}\0{number:016x}"


def _add_region(fields: dict[str, Any], document: Document, region: Region) -> None:
    south, north = latitudes(region)
    fields[SOUTH], fields[NORTH] = south + 0.0, north + 0.0
    fields[LONGITUDE], fields[LATITUDE] = centre_of(document, region)
    if is_one_box(document, region):
        box = document.boxes[0]
        fields |= longitudes_of(box)
        fields[BOX], fields[BOX_CLASS] = box_key(box), class_of(box)
        fields[schema.CELLS] = document_terms(cover_rectangles(region.rectangles, _BOX_CELLS))
        return
    shape = shape_of(document, region)
    fields[schema.SHAPE], fields[schema.SHAPE_TEXT] = shape.key, shape.described
    fields[schema.CELLS] = shape_cells(region)


def _add_periods(fields: dict[str, Any], periods: tuple[Span, ...]) -> None:
    seconds = [
        (-OPEN if start is None else start, OPEN if end is None else end)
        for start, end in dict.fromkeys(periods)
    ]
    fields[schema.START] = min(start for start, _ in seconds)
    fields[schema.END] = max(end for _, end in seconds)
    if len(seconds) > 1:
        described = msgspec.json.encode(sorted(seconds)).decode()
        fields[schema.PERIODS], fields[schema.PERIODS_TEXT] = key_of(described), described
