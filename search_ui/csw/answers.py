"""The documents around the records: trees built by lxml, with the records' bytes spliced in where a marker
stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from search_ui.csw.errors import OwsError
from search_ui.csw.protocol import V202, XLINK, XSI, GetRecords, Version

_MARKER = "records"
_MARKED: bytes = etree.tostring(etree.ProcessingInstruction(_MARKER))
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MAX_TEXT = 2000
"""Characters of a client's own text that are given back to it."""


def element(version: Version, name: str, schema: str | None = None) -> Any:
    """A document element of the csw namespace that says where its schema is."""
    root = etree.Element(f"{{{version.csw}}}{name}", nsmap={prefix(version): version.csw, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{version.csw} {schema or version.schema}")
    return root


def prefix(version: Version) -> str:
    return "csw" if version is V202 else "csw30"


def document(root: Any, records: Sequence[bytes] = ()) -> bytes:
    """The bytes of an answer. ``records`` are written where ``marked`` put the marker."""
    content: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    if not records:
        return content.replace(_MARKED, b"", 1)
    before, after = content.split(_MARKED)
    return b"".join((before, *(b"\n" + record for record in records), b"\n", after))


def marked(parent: Any) -> None:
    """Let the records stand here."""
    parent.append(etree.ProcessingInstruction(_MARKER))


def search_results(request: GetRecords, total: int, asked: int, returned: int) -> Any:
    """csw:GetRecordsResponse (OGC 07-006r1 §10.8.5). ``nextRecord`` is 0 when there are no more.

    Fewer may be ``returned`` than were ``asked`` for on a page before the last: some were deleted a moment ago.
    """
    version = request.version
    root = element(version, "GetRecordsResponse")
    root.set("version", version.number)
    if request.request_id:
        etree.SubElement(root, f"{{{version.csw}}}RequestId").text = xml_text(request.request_id)
    etree.SubElement(root, f"{{{version.csw}}}SearchStatus", timestamp=now())
    following = request.start + asked
    results = etree.SubElement(
        root,
        f"{{{version.csw}}}SearchResults",
        numberOfRecordsMatched=str(total),
        numberOfRecordsReturned=str(returned),
        nextRecord=str(following if following <= total else 0),
        recordSchema=request.output.schema,
    )
    if not request.output.elements:
        results.set("elementSet", request.output.element_set)
    if version is not V202:
        results.set(
            "status",
            "none" if not returned else "complete" if following > total and request.start == 1 else "subset",
        )
    marked(results)
    return root


def acknowledgement(request: GetRecords, url: str) -> Any:
    """csw:Acknowledgement of a request that was only to be validated; it echoes the request (OGC 07-006r1
    §10.8.4.11).
    """
    version = request.version
    root = element(version, "Acknowledgement")
    root.set("timeStamp", now())
    echo = etree.SubElement(root, f"{{{version.csw}}}EchoedRequest")
    if request.echo is None:
        get = etree.SubElement(echo, f"{{{version.ows}}}Get", nsmap={"ows": version.ows, "xlink": XLINK})
        get.set(f"{{{XLINK}}}href", xml_text(url))
    else:
        marked(echo)
    return root


def exception_report(error: OwsError, version: Version) -> bytes:
    """ows:ExceptionReport (OGC 05-008 §8, OGC 06-121r9 §8)."""
    root = etree.Element(f"{{{version.ows}}}ExceptionReport", nsmap={"ows": version.ows, "xsi": XSI})
    root.set("version", version.report)
    root.set(f"{{{XSI}}}schemaLocation", f"{version.ows} {version.report_schema}")
    code = error.code
    if version is V202 and code in {"OptionNotSupported", "NotFound"}:  # codes of OWS Common 1.1 and 2.0
        code = "InvalidParameterValue"
    exception = etree.SubElement(root, f"{{{version.ows}}}Exception", exceptionCode=code)
    if error.locator:
        exception.set("locator", xml_text(error.locator))
    etree.SubElement(exception, f"{{{version.ows}}}ExceptionText").text = xml_text(error.text)
    return document(root)


def xml_text(text: str) -> str:
    """``text`` with a replacement for each character that XML cannot hold, since clients see their own
    mistakes again.
    """
    return _NOT_XML.sub("\ufffd", text[:MAX_TEXT])


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
