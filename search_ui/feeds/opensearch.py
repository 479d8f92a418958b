"""``/opensearch.xml``: how to search here, for browsers' address bars and other programs (OpenSearch 1.1, draft 6, with
the parameters of its Geo and Time extensions, OGC 10-032r8).
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext
from lxml import etree

from search_ui.feeds.addresses import Addresses
from search_ui.feeds.names import put
from search_ui.languages import HTML_CODES
from search_ui.services import Services

MEDIA_TYPE = "application/opensearchdescription+xml"
NAMESPACES: dict[Any, str] = {
    None: "http://a9.com/-/spec/opensearch/1.1/",
    "geo": "http://a9.com/-/opensearch/extensions/geo/1.0/",
    "time": "http://a9.com/-/opensearch/extensions/time/1.0/",
}
_NS = f"{{{NAMESPACES[None]}}}"
MAX_AGE = 24 * 3600
SHORT_NAME, LONG_NAME = 16, 48
"""Characters that the draft allows for the two names."""
WORDS = "?q={searchTerms}"
EVERYTHING = (
    "?q={searchTerms?}&bbox={geo:box?}&start={time:start?}&end={time:end?}&page={startPage?}&size={count?}"
)
"""Clients put nothing in the place of what they do not know, and a parameter without a value does not count."""


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the description."""
    addresses = Addresses(services.base_url)

    @front.get("/opensearch.xml")
    def opensearch() -> Response:
        response = Response(document(addresses, services.site_name), mimetype=MEDIA_TYPE)
        response.cache_control.max_age = MAX_AGE
        response.vary.update(("Accept-Language", "Cookie"))
        return response


def document(addresses: Addresses, site_name: str) -> bytes:
    """The description as UTF-8."""
    root = etree.Element(_NS + "OpenSearchDescription", nsmap=NAMESPACES)
    put(root, _NS + "ShortName", site_name[:SHORT_NAME])
    put(root, _NS + "Description", gettext("Ocean data by words, place, time, depth and variable"))
    for media_type, endpoint, query, relation in (
        ("text/html", "html.search", WORDS, "results"),
        ("application/atom+xml", "feeds.atom", EVERYTHING, "results"),
        ("application/json", "html.search_json", EVERYTHING, "results"),
        (MEDIA_TYPE, "feeds.opensearch", "", "self"),
    ):
        element = etree.SubElement(root, _NS + "Url")
        element.set("type", media_type)
        element.set("rel", relation)
        element.set("template", addresses.of(endpoint) + query)
    put(root, _NS + "LongName", f"{site_name}: {gettext('Ocean data catalogue')}"[:LONG_NAME])
    icon = put(root, _NS + "Image", addresses.of("static", filename="icon.svg"))
    icon.set("type", "image/svg+xml")
    example = etree.SubElement(root, _NS + "Query")
    example.set("role", "example")
    example.set("searchTerms", "temperature")
    put(root, _NS + "SyndicationRight", "open")
    put(root, _NS + "AdultContent", "false")
    for code in HTML_CODES.values():
        put(root, _NS + "Language", code)
    put(root, _NS + "InputEncoding", "UTF-8")
    put(root, _NS + "OutputEncoding", "UTF-8")
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))
