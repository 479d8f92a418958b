"""Catalogue Service for the Web 2.0.2 (OGC 07-006r1) and 3.0.0 (OGC 12-176r7): negotiation, and pages of GetRecords.

The capabilities are fetched by our client and parsed by our reader; OWSLib says what they mean. It never sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree
from owslib import ows

from crosswalks.readers.xml import parse
from harvester.answers import gist
from harvester.http import BusyError, HttpClient, RefusedError, Response
from harvester.sources.invcatalog import same_host
from mappings.errors import EndpointError, UnreadableRecord

CSW = "http://www.opengis.net/cat/csw/2.0.2"
CSW3 = "http://www.opengis.net/cat/csw/3.0"
GMD = "http://www.isotc211.org/2005/gmd"
GMI = "http://www.isotc211.org/2005/gmi"
VERSIONS: Mapping[str, str] = {"2.0.2": CSW, "3.0.0": CSW3}
"""Version to the namespace of its messages, the better supported one first."""
PREFIXES = {CSW: "csw", CSW3: "csw30"}
CAPABILITIES_BYTES = 8 * 1024 * 1024
PAGE_BYTES = 32 * 1024 * 1024


class ExceptionReportError(EndpointError):
    """The server answered with an ows:ExceptionReport; the message holds its texts."""


class UnreadablePageError(EndpointError):
    """A page of records is not well-formed: a smaller page may be. ``detail`` and ``place`` say what is wrong where."""

    def __init__(self, message: str, cause: UnreadableRecord) -> None:
        super().__init__(message)
        self.detail, self.place = cause.reason, cause.place


@dataclass(frozen=True, slots=True)
class Page:
    """One GetRecordsResponse. ``following`` is its nextRecord; numbers are None where the server does not tell them."""

    records: tuple[Any, ...]
    matched: int | None
    following: int | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A CSW server after negotiation."""

    url: str
    version: str
    get_url: str
    post_url: str | None
    schemas: tuple[str, ...]  # advertised for GetRecords, best first

    @property
    def namespace(self) -> str:
        return VERSIONS[self.version]

    def get_records(self, client: HttpClient, start: int, size: int, schema: str) -> Response:
        """Ask for up to ``size`` full records from position ``start`` (1 is the first), by POST where the server takes
        it."""
        if self.post_url is None:
            return client.get(
                self._query(start, size, schema), max_bytes=PAGE_BYTES, final=is_exception_report
            )
        body = self._message(start, size, schema)
        return client.post(
            self.post_url, body, "application/xml", max_bytes=PAGE_BYTES, final=is_exception_report
        )

    def record_url(self, identifier: str, schema: str) -> str:
        """The address of one record: GetRecordById."""
        return with_query(
            self.get_url,
            {
                "service": "CSW",
                "version": self.version,
                "request": "GetRecordById",
                "elementSetName": "full",
                "outputSchema": schema,
                "id": identifier,
            },
        )

    def _query(self, start: int, size: int, schema: str) -> str:
        parameters = {
            "service": "CSW",
            "version": self.version,
            "request": "GetRecords",
            "typeNames": f"{PREFIXES[self.namespace]}:Record",
            "namespace": f"xmlns({PREFIXES[self.namespace]}={self.namespace})",
            "resultType": "results",
            "elementSetName": "full",
            "outputSchema": schema,
            "startPosition": str(start),
            "maxRecords": str(size),
        }
        if self.namespace == CSW3:
            del parameters["resultType"]  # 3.0 has maxRecords=0 for it (12-176r7 §7.3.4.2)
        return with_query(self.get_url, parameters)

    def _message(self, start: int, size: int, schema: str) -> bytes:
        name, prefix = self.namespace, PREFIXES[self.namespace]
        request = etree.Element(f"{{{name}}}GetRecords", nsmap={prefix: name})
        request.set("service", "CSW")
        request.set("version", self.version)
        if name == CSW:
            request.set("resultType", "results")
        request.set("startPosition", str(start))
        request.set("maxRecords", str(size))
        request.set("outputSchema", schema)
        query = etree.SubElement(request, f"{{{name}}}Query", {"typeNames": f"{prefix}:Record"})
        etree.SubElement(query, f"{{{name}}}ElementSetName").text = "full"
        content: bytes = etree.tostring(request, encoding="UTF-8", xml_declaration=True)
        return content


def negotiate(client: HttpClient, url: str, version: str | None) -> Endpoint:
    """Ask for the capabilities in ``version``, or in each that is known until the server has one.

    Raises ``EndpointError`` with what the server said to the first.
    """
    errors: list[EndpointError] = []
    for wanted in [version] if version else VERSIONS:
        try:
            return _capabilities(client, url, wanted)
        except (ExceptionReportError, RefusedError) as error:
            errors.append(error)
    raise errors[0]


def _capabilities(client: HttpClient, url: str, version: str) -> Endpoint:
    asked = {"service": "CSW", "request": "GetCapabilities", "version": version, "acceptVersions": version}
    answer = client.get(with_query(url, asked), max_bytes=CAPABILITIES_BYTES, final=is_exception_report)
    root = read(answer, "capabilities")
    name = etree.QName(root)
    spoken = next((v for v, namespace in VERSIONS.items() if namespace == name.namespace), None)
    if name.localname != "Capabilities" or spoken is None:
        raise EndpointError(
            f"{answer.url} answered with {root.tag}, not with the capabilities of a CSW: "
            "check that the address is that of the CSW service and not of its portal or of another service."
        )
    operation = next((found for found in _operations(root) if _is(found, "GetRecords")), None)
    return Endpoint(
        url=url,
        version=spoken,
        get_url=_method_url(operation, "get", url) or url,
        post_url=_method_url(operation, "post", url),
        schemas=_schemas(root, operation),
    )


