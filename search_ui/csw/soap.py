"""SOAP 1.1 and 1.2 around the XML requests (OGC 07-006r1 §10.2.3): the body holds the request, or the answer."""

from __future__ import annotations

from typing import Any

from lxml import etree

from search_ui.csw import answers
from search_ui.csw.errors import OwsError, invalid
from search_ui.csw.gml import local_name
from search_ui.csw.records import without_declaration

MEDIA_TYPES = {
    "http://schemas.xmlsoap.org/soap/envelope/": "text/xml; charset=utf-8",
    "http://www.w3.org/2003/05/soap-envelope": "application/soap+xml; charset=utf-8",
}
"""The media type of answers, by the namespace of the envelope."""
SOAP11 = next(iter(MEDIA_TYPES))


def namespace_of(root: Any) -> str | None:
    """The namespace of the envelope that ``root`` is, or None where it is a bare request."""
    name = etree.QName(root)
    return name.namespace if name.localname == "Envelope" and name.namespace in MEDIA_TYPES else None


def opened(envelope: Any) -> Any:
    """The request in an envelope."""
    body = next((child for child in envelope if local_name(child) == "Body"), None)
    if body is None or len(body) != 1:
        raise invalid("request", "the SOAP envelope must have a Body with one request in it")
    return body[0]


def enclosed(content: bytes, namespace: str) -> bytes:
    """An answer in an envelope."""
    root, body = _envelope(namespace)
    answers.marked(body)
    return answers.document(root, [without_declaration(content)])


def fault(report: bytes, error: OwsError, namespace: str) -> bytes:
    """An ExceptionReport as the detail of a SOAP fault."""
    root, body = _envelope(namespace)
    fault = etree.SubElement(body, f"{{{namespace}}}Fault")
    if namespace == SOAP11:
        etree.SubElement(fault, "faultcode").text = "soap:Server" if error.status >= 500 else "soap:Client"
        etree.SubElement(fault, "faultstring").text = answers.xml_text(error.text)
        detail = etree.SubElement(fault, "detail")
    else:
        code = etree.SubElement(fault, f"{{{namespace}}}Code")
        etree.SubElement(code, f"{{{namespace}}}Value").text = (
            "soap:Receiver" if error.status >= 500 else "soap:Sender"
        )
        reason = etree.SubElement(fault, f"{{{namespace}}}Reason")
        text = etree.SubElement(reason, f"{{{namespace}}}Text")
        text.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
        text.text = answers.xml_text(error.text)
        detail = etree.SubElement(fault, f"{{{namespace}}}Detail")
    answers.marked(detail)
    return answers.document(root, [without_declaration(report)])


def _envelope(namespace: str) -> tuple[Any, Any]:
    root = etree.Element(f"{{{namespace}}}Envelope", nsmap={"soap": namespace})
    return root, etree.SubElement(root, f"{{{namespace}}}Body")
