"""Serves the corpus's recorded answers of ERDDAP, THREDDS and CSW servers at their original paths.

One application stands for one original host; what was not recorded of it is an honest 404. Absolute URLs of
the host in the answers are turned into those of the replaying endpoint: a harvest never leaves loopback.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from harvester.demo.server import Answer, Request

_RECORDED_FROM = re.compile(r"\burl=(\S+)")
_ERROR_STATUS = re.compile(rb"<title>\D*?(?:HTTP Status )?(\d{3})\b")
_PLACEHOLDERS: Mapping[bytes, bytes] = MappingProxyType(
    {
        b"PYCSW_TIMESTAMP": b"2026-11-20T08:00:00Z",
        b"PYCSW_EXPIRES": b"2026-11-21T08:00:00Z",
        b"PYCSW_VERSION": b"2.6.2",
        b"PYCSW_ELAPSED_TIME": b"12",
    }
)
_OPERATION_URL = re.compile(rb"(<ows:(?:Get|Post)\b[^>]*xlink:href=[\"'])[^\"']*")
Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class RecordedHost:
    """The application: answers GET requests with what ``host`` answered, or with 404.

    ``more`` has answers whose URL was not written down with them, or listings that a test composes, by path.
    """

    host: str
    answers: Mapping[Key, Path]
    more: Mapping[str, Path | bytes] = field(default_factory=dict)

    def __call__(self, request: Request) -> Answer:
        target = request.path + (f"?{request.query}" if request.query else "")
        path = self.more.get(request.path) or self.answers.get(_key(target))
        if path is None:
            return Answer(b"<!DOCTYPE html><title>404</title><p>not recorded", status=404)
        if isinstance(path, bytes):
            return Answer(path, "text/plain" if b"<" not in path[:1] else "application/xml")
        content = path.read_bytes()
        return Answer(_at_home(content, self.host, request.root), _content_type(path), _status(path, content))


@dataclass(frozen=True, slots=True)
class RecordedCsw:
    """A CSW server at any path: capabilities, pages of GetRecords by startPosition, records by id."""

    capabilities: Path
    pages: Mapping[int, Path]
    records: Mapping[str, Path] = field(default_factory=dict)

    def __call__(self, request: Request) -> Answer:
        path = self._recorded(request)
        if path is None:
            return Answer(b"<!DOCTYPE html><title>404</title><p>not recorded", status=404)
        content = path.read_bytes()
        for placeholder, value in _PLACEHOLDERS.items():
            content = content.replace(placeholder, value)
        content = _OPERATION_URL.sub(rb"\g<1>" + request.root.encode() + b"/csw", content)
        return Answer(content, "application/xml; charset=utf-8")

    def _recorded(self, request: Request) -> Path | None:
        operation, values = _decoded(request)
        if operation == "getcapabilities":
            return self.capabilities
        if operation == "getrecords":
            return self.pages.get(int(values.get("startposition", "1")))
        if operation == "getrecordbyid":
            return self.records.get(values.get("id", ""))
        return None


def recorded_host(corpus: Path, host: str, more: Mapping[str, Path | bytes] | None = None) -> RecordedHost:
    """All that was recorded of ``host``, and ``more``."""
    answers = {
        _key(url.removeprefix(f"//{host}")): path
        for url, path in _recordings(corpus)
        if url.startswith(f"//{host}/")
    }
    assert answers or more, f"nothing of {host} is in the corpus"
    return RecordedHost(host, answers, more or {})


@cache
def _recordings(corpus: Path) -> tuple[tuple[str, Path], ...]:
    """URL (without its scheme) and file of every recorded answer; errors first, so that a good one wins."""
    found = []
    with (corpus / "MANIFEST.train.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            recorded = _RECORDED_FROM.search(row["note"])
            if recorded:
                url = recorded[1].rstrip(";").partition(":")[2]
                found.append((url, corpus / row["path"].removeprefix("train/")))
    return tuple(sorted(found, key=lambda pair: ".error" not in pair[1].name and pair[1].suffix != ".html"))


def _key(target: str) -> Key:
    """Path and query, whatever the order and escaping of its parameters.

    A first page of at least 1,000 lines is ERDDAP's default, and the same as asking for no page.
    """
    parts = urlsplit(target)
    query = parse_qsl(parts.query, keep_blank_values=True)
    told = [
        (name, value)
        for name, value in query
        if (name, value) != ("page", "1") and not (name == "itemsPerPage" and int(value) >= 1000)
    ]
    return re.sub("/+", "/", parts.path), tuple(sorted(told))


def _at_home(content: bytes, host: str, root: str) -> bytes:
    return re.sub(rb"https?://" + re.escape(host.encode()) + rb"(?::\d+)?", root.encode(), content)


def _status(path: Path, content: bytes) -> int:
    match = _ERROR_STATUS.search(content[:300]) if ".error" in path.name else None
    return int(match[1]) if match else 200


def _content_type(path: Path) -> str:
    types = {".json": "application/json;charset=UTF-8", ".xml": "application/xml", ".html": "text/html"}
    return types.get(path.suffix, "text/plain")


def _decoded(request: Request) -> tuple[str, Mapping[str, str]]:
    """Operation and parameters of a CSW request in either encoding, in lower case."""
    if request.method != "POST":
        values = request.parameters()
        return values.get("request", "").lower(), values
    root = etree.fromstring(request.body)
    values = {str(name).lower(): str(value) for name, value in root.attrib.items()}
    identifier = root.findtext("{*}Id")
    return etree.QName(root).localname.lower(), values | ({"id": identifier} if identifier else {})