def _operations(root: Any) -> list[tuple[ows.OperationsMetadata, Any]]:
    """The advertised operations as OWSLib understands them, each beside its element; malformed ones are left out."""
    found = []
    for element in root.iterfind("{*}OperationsMetadata/{*}Operation"):
        try:
            found.append((ows.OperationsMetadata(element, etree.QName(element).namespace), element))
        except (KeyError, AttributeError):
            continue  # a parameter without a name
    return found


def _is(operation: tuple[ows.OperationsMetadata, Any], name: str) -> bool:
    return str(getattr(operation[0], "name", "")).lower() == name.lower()


def _method_url(operation: tuple[ows.OperationsMetadata, Any] | None, verb: str, url: str) -> str | None:
    """Where GetRecords is sent. Of several POST addresses the one for XML counts, not the one for SOAP.

    Servers behind a proxy often advertise an inner name; then the address they were reached by is used.
    """
    methods = (
        [method for method in operation[0].methods if method["type"].lower() == verb] if operation else []
    )
    if not methods:
        return None
    encodings = [
        {
            value.lower()
            for c in method["constraints"]
            if str(c.name).lower() == "postencoding"
            for value in c.values
        }
        for method in methods
    ]
    fitting = [m for m, found in zip(methods, encodings, strict=True) if not found or "xml" in found]
    if not fitting:
        return None
    advertised = str(fitting[0]["url"]).strip()
    return advertised if same_host(advertised, url) and advertised.startswith("http") else url


def _schemas(root: Any, operation: tuple[ows.OperationsMetadata, Any] | None) -> tuple[str, ...]:
    """The output schemas Halocline reads that GetRecords advertises, best first; csw:Record is always there."""
    elements = [*operation[1].iterfind("{*}Parameter")] if operation else []
    elements += root.iterfind("{*}OperationsMetadata/{*}Parameter")
    parameters = (ows.Parameter(element, etree.QName(element).namespace) for element in elements)
    offered = {
        str(value).strip()
        for parameter in parameters
        if str(parameter.name).lower() == "outputschema"
        for value in parameter.values
    }
    own = CSW if etree.QName(root).namespace == CSW else CSW3
    return (*(schema for schema in (GMI, GMD) if schema in offered), own)


def read(answer: Response, due: str) -> Any:
    """The document of an answer. Raises ``ExceptionReportError``, or ``EndpointError`` for what is no XML."""
    try:
        root = parse(answer.content, max_bytes=PAGE_BYTES)
    except UnreadableRecord as error:
        message = f"{answer.url} answered with “{gist(answer.content)}” where the {due} of a CSW were due ({error})."
        if not answer.is_html and b"GetRecordsResponse" in answer.content[:4000]:
            raise UnreadablePageError(message, error) from error
        raise EndpointError(message) from error
    if etree.QName(root).localname == "ExceptionReport":
        raise ExceptionReportError(f"{answer.url} answered with an exception: {exception_text(root)}.")
    if answer.is_busy:
        raise BusyError(answer.url, answer, None)
    if not answer.ok:
        raise RefusedError(answer.url, answer)
    return root


def read_page(answer: Response) -> Page:
    """The records of a GetRecordsResponse. Raises ``EndpointError`` where it is something else."""
    root = read(answer, "records")
    results = root.find("{*}SearchResults")
    if results is None:
        raise EndpointError(
            f"{answer.url} answered with {root.tag} without search results, not with records."
        )
    return Page(tuple(results), _number(results, "numberOfRecordsMatched"), _number(results, "nextRecord"))


def exception_text(root: Any) -> str:
    """Code, locator and texts of an ows:ExceptionReport of any version."""
    said = []
    for exception in root.iterfind("{*}Exception"):
        texts = [text.text.strip() for text in exception.iterfind("{*}ExceptionText") if text.text]
        where = [exception.get("exceptionCode"), exception.get("locator")]
        head = " at ".join(part for part in where if part)
        said.append(": ".join(part for part in (head, " ".join(texts)) if part))
    return "; ".join(said)[:1000] or "no reason given"


def is_exception_report(answer: Response) -> bool:
    """Some servers send their reports with 400, some with 500; asking again does not change them."""
    return b"ExceptionReport" in answer.content[:4000]


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """``url`` with the parameters; those it has itself (``map=...``) stay, unless they are given anew."""
    parts = urlsplit(url)
    given = {name.lower() for name in parameters} | {"service", "request", "version"}
    kept: Iterable[tuple[str, str]] = parse_qsl(parts.query, keep_blank_values=True)
    query = [(name, value) for name, value in kept if name.lower() not in given]
    return parts._replace(query=urlencode([*query, *parameters.items()]), fragment="").geturl()


def _number(element: Any, name: str) -> int | None:
    text = (element.get(name) or "").strip()
    return int(text) if text.isdecimal() else None
