"""A CSW 2.0.2 server (OGC 07-006r1): GetCapabilities, GetRecords by KVP and POST with paging, GetRecordById.

It does not filter: a request with a Constraint is refused. Records are pasted into an answer as the bytes
they are, so a document that is not well-formed spoils the answer it is in, as on servers that print XML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from crosswalks.readers.xml import parse
from harvester.demo.records import Document
from harvester.demo.server import Answer, Request
from mappings.errors import UnreadableRecord

CSW = "http://www.opengis.net/cat/csw/2.0.2"
GMD = "http://www.isotc211.org/2005/gmd"
GMI = "http://www.isotc211.org/2005/gmi"
_OGC = "http://www.opengis.net/ogc"
_OWS = "http://www.opengis.net/ows"
_XLINK = "http://www.w3.org/1999/xlink"
_NAMESPACES = {"csw": CSW, "ows": _OWS, "ogc": _OGC, "xlink": _XLINK}
_ELEMENT_SETS = ("brief", "summary", "full")
_MAX_RECORDS = 10


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, decoded from either encoding. Names are those of the KVP encoding in lower case."""

    operation: str
    values: Mapping[str, str]

    def number(self, name: str, default: int, least: int) -> int:
        text = self.values.get(name, str(default))
        if not text.isdecimal() or int(text) < least:
            raise _RefusalError(
                "InvalidParameterValue",
                name,
                f"{name} must be a whole number of at least {least}, not {text!r}",
            )
        return int(text)

    def one_of(self, name: str, default: str, known: Sequence[str]) -> str:
        text = self.values.get(name, default)
        if text not in known:
            raise _RefusalError(
                "InvalidParameterValue", name, f"{name} must be one of {', '.join(known)}, not {text!r}"
            )
        return text


class _RefusalError(Exception):
    """Answered with an ExceptionReport."""

    def __init__(self, code: str, locator: str, text: str) -> None:
        super().__init__(text)
        self.code, self.locator, self.text = code, locator, text


class Csw:
    """The application, at ``/csw``."""

    def __init__(self, title: str, documents: Sequence[Document], schemas: Sequence[str]) -> None:
        self._title = title
        self._documents = {document.identifier: document for document in documents}
        self._schemas = tuple(schemas)

    def __call__(self, request: Request) -> Answer:
        if request.path != "/csw":
            return Answer(b"<!DOCTYPE html><title>404</title><p>the catalogue is at /csw</p>", status=404)
        try:
            asked = _decode(request)
            match asked.operation.lower():
                case "getcapabilities":
                    return self._capabilities(request.root)
                case "getrecords":
                    return self._records(asked)
                case "getrecordbyid":
                    return self._by_id(asked)
            raise _RefusalError(
                "OperationNotSupported", "request", f"{asked.operation} is not supported here"
            )
        except _RefusalError as refused:
            return _exception_report(refused)

    def _capabilities(self, root: str) -> Answer:
        document = etree.Element(f"{{{CSW}}}Capabilities", {"version": "2.0.2"}, _NAMESPACES)
        identification = _sub(document, _OWS, "ServiceIdentification")
        _sub(identification, _OWS, "Title", self._title)
        _sub(identification, _OWS, "ServiceType", "CSW")
        _sub(identification, _OWS, "ServiceTypeVersion", "2.0.2")
        operations = _sub(document, _OWS, "OperationsMetadata")
        for name in ("GetCapabilities", "GetRecords", "GetRecordById"):
            self._operation(operations, name, f"{root}/csw")
        return _xml(document)

    def _operation(self, operations: etree._Element, name: str, url: str) -> None:
        operation = _sub(operations, _OWS, "Operation", name=name)
        http = _sub(_sub(operation, _OWS, "DCP"), _OWS, "HTTP")
        for method in ("Get", "Post"):
            _sub(http, _OWS, method).set(f"{{{_XLINK}}}href", url)
        if name == "GetCapabilities":
            return
        offered = {
            "outputSchema": self._schemas,
            "typeNames": ("csw:Record",),
            "resultType": ("hits", "results"),
        }
        for parameter, values in offered.items():
            element = _sub(operation, _OWS, "Parameter", name=parameter)
            for value in values:
                _sub(element, _OWS, "Value", value)

    def _records(self, asked: _Asked) -> Answer:
        if "constraint" in asked.values:
            raise _RefusalError("OptionNotSupported", "constraint", "this sample catalogue does not filter")
        start = asked.number("startposition", 1, 1)
        limit = min(asked.number("maxrecords", _MAX_RECORDS, 0), _MAX_RECORDS)
        schema = asked.one_of("outputschema", CSW, self._schemas)
        element_set = asked.one_of("elementsetname", "summary", _ELEMENT_SETS)
        hits = asked.one_of("resulttype", "hits", ("hits", "results")) == "hits"
        found = [] if hits else list(self._documents.values())[start - 1 : start - 1 + limit]
        total = len(self._documents)
        following = start + len(found)
        response = etree.Element(f"{{{CSW}}}GetRecordsResponse", {"version": "2.0.2"}, _NAMESPACES)
        _sub(response, CSW, "SearchStatus", timestamp="2026-03-01T00:00:00Z")
        results = _sub(
            response,
            CSW,
            "SearchResults",
            numberOfRecordsMatched=str(total),
            numberOfRecordsReturned=str(len(found)),
            nextRecord="0" if following > total else str(following),
            recordSchema=schema,
            elementSet=element_set,
        )
        return _pasted(response, results, [document.encoded(schema) for document in found])

    def _by_id(self, asked: _Asked) -> Answer:
        if "id" not in asked.values:
            raise _RefusalError("MissingParameterValue", "id", "GetRecordById needs an id")
        schema = asked.one_of("outputschema", CSW, self._schemas)
        named = [self._documents[part] for part in asked.values["id"].split(",") if part in self._documents]
        response = etree.Element(f"{{{CSW}}}GetRecordByIdResponse", None, _NAMESPACES)
        return _pasted(response, response, [document.encoded(schema) for document in named])


