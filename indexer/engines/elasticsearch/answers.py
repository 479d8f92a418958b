"""What a search asks for and how its answer is read: pages in order, exact totals, exact facet counts."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engines.counting import TILE, by_condition, heatmap, is_picked, most_frequent
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.asking import Answered, Asker, Question, may_be_doubtful
from indexer.engines.elasticsearch.atoms import Q
from indexer.engines.elasticsearch.conditions import Compiler
from indexer.engines.elasticsearch.refinement import Ask, Refiner
from indexer.engines.elasticsearch.requests import Body
from indexer.engines.ordering import ranks
from indexer.query import (
    DISTANCE,
    And,
    Condition,
    Cursor,
    FacetRequest,
    FacetValue,
    Query,
    SearchResult,
    TileCount,
)
from mappings.fields import load_fields

NAME = "elasticsearch"
SHARD_VALUES = 2500
MOST = 60_000
"""Elasticsearch gives no more than 65,536 buckets in one answer."""

_HEATMAP, _SHARE = "heatmap:tile", "share:"
"""What the answer calls the counted tiles, and shares with their number: no field has such names."""


def answer(asker: Asker, query: Query) -> SearchResult:
    """The answer to ``query``."""
    among = [(where, requests) for where, requests in by_condition(query) if where != query.where]
    shares = _shares(asker, query)
    apart = [where for where in query.totals if where not in shares]
    main, *others = asker.answers(
        [
            _main(query, list(shares.values())),
            *(_counting(where, requests) for where, requests in among),
            *map(_all, apart),
        ]
    )
    counted, totals = others[: len(among)], others[len(among) :]
    facets: dict[str, tuple[FacetValue, ...]] = {}
    for answered, requests in [
        (main, _own_facets(query)),
        *zip(counted, (requests for _, requests in among), strict=True),
    ]:
        facets |= {request.field: _facet(asker.ask, answered, request) for request in requests}
    hits = main.found["hits"]
    return SearchResult(
        ids=tuple(hit["fields"][mapping.ID][0] for hit in hits["hits"]),
        total=_total(main),
        facets={request.field: facets[request.field] for request in query.facets},
        heatmap=() if query.heatmap is None else _tiles(main.found, query.heatmap),
        totals={
            **{where: _share(main, number) for number, where in enumerate(shares)},
            **dict(zip(apart, map(_total, totals), strict=True)),
        },
        next=None if query.page.after is None else _next(query, main.found),
    )


def _total(answered: Answered) -> int:
    total: int = answered.found["hits"]["total"]["value"]
    return total


def _shares(asker: Asker, query: Query) -> dict[Condition, Q]:
    """The totals of the form ``And((where, more))``, with the query of ``more``; not where that may be doubtful."""
    compiler = Compiler(Refiner(asker.ask, asker.known))
    found: dict[Condition, Q] = {}
    for where in query.totals:
        match where:
            case And((first, *more)) if first == query.where and not any(map(may_be_doubtful, more)):
                found[where] = compiler.matching(And(tuple(more)))
    return found


def _share(answered: Answered, number: int) -> int:
    count: int = answered.found["aggregations"][f"{_SHARE}{number}"]["doc_count"]
    return count


def _own_facets(query: Query) -> tuple[FacetRequest, ...]:
    """Those that count the hits."""
    return tuple(request for request in query.facets if request.where in (None, query.where))


def _main(query: Query, shares: Sequence[Q]) -> Question:
    """What is asked for hits, and what is counted of them."""
    body: Body = {
        "from": query.page.offset if query.page.size else 0,
        "size": query.page.size,
        "sort": sort_of(query),
        "track_total_hits": True,
        "stored_fields": "_none_",
        "docvalue_fields": [mapping.ID],
    }
    counted = _counted(_own_facets(query), query.heatmap)
    counted |= {f"{_SHARE}{number}": {"filter": share} for number, share in enumerate(shares)}
    if counted:
        body["aggs"] = counted
    if query.page.after is not None and query.page.after.key:
        body["search_after"] = query.page.after.key
    return Question(body, query.where, query.prefer if ranks(query) else ())


def _counting(where: Condition, requests: Sequence[FacetRequest]) -> Question:
    """What is counted of other records than the hits."""
    return Question({"size": 0, "track_total_hits": False, "aggs": _counted(requests)}, where)


def _all(where: Condition) -> Question:
    """How many records match."""
    return Question({"size": 0, "track_total_hits": True}, where)


def _next(query: Query, found: Body) -> Cursor | None:
    """Where a walk goes on, in the point in time that answered. A page that is not full is the last."""
    hits = found["hits"]["hits"]
    if len(hits) < query.page.size:
        return None
    return Cursor(NAME, found["pit_id"], tuple(hits[-1]["sort"][: len(sort_of(query))]))


def sort_of(query: Query) -> list[Body]:
    if ranks(query):
        return [{"_score": "desc"}, {mapping.TIE: "asc"}]
    if query.sort.by == "relevance":
        return [{mapping.TIE: "asc"}]
    if query.sort.by == DISTANCE and query.sort.near is not None:
        longitude, latitude = query.sort.near
        point = {mapping.CENTRE: {"lon": longitude, "lat": latitude}, "distance_type": "arc"}
        return [{"_geo_distance": {**point, "order": "asc"}}, {mapping.TIE: "asc"}]
    order = "desc" if query.sort.descending else "asc"
    return [{f"sort_{query.sort.by}": {"order": order, "missing": "_last"}}, {mapping.TIE: order}]


def _counted(requests: Sequence[FacetRequest], zoom: int | None = None) -> Body:
    """What is to be counted beside the hits."""
    counted = {request.field: _terms(request, SHARD_VALUES) for request in requests}
    if zoom is not None:
        counted[_HEATMAP] = {"terms": {"field": f"number_{TILE}", "size": MOST, "shard_size": MOST}}
    return counted


def _terms(request: FacetRequest, per_shard: int) -> Body:
    kind = "number" if load_fields()[request.field].type == "integer" else "key"
    size = MOST if is_picked(request) else request.size
    return {
        "terms": {
            "field": f"{kind}_{request.field}",
            "size": size,
            "shard_size": max(per_shard, size),
            "order": [{"_count": "desc"}, {"_key": "asc"}],
        }
    }


def _facet(ask: Ask, answered: Answered, request: FacetRequest) -> tuple[FacetValue, ...]:
    """The counted values; asked for again, with more from each shard, where a count may be too low."""
    counted = answered.found["aggregations"][request.field]
    per_shard = SHARD_VALUES
    while counted["doc_count_error_upper_bound"] and per_shard < MOST:
        per_shard = min(per_shard * 8, MOST)
        again = ask({"query": answered.query, "size": 0, "aggs": {request.field: _terms(request, per_shard)}})
        counted = again["aggregations"][request.field]
    return most_frequent(((bucket["key"], bucket["doc_count"]) for bucket in counted["buckets"]), request)


def _tiles(found: Body, zoom: int) -> tuple[TileCount, ...]:
    buckets = found["aggregations"][_HEATMAP]["buckets"]
    return heatmap({bucket["key"]: bucket["doc_count"] for bucket in buckets}, zoom)
