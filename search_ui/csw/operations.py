"""Each request answered from the catalogue: request -> Query -> Catalogue -> document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from indexer.catalogue import Catalogue
from indexer.query import Page, Query
from mappings.errors import NotFound
from search_ui.csw import answers, capabilities, domains, records, schemas
from search_ui.csw.errors import OwsError
from search_ui.csw.protocol import (
    V202,
    DescribeRecord,
    GetCapabilities,
    GetDomain,
    GetRecordById,
    GetRecords,
    Output,
    Request,
    Version,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """What answering needs. ``url`` is the address of this service, ``here`` that of the present request."""

    catalogue: Catalogue
    url: str
    title: str
    here: str = ""


def answer(request: Request, service: Service) -> bytes:
    """The document that answers ``request``. Raises ``OwsError``, ``InvalidQuery`` or
    ``IndexUnavailable``.
    """
    match request:
        case GetCapabilities():
            return answers.document(capabilities.answer(request, service.title, service.url))
        case DescribeRecord():
            return answers.document(schemas.answer(request))
        case GetDomain():
            return answers.document(domains.answer(request, service.catalogue))
        case GetRecords():
            return _search(request, service)
        case GetRecordById():
            return _by_id(request, service.catalogue)


def media_type(request: Request) -> str:
    """The media type that the request asks for."""
    return request.output.media_type if isinstance(request, GetRecords | GetRecordById) else "application/xml"


def _search(request: GetRecords, service: Service) -> bytes:
    if request.result_type == "validate":
        echo = () if request.echo is None else (request.echo,)
        return answers.document(answers.acknowledgement(request, service.here), echo)
    size = 0 if request.result_type == "hits" else request.size
    query = Query(request.where, request.sort, page=Page(request.start - 1, size))
    found, total = _found(query, request.output, request.version, service.catalogue)
    return answers.document(answers.search_results(request, total, size, len(found)), found)


def _found(query: Query, output: Output, version: Version, catalogue: Catalogue) -> tuple[list[bytes], int]:
    """The records of one page, written, and the number of all hits."""
    if output.schema == version.csw:
        page = catalogue.search(query)
        return [records.dublin_core(hit, output, version) for hit in page.hits], page.total
    documents = catalogue.search_documents(query)
    return [records.iso_document(document, output) for document in documents.documents], documents.total


def _by_id(request: GetRecordById, catalogue: Catalogue) -> bytes:
    """An unknown id gives no record in 2.0.2 (§10.9.5) and an exception in 3.0.0, whose answer is the
    record itself.
    """
    output, version = request.output, request.version
    read: Callable[[str], bytes]
    if output.schema == version.csw:
        read = lambda id_: records.dublin_core(catalogue.get(id_), output, version)  # noqa: E731
    else:
        read = lambda id_: records.iso_document(catalogue.document(id_), output)  # noqa: E731
    whole = _if_found(read, request.whole) if request.whole else None
    found = [whole] if whole else [record for id_ in request.ids if (record := _if_found(read, id_))]
    if version is V202:
        root = answers.element(version, "GetRecordByIdResponse")
        answers.marked(root)
        return answers.document(root, found)
    if not found:
        raise OwsError("NotFound", "id", f"there is no record {request.whole or request.ids[0]!r}")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + found[0]


def _if_found(read: Callable[[str], bytes], record_id: str) -> bytes | None:
    try:
        return read(record_id)
    except NotFound:
        return None
