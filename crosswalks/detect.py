"""Telling a record's format from its bytes, for sources that only have files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crosswalks.readers.base import decoded
from crosswalks.readers.json import parse as parse_json
from crosswalks.readers.xml import parse as parse_xml
from crosswalks.readers.xml import root_name
from mappings.errors import UnreadableRecord

_GMD = "http://www.isotc211.org/2005/gmd"
_XML: Mapping[str, str] = {
    f"{{{_GMD}}}MD_Metadata": "iso19139",
    "{http://bluenet3.antcrc.utas.edu.au/mcp}MD_Metadata": "iso19139",
    "{http://schemas.aodn.org.au/mcp-2.0}MD_Metadata": "iso19139",
    "{http://www.isotc211.org/2005/gmi}MI_Metadata": "iso19115-2",
    **{
        f"{{{namespace}}}{name}": "csw-record"
        for namespace in (
            "http://www.opengis.net/cat/csw/2.0.2",
            "http://www.opengis.net/cat/csw/3.0",
            "http://www.opengis.net/cat/csw",
        )
        for name in ("Record", "SummaryRecord", "BriefRecord")
    },
    **{
        f"{{{namespace}}}dataset": "thredds"
        for namespace in (
            "http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0",
            "http://www.unidata.ucar.edu/thredds",
        )
    },
}
_OTHER_ROOTS: Mapping[str, str] = {
    "catalog": "a THREDDS catalog; add its address as a source of type thredds",
    "GetRecordsResponse": "an answer of a CSW; add the CSW's address as a source of type csw",
    "GetRecordByIdResponse": "an answer of a CSW; add the CSW's address as a source of type csw",
    "Capabilities": "the capabilities of a service, which describe no dataset",
    "ExceptionReport": "an error report of a service",
    "FC_FeatureCatalogue": "an ISO 19110 feature catalogue, which describes no dataset",
    "html": "a web page",
    "metadata": "FGDC or another kind of metadata that there is no crosswalk for yet",
    "DIF": "a DIF record, which there is no crosswalk for yet",
}


def format_of(content: bytes, name: str = "") -> str:
    """The format (one of ``crosswalks.definitions.FORMATS``) of a record's bytes; ``name`` is the file's, for
    the message.

    Raises ``UnreadableRecord`` that says what the bytes look like instead.
    """
    where = f"{name}: " if name else ""
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000]
    if not head:
        raise UnreadableRecord(f"{where}the file is empty")
    if head[:1] == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _xml_format(content, head, where)
    if head[:1] in (b"{", b"["):
        return _json_format(content, where)
    text = decoded(head)
    if re.match(r"Attributes\s*\{", text, re.IGNORECASE):
        return "opendap"
    if re.match(r"Dataset\s*\{", text, re.IGNORECASE):
        raise UnreadableRecord(f"{where}this is a DDS; the record needs its DAS, with the DDS beside it")
    raise UnreadableRecord(f"{where}not a known metadata format: the file begins with {text[:40]!r}")


def _xml_format(content: bytes, head: bytes, where: str) -> str:
    if re.match(rb"<!doctype\s+html|<html", head, re.IGNORECASE):
        raise UnreadableRecord(f"{where}this is a web page (HTML), not a metadata record")
    told = _XML.get(root_name(content) or "")
    if told is not None:
        return told
    root = parse_xml(content)
    found = _XML.get(root.tag) or _aggregate_format(root)
    if found is not None:
        return found
    local = root.tag.rpartition("}")[2]
    looks = _OTHER_ROOTS.get(
        local, f"XML with the document element {root.tag}, which there is no crosswalk for"
    )
    raise UnreadableRecord(f"{where}this is {looks}")


def _aggregate_format(root: Any) -> str | None:
    """The format of the records inside an ISO 19139 aggregate (``gmd:DS_Series``), which describe the
    aggregate."""
    if not root.tag.startswith(f"{{{_GMD}}}DS_"):
        return None
    inner = next(root.iter("{http://www.isotc211.org/2005/gmi}MI_Metadata", f"{{{_GMD}}}MD_Metadata"), None)
    return None if inner is None else _XML[inner.tag]


def _json_format(content: bytes, where: str) -> str:
    document = parse_json(content)
    table = document.get("table") if isinstance(document, dict) else None
    columns = table.get("columnNames") if isinstance(table, dict) else None
    if columns == ["Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"]:
        return "erddap-info"
    if isinstance(columns, list):
        raise UnreadableRecord(
            f"{where}this is an ERDDAP table of {', '.join(map(str, columns[:5]))}, "
            "not the info table of a dataset"
        )
    raise UnreadableRecord(f"{where}this is JSON of a kind that there is no crosswalk for")