def _decode(request: Request) -> _Asked:
    if request.method != "POST":
        values = request.parameters()
        if "request" not in values:
            raise _RefusalError("MissingParameterValue", "request", "there is no request parameter")
        return _Asked(values["request"], values)
    try:
        root = parse(request.body)
    except UnreadableRecord as error:
        raise _RefusalError("NoApplicableCode", "", str(error)) from error
    values = {str(name).lower(): str(value) for name, value in root.attrib.items()}
    for element in root.iter(f"{{{CSW}}}ElementSetName", f"{{{CSW}}}Id", f"{{{CSW}}}Constraint"):
        values[etree.QName(element).localname.lower()] = (element.text or "").strip()
    return _Asked(etree.QName(root).localname, values)


def _pasted(document: etree._Element, parent: etree._Element, records: Sequence[bytes]) -> Answer:
    """``document`` with the records' bytes as the children of ``parent``, whatever they are."""
    parent.append(etree.ProcessingInstruction("records", "here"))
    return _xml(document, b"\n".join(_without_declaration(record) for record in records))


def _without_declaration(document: bytes) -> bytes:
    text = document.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.partition(b"?>")[2].lstrip() if text.startswith(b"<?xml") else text


def _xml(document: etree._Element, records: bytes = b"") -> Answer:
    content: bytes = etree.tostring(document, encoding="UTF-8", xml_declaration=True)
    return Answer(content.replace(b"<?records here?>", records), "application/xml; charset=utf-8")


def _exception_report(refused: _RefusalError) -> Answer:
    report = etree.Element(f"{{{_OWS}}}ExceptionReport", {"version": "1.2.0"}, {"ows": _OWS})
    exception = _sub(report, _OWS, "Exception", exceptionCode=refused.code)
    if refused.locator:
        exception.set("locator", refused.locator)
    _sub(exception, _OWS, "ExceptionText", refused.text)
    return _xml(report)


def _sub(
    parent: etree._Element, namespace: str, tag: str, content: str | None = None, **attributes: str
) -> etree._Element:
    element = etree.SubElement(parent, f"{{{namespace}}}{tag}", attributes)
    element.text = content
    return element
