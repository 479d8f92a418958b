"""A THREDDS data server: nested catalogs (InvCatalog 1.0.2) and the OPeNDAP answers of their datasets."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from lxml import etree

from harvester.demo import dap
from harvester.demo.holdings import Holding, global_attributes, variable_attributes
from harvester.demo.server import Answer, Request

_NS = "http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0"
_XLINK = "http://www.w3.org/1999/xlink"
_NAMESPACES: Any = {None: _NS, "xlink": _XLINK}  # the stubs do not know the default namespace
_DATA_TYPES = {
    "Grid": "Grid",
    "TimeSeries": "Station",
    "TimeSeriesProfile": "Station",
    "Profile": "Profile",
    "Trajectory": "Trajectory",
    "TrajectoryProfile": "Trajectory",
    "Point": "Point",
}


class Thredds:
    """The application. A holding's ``folder`` (``moorings/deep``) says which catalog lists it."""

    def __init__(self, holdings: Iterable[Holding], title: str) -> None:
        self._holdings = {_path(holding): holding for holding in holdings}
        self._title = title

    def __call__(self, request: Request) -> Answer:
        path = request.path.removeprefix("/thredds/")
        if path == "catalog.xml":
            return self._catalog("")
        if path.startswith("catalog/") and path.endswith("/catalog.xml"):
            return self._catalog(path.removeprefix("catalog/").removesuffix("/catalog.xml"))
        if path.startswith("dodsC/"):
            return self._dap(path.removeprefix("dodsC/"))
        if path.startswith("fileServer/"):
            return _error(403, "the sample datasets have no files")
        return _error(404, f"no such resource: {request.path}")

    def _catalog(self, folder: str) -> Answer:
        """The catalog of a folder: its datasets, then references to the folders right below it."""
        here = [holding for holding in self._holdings.values() if holding.folder == folder]
        prefix = folder + "/" if folder else ""
        folders = (
            h.folder for h in self._holdings.values() if h.folder.startswith(prefix) and h.folder != folder
        )
        below = list(dict.fromkeys(found.removeprefix(prefix).split("/")[0] for found in folders))
        if not here and not below:
            return _error(404, f"no catalog {folder!r}")
        catalog = etree.Element(f"{{{_NS}}}catalog", {"name": self._title, "version": "1.0.2"}, _NAMESPACES)
        _services(catalog)
        top = _sub(catalog, "dataset", name=folder.rpartition("/")[2] or self._title, ID=folder or "root")
        inherited = _sub(top, "metadata", inherited="true")
        _sub(inherited, "serviceName", "all")
        _sub(inherited, "authority", "org.example.canglan")
        for holding in here:
            _dataset(top, holding)
        for name in below:
            # A reference relative to this catalog, as TDS writes them.
            href = f"{name}/catalog.xml" if folder else f"catalog/{name}/catalog.xml"
            reference = {f"{{{_XLINK}}}href": href, f"{{{_XLINK}}}title": name, "name": ""}
            etree.SubElement(top, f"{{{_NS}}}catalogRef", reference)
        content = etree.tostring(catalog, encoding="UTF-8", xml_declaration=True, pretty_print=True)
        return Answer(content, "application/xml;charset=UTF-8")

    def _dap(self, path: str) -> Answer:
        name, _, kind = path.rpartition(".")
        holding = self._holdings.get(name)
        if holding is None or holding.access != "opendap":
            return _dap_error(404, f"{path} not found")
        if kind == "html":
            return Answer(f"<!DOCTYPE html><meta charset='utf-8'><h1>{escape(holding.title)}</h1>".encode())
        if kind == "dds":
            return _dds(holding)
        if kind == "das":
            return _das(holding)
        return _dap_error(400, f"the sample datasets answer .das, .dds and .html, not .{kind}")


def _path(holding: Holding) -> str:
    return f"{holding.folder}/{holding.id}.nc"


