"""The Atom document of a feed (RFC 4287), in pages (RFC 5005 §3), with what was deleted (RFC 6721) and how many records
there are (OpenSearch 1.1).

Ids are UUIDs made of the catalogue's own and of what they name, so that they stay when the portal's address changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import uuid5

from flask_babel import ngettext
from lxml import etree

from crosswalks.writers.characters import clean
from indexer.catalogue import Deleted, Identity, StoredRecord
from indexer.query import MAX_OFFSET
from search_ui.feeds.addresses import Addresses
from search_ui.feeds.entries import add_entry
from search_ui.feeds.names import ATOM, NAMESPACES, OPENSEARCH, TOMBSTONES, XML_LANGUAGE, link, put
from search_ui.languages import HTML_CODES, current_language
from search_ui.parameters import SearchState, query_string
from search_ui.presentation import grouped
from search_ui.searches import described


@dataclass(frozen=True, slots=True)
class Contents:
    """One page of a feed: the search, the records on this page of it, and how many there are in all."""

    state: SearchState
    hits: tuple[StoredRecord, ...]
    deleted: tuple[Deleted, ...]
    total: int
    catalogue: Identity

    @property
    def updated(self) -> str:
        """The instant of the latest change in it; for an empty feed that from which the catalogue is there."""
        instants = [hit.updated for hit in self.hits] + [gone.deleted for gone in self.deleted]
        return max(instants, default=self.catalogue.made)

    @property
    def id(self) -> str:
        """The same for all pages and languages of a feed."""
        return self._urn("feed", query_string(self.state.question))

    def entry_id(self, record_id: str) -> str:
        """The same in all feeds of the catalogue."""
        return self._urn("record", record_id)

    def _urn(self, kind: str, name: str) -> str:
        return uuid5(self.catalogue.uuid, f"{kind}:{name}").urn


def document(contents: Contents, addresses: Addresses, site_name: str) -> bytes:
    """The feed as UTF-8."""
    state = contents.state
    root = etree.Element(ATOM + "feed", nsmap=NAMESPACES)
    root.set(XML_LANGUAGE, HTML_CODES[current_language()])
    put(root, ATOM + "id", contents.id)
    put(root, ATOM + "title", clean(f"{site_name}: {described(state)}"))
    put(root, ATOM + "subtitle", _subtitle(contents.total))
    put(root, ATOM + "updated", contents.updated)
    put(etree.SubElement(root, ATOM + "author"), ATOM + "name", site_name)
    put(root, ATOM + "generator", "Halocline")
    put(root, ATOM + "icon", addresses.of("static", filename="icon.svg"))
    link(root, "alternate", "text/html", addresses.search(replace(state, page=1, sort="-updated")))
    link(root, "search", "application/opensearchdescription+xml", addresses.of("feeds.opensearch"))
    for relation, page in _pages(state, contents.total):
        link(root, relation, "application/atom+xml", addresses.feed(replace(state, page=page)))
    put(root, OPENSEARCH + "totalResults", str(contents.total))
    put(root, OPENSEARCH + "startIndex", str((state.page - 1) * state.size + 1))
    put(root, OPENSEARCH + "itemsPerPage", str(state.size))
    for gone in contents.deleted:
        tombstone = etree.SubElement(root, TOMBSTONES + "deleted-entry")
        tombstone.set("ref", contents.entry_id(gone.id))
        tombstone.set("when", gone.deleted)
    for hit in contents.hits:
        add_entry(root, hit, contents.entry_id(hit.id), addresses)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _subtitle(total: int) -> str:
    return str(
        ngettext(
            "%(total)s record; what is new or has changed comes first",
            "%(total)s records; what is new or has changed comes first",
            total,
            total=grouped(total),
        )
    )


def _pages(state: SearchState, total: int) -> Iterator[tuple[str, int]]:
    last = min(math.ceil(total / state.size), MAX_OFFSET // state.size + 1) or 1
    yield "self", state.page
    yield "first", 1
    if state.page > 1:
        yield "previous", min(state.page - 1, last)
    if state.page < last:
        yield "next", state.page + 1
    yield "last", last
