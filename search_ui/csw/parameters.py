"""The values that parameters may take, however they were encoded. Each raises ``OwsError`` that names its
parameter.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.query import Sort
from mappings.fields import load_fields
from search_ui.csw.errors import OwsError, invalid, missing
from search_ui.csw.names import field_called
from search_ui.csw.protocol import (
    DEFAULT_RECORDS,
    DEFAULT_VERSION,
    ELEMENT_SETS,
    GMD,
    MAX_RECORDS,
    OUTPUT_FORMATS,
    RESULT_TYPES,
    VERSIONS,
    XML_SCHEMA_NAMES,
    ElementSet,
    ResultType,
    Version,
)

RECORD_TYPES = ("Record", "BriefRecord", "SummaryRecord", "MD_Metadata", "MI_Metadata")
SECTIONS = ("serviceidentification", "serviceprovider", "operationsmetadata", "filter_capabilities", "all")
SCHEMA_ALIASES = {"csw:IsoRecord": GMD}
"""Short names that older GeoNetwork clients send."""


def service(value: str | None) -> None:
    """``service`` must be there and be CSW."""
    if not value:
        raise missing("service")
    if value.upper() != "CSW":
        raise invalid("service", f"{value!r} is not served here; use CSW")


def version(value: str | None) -> Version:
    """The version of any operation but GetCapabilities."""
    if not value:
        raise missing("version")
    if value not in VERSIONS:
        raise invalid("version", f"{value!r} is not one of {', '.join(VERSIONS)}")
    return VERSIONS[value]


def negotiated(accepted: Sequence[str], asked: str | None) -> Version:
    """The version of GetCapabilities: the first accepted one that is served (OGC 05-008 §7.3.2)."""
    if not accepted:
        accepted = [asked] if asked else [DEFAULT_VERSION.number]
    for number in accepted:
        if number in VERSIONS:
            return VERSIONS[number]
    raise OwsError(
        "VersionNegotiationFailed",
        "acceptVersions",
        f"none of {', '.join(accepted)} is served, but {', '.join(VERSIONS)}",
    )


def sections(values: Sequence[str]) -> frozenset[str]:
    """The sections of the capabilities document that are asked for; empty for all."""
    names = frozenset(value.lower() for value in values if value)
    unknown = names - set(SECTIONS)
    if unknown:
        raise invalid("sections", f"{min(unknown)!r} is not a section of the capabilities document")
    return frozenset() if "all" in names else names


def type_names(values: Sequence[str], locator: str = "typeNames", *, needed: bool = True) -> tuple[str, ...]:
    """The local names of record types. Which one is asked for does not matter: every record has every
    form.
    """
    names = tuple(value.rpartition(":")[2] for value in values if value)
    if needed and not names:
        raise missing(locator)
    for name in names:
        if name not in RECORD_TYPES:
            raise invalid(locator, f"{name!r} is not one of {', '.join(RECORD_TYPES)}")
    return names


def output_schema(value: str | None, protocol: Version) -> str:
    """The namespace in which records are wanted."""
    if not value:
        return protocol.csw
    value = SCHEMA_ALIASES.get(value, protocol.csw if value == "csw:Record" else value)
    if value not in protocol.schemas:
        raise invalid("outputSchema", f"{value!r} is not one of {', '.join(protocol.schemas)}")
    return value


def output_format(value: str | None, locator: str = "outputFormat") -> str:
    """The media type of the answer."""
    media_type = (value or OUTPUT_FORMATS[0]).partition(";")[0].strip().lower()
    if media_type not in OUTPUT_FORMATS:
        raise invalid(locator, f"{value!r} is not one of {', '.join(OUTPUT_FORMATS)}")
    return media_type


def accepted_format(values: Sequence[str]) -> None:
    """``acceptFormats``: at least one of them must be served."""
    if values and not {value.partition(";")[0].strip().lower() for value in values} & {
        *OUTPUT_FORMATS,
        "*/*",
    }:
        raise invalid("acceptFormats", f"the answer can be {' or '.join(OUTPUT_FORMATS)}")


def element_set(value: str | None) -> ElementSet:
    """Brief, summary (the default) or full."""
    asked = (value or "summary").strip().lower()
    for name in ELEMENT_SETS:
        if asked == name:
            return name
    raise invalid("ElementSetName", f"{value!r} is not one of {', '.join(ELEMENT_SETS)}")


def result_type(value: str | None, protocol: Version) -> ResultType:
    """Hits, the default of 2.0.2, results or validate. 3.0.0 has no such parameter: it asks for hits by
    ``maxRecords=0``.
    """
    if not value:
        return "hits" if protocol.number == "2.0.2" else "results"
    asked = value.strip().lower()
    for name in RESULT_TYPES:
        if asked == name:
            return name
    raise invalid("resultType", f"{value!r} is not one of {', '.join(RESULT_TYPES)}")


def start_position(value: str | None) -> int:
    """The first wanted hit, counted from 1."""
    return max(1, _number("startPosition", value, 1, least=1))


def max_records(value: str | None) -> int:
    """How many hits, at most ``MAX_RECORDS``."""
    return min(MAX_RECORDS, _number("maxRecords", value, DEFAULT_RECORDS, least=0))


def _number(name: str, value: str | None, default: int, least: int) -> int:
    if value is None or not value.strip():
        return default
    text = value.strip()
    if not (text.isascii() and text.removeprefix("+").isdigit()) or len(text) > 18 or int(text) < least:
        raise invalid(name, f"{value!r} is not a whole number of at least {least}")
    return int(text)


def schema_language(value: str | None) -> None:
    """Only XML Schema can be had, under any of its names."""
    if value and value not in XML_SCHEMA_NAMES:
        raise invalid("schemaLanguage", f"{value!r} is not {XML_SCHEMA_NAMES[0]}")


def sort_by(keys: Sequence[tuple[str, str]]) -> Sort:
    """The order by the first of (property, direction): there is only one sort key, and ties go by
    identifier.
    """
    if not keys:
        return Sort()
    name, direction = keys[0]
    upper = direction.strip().upper() or "ASC"
    if upper not in {"ASC", "DESC", "A", "D"}:
        raise invalid("SortBy", f"{direction!r} is not an order; use ASC or DESC")
    if name.strip().lower() == "relevance":
        return Sort()
    field = field_called(name, "SortBy")
    sortable = load_fields().sortable
    if field not in sortable:
        names = ", ".join(entry.csw[0] for entry in sortable if entry.csw)
        raise invalid("SortBy", f"records cannot be sorted by {name!r}, but by {names} or relevance")
    return Sort(field.name, upper.startswith("D"))
