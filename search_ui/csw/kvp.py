"""Key-value requests (OGC 07-006r1 §10.2.2, OGC 12-176r7 §7): URL query strings and posted forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from crosswalks.readers.xml import parse
from indexer.query import Condition, Everything, Text, conjunction
from search_ui.csw import cql, fes, parameters, places, predicates
from search_ui.csw.errors import OwsError, invalid, missing, unsupported
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

Parameters = Mapping[str, str]
KNOWN_ELSEWHERE = frozenset({"transaction", "harvest", "unharvest", "describerecord", "getrepositoryitem"})
"""Operations of the standards (or of pycsw) that are not served, or not in every version."""


def parameters_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Parameters by name in lower case, since names are not case-sensitive (OGC 05-008 §11.5.2).

    Raises ``OwsError`` for one that is given twice with different values.
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        if found.get(key, value) != value:
            raise invalid(name, "is given more than once")
        found[key] = value
    return found


def version_hint(kvp: Parameters) -> Version | None:
    """The version in whose terms an exception is to be reported, if the request gives it away."""
    asked = [kvp.get("version", ""), *_list(kvp.get("acceptversions"))]
    return next((VERSIONS[number] for number in asked if number in VERSIONS), None)


def decode(kvp: Parameters) -> Request:
    """The request that the parameters make. Raises ``OwsError`` that names the parameter at fault."""
    if not kvp:  # the bare address answers with what the service can do (OGC 12-176r7 §7.1)
        return GetCapabilities(parameters.negotiated((), None))
    parameters.service(kvp.get("service"))
    operation = kvp.get("request")
    if not operation:
        raise missing("request")
    if operation.lower() == "getcapabilities":
        return _capabilities(kvp)
    version = parameters.version(kvp.get("version"))
    served = {name.lower(): name for name in version.operations}
    if operation.lower() not in served:
        raise not_served(operation, version)
    return _DECODERS[served[operation.lower()]](kvp, version)


def not_served(operation: str, version: Version) -> OwsError:
    """The refusal of an operation that the standard has, or that nobody has."""
    text = f"{operation} is not served in version {version.number}; use {', '.join(version.operations)}"
    if operation.lower() in KNOWN_ELSEWHERE:
        return OwsError("OperationNotSupported", operation, text)
    return invalid("request", text)


def _capabilities(kvp: Parameters) -> GetCapabilities:
    version = parameters.negotiated(_list(kvp.get("acceptversions")), kvp.get("version"))
    parameters.accepted_format(_list(kvp.get("acceptformats")))
    parameters.output_format(kvp.get("outputformat"))
    return GetCapabilities(version, parameters.sections(_list(kvp.get("sections", kvp.get("section")))))


def _describe(kvp: Parameters, version: Version) -> DescribeRecord:
    parameters.output_format(kvp.get("outputformat"))
    parameters.schema_language(kvp.get("schemalanguage"))
    return DescribeRecord(
        version, parameters.type_names(_list(kvp.get("typename")), "TypeName", needed=False)
    )


def _domain(kvp: Parameters, version: Version) -> GetDomain:
    names = _list(kvp.get("parametername"))
    properties = _list(kvp.get("propertyname", kvp.get("valuereference")))
    if not names and not properties:
        raise missing("ParameterName")
    return GetDomain(version, tuple(names), tuple(properties))


def _records(kvp: Parameters, version: Version) -> GetRecords:
    if kvp.get("responsehandler"):
        raise unsupported("ResponseHandler", "answers are given at once, not sent elsewhere later")
    short = any(kvp.get(name) for name in ("q", "bbox", "recordids", "time"))
    parameters.type_names(
        _list(kvp.get("typenames", kvp.get("typename"))), needed=not (short and version.number == "3.0.0")
    )
    return GetRecords(
        version=version,
        output=_output(kvp, version),
        where=_where(kvp, version),
        sort=parameters.sort_by(_sort_keys(kvp.get("sortby"))),
        start=parameters.start_position(kvp.get("startposition")),
        size=parameters.max_records(kvp.get("maxrecords")),
        result_type=parameters.result_type(kvp.get("resulttype"), version),
        request_id=kvp.get("requestid") or None,
    )


def _by_id(kvp: Parameters, version: Version) -> GetRecordById:
    whole = kvp.get("id", "").strip()
    if not whole:
        raise missing("Id")
    ids = _list(whole) if version.number == "2.0.2" else [whole]
    return GetRecordById(version, _output(kvp, version), tuple(ids), whole)


def _output(kvp: Parameters, version: Version) -> Output:
    elements = tuple(_list(kvp.get("elementname")))
    if elements and kvp.get("elementsetname"):
        raise invalid("ElementName", "is given beside ElementSetName; only one of them can be")
    return Output(
        schema=parameters.output_schema(kvp.get("outputschema"), version),
        element_set=parameters.element_set(kvp.get("elementsetname")),
        elements=elements,
        media_type=parameters.output_format(kvp.get("outputformat")),
    )


def _where(kvp: Parameters, version: Version) -> Condition:
    """The constraint and, in 3.0.0, the short parameters that it shares with OpenSearch (OGC 12-176r7 table
    6).
    """
    parts = [_constraint(kvp)] if kvp.get("constraint") else []
    if version.number == "3.0.0":
        parts += [decode_one(kvp[name]) for name, decode_one in _SHORT.items() if kvp.get(name)]
    return conjunction(parts) if parts else Everything()


def _constraint(kvp: Parameters) -> Condition:
    language = kvp.get("constraintlanguage", "")
    text = kvp["constraint"]
    if not language:
        raise missing("CONSTRAINTLANGUAGE")
    if language.upper() == "CQL_TEXT":
        return cql.decode(text)
    if language.upper() == "FILTER" or language.startswith(
        ("http://www.opengis.net/fes", "http://www.opengis.net/ogc")
    ):
        return fes.decode(parse(text.encode("utf-8", "surrogatepass")))
    raise invalid("CONSTRAINTLANGUAGE", f"{language!r} is not FILTER or CQL_TEXT")


def _bbox(text: str) -> Condition:
    """``west,south,east,north[,crs]``; without a CRS it is CRS84."""
    values = [value.strip() for value in text.split(",")]
    corners = places.numbers(" ".join(values[:4]), "bbox")
    if len(corners) != 4 or len(values) > 5:
        raise invalid("bbox", f"{text!r} is not west,south,east,north")
    crs = values[4] if len(values) == 5 else "CRS84"
    box = places.envelope((corners[0], corners[1]), (corners[2], corners[3]), crs, "bbox")
    return predicates.spatial(None, "bbox", box)


def _time(text: str) -> Condition:
    start, slash, end = text.partition("/")
    first = start.strip() or None
    last = (end.strip() or None) if slash else first
    return predicates.overlapping("time", first, last)


_SHORT: dict[str, Callable[[str], Condition]] = {
    "q": Text,
    "bbox": _bbox,
    "recordids": lambda text: predicates.identifiers(tuple(_list(text))),
    "time": _time,
}


def _sort_keys(text: str | None) -> list[tuple[str, str]]:
    """``dc:title:A,dct:modified:D``: the direction is what stands after the last colon, where it is one."""
    keys = []
    for item in _list(text):
        name, direction = re.fullmatch(
            r"(.+?)(?:[: ](A|D|ASC|DESC))?", item, re.IGNORECASE | re.DOTALL
        ).groups()  # type: ignore[union-attr]
        keys.append((name, direction or ""))
    return keys


def _list(text: str | None) -> list[str]:
    return [item.strip() for item in (text or "").split(",") if item.strip()]


_DECODERS: dict[str, Callable[[Parameters, Version], Request]] = {
    "DescribeRecord": _describe,
    "GetDomain": _domain,
    "GetRecords": _records,
    "GetRecordById": _by_id,
}
