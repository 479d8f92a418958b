"""What each URL parameter takes, in the reader's language: for the page that refuses a bad one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from search_ui.parameters import RELATIONS, TIME_RELATIONS, sort_keys

_DEGREES_EAST = _l("a longitude in degrees, from -180 to 180")
_DEGREES_NORTH = _l("a latitude in degrees, from -90 to 90, the southern one first")
_INSTANT = _l("a date such as 2003, 2003-05 or 2003-05-21, or a time such as 2003-05-21T06:00:00Z")
_MONTHS = _l("months such as 06-08, or 11-02 over New Year: from one month to another, of any year")
_METRES = _l("metres below the surface, as a number such as 200; the smaller depth first")

TAKES: dict[str, object] = {
    "q": _l("words, all of which have to occur; “a phrase”, -not, one OR another, begin*, field:value"),
    "bbox": _l(
        "four numbers, west,south,east,north in degrees; west greater than east crosses the antimeridian"
    ),
    "polygon": _l(
        "a polygon as WKT or GeoJSON, longitude first, such as POLYGON ((119 32, 126 32, 122 41, 119 32));"
        " across the antimeridian with longitudes beyond 180 degrees"
    ),
    "near": _l("a longitude and a latitude in degrees, such as 121.5,36: what sort=distance measures from"),
    "west": _DEGREES_EAST,
    "east": _DEGREES_EAST,
    "south": _DEGREES_NORTH,
    "north": _DEGREES_NORTH,
    "start": _INSTANT,
    "end": _INSTANT,
    "time_relation": ", ".join(TIME_RELATIONS),
    "season": _MONTHS,
    "season_from": _MONTHS,
    "season_to": _MONTHS,
    "depth_min": _METRES,
    "depth_max": _METRES,
    "updated_since": _INSTANT,
    "relation": ", ".join(RELATIONS),
    "sort": ", ".join(sort_keys()),
    "page": _l("a whole number, from 1; only the first 100,000 hits can be paged through"),
    "cursor": _l("* to begin, then what the page before gives as next"),
    "size": _l("a whole number from 0 to 1000"),
    "year": _l("a year as a whole number"),
    "more": _l("the name of a facet"),
    "facets": _l("names of facets, separated by commas, or none"),
    "heatmap": _l("a zoom of the map tiles, a whole number from 0 to 7"),
    "lang": "zh, en",
    "format": "html, xml, json",
}
