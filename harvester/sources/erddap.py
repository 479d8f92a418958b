"""ERDDAP: the list of all datasets, then the info table of each (ERDDAP's ``rest.html``).

Servers differ in what they list: ``allDatasets`` may be switched off, and old ones have no ``page`` parameter. The
listings are therefore tried in turn, and the first that answers with a table is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from crosswalks.readers.json import parse
from harvester.answers import gist
from harvester.http import BusyError, HttpClient, RefusedError, Response
from harvester.source import Expected, Failure, Item, SourceConfig, SourceOptions
from harvester.sources.patience import Patience
from mappings.errors import ConfigurationError, EndpointBusy, EndpointError, UnreadableRecord
from mappings.record import RawRecord

PAGE = 1000
"""Datasets per page of a listing."""
MAX_PAGES = 1000
INFO_BYTES = 32 * 1024 * 1024
_NO_MATCH = b"no matching results"
_ITSELF = "allDatasets"


class ErddapOptions(SourceOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an ERDDAP source takes."""

    search: str | None = None
    """Harvest only the datasets that the server's full-text search finds for these words."""


@dataclass(frozen=True, slots=True)
class _Dataset:
    """One line of a listing: the dataset and the service it is found under, if that is told."""

    id: str
    service: str | None  # "griddap" or "tabledap"


class ErddapSource:
    """Yields ``erddap-info`` records: the bytes of ``info/<datasetID>/index.json``, located at the dataset's page."""

    Options = ErddapOptions

    def __init__(self, config: SourceConfig, options: ErddapOptions, client: HttpClient) -> None:
        self._options = options
        self._client = client
        self._bases = bases(config.url)

    def records(self) -> Iterator[Item]:
        """Every dataset that the server lists, once."""
        patience, seen = Patience(), set[str]()
        base, listing = self._listing()
        for found in listing:
            if isinstance(found, Expected):
                yield found
            elif found.id not in seen and found.id != _ITSELF:
                seen.add(found.id)
                yield self._dataset(base, found, patience)
        yield Expected(len(seen))

    def _listing(self) -> tuple[str, Iterator[_Dataset | Expected]]:
        """The base address and the listing that answers first. Raises ``EndpointError`` that tells what each said."""
        said: list[str] = []
        for base in self._bases:
            for try_listing in self._listings(base):
                listing = iter(try_listing)
                try:
                    first = next(listing, None)
                except (RefusedError, BusyError, _NotATableError) as error:
                    said.append(str(error))
                    continue
                return base, _chained(first, listing)
        raise EndpointError(
            f"{self._bases[0]} does not answer as an ERDDAP. " + " ".join(said) + " "
            "Check that the address is that of the server's start page, such as https://host/erddap."
        )

    def _listings(self, base: str) -> Iterator[Iterator[_Dataset | Expected]]:
        if self._options.search is not None:
            words = quote(self._options.search, safe="")
            yield self._pages(f"{base}/search/index.json", f"&searchFor={words}")
            yield self._pages(f"{base}/search/advanced.json", f"&searchFor={words}")
            return
        yield self._all_datasets(base)
        yield self._pages(f"{base}/info/index.json")
        yield self._both_services(base)

    def _all_datasets(self, base: str) -> Iterator[_Dataset | Expected]:
        """The table of all datasets; an empty one is left to the other listings."""
        rows = self._table(f"{base}/tabledap/allDatasets.json?datasetID,dataStructure")
        if not rows:
            raise _NotATableError(f"{base}/tabledap/allDatasets.json lists no dataset.")
        yield Expected(sum(row.get("datasetID") != _ITSELF for row in rows))
        for row in rows:
            service = "griddap" if row.get("dataStructure") == "grid" else "tabledap"
            yield from _named(row.get("datasetID"), service)

    def _both_services(self, base: str) -> Iterator[_Dataset | Expected]:
        """The listings of the two services; a server may have one of them only."""
        refusals = []
        for service in ("tabledap", "griddap"):
            try:
                yield from self._pages(f"{base}/{service}/index.json")
            except RefusedError as error:
                refusals.append(error)
        if len(refusals) == 2:
            raise refusals[0]

    def _pages(self, url: str, more: str = "") -> Iterator[_Dataset | Expected]:
        """A listing page by page, until one is short, empty, or brings nothing new (servers that ignore ``page``)."""
        seen: set[str] = set()
        for page in range(1, MAX_PAGES + 1):
            rows = self._table(f"{url}?page={page}&itemsPerPage={PAGE}{more}")
            new = [row for row in rows if row.get("Dataset ID") not in seen]
            for row in new:
                seen.add(str(row.get("Dataset ID")))
                service = next((name for name in ("griddap", "tabledap") if row.get(name)), None)
                yield from _named(row.get("Dataset ID"), service)
            if len(rows) < PAGE or not new:
                return

    def _table(self, url: str) -> list[dict[str, Any]]:
        """The rows of a listing as dictionaries; no rows where the server says that nothing matches."""
        answer = self._client.get(url, final=_says_no_match)
        if _says_no_match(answer):
            return []
        table = read_table(answer)
        names = table["columnNames"]
        if not {"datasetID", "Dataset ID"} & set(names):
            raise _NotATableError(f"{url} answered with a table that has no column of dataset IDs.")
        return [dict(zip(names, row, strict=False)) for row in table["rows"] if isinstance(row, list)]

    def _dataset(self, base: str, found: _Dataset, patience: Patience) -> RawRecord | Failure:
        """The info table of one dataset, or why there is none."""
        url = f"{base}/info/{quote(found.id, safe='')}/index.json"
        location = f"{base}/{found.service}/{quote(found.id, safe='')}.html" if found.service else url
        try:
            answer = self._client.get(url, max_bytes=INFO_BYTES)
        except (RefusedError, BusyError) as error:
            patience.good()
            return Failure(found.id, str(error), url, error.response.content, "erddap-info")
        except (EndpointBusy, EndpointError) as error:
            patience.lost(error)
            return Failure(found.id, str(error), url, format="erddap-info")
        patience.good()
        if answer.is_html or not answer.content.strip():
            reason = (
                f"The server sent {_kind(answer)} instead of the dataset's info table: it may want a log-in."
            )
            return Failure(found.id, reason, url, answer.content, "erddap-info")
        return RawRecord(found.id, "erddap-info", answer.content, location)


