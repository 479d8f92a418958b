"""What parameters may be and which properties can be searched: for the capabilities document and for
GetDomain.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from indexer.catalogue import Catalogue
from indexer.query import FacetRequest, Page, Query
from mappings.fields import load_fields
from search_ui.csw import answers
from search_ui.csw.errors import invalid
from search_ui.csw.names import field_called
from search_ui.csw.protocol import (
    ELEMENT_SETS,
    OUTPUT_FORMATS,
    RESULT_TYPES,
    V202,
    VERSIONS,
    XML_SCHEMA_NAMES,
    GetDomain,
    Version,
)

MAX_VALUES = 1000
"""A property's values are listed up to this many, the most frequent first."""
SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Filter_Capabilities", "All")
TYPE_NAMES = ("Record", "gmd:MD_Metadata", "gmi:MI_Metadata")


def parameters(version: Version) -> dict[str, dict[str, tuple[str, ...]]]:
    """The parameters of each operation, with the values they take."""
    prefix = answers.prefix(version)
    types = tuple(name if ":" in name else f"{prefix}:{name}" for name in TYPE_NAMES)
    output = {"outputFormat": OUTPUT_FORMATS, "outputSchema": version.schemas, "ElementSetName": ELEMENT_SETS}
    found: dict[str, dict[str, tuple[str, ...]]] = {
        "GetCapabilities": {
            "AcceptVersions": tuple(VERSIONS),
            "Sections": SECTIONS,
            "AcceptFormats": OUTPUT_FORMATS,
        },
        "DescribeRecord": {
            "typeName": types,
            "outputFormat": OUTPUT_FORMATS,
            "schemaLanguage": XML_SCHEMA_NAMES,
        },
        "GetDomain": {},
        "GetRecords": {"typeNames": types, **output, "CONSTRAINTLANGUAGE": ("FILTER", "CQL_TEXT")},
        "GetRecordById": output,
    }
    if version is V202:
        found["GetRecords"]["resultType"] = RESULT_TYPES
    served = {name: values for name, values in found.items() if name in version.operations}
    served["GetDomain"] = {
        "ParameterName": tuple(
            f"{operation}.{name}" for operation, values in served.items() for name in values
        )
    }
    return served


def queryables() -> dict[str, tuple[str, ...]]:
    """Property names by the constraint that lists them in the capabilities document (OGC 07-045 §7.2)."""
    names = [name for field in load_fields().values() for name in field.csw if ":" in name]
    return {
        "SupportedDublinCoreQueryables": tuple(name for name in names if not name.startswith("apiso:")),
        "SupportedISOQueryables": tuple(name for name in names if name.startswith("apiso:")),
    }


def answer(request: GetDomain, catalogue: Catalogue) -> Any:
    """csw:GetDomainResponse (OGC 07-006r1 §10.7): one list of values for each parameter and each property."""
    version = request.version
    root = answers.element(version, "GetDomainResponse")
    for name in request.parameters:
        _domain(root, version, "ParameterName", name, _parameter_values(name, version))
    for name in request.properties:
        reference = "PropertyName" if version is V202 else "ValueReference"
        _domain(root, version, reference, name, _property_values(name, reference, catalogue))
    return root


def _parameter_values(name: str, version: Version) -> dict[str, int | None]:
    operation, _, parameter = name.partition(".")
    for known, values in parameters(version).items():
        for key in values:
            if (operation.lower(), parameter.lower()) == (known.lower(), key.lower()):
                return dict.fromkeys(values[key])
    raise invalid("ParameterName", f"{name!r} is not a parameter such as GetRecords.outputSchema")


def _property_values(name: str, locator: str, catalogue: Catalogue) -> dict[str, int | None]:
    """Values with their counts, for properties that are counted; the others have too many to be listed."""
    field = field_called(name, locator)
    if not field.facet:
        return {}
    page = catalogue.search(Query(facets=(FacetRequest(field.name, MAX_VALUES),), page=Page(size=0)))
    return {value.value: value.count for value in page.facets[field.name]}


def _domain(root: Any, version: Version, kind: str, name: str, values: dict[str, int | None]) -> None:
    domain = etree.SubElement(
        root, f"{{{version.csw}}}DomainValues", type=f"{answers.prefix(version)}:Record"
    )
    if version is not V202:
        domain.set("resultType", "available")
    etree.SubElement(domain, f"{{{version.csw}}}{kind}").text = answers.xml_text(name)
    if values:
        listed = etree.SubElement(domain, f"{{{version.csw}}}ListOfValues")
        for value, count in values.items():
            item = etree.SubElement(listed, f"{{{version.csw}}}Value")
            item.text = value
            if version is not V202 and count is not None:
                item.set("count", str(count))
