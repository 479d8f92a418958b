"""What filters may hold, in the words of FES 1.1 (04-095 §13) and of FES 2.0 (09-026r2 §7.13)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from search_ui.csw.protocol import V202, Version

OWS11 = "http://www.opengis.net/ows/1.1"
GML = {"ogc": "http://www.opengis.net/gml", "fes": "http://www.opengis.net/gml/3.2"}
GEOMETRIES = ("Envelope", "Point", "LineString", "Polygon")
SPATIAL = ("BBOX", "Intersects", "Within", "Contains", "Equals", "Disjoint", "Overlaps")
TEMPORAL = ("After", "Before", "During", "TEquals", "TOverlaps")
COMPARISONS_11 = (
    "EqualTo", "NotEqualTo", "LessThan", "GreaterThan", "LessThanEqualTo", "GreaterThanEqualTo", "Like",
    "Between",
    "NullCheck",
)  # fmt: skip
COMPARISONS_20 = (
    "PropertyIsEqualTo", "PropertyIsNotEqualTo", "PropertyIsLessThan", "PropertyIsGreaterThan",
    "PropertyIsLessThanOrEqualTo", "PropertyIsGreaterThanOrEqualTo", "PropertyIsLike", "PropertyIsNull",
    "PropertyIsBetween",
)  # fmt: skip
CLASSES_20 = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": False,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": False,
    "ImplementsMinTemporalFilter": True,
    "ImplementsTemporalFilter": False,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": False,
}


def filter_capabilities(version: Version) -> Any:
    """ogc:Filter_Capabilities or fes:Filter_Capabilities."""
    prefix = version.filter_prefix
    root = etree.Element(
        f"{{{version.filter}}}Filter_Capabilities", nsmap={prefix: version.filter, "gml": GML[prefix]}
    )
    if version is V202:
        _spatial_11(root, version.filter)
        scalar = _add(root, version.filter, "Scalar_Capabilities")
        _add(scalar, version.filter, "LogicalOperators")
        comparisons = _add(scalar, version.filter, "ComparisonOperators")
        for name in COMPARISONS_11:
            _add(comparisons, version.filter, "ComparisonOperator").text = name
        identifiers = _add(root, version.filter, "Id_Capabilities")
        _add(identifiers, version.filter, "FID")
    else:
        _version_20(root, version.filter)
    return root


def _spatial_11(root: Any, namespace: str) -> None:
    spatial = _add(root, namespace, "Spatial_Capabilities")
    operands = _add(spatial, namespace, "GeometryOperands")
    for name in GEOMETRIES:
        _add(operands, namespace, "GeometryOperand").text = f"gml:{name}"
    operators = _add(spatial, namespace, "SpatialOperators")
    for name in SPATIAL:
        _add(operators, namespace, "SpatialOperator", name=name)


def _version_20(root: Any, namespace: str) -> None:
    conformance = _add(root, namespace, "Conformance")
    for name, implemented in CLASSES_20.items():
        constraint = _add(conformance, namespace, "Constraint", name=name)
        etree.SubElement(constraint, f"{{{OWS11}}}NoValues", nsmap={"ows11": OWS11})
        etree.SubElement(constraint, f"{{{OWS11}}}DefaultValue", nsmap={"ows11": OWS11}).text = str(
            implemented
        ).upper()
    _add(_add(root, namespace, "Id_Capabilities"), namespace, "ResourceIdentifier", name="fes:ResourceId")
    scalar = _add(root, namespace, "Scalar_Capabilities")
    _add(scalar, namespace, "LogicalOperators")
    comparisons = _add(scalar, namespace, "ComparisonOperators")
    for name in COMPARISONS_20:
        _add(comparisons, namespace, "ComparisonOperator", name=name)
    for kind, operand, operands, operators in (
        ("Spatial", "Geometry", GEOMETRIES, SPATIAL),
        ("Temporal", "Temporal", ("TimeInstant", "TimePeriod"), TEMPORAL),
    ):
        section = _add(root, namespace, f"{kind}_Capabilities")
        listed = _add(section, namespace, f"{operand}Operands")
        for name in operands:
            _add(listed, namespace, f"{operand}Operand", name=f"gml:{name}")
        offered = _add(section, namespace, f"{kind}Operators")
        for name in operators:
            _add(offered, namespace, f"{kind}Operator", name=name)


def _add(parent: Any, namespace: str, tag: str, /, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{namespace}}}{tag}", attrib=attributes)
