"""A small ERDDAP for tests, with the listings and the faults of real ones."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, unquote

from tests.harvester.servers import Asked, Send, answer

INFO_COLUMNS = ["Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"]
NO_MATCH = b'Error {\n    code=404;\n    message="Not Found: Your query produced no matching results.";\n}\n'
LOGIN = b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Please log in</body></html>"


def table(columns: list[str], rows: list[list[object]]) -> bytes:
    return json.dumps({"table": {"columnNames": columns, "rows": rows}}).encode()


def info(title: str) -> bytes:
    return table(INFO_COLUMNS, [["attribute", "NC_GLOBAL", "title", "String", title]])


class Erddap:
    """A server with the datasets ``ids``; ``without`` are paths it does not know."""

    def __init__(self, ids: list[str], *, without: tuple[str, ...] = (), ignores_page: bool = False) -> None:
        self.ids = ids
        self.without = without
        self.ignores_page = ignores_page

    def __call__(self, asked: Asked, send: Send) -> None:
        send(self.answer(asked))

    def answer(self, asked: Asked) -> bytes:
        path = asked.path.removeprefix("/erddap/")
        if path == asked.path or path in self.without:
            return answer(b"<html><title>404</title></html>", "text/html", "404 Not Found")
        if path == "tabledap/allDatasets.json":
            rows: list[list[object]] = [[name, "grid" if "grid" in name else "table"] for name in self.ids]
            return answer(table(["datasetID", "dataStructure"], [["allDatasets", "table"], *rows]))
        if path.endswith("/index.json") and path.count("/") == 1:
            return self.listing(path.split("/")[0], dict(parse_qsl(asked.query)))
        if path.startswith("info/"):
            return self.info(unquote(path.split("/")[1]))
        return answer(b"<html><title>404</title></html>", "text/html", "404 Not Found")

    def listing(self, kind: str, query: dict[str, str]) -> bytes:
        ids = ["allDatasets", *self.ids]
        if kind == "search":
            ids = [name for name in ids if query["searchFor"] in name]
        if kind in ("tabledap", "griddap"):
            ids = [name for name in ids if ("grid" in name) == (kind == "griddap")]
        first = 0 if self.ignores_page else (int(query["page"]) - 1) * int(query["itemsPerPage"])
        page = ids[first : first + int(query["itemsPerPage"])]
        if not page:
            return answer(NO_MATCH, status="404 Not Found")
        rows: list[list[object]] = [
            ["http://x/griddap/" + name if "grid" in name else "", "http://x/tabledap/" + name, name]
            for name in page
        ]
        return answer(table(["griddap", "tabledap", "Dataset ID"], rows))

    def info(self, name: str) -> bytes:
        if name == "gone":
            return answer(NO_MATCH, status="404 Not Found")
        if name == "secret":
            return answer(LOGIN, "text/html")
        return answer(info(name))
