"""``/feed.atom``: what is new in a search. It takes the parameters of ``/search``; whatever the order asked for, what
the catalogue changed last comes first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, Response, request

from indexer.catalogue import Catalogue, Deleted
from indexer.query import Everything
from mappings.errors import InvalidQuery
from mappings.times import first_second
from search_ui.feeds import atom
from search_ui.feeds.addresses import Addresses
from search_ui.parameters import SearchState, decode
from search_ui.services import Services

MEDIA_TYPE = "application/atom+xml"
NEWEST_FIRST = "-updated"
MAX_ENTRIES = 200
MAX_AGE = 300
"""Seconds for which a feed may be kept without asking again: harvests are further apart."""
_ALWAYS = "0001-01-01T00:00:00Z"


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the one address of all feeds."""
    catalogue, addresses = services.catalogue, Addresses(services.base_url)

    @front.get("/feed.atom")
    def atom() -> Response:
        state = decode(request.args)
        if not 1 <= state.size <= MAX_ENTRIES:
            raise InvalidQuery("size", f"a feed has from 1 to {MAX_ENTRIES} entries on a page")
        return _answer(
            _contents(catalogue, replace(state, sort=None, more=())), addresses, services.site_name
        )


def _contents(catalogue: Catalogue, state: SearchState) -> atom.Contents:
    page = catalogue.search(replace(state, sort=NEWEST_FIRST).query())
    deleted: tuple[Deleted, ...] = ()
    if state.page == 1 and isinstance(
        state.where(), Everything
    ):  # of others nobody knows what they contained
        reaches_back = page.hits[-1].updated if page.total > len(page.hits) else _ALWAYS
        deleted = catalogue.deletions(reaches_back, state.size)
    return atom.Contents(state, page.hits, deleted, page.total, catalogue.identity())


def _answer(contents: atom.Contents, addresses: Addresses, site_name: str) -> Response:
    response = Response(atom.document(contents, addresses, site_name), mimetype=MEDIA_TYPE)
    response.cache_control.max_age = MAX_AGE
    response.vary.update(("Accept-Language", "Cookie"))
    response.last_modified = datetime.fromtimestamp(first_second(contents.updated), UTC)
    response.add_etag()
    response.make_conditional(request)
    return response
