"""Exact counts of facet values and map tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tantivy

from indexer.engines.counting import TILE, is_picked, most_frequent
from indexer.query import FacetRequest, FacetValue
from mappings.fields import load_fields

_MARGIN = 200
"""How many more values are asked for than wanted, so that all with the last one's count are seen."""
_SEGMENT_TERMS = 2500
_MOST = 60_000
"""tantivy refuses more buckets than 65,000. Beyond this many values, those with the last count are not all
seen.
"""

Facets = Mapping[str, tuple[FacetValue, ...]]


def count(
    searcher: tantivy.Searcher, query: tantivy.Query, requests: Sequence[FacetRequest]
) -> dict[str, tuple[FacetValue, ...]]:
    """The most frequent values of each requested field among the documents of ``query``."""
    wanted = {request.field: request for request in requests}
    sizes = {request.field: _MOST if is_picked(request) else request.size + _MARGIN for request in requests}
    found: dict[str, tuple[FacetValue, ...]] = {}
    while sizes:
        answers = searcher.aggregate(query, {field: _terms(field, size) for field, size in sizes.items()})
        complete = {
            field for field, size in sizes.items() if _is_complete(answers[field], wanted[field].size, size)
        }
        found |= {field: _values(answers[field], wanted[field]) for field in complete}
        sizes = {field: min(size * 10, _MOST) for field, size in sizes.items() if field not in complete}
    return {request.field: found[request.field] for request in requests}


def count_tiles(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[int, int]:
    """How many documents of ``query`` have each of the finest map tiles that any has, by its number."""
    buckets = searcher.aggregate(query, {TILE: _terms(TILE, _MOST)})[TILE]["buckets"]
    return {int(bucket["key"]): bucket["doc_count"] for bucket in buckets}


def _terms(field: str, size: int) -> dict[str, Any]:
    return {"terms": {"field": _name(field), "size": size, "shard_size": max(_SEGMENT_TERMS, size)}}


def _name(field: str) -> str:
    return f"number_{field}" if load_fields()[field].type == "integer" else f"key_{field}"


def _is_complete(answer: dict[str, Any], wanted: int, size: int) -> bool:
    """Whether no count is too low and no value with the last wanted count is missing."""
    buckets = answer["buckets"]
    if len(buckets) < size or size >= _MOST:
        return True
    last = min(wanted, len(buckets)) - 1
    seen_all_ties = last < 0 or buckets[last]["doc_count"] > buckets[-1]["doc_count"]
    return seen_all_ties and not answer["doc_count_error_upper_bound"]


def _values(answer: dict[str, Any], request: FacetRequest) -> tuple[FacetValue, ...]:
    return most_frequent(((bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]), request)
