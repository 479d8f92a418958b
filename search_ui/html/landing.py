"""``/``: what this catalogue is, how to search it, what is new in it."""

from __future__ import annotations

from flask import Blueprint, render_template

from indexer.query import FacetRequest, Page, Query, Sort
from search_ui.html.facets import facets_of
from search_ui.html.results import result_of
from search_ui.parameters import SearchState
from search_ui.services import Services

SHOWN_FACETS = {
    "category": 10,
    "variable": 8,
    "platform_kind": 8,
    "region": 10,
    "organisation": 8,
    "access": 4,
    "source": 8,
}
NEWEST = 6


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the landing page."""

    @front.get("/")
    def landing() -> str:
        requests = tuple(FacetRequest(name, size) for name, size in SHOWN_FACETS.items())
        found = services.catalogue.search(
            Query(sort=Sort("modified", descending=True), facets=requests, page=Page(size=NEWEST))
        )
        facets = {facet.field.name: facet for facet in facets_of(SearchState(), found.facets)}
        return render_template(
            "landing.html",
            total=found.total,
            newest=[result_of(hit) for hit in found.hits],
            facets=[facets[name] for name in SHOWN_FACETS if name in facets],
        )
