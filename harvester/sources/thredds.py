"""THREDDS: catalogs and the catalogs they refer to; for each dataset its DAS and DDS where OPeNDAP serves it.

Also harvests what looks like it: Hyrax, pydap, RAMADDA, and catalogs that are plain files on a web server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit

from harvester.answers import gist
from harvester.http import BusyError, HttpClient, RefusedError, Response
from harvester.source import Failure, Item, SourceConfig, SourceOptions
from harvester.sources.invcatalog import Dataset, Reference, read_catalog, same_host
from harvester.sources.patience import Patience
from mappings.errors import ConfigurationError, EndpointBusy, EndpointError, HaloclineError, UnreadableRecord
from mappings.record import RawRecord

CATALOG_BYTES = 32 * 1024 * 1024
DAP_BYTES = 16 * 1024 * 1024
MAX_CATALOGS = 20_000


class ThreddsOptions(SourceOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a THREDDS source takes."""

    max_depth: int = 20
    """How many references deep catalogs are followed; 0 means the given catalog alone."""
    opendap: bool = True
    """Fetch DAS and DDS of datasets that OPeNDAP serves; otherwise only what the catalogs say is harvested."""
    other_hosts: bool = False
    """Also follow references to catalogs, and fetch from OPeNDAP servers, on other hosts than the given catalog's."""


class ThreddsSource:
    """Yields ``opendap`` records (DAS; DDS and catalog entry attached) and ``thredds`` records (the entry alone)."""

    Options = ThreddsOptions

    def __init__(self, config: SourceConfig, options: ThreddsOptions, client: HttpClient) -> None:
        self._options = options
        self._client = client
        self._root = catalog_url(config.url)
        self._patience = Patience()
        self._ids: dict[str, str] = {}

    def records(self) -> Iterator[Item]:
        """Every dataset of the catalog and of those it leads to, depth first, each catalog once."""
        waiting, visited = [(self._root, 0)], {self._root}
        while waiting:
            url, depth = waiting.pop()
            references = []
            try:
                for found in self._entries(url):
                    if isinstance(found, Reference):
                        references.append(found)
                    else:
                        yield from self._dataset(found, url)
            except _LostCatalogError as lost:
                if url == self._root:
                    raise EndpointError(str(lost)) from lost
                yield lost.failure
            for reference in reversed(references):
                refused = self._refused(reference, depth, len(visited))
                if isinstance(refused, Failure):
                    yield refused
                    return
                if not refused and reference.url not in visited:
                    visited.add(reference.url)
                    waiting.append((reference.url, depth + 1))

    def _refused(self, reference: Reference, depth: int, catalogs: int) -> bool | Failure:
        """Whether a reference is not to be followed; a ``Failure`` where there are too many to go on at all."""
        if catalogs >= MAX_CATALOGS:
            reason = (
                f"There are more than {MAX_CATALOGS:,} catalogs; the rest was left out: make several sources."
            )
            return Failure(reference.url, reason, reference.url, listing=True)
        away = not same_host(reference.url, self._root) and not self._options.other_hosts
        return away or depth >= self._options.max_depth

    def _entries(self, url: str) -> Iterator[Dataset | Reference]:
        """What one catalog lists. Raises ``_LostCatalogError`` where it cannot be had or read."""
        content = b""
        try:
            answer = self._client.get(url, max_bytes=CATALOG_BYTES)
            content = answer.content
            self._patience.good()
            yield from read_catalog(content, answer.url)
        except (RefusedError, BusyError) as error:
            raise _LostCatalogError(url, str(error), error.response.content) from error
        except UnreadableRecord as error:
            reason = f"{url} did not answer with a THREDDS catalog but with “{gist(content)}” ({error})."
            raise _LostCatalogError(url, reason, content, error.place) from error
        except (EndpointBusy, EndpointError) as error:
            if url == self._root:
                raise
            self._patience.lost(error)
            raise _LostCatalogError(url, str(error)) from error

    def _dataset(self, found: Dataset, catalog: str) -> Iterator[Item]:
        """The record of one dataset; none where the same dataset was listed before."""
        address = found.accesses[0].url if found.accesses else f"{catalog}#{found.id}"
        native_id = self._native_id(found, address)
        if native_id is None:
            return
        opendap = found.opendap if self._options.opendap else None
        if opendap is None or not (self._options.other_hosts or same_host(opendap, self._root)):
            location = _catalog_page(catalog, found)
            yield RawRecord(native_id, "thredds", found.document, location, found.modified)
            return
        location = opendap + ".html"
        try:
            das = self._dap(opendap + ".das", "DAS", _is_das)
            dds = self._dap(opendap + ".dds", "DDS", _is_dds)
        except _LostDatasetError as lost:
            yield Failure(native_id, lost.reason, location, lost.content, "opendap")
            return
        attachments = (("dds", dds), ("thredds", found.document))
        yield RawRecord(native_id, "opendap", das, location, found.modified, attachments)

    def _native_id(self, found: Dataset, address: str) -> str | None:
        """The dataset's ID, or its path where other data has that ID or there is none; None if it was seen before."""
        for candidate in (found.id, found.url_path, address):
            if candidate is None:
                continue
            if candidate not in self._ids:
                self._ids[candidate] = address
                return candidate
            if self._ids[candidate] == address:
                return None
        return None

    def _dap(self, url: str, what: str, is_right: Callable[[bytes], bool]) -> bytes:
        """A DAS or DDS. Raises ``_LostDatasetError`` with what came instead."""
        try:
            answer = self._client.get(url, max_bytes=DAP_BYTES, final=_is_dap_error)
        except (RefusedError, BusyError) as error:
            self._patience.good()
            raise _LostDatasetError(str(error), error.response.content) from error
        except (EndpointBusy, EndpointError) as error:
            self._patience.lost(error)
            raise _LostDatasetError(str(error)) from error
        self._patience.good()
        if not is_right(answer.content):
            said = gist(answer.content) or "nothing"
            raise _LostDatasetError(f"{url} answered with “{said}” where the {what} was due.", answer.content)
        return answer.content


