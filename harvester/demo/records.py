"""What the CSW endpoints serve: documents from ``csw.yaml`` and ``library.yaml``, and ``records/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from lxml import etree

from crosswalks.definitions import crosswalk_for
from crosswalks.writers import csw_record, iso19115_2, iso19139
from harvester.demo.holdings import FOLDER, read_yaml
from mappings.errors import RecordError
from mappings.record import ISO_LANGUAGES, RawRecord, Record

_CSW = "http://www.opengis.net/cat/csw/2.0.2"
_GMD = "http://www.isotc211.org/2005/gmd"
_DC = "http://purl.org/dc/elements/1.1/"
_DCT = "http://purl.org/dc/terms/"
_OWS = "http://www.opengis.net/ows"
_DCT_NAMES = frozenset({"abstract", "modified", "references"})


@dataclass(frozen=True, slots=True)
class Document:
    """One record of a catalogue: ``content`` is a document in ``format``, one of the crosswalks' formats."""

    identifier: str
    format: str
    content: bytes

    def encoded(self, schema: str) -> bytes:
        """The document in an output schema. ISO 19139 stays so when ISO 19115-2 is asked for, as in pycsw."""
        if schema == _CSW and self.format != "csw-record":
            return self._dublin_core()
        if schema == _GMD and self.format == "iso19115-2":
            return _bytes(iso19139.project(self.content))
        return self.content

    def _dublin_core(self) -> bytes:
        raw = RawRecord(self.identifier, self.format, self.content)
        try:
            return _bytes(csw_record.full(crosswalk_for(self.format).apply(raw).record))
        except RecordError:
            return _bytes(_csw_record({"identifier": self.identifier}))


def iso_documents() -> tuple[Document, ...]:
    """The records of ``csw.yaml``, as ISO 19139 where nothing asks for more, and the handwritten ones."""
    written = tuple(_iso(record) for record in iso_records())
    return (
        *written,
        *(_handwritten(path.stem, path.read_bytes()) for path in sorted((FOLDER / "records").glob("*.xml"))),
    )


def iso_records() -> tuple[Record, ...]:
    """The records of ``csw.yaml``."""
    return tuple(_record(entry) for entry in read_yaml("csw.yaml")["records"])


def library_documents() -> tuple[Document, ...]:
    """The records of ``library.yaml`` as csw:Record."""
    entries = read_yaml("library.yaml")
    return tuple(Document(entry["identifier"], "csw-record", _bytes(_csw_record(entry))) for entry in entries)


def _iso(record: Record) -> Document:
    document = iso19115_2.write(record)
    if record.platforms or record.instruments:
        return Document(record.file_identifier, "iso19115-2", document)
    return Document(record.file_identifier, "iso19139", _bytes(iso19139.project(document)))


def _handwritten(stem: str, content: bytes) -> Document:
    return Document(stem, "iso19115-2" if b"MI_Metadata" in content else "iso19139", content)


def _record(entry: Mapping[str, Any]) -> Record:
    return msgspec.convert(_localised(entry, entry["language"]), Record)


def _localised(value: Any, language: str) -> Any:
    """``{zh: ..., en: ...}`` and the plain texts where Record has a LocalisedText, as that type's fields."""
    if isinstance(value, list):
        return [_localised(item, language) for item in value]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= ISO_LANGUAGES.keys():
        texts = {ISO_LANGUAGES[name]: text for name, text in value.items()}
        translations = [{"language": name, "text": text} for name, text in texts.items() if name != language]
        return {"text": texts[language], "translations": translations}
    found = {name: _localised(item, language) for name, item in value.items()}
    if isinstance(found.get("label"), str):
        found["label"] = {"text": found["label"]}
    return found


def _csw_record(entry: Mapping[str, Any]) -> etree._Element:
    namespaces = {"csw": _CSW, "dc": _DC, "dct": _DCT, "ows": _OWS}
    record = etree.Element(f"{{{_CSW}}}Record", None, namespaces)
    for name, value in entry.items():
        if name == "box":
            _bounding_box(record, value)
            continue
        namespace = _DCT if name in _DCT_NAMES else _DC
        for text in value if isinstance(value, list) else [value]:
            etree.SubElement(record, f"{{{namespace}}}{name}").text = text
    return record


def _bounding_box(record: etree._Element, box: list[float]) -> None:
    """ows:BoundingBox with its corners in the axis order of EPSG:4326, latitude first."""
    west, south, east, north = box
    element = etree.SubElement(record, f"{{{_OWS}}}BoundingBox", {"crs": "urn:x-ogc:def:crs:EPSG:6.11:4326"})
    etree.SubElement(element, f"{{{_OWS}}}LowerCorner").text = f"{south} {west}"
    etree.SubElement(element, f"{{{_OWS}}}UpperCorner").text = f"{north} {east}"


def _bytes(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="UTF-8", xml_declaration=True)
