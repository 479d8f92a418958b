"""Exact answers about regions of several boxes and about geometries: each distinct shape that may match is looked at.

Elasticsearch finds the candidates by quadtree cells. Its own ``geo_shape`` rounds coordinates to seven decimals, sees
180 and -180 degrees as two meridians, takes no union of boxes for one region, and refuses documents whose polygons it
cannot cut into triangles: none of that is what the other engines answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from indexer.engines.cells import possible_terms, sure_terms
from indexer.engines.elasticsearch import mapping
from indexer.engines.regions import Region, relates
from indexer.engines.shapes import Known, cells_of, region_described
from indexer.query import Spatial

Q = dict[str, Any]
Ask = Callable[[dict[str, Any]], dict[str, Any]]
"""Sends a search body to the index, and gives the answer."""
KEYS, TEXTS = 5000, 500
"""How many distinct shapes are listed, and how many descriptions fetched, at a time."""


@dataclass(frozen=True, slots=True)
class Refiner:
    """Decides shapes of the index that ``ask`` asks."""

    ask: Ask
    known: Known

    def __call__(self, where: Spatial, latitudes: list[Q]) -> Q:
        """The documents with a shape that stands in the relation to the box."""
        cells = cells_of(where.box)
        possible: Q = {"bool": {"filter": [{"terms": {mapping.CELLS: possible_terms(cells)}}, *latitudes]}}
        sure: Q = {"terms": {mapping.CELLS: sure_terms(cells)}}
        if where.relation != "intersects" or not cells.inside:
            return self._matching(where, possible)
        possible["bool"]["must_not"] = [sure]
        parts = [sure, self._matching(where, possible)]
        return {"bool": {"should": parts, "minimum_should_match": 1}}

    def _matching(self, where: Spatial, candidates: Q) -> Q:
        keys = list(self._keys(candidates))
        regions = self._regions(keys)
        matching = [
            key for key in keys if key in regions and relates(regions[key], where.relation, where.box)
        ]
        return {"terms": {mapping.SHAPE: matching}} if matching else {"match_none": {}}

    def _keys(self, candidates: Q) -> Iterator[int]:
        """The keys of all distinct shapes among the candidates."""
        pages: dict[str, Any] = {"size": KEYS, "sources": [{"key": {"terms": {"field": mapping.SHAPE}}}]}
        while True:
            answer = self.ask({"size": 0, "query": candidates, "aggs": {"shapes": {"composite": pages}}})
            found = answer["aggregations"]["shapes"]
            yield from (bucket["key"]["key"] for bucket in found["buckets"])
            if len(found["buckets"]) < KEYS:
                return
            pages["after"] = found["after_key"]

    def _regions(self, keys: list[int]) -> dict[int, Region]:
        """What each key stands for: remembered, or fetched now."""
        regions: dict[int, Region] = {}
        unknown = []
        for key in keys:
            region = self.known.find(mapping.SHAPE, key)
            if region is None:
                unknown.append(key)
            else:
                regions[key] = region
        rest = iter(unknown)
        while some := list(islice(rest, TEXTS)):
            for key, described in self._descriptions(some):
                regions[key] = region_described(described)
                self.known.keep(mapping.SHAPE, key, regions[key])
        return regions

    def _descriptions(self, keys: list[int]) -> Iterator[tuple[int, str]]:
        answer = self.ask(
            {
                "size": len(keys),
                "query": {"bool": {"filter": [{"terms": {mapping.SHAPE: keys}}]}},
                "collapse": {"field": mapping.SHAPE},
                "docvalue_fields": [mapping.SHAPE],
                "stored_fields": [mapping.SHAPE_TEXT],
                "track_total_hits": False,
            }
        )
        for hit in answer["hits"]["hits"]:
            yield hit["fields"][mapping.SHAPE][0], hit["fields"][mapping.SHAPE_TEXT][0]