def _das(holding: Holding) -> Answer:
    content = dap.das(holding)
    if holding.fault == "cut":
        content = content[: len(content) // 2]
    elif holding.fault == "latin-1":
        content = content.decode().encode("latin-1")
    return Answer(content, "text/plain;charset=utf-8", headers={"XDODS-Server": "opendap/3.7"})


def _dds(holding: Holding) -> Answer:
    if holding.fault == "dds-error-500":
        return _dap_error(500, "Inconsistent array length read")
    return Answer(dap.dds(holding), "text/plain;charset=utf-8", headers={"XDODS-Server": "opendap/3.7"})


def _services(catalog: etree._Element) -> None:
    group = _sub(catalog, "service", name="all", serviceType="Compound", base="")
    _sub(group, "service", name="odap", serviceType="OPENDAP", base="/thredds/dodsC/")
    _sub(group, "service", name="http", serviceType="HTTPServer", base="/thredds/fileServer/")
    _sub(catalog, "service", name="download", serviceType="HTTPServer", base="/thredds/fileServer/")


def _dataset(parent: etree._Element, holding: Holding) -> None:
    """One <dataset>: those without OPeNDAP say all here, the others leave most to their attributes."""
    dataset = _sub(parent, "dataset", name=holding.title, ID=_path(holding), urlPath=_path(holding))
    if holding.licence.startswith("restricted"):
        dataset.set("restrictAccess", "registered")
    attributes = global_attributes(holding)
    if holding.access == "http":
        _sub(dataset, "serviceName", "download")
        _described(dataset, holding)
    else:
        _sub(dataset, "documentation", str(attributes["license"]), type="rights")
    _sub(dataset, "dataFormat", "NetCDF-4")
    _sub(dataset, "dataType", _DATA_TYPES[holding.feature_type])
    if holding.modified:
        _sub(dataset, "date", holding.modified, type="modified")


def _described(dataset: etree._Element, holding: Holding) -> None:
    attributes = global_attributes(holding)
    for keyword in holding.keywords:
        _sub(dataset, "keyword", keyword)
    _sub(dataset, "documentation", holding.summary, type="summary")
    _sub(dataset, "documentation", str(attributes["license"]), type="rights")
    if holding.project:
        _sub(dataset, "project", holding.project)
    for role in ("creator", "publisher"):
        party = _sub(dataset, role)
        _sub(party, "name", str(attributes[f"{role}_name"]))
        _sub(party, "contact", url=str(attributes[f"{role}_url"]), email=str(attributes[f"{role}_email"]))
    _coverage(dataset, holding)
    variables = _sub(dataset, "variables", vocabulary="CF-1.0")
    for name in holding.variables:
        found = variable_attributes(holding, name)
        vocabulary_name = str(found.get("standard_name", ""))
        _sub(variables, "variable", name=name, vocabulary_name=vocabulary_name, units=str(found["units"]))


def _coverage(dataset: etree._Element, holding: Holding) -> None:
    west, south, east, north = holding.box
    area = _sub(dataset, "geospatialCoverage", zpositive="down")
    spans = [
        ("northsouth", south, north - south, "degrees_north"),
        ("eastwest", west, (east - west) % 360, "degrees_east"),
    ]
    if holding.depth:
        spans.append(("updown", holding.depth[0], holding.depth[1] - holding.depth[0], "m"))
    for name, start, size, units in spans:
        span = _sub(area, name)
        _sub(span, "start", str(start))
        _sub(span, "size", str(size))
        _sub(span, "units", units)
    start_time, end_time = holding.time
    coverage = _sub(dataset, "timeCoverage")
    if start_time:
        _sub(coverage, "start", start_time)
    _sub(coverage, "end", end_time or "present")


def _sub(parent: etree._Element, tag: str, content: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_NS}}}{tag}", attributes)
    element.text = content
    return element


def _error(status: int, message: str) -> Answer:
    return Answer(f"<!DOCTYPE html><title>{status}</title><p>{escape(message)}</p>".encode(), status=status)


def _dap_error(status: int, message: str) -> Answer:
    """An error object of DAP 2.0 (§6.6)."""
    text = f'Error {{\n    code = {status};\n    message = "{message}";\n}};\n'
    return Answer(text.encode(), "text/plain;charset=utf-8", status, {"Content-Description": "dods-error"})
