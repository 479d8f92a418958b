"""XML requests (OGC 07-006r1 §10, OGC 12-176r7 §7). Both versions have the same shape; the namespace tells
them apart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from indexer.query import Condition, Everything
from search_ui.csw import cql, fes, parameters
from search_ui.csw.errors import invalid, missing, unsupported
from search_ui.csw.gml import local_name
from search_ui.csw.kvp import not_served
from search_ui.csw.protocol import (
    VERSIONS,
    DescribeRecord,
    GetCapabilities,
    GetDomain,
    GetRecordById,
    GetRecords,
    Output,
    Request,
    Version,
)


def version_hint(root: Any) -> Version | None:
    """The version in whose terms an exception is to be reported, if the request gives it away."""
    return VERSIONS.get(root.get("version", "")) or _by_namespace(root)


def decode(root: Any) -> Request:
    """The request that ``root`` is. Raises ``OwsError`` that names the element or attribute at fault."""
    operation = local_name(root)
    namespace = _by_namespace(root)
    if namespace is None:
        raise invalid("request", f"{root.tag} is not a request of CSW {' or '.join(VERSIONS)}")
    if operation == "GetCapabilities":
        return _capabilities(root, namespace)
    parameters.service(root.get("service"))
    version = parameters.version(root.get("version"))
    if operation not in version.operations:
        raise not_served(operation, version)
    return _DECODERS[operation](root, version)


def _by_namespace(root: Any) -> Version | None:
    namespace = etree.QName(root).namespace
    return next((version for version in VERSIONS.values() if version.csw == namespace), None)


def _capabilities(root: Any, namespace: Version) -> GetCapabilities:
    if root.get("service"):  # "CSW" by default
        parameters.service(root.get("service"))
    accepted = _texts(root, "AcceptVersions", "Version")
    parameters.accepted_format(_texts(root, "AcceptFormats", "OutputFormat"))
    version = parameters.negotiated(accepted, root.get("version") or namespace.number)
    return GetCapabilities(version, parameters.sections(_texts(root, "Sections", "Section")))


def _describe(root: Any, version: Version) -> DescribeRecord:
    parameters.output_format(root.get("outputFormat"))
    parameters.schema_language(root.get("schemaLanguage"))
    names = parameters.type_names(_texts(root, "TypeName"), "TypeName", needed=False)
    return DescribeRecord(version, names)


def _domain(root: Any, version: Version) -> GetDomain:
    names = _texts(root, "ParameterName")
    properties = _texts(root, "PropertyName") + _texts(root, "ValueReference")
    if not names and not properties:
        raise missing("ParameterName")
    return GetDomain(version, tuple(_listed(names)), tuple(_listed(properties)))


def _records(root: Any, version: Version) -> GetRecords:
    query = _child(root, "Query")
    if query is None:
        raise missing("Query")
    if _child(root, "ResponseHandler") is not None:
        raise unsupported("ResponseHandler", "answers are given at once, not sent elsewhere later")
    parameters.type_names((query.get("typeNames") or "").replace(",", " ").split())
    return GetRecords(
        version=version,
        output=_output(root, query, version),
        where=_where(query),
        sort=parameters.sort_by(_sort_keys(query)),
        start=parameters.start_position(root.get("startPosition")),
        size=parameters.max_records(root.get("maxRecords")),
        result_type=parameters.result_type(root.get("resultType"), version),
        request_id=root.get("requestId") or None,
        echo=etree.tostring(root, with_tail=False) if root.get("resultType") == "validate" else None,
    )


def _by_id(root: Any, version: Version) -> GetRecordById:
    ids = tuple(_texts(root, "Id"))
    if not ids:
        raise missing("Id")
    return GetRecordById(version, _output(root, root, version), ids)


def _output(root: Any, query: Any, version: Version) -> Output:
    elements = tuple(_texts(query, "ElementName"))
    element_set = _child(query, "ElementSetName")
    if elements and element_set is not None:
        raise invalid("ElementName", "is given beside ElementSetName; only one of them can be")
    return Output(
        schema=parameters.output_schema(root.get("outputSchema"), version),
        element_set=parameters.element_set(None if element_set is None else element_set.text),
        elements=elements,
        media_type=parameters.output_format(root.get("outputFormat")),
    )


def _where(query: Any) -> Condition:
    constraint = _child(query, "Constraint")
    if constraint is None:
        return Everything()
    text = _child(constraint, "CqlText")
    if text is not None:
        return cql.decode("".join(text.itertext()))
    found = _child(constraint, "Filter")
    if found is None:
        raise invalid("Constraint", "holds neither a Filter nor a CqlText")
    return fes.decode(found)


def _sort_keys(query: Any) -> list[tuple[str, str]]:
    order = _child(query, "SortBy")
    if order is None:
        return []
    keys = []
    for key in order:
        names = _texts(key, "PropertyName") + _texts(key, "ValueReference")
        if len(names) != 1:
            raise missing("PropertyName")
        keys.append((names[0], next(iter(_texts(key, "SortOrder")), "")))
    return keys


def _child(parent: Any, name: str) -> Any | None:
    return next((child for child in parent if local_name(child) == name), None)


def _texts(parent: Any, *path: str) -> list[str]:
    """The texts below the elements of this path of local names, trimmed, without empty ones."""
    found = [parent]
    for name in path:
        found = [child for node in found for child in node if local_name(child) == name]
    return [text for node in found if (text := "".join(node.itertext()).strip())]


def _listed(texts: list[str]) -> list[str]:
    return [item.strip() for text in texts for item in text.split(",") if item.strip()]


_DECODERS: dict[str, Callable[[Any, Version], Request]] = {
    "DescribeRecord": _describe,
    "GetDomain": _domain,
    "GetRecords": _records,
    "GetRecordById": _by_id,
}
