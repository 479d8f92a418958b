"""Namespaces of a feed, and how its elements are made."""

from __future__ import annotations

from typing import Any

from lxml import etree

from crosswalks.writers.characters import clean, uri

NAMESPACES: dict[Any, str] = {
    None: "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "georss": "http://www.georss.org/georss",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}
ATOM = f"{{{NAMESPACES[None]}}}"
TOMBSTONES, DC, GEORSS, OPENSEARCH = (
    f"{{{NAMESPACES[prefix]}}}" for prefix in ("at", "dc", "georss", "opensearch")
)
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def put(parent: Any, name: str, text: str) -> Any:
    """Append an element with a text, without the characters that XML cannot hold. Gives the element."""
    element = etree.SubElement(parent, name)
    element.text = clean(text)
    return element


def link(parent: Any, relation: str, media_type: str, href: str) -> None:
    """Append a link."""
    element = etree.SubElement(parent, ATOM + "link")
    element.set("rel", relation)
    element.set("type", media_type)
    element.set("href", uri(href))
