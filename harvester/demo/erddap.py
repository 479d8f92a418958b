"""An ERDDAP-like service: lists of datasets, search, and info tables (ERDDAP 2.x, ``/erddap/rest.html``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import unquote

from harvester.demo.holdings import Attributes, Holding, Value, global_attributes, variable_attributes
from harvester.demo.server import Answer, Request

Row = Sequence[Value | None]

_LISTING_COLUMNS = (
    "griddap",
    "Subset",
    "tabledap",
    "Make A Graph",
    "wms",
    "files",
    "accessible",
    "Title",
    "Summary",
    "Background Info",
    "Info",
    "Email",
    "Institution",
    "Dataset ID",
)
_ALL_DATASETS_COLUMNS = (
    "datasetID",
    "accessible",
    "institution",
    "dataStructure",
    "cdm_data_type",
    "class",
    "title",
    "minLongitude",
    "maxLongitude",
    "minLatitude",
    "maxLatitude",
    "minTime",
    "maxTime",
    "griddap",
    "tabledap",
    "metadata",
    "infoUrl",
    "sourceUrl",
    "email",
    "summary",
)
_DEFAULT_PAGE = 1000


class Erddap:
    """The application. Datasets are found under ``/erddap``."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self._holdings = {holding.id: holding for holding in holdings}

    def __call__(self, request: Request) -> Answer:
        match request.path.strip("/").split("/"):
            case ["erddap"] | ["erddap", "index.html"]:
                return _page("ERDDAP", "Sample ocean data on loopback")
            case ["erddap", "version"]:
                return Answer(b"ERDDAP_version=2.23\n", "text/plain; charset=UTF-8")
            case ["erddap", "info" | "tabledap" | "griddap" as kind, "index.json"]:
                return self._listing(request, self._of_service(kind))
            case ["erddap", "search", "index.json" | "advanced.json"]:
                return self._search(request)
            case ["erddap", "tabledap", "allDatasets.json"]:
                return self._all_datasets(request)
            case ["erddap", "info", identifier, "index.json"]:
                return self._info(identifier)
            case ["erddap", "tabledap" | "griddap" as service, page] if page.endswith(".html"):
                return self._dataset_page(service, page.removesuffix(".html"))
        return _error(404, f"Not Found: Resource not found: {request.path}")

    def _of_service(self, kind: str) -> list[Holding]:
        return [holding for holding in self._holdings.values() if kind in {"info", _service(holding)}]

    def _listing(self, request: Request, found: Sequence[Holding]) -> Answer:
        """One page of a list of datasets; a page past the end is a 404, as ERDDAP has it."""
        parameters = request.parameters()
        try:
            page, size = int(parameters.get("page", 1)), int(parameters.get("itemsperpage", _DEFAULT_PAGE))
        except ValueError:
            return _error(400, "Bad Request: Query error: page and itemsPerPage must be integers.")
        if page < 1 or size < 1:
            return _error(400, "Bad Request: Query error: page and itemsPerPage must be at least 1.")
        rows = [_listing_row(holding, request.root) for holding in found]
        first = (page - 1) * size
        if first >= len(rows):
            return _error(404, f"Not Found: Your query produced no matching results. (page={page})")
        return _table(_LISTING_COLUMNS, rows[first : first + size])

    def _search(self, request: Request) -> Answer:
        words = request.parameters().get("searchfor", "").lower().split()
        found = [holding for holding in self._of_service("info") if _has_words(holding, words)]
        return self._listing(request, found)

    def _all_datasets(self, request: Request) -> Answer:
        """``allDatasets.json?datasetID,title``: columns as asked; constraints are not supported here."""
        asked = unquote(request.query).split("&")[0]
        columns = tuple(asked.split(",")) if asked else _ALL_DATASETS_COLUMNS
        for name in columns:
            if name not in _ALL_DATASETS_COLUMNS:
                return _error(400, f"Bad Request: Query error: Unrecognized variable={name!r}.")
        rows = [_all_datasets_row(holding, request.root) for holding in self._holdings.values()]
        itself: dict[str, Value | None] = {
            "datasetID": "allDatasets",
            "accessible": "public",
            "dataStructure": "table",
            "cdm_data_type": "Other",
            "title": "* The List of All Active Datasets in this ERDDAP *",
            "tabledap": f"{request.root}/erddap/tabledap/allDatasets",
        }
        return _table(columns, [[row.get(name) for name in columns] for row in (itself, *rows)])

    def _info(self, identifier: str) -> Answer:
        holding = self._holdings.get(identifier)
        if holding is None or holding.fault == "gone":
            return _error(404, f"Not Found: Currently unknown datasetID={identifier}")
        if holding.fault == "error-500":
            return _error(500, "Internal Server Error: java.io.IOException: the source files cannot be read.")
        if holding.fault == "html":
            return _page("Log in", "Please log in to see this dataset")
        answer = _table(
            ("Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"), list(_info_rows(holding))
        )
        if holding.fault == "cut":
            return Answer(answer.content[: len(answer.content) // 2], answer.content_type)
        return answer

    def _dataset_page(self, service: str, identifier: str) -> Answer:
        holding = self._holdings.get(identifier)
        if holding is None or _service(holding) != service:
            return _error(404, f"Not Found: Currently unknown datasetID={identifier}")
        return _page(holding.title, holding.summary)


def _has_words(holding: Holding, words: Iterable[str]) -> bool:
    text = " ".join(map(str, global_attributes(holding).values())).lower()
    return all(word in text for word in words)


def _service(holding: Holding) -> str:
    return "griddap" if holding.is_grid else "tabledap"


def _listing_row(holding: Holding, root: str) -> Row:
    base = f"{root}/erddap/{_service(holding)}/{holding.id}"
    attributes = global_attributes(holding)
    row = {
        _service(holding): base,
        "Make A Graph": base + ".graph",
        "accessible": "public",
        "Title": holding.title,
        "Summary": holding.summary,
        "Background Info": attributes.get("creator_url", ""),
        "Info": f"{root}/erddap/info/{holding.id}/index.json",
        "Institution": attributes.get("institution", ""),
        "Dataset ID": holding.id,
    }
    return [row.get(column, "") for column in _LISTING_COLUMNS]


def _all_datasets_row(holding: Holding, root: str) -> dict[str, Value | None]:
    attributes = global_attributes(holding)
    return {
        "datasetID": holding.id,
        "accessible": "public",
        "institution": attributes.get("institution"),
        "dataStructure": "grid" if holding.is_grid else "table",
        "cdm_data_type": holding.feature_type,
        "class": "EDDGridFromNcFiles" if holding.is_grid else "EDDTableFromNcCFFiles",
        "title": holding.title,
        "minLongitude": attributes.get("geospatial_lon_min"),
        "maxLongitude": attributes.get("geospatial_lon_max"),
        "minLatitude": attributes.get("geospatial_lat_min"),
        "maxLatitude": attributes.get("geospatial_lat_max"),
        "minTime": holding.time[0],
        "maxTime": holding.time[1],
        _service(holding): f"{root}/erddap/{_service(holding)}/{holding.id}",
        "metadata": f"{root}/erddap/info/{holding.id}/index.json",
        "infoUrl": attributes.get("creator_url"),
        "email": attributes.get("creator_email"),
        "summary": holding.summary,
    }


def _info_rows(holding: Holding) -> Iterable[Row]:
    """The rows of an info table: global attributes, then each dimension and variable with its own."""
    yield from _attribute_rows("NC_GLOBAL", global_attributes(holding))
    for name in holding.coordinates:
        kind = "dimension" if holding.is_grid else "variable"
        detail = "evenlySpaced=true" if holding.is_grid else ""
        yield (kind, name, "", "double", detail)
        yield from _attribute_rows(name, variable_attributes(holding, name))
    for name in holding.variables:
        yield ("variable", name, "", "float", ", ".join(holding.dimensions) if holding.is_grid else "")
        yield from _attribute_rows(name, variable_attributes(holding, name))


def _attribute_rows(variable: str, attributes: Attributes) -> Iterable[Row]:
    for name in sorted(attributes, key=str.lower):
        value = attributes[name]
        yield ("attribute", variable, name, "String" if isinstance(value, str) else "double", str(value))


def _table(columns: Sequence[str], rows: Sequence[Row]) -> Answer:
    table = {"columnNames": columns, "columnTypes": ["String"] * len(columns), "rows": rows}
    content = json.dumps({"table": table}, ensure_ascii=False, indent=1).encode()
    return Answer(content, "application/json;charset=UTF-8")


def _error(status: int, message: str) -> Answer:
    """ERDDAP's error answer, which is neither JSON nor HTML."""
    text = f"Error {{\n    code={status};\n    message={json.dumps(message)};\n}}\n"
    return Answer(text.encode(), "text/plain;charset=UTF-8", status)


def _page(title: str, text: str) -> Answer:
    head = f"<!DOCTYPE html><meta charset='utf-8'><title>{escape(title)}</title>"
    return Answer(f"{head}<h1>{escape(title)}</h1><p>{escape(text)}</p>".encode())
