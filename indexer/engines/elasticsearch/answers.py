"""What a search asks for and how its answer is read: pages in order, exact totals, exact facet counts."""

from __future__ import annotations

from typing import Any

from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.refinement import Ask
from indexer.engines.ordering import ranks
from indexer.query import FacetRequest, FacetValue, Query, SearchResult
from mappings.fields import load_fields

SHARD_VALUES = 2500
MOST = 60_000
"""Elasticsearch gives no more than 65,536 buckets in one answer."""

Body = dict[str, Any]


def answer(ask: Ask, compiled: Body, query: Query) -> SearchResult:
    """The answer to ``query``, whose condition is compiled to ``compiled``."""
    body: Body = {
        "query": compiled,
        "from": query.page.offset if query.page.size else 0,
        "size": query.page.size,
        "sort": _sort(query),
        "track_total_hits": True,
        "_source": False,
        "docvalue_fields": [mapping.ID],
    }
    if query.facets:
        body["aggs"] = {request.field: _terms(request, SHARD_VALUES) for request in query.facets}
    found = ask(body)
    hits = found["hits"]
    return SearchResult(
        ids=tuple(hit["fields"][mapping.ID][0] for hit in hits["hits"]),
        total=hits["total"]["value"],
        facets={request.field: _facet(ask, compiled, request, found) for request in query.facets},
    )


def _sort(query: Query) -> list[Body]:
    if ranks(query):
        return [{"_score": "desc"}, {mapping.TIE: "asc"}]
    if query.sort.by == "relevance":
        return [{mapping.TIE: "asc"}]
    order = "desc" if query.sort.descending else "asc"
    return [{f"sort_{query.sort.by}": {"order": order, "missing": "_last"}}, {mapping.TIE: order}]


def _terms(request: FacetRequest, per_shard: int) -> Body:
    kind = "number" if load_fields()[request.field].type == "integer" else "key"
    return {
        "terms": {
            "field": f"{kind}_{request.field}",
            "size": request.size,
            "shard_size": max(per_shard, request.size),
            "order": [{"_count": "desc"}, {"_key": "asc"}],
        }
    }


def _facet(ask: Ask, compiled: Body, request: FacetRequest, found: Body) -> tuple[FacetValue, ...]:
    """The counted values; asked for again, with more from each shard, where a count may be too low."""
    counted = found["aggregations"][request.field]
    per_shard = SHARD_VALUES
    while counted["doc_count_error_upper_bound"] and per_shard < MOST:
        per_shard = min(per_shard * 8, MOST)
        again = ask({"query": compiled, "size": 0, "aggs": {request.field: _terms(request, per_shard)}})
        counted = again["aggregations"][request.field]
    return tuple(FacetValue(str(bucket["key"]), bucket["doc_count"]) for bucket in counted["buckets"])
