"""Reading answers: schema verdicts on the wrapper and on the records in it, apart, and exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from crosswalks.validate import problems
from search_ui.csw.protocol import GMD, GMI

DRIVERS = {
    "2.0.2": "csw202.xsd",
    "3.0.0": "csw30.xsd",
    GMD: "iso19139-20070417_gml321.xsd",
    GMI: "iso19115-2_ngdc.xsd",
}


@dataclass(frozen=True)
class Refusal:
    """An ExceptionReport."""

    code: str
    locator: str | None
    text: str


def refusal(content: bytes) -> Refusal | None:
    """The exception in an answer, or None where it is not an ExceptionReport."""
    root = etree.fromstring(content)
    name = etree.QName(root)
    if name.localname != "ExceptionReport":
        return None
    assert name.namespace in {"http://www.opengis.net/ows", "http://www.opengis.net/ows/2.0"}
    exception = root.find(f"{{{name.namespace}}}Exception")
    assert exception is not None
    code, text = exception.get("exceptionCode"), exception.findtext(f"{{{name.namespace}}}ExceptionText")
    assert code
    assert text
    return Refusal(code, exception.get("locator"), text)


def schema_problems(content: bytes, version: str, corpus: Path, *, parts: bool = False) -> list[str]:
    """What the XML schemas say against an answer. ISO records are taken out of it and validated by
    themselves.

    ``parts`` is for answers by ElementName, whose ISO records are not whole.
    """
    root = etree.fromstring(content)
    found: list[str] = []
    for element in list(root.iter(f"{{{GMD}}}MD_Metadata", f"{{{GMI}}}MI_Metadata")):
        namespace = etree.QName(element).namespace
        if not parts:
            found += problems(etree.tostring(element, with_tail=False), _driver(corpus, namespace))
        if element is root:
            return found
        holder = element.getparent()
        assert holder is not None
        holder.remove(element)
    return found + list(problems(etree.tostring(root), _driver(corpus, version)))


@cache
def _driver(corpus: Path, name: str) -> Path:
    return corpus / "xsd" / "drivers" / DRIVERS[name]


def records(content: bytes) -> list[Any]:
    """The record elements of a GetRecords or GetRecordById answer."""
    root = etree.fromstring(content)
    holder = next((e for e in root.iter("{*}SearchResults")), root)
    return list(holder)


def results(content: bytes) -> dict[str, str]:
    """The attributes of SearchResults."""
    found = next(etree.fromstring(content).iter("{*}SearchResults"))
    return {str(name): str(value) for name, value in found.items()}
