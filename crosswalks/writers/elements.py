"""Namespaces of ISO 19139 and ISO 19139-2, and the few ways in which they write a property.

A *property* is an element in lower camel case (``gmd:title``) whose single child holds the value; a property that must
be there but has no value says so by ``gco:nilReason`` (ISO 19139 §8.4.1).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from lxml import etree

from crosswalks.writers.characters import clean, code_value, uri
from mappings.record import LocalisedText

GMD_NS = "http://www.isotc211.org/2005/gmd"
GMI_NS = "http://www.isotc211.org/2005/gmi"
NAMESPACES = {
    "gmi": GMI_NS,
    "gmd": GMD_NS,
    "gco": "http://www.isotc211.org/2005/gco",
    "gml": "http://www.opengis.net/gml/3.2",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
GMD, GMI = f"{{{GMD_NS}}}", f"{{{GMI_NS}}}"
GCO, GML = f"{{{NAMESPACES['gco']}}}", f"{{{NAMESPACES['gml']}}}"
GMX, XLINK, XSI = (f"{{{NAMESPACES[prefix]}}}" for prefix in ("gmx", "xlink", "xsi"))

CHARACTER_STRING = GCO + "CharacterString"
NIL_REASON = GCO + "nilReason"
HREF = XLINK + "href"
CODE_LISTS = "http://www.isotc211.org/2005/resources/Codelist/gmxCodelists.xml#"
LANGUAGE_CODES = "http://www.loc.gov/standards/iso639-2/"

_NOT_FINITE = {"nan": "NaN", "inf": "INF", "-inf": "-INF"}

add = etree.SubElement
"""``add(parent, tag)`` appends an element and returns it."""


def set_text(element: Any, value: str) -> None:
    """Give an element its text."""
    try:
        element.text = value
    except ValueError:  # lxml refuses what XML cannot hold; looking first would cost every text
        element.text = clean(value)


def nil(parent: Any, name: str, reason: str = "unknown") -> None:
    """A required property without a value."""
    add(parent, name).set(NIL_REASON, reason)


def text(parent: Any, name: str, value: str | None) -> None:
    """An optional property of type CharacterString."""
    if value is not None:
        set_text(add(add(parent, name), CHARACTER_STRING), value)


def required_text(parent: Any, name: str, value: str | None) -> None:
    """A required property of type CharacterString."""
    if value is None:
        nil(parent, name)
    else:
        set_text(add(add(parent, name), CHARACTER_STRING), value)


def anchor(parent: Any, name: str, value: str, href: str | None) -> Any:
    """A property whose text is also a reference (gmx:Anchor, ISO 19139 §9.4.6). Gives the property."""
    element = add(parent, name)
    inner = add(element, GMX + "Anchor")
    if href is not None:
        inner.set(HREF, uri(href))
    set_text(inner, value)
    return element


def localised(parent: Any, name: str, value: LocalisedText | None, href: str | None = None) -> None:
    """A property in the record's own language and its translations (PT_FreeText, ISO 19139 §7.4)."""
    if value is None:
        return
    if href is None:
        element = add(parent, name)
        set_text(add(element, CHARACTER_STRING), value.text)
    else:
        element = anchor(parent, name, value.text, href)
    if not value.translations:
        return
    element.set(XSI + "type", "gmd:PT_FreeText_PropertyType")
    free = add(element, GMD + "PT_FreeText")
    for translation in value.translations:
        group = add(add(free, GMD + "textGroup"), GMD + "LocalisedCharacterString")
        group.set("locale", f"#{locale_id(translation.language)}")
        set_text(group, translation.text)


def locale_id(language: str) -> str:
    """The XML id by which texts in ``language`` refer to its locale."""
    return "locale-" + re.sub(r"[^A-Za-z0-9_-]", "_", language)


def code(parent: Any, name: str, code_list: str, value: str | None) -> None:
    """An optional property whose value is from a code list."""
    if value is not None:
        required_code(parent, name, code_list, value)


def required_code(parent: Any, name: str, code_list: str, value: str | None) -> None:
    """A required property whose value is from a code list."""
    if value is None:
        nil(parent, name)
        return
    element = add(add(parent, name), GMD + code_list)
    element.set("codeList", CODE_LISTS + code_list)
    element.set("codeListValue", code_value(value))
    set_text(element, value)


def language_code(parent: Any, name: str, value: str | None) -> None:
    """A required property of type LanguageCode."""
    if value is None:
        nil(parent, name)
        return
    element = add(add(parent, name), GMD + "LanguageCode")
    element.set("codeList", LANGUAGE_CODES)
    element.set("codeListValue", code_value(value))
    set_text(element, value)


def decimal(parent: Any, name: str, value: float) -> None:
    """A property of type Decimal: plain digits are all that xs:decimal takes, and no less exact than the number."""
    add(add(parent, name), GCO + "Decimal").text = digits(value)


def digits(value: float) -> str:
    """A finite number as xs:decimal, by the fewest digits that mean it; xs:double's words where it is not finite."""
    shortest = repr(float(value))
    if "e" in shortest:
        return format(Decimal(shortest), "f")
    return _NOT_FINITE.get(shortest, shortest)
