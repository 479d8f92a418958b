"""Conditions written as FES: the opposite of ``search_ui.csw.fes``, for round trips. Written from the
standards alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from indexer.query import And, Compare, Condition, Exists, Like, Not, Or, Spatial
from mappings.record import BoundingBox

OGC = "http://www.opengis.net/ogc"
FES = "http://www.opengis.net/fes/2.0"
GML31 = "http://www.opengis.net/gml"
GML32 = "http://www.opengis.net/gml/3.2"

NAMES = {
    "identifier": "dc:identifier",
    "type": "apiso:Type",
    "keyword": "dc:subject",
    "modified": "dct:modified",
}
OPERATORS = {
    "=": "PropertyIsEqualTo",
    "<>": "PropertyIsNotEqualTo",
    "<": "PropertyIsLessThan",
    "<=": "PropertyIsLessThanOrEqualTo",
    ">": "PropertyIsGreaterThan",
    ">=": "PropertyIsGreaterThanOrEqualTo",
}


@dataclass(frozen=True)
class Dialect:
    """How a client writes: version, the special characters of its patterns, and the CRS of its boxes (None:
    left out).
    """

    version: str = "1.1"
    wild: str = "%"
    single: str = "_"
    escape: str = "\\"
    crs: str | None = None

    @property
    def namespace(self) -> str:
        return FES if self.version == "2.0" else OGC

    @property
    def gml(self) -> str:
        return GML32 if self.version == "2.0" else GML31

    @property
    def latitude_first(self) -> bool:
        return (self.crs or "").lower().startswith(("urn:ogc:def:crs:epsg", "http"))


def to_xml(condition: Condition, dialect: Dialect) -> bytes:
    """A ``Filter`` document."""
    root = etree.Element(f"{{{dialect.namespace}}}Filter", nsmap={"f": dialect.namespace, "gml": dialect.gml})
    _write(root, condition, dialect)
    return bytes(etree.tostring(root))


def _write(parent: Any, condition: Condition, dialect: Dialect) -> None:
    ns = f"{{{dialect.namespace}}}"
    match condition:
        case And(parts) | Or(parts):
            node = etree.SubElement(parent, f"{ns}{type(condition).__name__}")
            for part in parts:
                _write(node, part, dialect)
        case Not(Exists(field)):
            _property(etree.SubElement(parent, f"{ns}PropertyIsNull"), field, dialect)
        case Not(part):
            _write(etree.SubElement(parent, f"{ns}Not"), part, dialect)
        case Compare(field, operator, value):
            node = etree.SubElement(parent, f"{ns}{OPERATORS[operator]}")
            _property(node, field, dialect)
            etree.SubElement(node, f"{ns}Literal").text = value
        case Like(field, pattern):
            node = etree.SubElement(
                parent, f"{ns}PropertyIsLike", wildCard=dialect.wild, singleChar=dialect.single
            )
            node.set("escape" if dialect.version == "1.0" else "escapeChar", dialect.escape)
            _property(node, field, dialect)
            etree.SubElement(node, f"{ns}Literal").text = translated(pattern, dialect)
        case Spatial(relation, BoundingBox() as box):
            node = etree.SubElement(parent, f"{ns}{relation.capitalize()}")
            name = "ValueReference" if dialect.version == "2.0" else "PropertyName"
            etree.SubElement(node, f"{ns}{name}").text = "ows:BoundingBox"
            _envelope(node, box, dialect)
        case _:
            raise AssertionError(condition)


def translated(pattern: str, dialect: Dialect) -> str:
    """A canonical pattern in the special characters of the dialect."""
    out = []
    characters = iter(pattern)
    for character in characters:
        literal = next(characters) if character == "\\" else character
        if character == "*":
            out.append(dialect.wild)
        elif character == "?":
            out.append(dialect.single)
        elif literal in {dialect.wild, dialect.single, dialect.escape}:
            out.append(dialect.escape + literal)
        else:
            out.append(literal)
    return "".join(out)


def _property(node: Any, field: str, dialect: Dialect) -> None:
    name = "ValueReference" if dialect.version == "2.0" else "PropertyName"
    etree.SubElement(node, f"{{{dialect.namespace}}}{name}").text = NAMES[field]


def _envelope(node: Any, box: BoundingBox, dialect: Dialect) -> None:
    envelope = etree.SubElement(node, f"{{{dialect.gml}}}Envelope")
    if dialect.crs:
        envelope.set("srsName", dialect.crs)
    for name, x, y in (("lowerCorner", box.west, box.south), ("upperCorner", box.east, box.north)):
        pair = (y, x) if dialect.latitude_first else (x, y)
        etree.SubElement(envelope, f"{{{dialect.gml}}}{name}").text = f"{pair[0]!r} {pair[1]!r}"