class _LostCatalogError(HaloclineError):
    """A catalog that could not be had."""

    def __init__(self, url: str, reason: str, content: bytes = b"", place: str | None = None) -> None:
        super().__init__(reason)
        self.failure = Failure(url, reason, url, content, "thredds", place, listing=True)


class _LostDatasetError(HaloclineError):
    """A dataset whose DAS or DDS could not be had."""

    def __init__(self, reason: str, content: bytes = b"") -> None:
        super().__init__(reason)
        self.reason, self.content = reason, content


def catalog_url(url: str) -> str:
    """The address of the catalog document that ``url`` means: ``.html`` pages have an ``.xml`` beside them.

    Raises ``ConfigurationError`` for what is no web address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigurationError(
            f"{url!r} is not the address of a THREDDS catalog: it should be like "
            f"https://host/thredds/catalog.xml"
        )
    path = parts.path
    if path.endswith(".html"):
        path = path.removesuffix(".html") + ".xml"
    elif not parts.query and not path.endswith(".xml"):
        path = path.rstrip("/") + "/catalog.xml"
    return parts._replace(path=path, fragment="").geturl()


def _catalog_page(catalog: str, found: Dataset) -> str:
    """The page a person opens: a THREDDS server shows a dataset of ``catalog.xml`` at ``catalog.html?dataset=ID``."""
    if found.id and urlsplit(catalog).path.endswith("/catalog.xml"):
        return catalog.partition("?")[0].removesuffix(".xml") + f".html?dataset={quote(found.id, safe='/')}"
    return catalog


def _is_das(content: bytes) -> bool:
    return content[:200].lstrip().lower().startswith(b"attributes")


def _is_dds(content: bytes) -> bool:
    return content[:200].lstrip().lower().startswith(b"dataset")


def _is_dap_error(answer: Response) -> bool:
    """An error object of DAP 2.0 (§6.6): the server means it, so asking again is no use."""
    return answer.content[:200].lstrip().lower().startswith(b"error")
