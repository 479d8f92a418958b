"""A Document as Elasticsearch indexes it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import msgspec

from indexer import analysis
from indexer.document import Document
from indexer.engines.base import Deletion
from indexer.engines.bounds import NORTH, SOUTH, longitudes_of
from indexer.engines.cells import cover_rectangles, touching_terms
from indexer.engines.centres import centre_of
from indexer.engines.changes import Change, rank
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.geo_shapes import envelope, geo_shape
from indexer.engines.ordering import sort_value, tie
from indexer.engines.regions import Region, region_of
from indexer.engines.relevance import NO_WORDS, stem_fields
from indexer.engines.shapes import is_one_box, key_of, shape_of
from mappings.fields import load_fields

MAX_TERM_BYTES = 32_000
"""Lucene refuses terms over 32,766 bytes."""
_MAX_CHARACTER_BYTES = 4
_BOX_CELLS = 16
"""How many cells a single box is indexed by. Bounds say the rest, and each term takes time to index."""

Source = dict[str, Any]
Line = tuple[bytes, bytes]
"""Head and body of one action of the bulk API, as JSON."""


def action(change: Change) -> Line:
    """What the bulk API is told of a change. Its version makes late writes lose, also against deletions."""
    head = {"index": {"_id": key(change.id), "version": rank(change), "version_type": "external_gte"}}
    body = {mapping.ID: change.id, mapping.GONE: True} if isinstance(change, Deletion) else encode(change)
    return msgspec.json.encode(head), msgspec.json.encode(body)


def key(record_id: str) -> str:
    """The ``_id`` of a record: its own id may be longer than the 512 bytes that Elasticsearch takes."""
    return blake2b(record_id.encode(), digest_size=16).hexdigest()


def encode(document: Document) -> Source:
    """What Elasticsearch calls the source of a document."""
    source: Source = {mapping.ID: document.id, mapping.TIE: tie(document.id)}
    source |= dict.fromkeys(stem_fields(), NO_WORDS)
    source[mapping.HAS] = [*document.texts, *document.keywords, *document.integers, *document.instants]
    _add_texts(source, document)
    known = load_fields()
    for name, values in document.keywords.items():
        source[f"key_{name}"] = [value[: analysis.MAX_KEY] for value in values]
        if not known[name].exact:
            source[f"fold_{name}"] = list(map(folded, values))
    for name, numbers in document.integers.items():
        source[f"number_{name}"] = numbers
    for name, spans in document.instants.items():
        source[f"first_{name}"] = [first for first, _ in spans]
        source[f"last_{name}"] = [last for _, last in spans]
        source[f"span_{name}"] = [{"gte": first, "lte": last} for first, last in spans]
    for field in known.sortable:
        if (value := sort_value(document, field)) is not None:
            source[f"sort_{field.name}"] = value
    _add_extent(source, document)
    return source


def folded(value: str) -> str:
    """A keyword value as Like and Compare see it, short enough to be a term."""
    bare = analysis.fold_key(value)
    if len(bare) <= MAX_TERM_BYTES // _MAX_CHARACTER_BYTES:
        return bare
    return bare.encode()[:MAX_TERM_BYTES].decode(errors="ignore")


def _add_texts(source: Source, document: Document) -> None:
    stems: list[str] = []
    for name, analysed in document.texts.items():
        if analysed.stems:
            source[f"stems_{name}"], source[f"words_{name}"] = analysed.stems, analysed.words
            stems += analysed.stems
    if stems:
        source[mapping.STEMS] = stems
    for name, values in document.whole.items():
        source[f"fold_{name}"] = list(map(folded, values))


def _add_extent(source: Source, document: Document) -> None:
    has: list[str] = source[mapping.HAS]
    region = region_of(document)
    if region is not None:
        has += _names("region")
        _add_region(source, document, region)
    if document.periods:
        has += _names("periods")
        source[mapping.PERIODS] = [{"gte": start, "lte": end} for start, end in document.periods]
        if len(set(document.periods)) > 1:
            described = msgspec.json.encode(list(dict.fromkeys(document.periods))).decode()
            has.append(mapping.SEVERAL)
            source |= {mapping.SEVERAL: key_of(described), mapping.SEVERAL_TEXT: described}
    if document.depth is not None:
        has += _names("range")
        top, bottom = document.depth
        source[mapping.DEPTH] = {"gte": top + 0.0, "lte": bottom + 0.0}


def _add_region(source: Source, document: Document, region: Region) -> None:
    shape = shape_of(document, region)
    source[mapping.SHAPE], source[mapping.SHAPE_TEXT] = shape.key, shape.described
    longitude, latitude = centre_of(document, region)
    source[mapping.CENTRE] = {"lon": longitude, "lat": latitude}
    if is_one_box(document, region):
        box = document.boxes[0]
        source[SOUTH], source[NORTH] = box.south + 0.0, box.north + 0.0
        source |= longitudes_of(box)
        source[mapping.BOX] = envelope(box)
        source[mapping.CELLS] = touching_terms(cover_rectangles(region.rectangles, _BOX_CELLS))
    else:
        source[mapping.GEOMETRY] = geo_shape(region)


def _names(kind: Any) -> Iterable[str]:
    return [field.name for field in load_fields().of_type(kind)]
