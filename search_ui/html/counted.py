"""What ``/search.json`` counts beside the records: the facets and the map tiles that are asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import url_for

from indexer.catalogue import SearchPage
from mappings.errors import InvalidQuery
from mappings.fields import Field, load_fields
from mappings.tiles import MAX_ZOOM
from search_ui.labels import label
from search_ui.languages import current_language
from search_ui.parameters import Parameters, SearchState, query_string

NO_FACETS = "none"


def asked_facets(args: Parameters) -> tuple[Field, ...]:
    """The facets that ``facets`` names, separated by commas; all without it. Raises ``InvalidQuery``."""
    names = [name.strip() for given in args.getlist("facets") for name in given.split(",") if name.strip()]
    every = {field.name: field for field in load_fields().facets}
    if not names:
        return tuple(every.values())
    for name in names:
        if name not in every and name != NO_FACETS:
            raise InvalidQuery(
                "facets", f"{name!r} is not a facet: {', '.join(sorted(every))}, or {NO_FACETS}"
            )
    return tuple(field for name, field in every.items() if name in names)


def asked_zoom(args: Parameters) -> int | None:
    """The zoom at which ``heatmap`` asks for map tiles, if it does. Raises ``InvalidQuery``."""
    given = [value.strip() for value in args.getlist("heatmap") if value.strip()]
    if not given:
        return None
    if len(given) > 1 or not re.fullmatch(r"\d", given[0], re.ASCII) or int(given[0]) > MAX_ZOOM:
        raise InvalidQuery("heatmap", f"takes one zoom, a whole number from 0 to {MAX_ZOOM}")
    return int(given[0])


def facets_json(fields: tuple[Field, ...], found: SearchPage) -> dict[str, list[dict[str, object]]]:
    """Counted values by facet, with what people call them."""
    language = current_language()
    return {
        field.name: [
            {"value": value.value, "label": label(field.name, value.value, language), "count": value.count}
            for value in found.facets[field.name]
        ]
        for field in fields
    }


def heatmap_json(zoom: int, found: SearchPage) -> dict[str, object]:
    """Counted tiles, and how many hits have no place on the map (no extent, or one around half of the world)."""
    tiles = [
        {
            "tile": f"{zoom}/{each.tile.x}/{each.tile.y}",
            "bbox": [each.tile.box.west, each.tile.box.south, each.tile.box.east, each.tile.box.north],
            "count": each.count,
        }
        for each in found.heatmap
    ]
    return {
        "zoom": zoom,
        "tiles": tiles,
        "elsewhere": found.total - sum(each.count for each in found.heatmap),
    }


def heatmap_url(state: SearchState) -> str:
    """Where the map gets the tiles of a search, but for the zoom at its end."""
    asked = query_string(replace(state, page=1, size=0, more=(), find=(), sort=None))
    return f"{url_for('html.search_json')}{asked}{'&' if asked else '?'}facets={NO_FACETS}&heatmap="
