"""The two versions of the protocol, their names, and one request type per operation, however it is encoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from indexer.query import Condition, Everything, Sort

GMD = "http://www.isotc211.org/2005/gmd"
GMI = "http://www.isotc211.org/2005/gmi"
DC = "http://purl.org/dc/elements/1.1/"
DCT = "http://purl.org/dc/terms/"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML_SCHEMA = "http://www.w3.org/XML/Schema"
XML_SCHEMA_NAMES = (
    XML_SCHEMA,
    "http://www.w3.org/2001/XMLSchema",
    "http://www.w3.org/TR/xmlschema-1/",
    "XMLSCHEMA",
)
OUTPUT_FORMATS = ("application/xml", "text/xml")

ElementSet = Literal["brief", "summary", "full"]
ResultType = Literal["hits", "results", "validate"]
ELEMENT_SETS: tuple[ElementSet, ...] = ("brief", "summary", "full")
RESULT_TYPES: tuple[ResultType, ...] = ("hits", "results", "validate")

DEFAULT_RECORDS = 10
MAX_RECORDS = 500
"""``maxRecords`` beyond this is answered with this many; ``nextRecord`` says where to go on."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of CSW, its namespaces, and the few things in which its answers differ."""

    number: str
    csw: str
    ows: str
    filter: str
    filter_prefix: str
    report: str  # version attribute of its ExceptionReport
    report_schema: str
    schema: str  # location of the schema of its answers
    operations: tuple[str, ...]

    @property
    def schemas(self) -> tuple[str, ...]:
        """The output schemas, the default first."""
        return (self.csw, GMD, GMI)


V202 = Version(
    number="2.0.2",
    csw="http://www.opengis.net/cat/csw/2.0.2",
    ows="http://www.opengis.net/ows",
    filter="http://www.opengis.net/ogc",
    filter_prefix="ogc",
    report="1.2.0",
    report_schema="http://schemas.opengis.net/ows/1.0.0/owsExceptionReport.xsd",
    schema="http://schemas.opengis.net/csw/2.0.2/CSW-discovery.xsd",
    operations=("GetCapabilities", "DescribeRecord", "GetDomain", "GetRecords", "GetRecordById"),
)
V300 = Version(
    number="3.0.0",
    csw="http://www.opengis.net/cat/csw/3.0",
    ows="http://www.opengis.net/ows/2.0",
    filter="http://www.opengis.net/fes/2.0",
    filter_prefix="fes",
    report="3.0.0",
    report_schema="http://schemas.opengis.net/ows/2.0/owsExceptionReport.xsd",
    schema="http://schemas.opengis.net/cat/csw/3.0/cswAll.xsd",
    operations=("GetCapabilities", "GetDomain", "GetRecords", "GetRecordById"),
)
VERSIONS = {version.number: version for version in (V202, V300)}
DEFAULT_VERSION = V202
"""For a client that does not say: those that know of 3.0.0 negotiate, the older ones often do not."""


@dataclass(frozen=True, slots=True)
class Output:
    """How records are to be written: output schema, element set, or single elements instead of one."""

    schema: str
    element_set: ElementSet = "summary"
    elements: tuple[str, ...] = ()
    media_type: str = "application/xml"


@dataclass(frozen=True, slots=True)
class GetCapabilities:
    """``sections`` in lower case; empty means all of them."""

    version: Version
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DescribeRecord:
    """Local names of the record types to describe; empty means all."""

    version: Version
    type_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GetDomain:
    """The values of parameters (``GetRecords.outputSchema``) or of properties (``dc:type``)."""

    version: Version
    parameters: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


EVERYTHING = Everything()
BY_RELEVANCE = Sort()


@dataclass(frozen=True, slots=True)
class GetRecords:
    """A search. ``start`` counts from 1. ``echo`` is the posted request (or None), for ``validate``."""

    version: Version
    output: Output
    where: Condition = EVERYTHING
    sort: Sort = BY_RELEVANCE
    start: int = 1
    size: int = DEFAULT_RECORDS
    result_type: ResultType = "hits"
    request_id: str | None = None
    echo: bytes | None = None


@dataclass(frozen=True, slots=True)
class GetRecordById:
    """Records by id. A KVP list of ids arrives as one text as well, since ids may hold commas."""

    version: Version
    output: Output
    ids: tuple[str, ...]
    whole: str | None = None


Request = GetCapabilities | DescribeRecord | GetDomain | GetRecords | GetRecordById
