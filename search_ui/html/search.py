"""``/search`` and ``/search.json``: one state in the URL, asked of the catalogue, as a page or as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import msgspec
from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from indexer.areas import box_around
from indexer.catalogue import Catalogue
from indexer.query import DISTANCE, MAX_OFFSET
from mappings.errors import InvalidQuery, NotFound
from mappings.fields import Field, load_fields
from search_ui.cursors import Cursors
from search_ui.extents import box_text
from search_ui.html.advice import advice_on
from search_ui.html.asking import Answer, ask
from search_ui.html.counted import asked_facets, asked_zoom, facets_json, heatmap_json, heatmap_url
from search_ui.html.explaining import Explanation, asked_to_explain, explain
from search_ui.html.facets import DEPTHS, YEARS, facet_of, facets_of, open_facets, search_url
from search_ui.html.histogram import depths_of, years_of
from search_ui.html.results import as_json, result_of
from search_ui.html.saved import SavedSearch
from search_ui.html.snippets import Sought
from search_ui.labels import concept_label
from search_ui.languages import current_language
from search_ui.parameters import (
    BOUNDS,
    DEFAULT_SIZE,
    FIND,
    RELATIONS,
    SEASON_MONTHS,
    TIME_RELATIONS,
    SearchState,
    bbox_text,
    decode,
    encode,
    number_text,
    sort_keys,
)
from search_ui.presentation import code_label, field_label, instant, month_names, season_text
from search_ui.searches import feed_url
from search_ui.services import Services

SIZES = (10, 20, 50, 100)
NEIGHBOURS = 2
"""Page numbers shown on either side of the present one."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was asked for, and the search without it."""

    name: str
    text: str
    url: str


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the addresses of the search."""
    catalogue = services.catalogue
    cursors = Cursors(services.secret_key)

    @front.get("/search")
    def search() -> ResponseReturnValue:
        state = decode(request.args)
        if any(name in request.args for name in (*BOUNDS, *SEASON_MONTHS)):
            # The form names bounds and months one by one; the URL of a search does not.
            return redirect(search_url(_measured(state)))
        return _page(catalogue, state, services.priors, explaining=asked_to_explain(request.args))

    @front.get("/search.json")
    def search_json() -> Response:
        state = decode(request.args)
        facets, zoom = asked_facets(request.args), asked_zoom(request.args)
        if request.args.get("cursor"):
            return _walk(state, request.args["cursor"], facets, zoom)
        answer = ask(catalogue, state, facets, zoom, priors=services.priors)
        more = advice_on(catalogue, state, answer).as_json()
        if asked_to_explain(request.args):
            explained = _explanations(catalogue, answer, services.priors)
            more["explanations"] = {id: each.as_json() for id, each in explained.items()}
        return _json(answer, facets, zoom, **more)

    def _walk(asked: SearchState, cursor: str, facets: tuple[Field, ...], zoom: int | None) -> Response:
        """A page of a walk, which says where the next one begins. Facets and tiles come with the first."""
        if asked.page != 1:
            raise InvalidQuery("cursor", "takes the place of page: give one of the two")
        after, state = cursors.read(cursor, asked)
        if after.key:
            facets, zoom = (), None
        answer = ask(catalogue, state, facets, zoom, priors=services.priors, after=after)
        following = answer.page.next
        more = None if following is None else cursors.write(following, asked, answer.state)
        return _json(answer, facets, zoom, next=more, **advice_on(catalogue, state, answer).as_json())

    @front.get("/search/facets/<name>")
    def facet(name: str) -> str:
        """The values of one facet, as a part of the search page."""
        return _facet(catalogue, decode(request.args), name)


def _page(catalogue: Catalogue, state: SearchState, priors: bool, *, explaining: bool) -> str:
    saved = SavedSearch.of(state, catalogue.as_of())  # asked first: what is stored meanwhile will be new
    answer = ask(catalogue, state, open_facets(state), priors=priors)
    found = answer.page
    sought = Sought.of(answer.state.asked)
    return render_template(
        "search.html",
        state=state,
        total=found.total,
        results=[result_of(hit, sought, state) for hit in found.hits],
        explanations=_explanations(catalogue, answer, priors) if explaining else {},
        explain_url=None if explaining or not state.asked.words else _explain_url(state),
        facets=facets_of(state, found.facets),
        years=years_of(state, found.facets[YEARS]),
        depths=depths_of(state, found.facets[DEPTHS]),
        heatmap_url=heatmap_url(state),
        chips=list(_chips(state)),
        meant=_meant(answer.state),
        most=answer.most,
        advice=advice_on(catalogue, state, answer),
        kept=_kept(state),
        pages=_pages(state, found.total),
        first=(state.page - 1) * state.size + 1,
        sorts=[(key, _sort_label(key)) for key in sort_keys() if key != DISTANCE or state.point],
        sizes=sorted({*SIZES, state.size} - {0}),
        relations=RELATIONS,
        asked_box=state.box or (None if state.area is None else box_around(state.area)),
        time_relations=TIME_RELATIONS,
        months=month_names(),
        description=saved.name,
        saved=saved,
        feed_url=feed_url(state),
        json_url=search_url(state).replace("/search", "/search.json", 1),
    )


def _json(asked: Answer, facets: tuple[Field, ...], zoom: int | None, **more: object) -> Response:
    found = asked.page
    answer: dict[str, object] = {
        "total": found.total,
        "records": [as_json(hit) for hit in found.hits],
        "facets": facets_json(facets, found),
        "most_words": None if asked.most is None else asdict(asked.most),
        **more,
    }
    if zoom is not None:
        answer["heatmap"] = heatmap_json(zoom, found)
    response = Response(msgspec.json.encode(answer), mimetype="application/json")
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _explanations(catalogue: Catalogue, answer: Answer, priors: bool) -> dict[str, Explanation]:
    return explain(catalogue, answer.state.query(priors=priors), [hit.id for hit in answer.page.hits])


def _explain_url(state: SearchState) -> str:
    url = search_url(state)
    return f"{url}{'&' if '?' in url else '?'}explain=1"


def _facet(catalogue: Catalogue, state: SearchState, name: str) -> str:
    field = next((field for field in load_fields().facets if field.name == name), None)
    if field is None:
        raise NotFound(f"no facet is called {name!r}")
    found = ask(catalogue, replace(state, page=1, size=0), (field,)).page
    return render_template("parts/facet.html", facet=facet_of(field, state, found.facets[name]))


def _chips(state: SearchState) -> Iterator[Chip]:
    first = replace(state, page=1)
    if state.q is not None:
        yield Chip(gettext("Text"), state.q, search_url(replace(first, q=None)))
    yield from _place_chips(state, first)
    if state.start is not None or state.end is not None:
        text = f"{state.start or '…'} – {state.end or '…'}"
        without = search_url(replace(first, start=None, end=None, time_relation="overlaps"))
        name = gettext("Within") if state.time_relation == "within" else field_label("time")
        yield Chip(name, text, without)
    if state.season is not None:
        yield Chip(gettext("Season"), season_text(state.season), search_url(replace(first, season=None)))
    if state.depth_min is not None or state.depth_max is not None:
        limits = (state.depth_min, state.depth_max)
        text = " – ".join("…" if limit is None else number_text(limit) for limit in limits)
        yield Chip(field_label("depth"), text, search_url(replace(first, depth_min=None, depth_max=None)))
    if state.updated_since is not None:
        text = str(gettext("since %(start)s", start=instant(state.updated_since)))
        yield Chip(field_label("updated"), text, search_url(replace(first, updated_since=None)))
    for facet, values in state.terms:
        for value in values:
            yield Chip(field_label(facet), code_label(facet, value), search_url(state.toggling(facet, value)))


def _place_chips(state: SearchState, first: SearchState) -> Iterator[Chip]:
    if state.box is not None:
        relation = first.relation if first.area else "intersects"
        url = search_url(_measured(replace(first, box=None, relation=relation)))
        yield Chip(gettext("Box"), bbox_text(state.box).replace(",", ", "), url)
    if state.area is not None:
        relation = first.relation if first.box else "intersects"
        url = search_url(_measured(replace(first, area=None, relation=relation)))
        yield Chip(gettext("Polygon"), box_text(box_around(state.area)), url)
    if state.near is not None:
        url = search_url(_measured(replace(first, near=None)))
        yield Chip(gettext("Near"), ", ".join(map(number_text, state.near)), url)


def _measured(state: SearchState) -> SearchState:
    """The state without an order by distance where there is no longer anything to measure from."""
    return replace(state, sort=None) if state.sort == DISTANCE and state.point is None else state


def _meant(state: SearchState) -> list[str]:
    """What people call the concepts that the words name."""
    return [concept_label(id, current_language()) for id in state.asked.concepts]


def _kept(state: SearchState) -> list[tuple[str, str]]:
    """What the form has no inputs for and must send along; a new search begins on its first page."""
    shown = {
        "q", "bbox", "polygon", "relation", "start", "end", "time_relation", "season", "depth_min", "depth_max",
        "sort", "size",
    }  # fmt: skip
    return [
        (name, value)
        for name, value in encode(replace(state, page=1))
        if name not in shown and not name.startswith(FIND)
    ]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the hits; without a number it stands for those left out between two others."""

    number: int | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages around the present one. ``last`` is the last that can be turned to."""

    links: tuple[PageLink, ...]
    previous: str | None
    next: str | None
    last: int


def _pages(state: SearchState, total: int) -> Pages:
    size = state.size or DEFAULT_SIZE
    last = min(math.ceil(total / size), MAX_OFFSET // size) or 1

    def url(number: int) -> str:
        return search_url(replace(state, page=number))

    near = range(max(1, state.page - NEIGHBOURS), min(last, state.page + NEIGHBOURS) + 1)
    links: list[PageLink] = []
    before = 0
    for number in sorted({1, last, *near}):
        if number > before + 1:
            links.append(PageLink(None, None))
        links.append(PageLink(number, url(number)))
        before = number
    return Pages(
        links=tuple(links),
        previous=url(min(state.page - 1, last)) if state.page > 1 else None,
        next=url(state.page + 1) if state.page < last else None,
        last=last,
    )


def _sort_label(key: str) -> str:
    if key == "relevance":
        return str(gettext("Relevance"))
    if key == DISTANCE:
        return str(gettext("Distance"))
    arrow = "↓" if key.startswith("-") else "↑"
    return f"{field_label(key.removeprefix('-'))} {arrow}"
