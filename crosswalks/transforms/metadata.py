"""Transforms that know metadata: identifiers, reference systems, CF names, units, access, ISO elements."""

from __future__ import annotations

import html
import re
from typing import Any, Literal
from urllib.parse import unquote

from crosswalks.access import access_level, licence
from crosswalks.geometry import flipped_wkt, normal_wkt, wkt_of_gml
from crosswalks.identifiers import identifiers_in, known_identifier
from crosswalks.localised import localised_text, one_line_text
from crosswalks.transforms.registry import Convert, transform
from crosswalks.transforms.values import number
from crosswalks.words import factors, table
from mappings.record import Identifier


@transform("identifier", gives="Identifier")
def _identifier(*, authority: str | None = None) -> Convert:
    """An identifier: DOI and CSTR recognised, any other text a code of ``authority``."""
    return lambda text: known_identifier(text) or Identifier(text, authority)


@transform("identifiers in text", gives="Identifier")
def _identifiers_in_text() -> Convert:
    """Every DOI and CSTR mentioned in a running text or URL."""
    return identifiers_in


@transform("wkt")
def _wkt(*, latitude_first: bool = False) -> Convert:
    """A WKT geometry in longitude latitude order, checked; with ``latitude_first`` the source has it the
    other way round (ACDD)."""
    return flipped_wkt if latitude_first else normal_wkt


_EPSG = re.compile(
    r"(?:EPSG(?:/0)?|epsg\.io)[^\d]{0,4}(?:[\d.]*[:/])?(?:::)?(\d{4,6})\b|(?:^|\D)(\d{4,5})$", re.IGNORECASE
)
_CRS_NAMES = table("crs_names")


@transform("crs")
def _crs() -> Convert:
    """``EPSG:4326`` from the ways a coordinate reference system is named (URN, URL, code, WGS 84); other
    texts stay."""

    def convert(text: str) -> str:
        if match := _EPSG.search(text.strip()):
            return f"EPSG:{match[1] or match[2]}"
        return _CRS_NAMES.get(re.sub(r"[\s_()/-]+", "", text).lower(), text)

    return convert


_CF_URI = re.compile(
    r"https?://(?:mmisw\.org/ont/cf/parameter|vocab\.nerc\.ac\.uk/(?:standard_name|collection/P07/current))"
    r"/(\w+)/?$"
)
_STANDARD_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LAST_PARENTHESIS = re.compile(
    r"(.*?)\s*\(([a-z][a-z0-9]*(?:_[a-z0-9]+)+|time|latitude|longitude|depth|altitude|height)\)\s*", re.DOTALL
)


@transform("standard name")
def _standard_name(*, loose: bool = False) -> Convert:
    """The CF standard name in a vocabulary URI, or in the parentheses of ``Long name (standard_name)``; when
    ``loose``, also a text that looks like one. Modifiers (``status_flag``) and other texts go."""

    def convert(text: str) -> str | None:
        if match := _CF_URI.fullmatch(text):
            return match[1]
        if match := _LAST_PARENTHESIS.fullmatch(text):
            return match[2]
        first = text.split(maxsplit=1)[0] if text.split() else ""
        return first if loose and _STANDARD_NAME.fullmatch(first) else None

    return convert


@transform("long name")
def _long_name() -> Convert:
    """``Long name (standard_name)`` without the standard name in parentheses, where ncISO writes it; a CF URI
    is no long name."""

    def convert(text: str) -> str | None:
        match = _LAST_PARENTHESIS.fullmatch(text)
        if match:
            return match[1] or None
        return None if _CF_URI.fullmatch(text) else text

    return convert


@transform("unit")
def _unit() -> Convert:
    """A UDUNITS text from a unit or from a URI such as
    ``https://unitsofmeasure.org/ucum.html#mg&#x2e;m&#x2d;3``."""

    def convert(text: str) -> str | None:
        plain = html.unescape(text)
        found = unquote(plain.partition("#")[2] or plain) if "://" in plain else plain
        found = found.strip()
        return None if not found or found.lower() in {"unknown", "missing", "inapplicable", "none"} else found

    return convert