class _NotATableError(EndpointError):
    """A listing answered with something else; another one may do better."""


def bases(url: str) -> tuple[str, ...]:
    """The addresses that ``url`` may mean: up to its ``erddap`` segment, or else with one added and as it is.

    Raises ``ConfigurationError`` for what is no web address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigurationError(
            f"{url!r} is not the address of an ERDDAP: it should be like https://host/erddap"
        )
    segments = [segment for segment in parts.path.split("/") if segment]
    root = f"{parts.scheme}://{parts.netloc}"
    if "erddap" in segments:
        return (root + "/" + "/".join(segments[: segments.index("erddap") + 1]),)
    if segments and segments[-1].endswith(".html"):
        segments.pop()
    plain = "/".join([root, *segments])
    return (f"{plain}/erddap", plain)


def read_table(answer: Response) -> Mapping[str, Any]:
    """ERDDAP's JSON table with ``columnNames`` and ``rows``. Raises ``EndpointError`` that says what came instead."""
    try:
        document = parse(answer.content)
    except UnreadableRecord as error:
        raise _NotATableError(
            f"{answer.url} answered with {_kind(answer)} instead of JSON ({error.reason})."
        ) from error
    table: Any = document.get("table") if isinstance(document, dict) else None
    if isinstance(table, dict) and all(isinstance(table.get(key), list) for key in ("columnNames", "rows")):
        return table
    raise _NotATableError(f"{answer.url} answered with JSON that is not an ERDDAP table.")


def _named(identifier: object, service: str | None) -> Iterator[_Dataset]:
    if isinstance(identifier, str) and identifier.strip():
        yield _Dataset(identifier.strip(), service)


def _chained(
    first: _Dataset | Expected | None, rest: Iterator[_Dataset | Expected]
) -> Iterator[_Dataset | Expected]:
    if first is not None:
        yield first
        yield from rest


def _says_no_match(answer: Response) -> bool:
    """ERDDAP says so with 404, and with 500 before version 2.0."""
    return answer.status in (404, 500) and _NO_MATCH in answer.content


def _kind(answer: Response) -> str:
    if not answer.content.strip():
        return "nothing"
    said = gist(answer.content)
    return f"an HTML page (“{said}”)" if answer.is_html else f"“{said[:60]}”"
