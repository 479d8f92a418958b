"""CSW: all records of a catalogue page by page, as ISO 19115-2, ISO 19139 or csw:Record, whichever is best on offer.

Servers count wrongly, repeat pages, and spoil a page by one record that is not well-formed. Positions are therefore
worked out here, records are told apart by their identifiers, and a page that cannot be read is asked for in smaller
pieces until only the broken record is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Literal

import msgspec
from lxml import etree

from crosswalks.detect import format_of
from crosswalks.readers.xml import text_of
from harvester.http import HttpClient, Response
from harvester.source import Expected, Failure, Item, SourceConfig, SourceOptions
from harvester.sources.csw_protocol import (
    GMD,
    GMI,
    Endpoint,
    ExceptionReportError,
    Page,
    UnreadablePageError,
    negotiate,
    read_page,
)
from mappings.errors import EndpointError, UnreadableRecord
from mappings.record import RawRecord

BAD_IN_A_ROW = 5
"""Unreadable records without a readable one between them, after which the server itself is taken to be broken."""
_SCHEMAS = {"gmi": (GMI,), "gmd": (GMD,), "csw": ()}
_IDENTIFIER = re.compile(rb"[iI]dentifier>\s*(?:<[\w:]*CharacterString[^>]*>)?\s*([^<\s]{1,200})")


class CswOptions(SourceOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a CSW source takes."""

    output_schema: Literal["gmi", "gmd", "csw"] | None = None
    """Ask for ISO 19115-2 (gmi), ISO 19139 (gmd) or csw:Record, rather than for the best that the server advertises."""
    page_size: int = msgspec.field(default=50)
    """Records per request, 1 to 1000; servers may send fewer."""
    version: Literal["2.0.2", "3.0.0"] | None = None
    """Speak this version, rather than 2.0.2 where the server has it and 3.0.0 otherwise."""


class CswSource:
    """Yields ``iso19115-2``, ``iso19139`` and ``csw-record`` records, each a document of its own, whatever was asked
    for."""

    Options = CswOptions

    def __init__(self, config: SourceConfig, options: CswOptions, client: HttpClient) -> None:
        self._url = config.url
        self._options = options
        self._client = client
        self._size = min(max(options.page_size, 1), 1000)
        self._seen: set[str] = set()
        self._schema = ""

    def records(self) -> Iterator[Item]:
        """Every record of the catalogue, once."""
        endpoint = negotiate(self._client, self._url, self._options.version)
        is_first = True
        for position, page in self._pages(endpoint):
            if isinstance(page, Failure):
                yield page
                continue
            if is_first and page.matched is not None:
                yield Expected(page.matched)
            is_first = False
            fresh = list(self._fresh(endpoint, page))
            yield from fresh
            lost = _lost(position, page, bool(fresh))
            if lost is not None:
                yield Failure(f"records from {position}", lost, endpoint.url, listing=True)
                return
        yield Expected(len(self._seen))

    def _pages(self, endpoint: Endpoint) -> Iterator[tuple[int, Page | Failure]]:
        """Pages by the position of their first record; a ``Failure`` for a record that cannot be read by itself."""
        position, size, matched, bad = 1, self._size, None, 0
        while matched is None or position <= matched:
            answer = self._answer(endpoint, position, size)
            try:
                page = read_page(answer)
            except UnreadablePageError as error:
                if size > 1:
                    size //= 2
                    continue
                bad += 1
                if bad >= BAD_IN_A_ROW:
                    raise
                yield position, self._unreadable(position, answer, error)
                position += 1
                continue
            yield position, page
            if not page.records:
                return
            position = _next_position(position, size, page)
            matched, bad, size = page.matched, 0, min(self._size, size * 2)

    def _answer(self, endpoint: Endpoint, position: int, size: int) -> Response:
        """A page in the best schema; one that the server advertises but refuses is given up for the next."""
        if self._schema:
            return endpoint.get_records(self._client, position, size, self._schema)
        wanted = self._options.output_schema
        schemas = endpoint.schemas if wanted is None else _SCHEMAS[wanted] or endpoint.schemas[-1:]
        for schema in schemas:
            self._schema = schema
            answer = endpoint.get_records(self._client, position, size, schema)
            if schema == schemas[-1] or not _refuses(answer):
                break
        return answer

    def _fresh(self, endpoint: Endpoint, page: Page) -> Iterator[Item]:
        """The records of a page that were not seen before."""
        for element in page.records:
            content: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=True, with_tail=False)
            native_id = _identifier(element) or f"unidentified-{sha256(content).hexdigest()[:16]}"
            if native_id in self._seen:
                continue
            self._seen.add(native_id)
            location = endpoint.record_url(native_id, self._schema)
            try:
                found = format_of(content)
            except UnreadableRecord as error:
                yield Failure(native_id, error.reason, location, content, place=error.place)
            else:
                yield RawRecord(native_id, found, content, location, _modified(element))

    def _unreadable(self, position: int, answer: Response, error: UnreadablePageError) -> Failure:
        """A single record that spoils its page. Without its identifier nobody knows which one it is."""
        match = _IDENTIFIER.search(answer.content)
        found = match[1].decode("utf-8", "replace") if match else None
        reason = f"The answer with record {position} of the catalogue alone cannot be read: {error.detail}"
        if found is None or found in self._seen:
            return Failure(
                f"record {position}", reason, answer.url, answer.content, None, error.place, listing=True
            )
        self._seen.add(found)
        return Failure(found, reason, answer.url, answer.content, place=error.place)


def _lost(position: int, page: Page, has_fresh: bool) -> str | None:
    """Why the listing cannot go on though it is not complete, or None."""
    total = page.matched
    if page.records and not has_fresh and (total is None or position + len(page.records) <= total):
        return (
            f"The server repeats records that it sent before instead of those from position {position}; "
            "the listing was broken off. Its operator should look at startPosition and at duplicate "
            "identifiers."
        )
    if not page.records and total is not None and position <= total:
        return (
            f"The server counts {total} records but sent none from position {position}; the listing was "
            f"broken off. "
            "Some records may need a log-in, or the server limits how far one can page."
        )
    return None


def _next_position(position: int, size: int, page: Page) -> int:
    """Where to go on. The server's nextRecord counts where it is a step forward that a page of ``size`` can be."""
    own = position + len(page.records)
    said = page.following
    if said is None or said <= position:
        return own
    return said if said <= position + max(size, len(page.records)) else own


def _refuses(answer: Response) -> bool:
    try:
        read_page(answer)
    except ExceptionReportError:
        return True
    except EndpointError:
        return False
    return False


def _identifier(element: Any) -> str | None:
    for path in (f"{{{GMD}}}fileIdentifier", "{http://purl.org/dc/elements/1.1/}identifier"):
        found = element.find(path)
        text = text_of(found) if found is not None else None
        if text:
            return text
    return None


def _modified(element: Any) -> str | None:
    for path in (f"{{{GMD}}}dateStamp", "{http://purl.org/dc/terms/}modified"):
        found = element.find(path)
        if found is not None:
            return text_of(found)
    return None
