"""OGC Filter Encoding 1.0 (02-059), 1.1 (04-095) and 2.0 (09-026r2) as conditions of ``indexer.query``.

The three differ in names only, so there is one decoder: elements are told by their local names,
``PropertyName`` and ``ValueReference`` are the same, and so are the ways to write an escape character.
"""

from __future__ import annotations

from typing import Any

from indexer.areas import Area
from indexer.query import Condition, Everything, Not, Operator, Or
from mappings.record import BoundingBox
from search_ui.csw import gml, predicates
from search_ui.csw.errors import invalid, missing, unsupported
from search_ui.csw.gml import local_name
from search_ui.csw.patterns import LikeSyntax

COMPARISONS: dict[str, Operator] = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsGreaterThan": ">",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThanOrEqualTo": ">=",
    "PropertyIsLessThanEqualTo": "<=",  # FES 1.0 drafts, still sent
    "PropertyIsGreaterThanEqualTo": ">=",
}
IDENTIFIERS = {"FeatureId": "fid", "GmlObjectId": "{http://www.opengis.net/gml}id", "ResourceId": "rid"}
PROPERTY = frozenset({"PropertyName", "ValueReference"})
MAX_NESTING = 64


def decode(root: Any) -> Condition:
    """The condition that a ``Filter`` element states. Raises ``OwsError`` that names the element or
    property at fault.
    """
    if local_name(root) != "Filter":
        raise invalid("Constraint", f"{local_name(root)} is not a Filter")
    parts = list(root)
    if not parts:  # GeoNetwork's clients send this for a search without conditions
        return Everything()
    if all(local_name(part) in IDENTIFIERS for part in parts):
        return predicates.identifiers(tuple(_identifier(part) for part in parts))
    if len(parts) > 1:
        raise invalid("Filter", "holds more than one predicate; put them into an And or an Or")
    return _predicate(parts[0], 1)


def _predicate(node: Any, depth: int) -> Condition:
    name = local_name(node)
    if depth > MAX_NESTING:
        raise invalid("Filter", f"is nested deeper than {MAX_NESTING}")
    if name in {"And", "Or", "Not"}:
        return _logical(name, [_predicate(child, depth + 1) for child in node])
    if name in COMPARISONS:
        return _comparison(node, COMPARISONS[name])
    if name in IDENTIFIERS:
        return predicates.identifiers((_identifier(node),))
    if name.lower() in predicates.TEMPORAL_OPERATORS:
        return _temporal(node)
    match name:
        case "PropertyIsLike":
            return _like(node)
        case "PropertyIsBetween":
            return predicates.between(
                _property(node), _boundary(node, "LowerBoundary"), _boundary(node, "UpperBoundary")
            )
        case "PropertyIsNull" | "PropertyIsNil":
            return predicates.is_null(_property(node))
        case _ if (
            any(gml.is_geometry(child) for child in node) or name.lower() in predicates.SPATIAL_OPERATORS
        ):
            return _spatial(node)
    raise unsupported(name, f"{name} is not an operator that this server knows")


def _logical(name: str, parts: list[Condition]) -> Condition:
    if not parts:
        raise invalid(name, "has no operands")
    if name == "Not":
        if len(parts) > 1:
            raise invalid("Not", "has more than one operand")
        return Not(parts[0])
    if name == "And":
        return predicates.all_of(parts)
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _comparison(node: Any, operator: Operator) -> Condition:
    first = next((local_name(child) for child in node), "")
    if first == "Literal":
        operator = predicates.FLIPPED[operator]
    match_case = node.get("matchCase", "").strip().lower() in {"true", "1"}
    return predicates.compare(_property(node), operator, _literal(node), match_case=match_case)


def _like(node: Any) -> Condition:
    syntax = LikeSyntax(
        wild=node.get("wildCard", "%"),
        single=node.get("singleChar", "_"),
        escape=next((node.get(key) for key in ("escapeChar", "escape") if node.get(key) is not None), "\\"),
    )
    return predicates.like(_property(node), _literal(node), syntax)


def _spatial(node: Any) -> Condition:
    return predicates.spatial(_property_or_none(node), local_name(node), _geometry(node))


def _geometry(node: Any) -> BoundingBox | Area:
    geometry = next((child for child in node if gml.is_geometry(child)), None)
    if geometry is None:
        raise invalid(local_name(node), "needs an Envelope, a Polygon or another GML geometry")
    return gml.region_of(geometry)


def _temporal(node: Any) -> Condition:
    """``gml:TimeInstant/timePosition`` and ``gml:TimePeriod/(beginPosition|begin, endPosition|end)``, or a
    Literal.
    """
    positions = [
        (element.text or "").strip()
        for element in node.iter()
        if local_name(element) in {"timePosition", "beginPosition", "endPosition", "Literal"}
        and (element.text or "").strip()
    ]
    if not 1 <= len(positions) <= 2:
        raise invalid(local_name(node), "needs a time instant or a time period")
    return predicates.temporal(_property(node), local_name(node), positions[0], positions[-1])


def _property(node: Any) -> str:
    name = _property_or_none(node)
    if not name:
        for child in node:
            if local_name(child) in {"Function", "Add", "Sub", "Mul", "Div"}:
                raise unsupported(
                    local_name(child), "expressions are not supported; compare a property with a literal"
                )
        raise missing("PropertyName")
    return name


def _property_or_none(node: Any) -> str | None:
    return next(
        (("".join(child.itertext())).strip() for child in node if local_name(child) in PROPERTY), None
    )


def _literal(node: Any) -> str:
    for child in node:
        if local_name(child) == "Literal":
            return "".join(child.itertext())
        if local_name(child) not in PROPERTY:
            raise unsupported(
                local_name(child), "expressions are not supported; compare a property with a literal"
            )
    raise missing("Literal")


def _boundary(node: Any, name: str) -> str:
    boundary = next((child for child in node if local_name(child) == name), None)
    if boundary is None:
        raise missing(name)
    return _literal(boundary) if len(boundary) else (boundary.text or "")


def _identifier(node: Any) -> str:
    value = node.get(IDENTIFIERS.get(local_name(node), ""), "").strip()
    if not value:
        raise invalid(local_name(node), "stands beside other identifiers and has none itself")
    return str(value)
