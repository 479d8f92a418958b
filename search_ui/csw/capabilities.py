"""The capabilities document of both versions (OGC 07-006r1 §10.5, OGC 12-176r7 §7.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree

from search_ui.csw import answers, domains
from search_ui.csw.filter_capabilities import filter_capabilities
from search_ui.csw.protocol import (
    DEFAULT_RECORDS,
    MAX_RECORDS,
    V202,
    VERSIONS,
    XLINK,
    GetCapabilities,
    Version,
)

ABSTRACT = (
    "Metadata of ocean and earth-science data, harvested from many sources and crosswalked into ISO 19115-2."
)
KEYWORDS = ("ocean", "metadata", "catalogue", "discovery", "ISO 19115-2")


def answer(request: GetCapabilities, title: str, url: str) -> Any:
    """csw:Capabilities with the sections asked for. ``url`` is where the service answers."""
    version = request.version
    root = answers.element(version, "Capabilities")
    root.set("version", version.number)
    wanted = request.sections
    sections: dict[str, Callable[[_Writer], None]] = {
        "serviceidentification": lambda w: _identification(w, title),
        "serviceprovider": lambda w: _provider(w, title, url),
        "operationsmetadata": lambda w: _operations(w, url),
    }
    writer = _Writer(root, version)
    for name, write in sections.items():
        if not wanted or name in wanted:
            write(writer)
    # version 2.0.2 has this section in every capabilities document, whatever was asked for
    if version is V202 or not wanted or "filter_capabilities" in wanted:
        root.append(filter_capabilities(version))
    return root


class _Writer:
    """Adds elements of the version's OWS Common namespace below one element."""

    def __init__(self, parent: Any, version: Version) -> None:
        self.parent = parent
        self.version = version

    def add(self, tag: str, text: str | None = None, /, **attributes: str) -> _Writer:
        nsmap = {"ows": self.version.ows, "xlink": XLINK}
        made = etree.SubElement(
            self.parent, f"{{{self.version.ows}}}{tag}", nsmap=nsmap, attrib=dict(attributes)
        )
        made.text = text
        return _Writer(made, self.version)

    def link(self, name: str, url: str) -> _Writer:
        made = self.add(name)
        made.parent.set(f"{{{XLINK}}}type", "simple")
        made.parent.set(f"{{{XLINK}}}href", url)
        return made

    def domain(self, kind: str, name: str, values: Iterable[str]) -> None:
        """A Parameter or a Constraint with the values it may have, in the form of the version's OWS
        Common.
        """
        made = self.add(kind, name=name)
        if self.version is not V202:
            made = made.add("AllowedValues")
        for value in values:
            made.add("Value", value)


def _identification(writer: _Writer, title: str) -> None:
    section = writer.add("ServiceIdentification")
    section.add("Title", title)
    section.add("Abstract", ABSTRACT)
    keywords = section.add("Keywords")
    for keyword in KEYWORDS:
        keywords.add("Keyword", keyword)
    section.add("ServiceType", "CSW")
    for number in VERSIONS:
        section.add("ServiceTypeVersion", number)
    section.add("Fees", "NONE")
    section.add("AccessConstraints", "NONE")


def _provider(writer: _Writer, title: str, url: str) -> None:
    section = writer.add("ServiceProvider")
    section.add("ProviderName", title)
    section.link("ProviderSite", url.removesuffix("csw"))
    section.add("ServiceContact").add("Role", "pointOfContact")


def _operations(writer: _Writer, url: str) -> None:
    section = writer.add("OperationsMetadata")
    for name, parameters in domains.parameters(writer.version).items():
        operation = section.add("Operation", name=name)
        http = operation.add("DCP").add("HTTP")
        http.link("Get", url)
        http.link("Post", url).domain("Constraint", "PostEncoding", ("XML", "SOAP"))
        for parameter, values in parameters.items():
            operation.domain("Parameter", parameter, values)
        if name == "GetRecords":
            for constraint, names in domains.queryables().items():
                operation.domain("Constraint", constraint, names)
    section.domain("Parameter", "service", ("CSW",))
    section.domain("Parameter", "version", VERSIONS)
    section.domain("Constraint", "PostEncoding", ("XML", "SOAP"))
    section.domain("Constraint", "MaxRecordDefault", (str(DEFAULT_RECORDS),))
    section.domain("Constraint", "MaxRecordLimit", (str(MAX_RECORDS),))
    section.domain("Constraint", "IsoProfiles", ("http://www.isotc211.org/2005/gmd",))
    if writer.version is not V202:
        _conformance(section)


CONFORMANCE = {
    "OpenSearch": False, "GetCapabilities-XML": True, "GetRecordById-XML": True, "GetRecords-Basic-XML": True,
    "GetRecords-Distributed-XML": False, "GetRecords-Distributed-KVP": False,
    "GetRecords-Async-XML": False,
    "GetRecords-Async-KVP": False, "GetDomain-XML": True, "GetDomain-KVP": True, "Transaction": False,
    "Harvest-Basic-XML": False, "Harvest-Basic-KVP": False, "Harvest-Async-XML": False,
    "Harvest-Async-KVP": False,
    "Harvest-Periodic-XML": False, "Harvest-Periodic-KVP": False, "Filter-CQL": True, "Filter-FES-XML": True,
    "Filter-FES-KVP-Advanced": True, "SupportedGMLVersions": True, "DefaultSortingAlgorithm": True,
}  # fmt: skip
"""Conformance classes (OGC 12-176r7 table 1) and whether they are implemented."""


def _conformance(section: _Writer) -> None:
    for name, implemented in CONFORMANCE.items():
        constraint = section.add("Constraint", name=f"http://www.opengis.net/spec/csw/3.0/conf/{name}")
        constraint.add("NoValues")
        constraint.add("DefaultValue", str(implemented).upper())
