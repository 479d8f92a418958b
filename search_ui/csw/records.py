"""Records in the schema and the element set that are asked for, as bytes that fit into any answer.

Stored ISO documents are spliced into the answer as they are (gmi) or after one projection (gmd); no record
is parsed that need not be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lxml import etree

from crosswalks.readers.xml import parse
from crosswalks.writers import csw_record, iso19139
from indexer.stored import StoredRecord
from mappings.record import Identifier, Record
from search_ui.csw import subsets
from search_ui.csw.errors import invalid
from search_ui.csw.gml import local_name
from search_ui.csw.protocol import DC, DCT, GMI, V202, ElementSet, Output, Version

DUBLIN_CORE: dict[ElementSet, Callable[[Record], Any]] = {
    "brief": csw_record.brief,
    "summary": csw_record.summary,
    "full": csw_record.full,
}
DUBLIN_CORE_NAMES = frozenset({
    "identifier", "title", "alternative", "type", "subject", "format", "relation", "modified", "abstract",
    "spatial",
    "temporal", "creator", "publisher", "contributor", "date", "created", "issued", "description", "source",
    "language", "coverage", "rights", "accessrights", "license", "references", "uri", "boundingbox",
    "wgs84boundingbox",
})  # fmt: skip
"""Local names in lower case that ``ElementName`` may ask for in a csw:Record."""


def iso_document(document: bytes, output: Output) -> bytes:
    """An ISO 19115-2 document as gmi or gmd, whole or in part."""
    if not output.elements and output.element_set == "full":
        return without_declaration(document) if output.schema == GMI else as_gmd(document)
    root = parse(document) if output.schema == GMI else iso19139.project(document)
    if output.elements:
        subsets.prune(root, subsets.elements(output.elements))
    else:
        subsets.prune(root, subsets.element_set(output.element_set))
    return etree.tostring(root, encoding="utf-8")


def as_gmd(document: bytes) -> bytes:
    """The same as ``iso19139.project``, without parsing: 0.1 ms instead of 3 for ten records of 16 kB.

    A document that lxml wrote has every ``<`` of a text escaped, so these bytes are tags wherever they stand. One that
    looks different from what our writer writes is parsed.
    """
    bare = without_declaration(document)
    body_at = bare.find(b">") + 1
    start, body = bare[:body_at], bare[body_at:]
    acquisition, end = body.find(_ACQUISITION), body.rfind(_ACQUISITION_END)
    if acquisition >= 0 and end >= 0:
        body = body[:acquisition] + body[end + len(_ACQUISITION_END) :]
    body, closing = body[: -len(_ROOT_END)], body[-len(_ROOT_END) :]
    plain = start.startswith(_ROOT) and not start.endswith(b"/>") and closing == _ROOT_END
    if not plain or any(sign in body for sign in _UNUSUAL) or body.count(_IDENTIFICATION) != 1:
        return etree.tostring(iso19139.project(document), encoding="utf-8")
    start = start.replace(_GMI_DECLARED, b"", 1).replace(_ROOT, b"<gmd:MD_Metadata", 1)
    return b"".join((start, body, b"</gmd:MD_Metadata>"))


_ROOT, _ROOT_END = b"<gmi:MI_Metadata", b"</gmi:MI_Metadata>"
_ACQUISITION, _ACQUISITION_END = b"<gmi:acquisitionInformation", b"</gmi:acquisitionInformation>"
_GMI_DECLARED = b' xmlns:gmi="http://www.isotc211.org/2005/gmi"'
_UNUSUAL = (b"<gmi:", b"</gmi:", b"gmi:MI_", b"<!", b"<?")
"""Another element or type of the gmi namespace, or anything but elements and text."""
_IDENTIFICATION = b"<gmd:identificationInfo>"
"""Stands before the acquisition information: if it is gone, more was cut out than that."""


def without_declaration(document: bytes) -> bytes:
    """The bytes of a stored document (UTF-8) from its first element on."""
    if document.startswith(b"<?xml"):
        return document[document.index(b"?>") + 2 :].strip()
    return document.strip()


def dublin_core(stored: StoredRecord, output: Output, version: Version) -> bytes:
    """A csw:Record, csw:SummaryRecord or csw:BriefRecord, under the id that GetRecordById takes."""
    record = stored.record
    if stored.id != record.file_identifier:  # another source has a record of this file identifier
        others = (Identifier(record.file_identifier), *record.identifiers)
        record = replace(record, file_identifier=stored.id, identifiers=others)
    element = DUBLIN_CORE["full" if output.elements else output.element_set](record)
    if output.elements:
        wanted = {_dublin_core_name(name) for name in output.elements}
        for child in list(element):
            if local_name(child).lower() not in wanted:
                element.remove(child)
    if version is not V202:
        element = _translated(element, version)
    return etree.tostring(element, encoding="utf-8")


def _dublin_core_name(name: str) -> str:
    last = name.strip().rpartition("/")[2].rpartition(":")[2].lower()
    if last not in DUBLIN_CORE_NAMES:
        raise invalid("ElementName", f"{name!r} is not an element of csw:Record")
    return last


def _translated(element: Any, version: Version) -> Any:
    """The same record in the namespaces of another version."""
    names = {V202.csw: version.csw, V202.ows: version.ows}
    prefixes = {"csw30": version.csw, "ows": version.ows, "dc": DC, "dct": DCT}

    def copy(node: Any, parent: Any | None) -> Any:
        qualified = etree.QName(node)
        tag = f"{{{names.get(qualified.namespace or '', qualified.namespace)}}}{qualified.localname}"
        made = etree.Element(tag, nsmap=prefixes) if parent is None else etree.SubElement(parent, tag)
        made.attrib.update(node.attrib)
        made.text = node.text
        for child in node:
            copy(child, made)
        return made

    return copy(element, None)