@transform("access")
def _access() -> Convert:
    """``open``, ``restricted`` or ``closed`` where a classification code or a text about access says so
    plainly, else nothing."""
    return access_level


@transform("licence")
def _licence() -> Convert:
    """The licence that a text names: its URL (Creative Commons, Open Data Commons, ...), else its usual short
    name, else nothing."""
    return licence


_ERDDAP = re.compile(
    r"(?P<base>https?://.+?)/(?P<kind>tabledap|griddap)/(?P<id>[^/?#]+?)(?:\.\w+)?(?:[?#].*)?$"
)
_ERDDAP_SERVICES = {
    "page": "{base}/{kind}/{id}.html",
    "opendap": "{base}/{kind}/{id}",
    "graph": "{base}/{kind}/{id}.graph",
    "info": "{base}/info/{id}/index.html",
    "wms": "{base}/wms/{id}/request?service=WMS&version=1.3.0&request=GetCapabilities",
    "protocol": "ERDDAP:{kind}",
    "csv": "{base}/tabledap/{id}.csv",
    "picture": "{base}/{kind}/{id}.largePng",
}


@transform("erddap service")
def _erddap_service(*, service: str) -> Convert:
    """From the URL of an ERDDAP dataset, that of its ``page``, ``opendap``, ``graph``, ``info``, ``wms`` or
    ``csv`` (tabledap only) service, or its ``protocol`` (``ERDDAP:tabledap``)."""
    if service not in _ERDDAP_SERVICES:
        raise TypeError(f"service {service!r} is not one of {', '.join(_ERDDAP_SERVICES)}")
    pattern = _ERDDAP_SERVICES[service]

    def convert(text: str) -> str | None:
        match = _ERDDAP.match(text)
        if match is None or (service == "csv" and match["kind"] != "tabledap"):
            return None
        return pattern.format(**match.groupdict())

    return convert


@transform("without suffix")
def _without_suffix(*, suffixes: list[str]) -> Convert:
    """The text without the first of ``suffixes`` that it ends with."""

    def convert(text: str) -> str | None:
        suffix = next((suffix for suffix in suffixes if text.endswith(suffix)), "")
        return text[: len(text) - len(suffix)] or None

    return convert


@transform("localised", takes="node", gives="LocalisedText")
def _localised(*, one_line: bool = False) -> Convert:
    """An ISO 19139 text with its translations (``gmd:PT_FreeText``, languages from the document's
    ``gmd:locale``); with ``one_line``, line breaks in it become spaces."""
    return one_line_text if one_line else localised_text


@transform("gml", takes="node")
def _gml() -> Convert:
    """WKT of the GML geometry (3.1 or 3.2) inside an element, in longitude latitude order."""
    return wkt_of_gml


@transform("class name", takes="node")
def _class_name() -> Convert:
    """The name of an element without its namespace and the prefix of its ISO package (``DQ_``, ``QE_``)."""

    def convert(node: Any) -> str:
        local: str = node.tag.rpartition("}")[2]
        return local.partition("_")[2] or local

    return convert


_LENGTHS = factors("lengths")
_ANGLES = factors("angles")


@transform("distance", takes="node", gives="number")
def _distance(*, unit: Literal["metres", "degrees"]) -> Convert:
    """The number in ``gco:Distance``, ``gco:Angle`` or ``gco:Measure`` in ``metres`` or ``degrees``, by its
    ``uom``; nothing where that is of the other kind."""
    factors = _LENGTHS if unit == "metres" else _ANGLES

    def convert(node: Any) -> float | None:
        measure = node if node.get("uom") else next((child for child in node if child.get("uom")), node)
        named = (measure.get("uom") or "").rstrip("/").rpartition("#")[2]
        named = re.split(r"[:/]|%20| ", named)[-1] if ":" in named or "/" in named else named
        name = re.sub(r"[\s_.()-]", "", named.lower()).removesuffix("east").removesuffix("north")
        name = "m" if name in {"9001", ""} and unit == "metres" and named else name
        if name not in factors or not measure.text or not measure.text.strip():
            return None
        value = number(measure.text.strip())
        return (
            None
            if value is None or value <= 0
            else value
            if factors[name] == 1.0
            else round(value * factors[name], 9)
        )

    return convert
