"""A record as an Atom entry (RFC 4287 §4.1.2): where and when as GeoRSS Simple and Dublin Core say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from crosswalks.writers.characters import clean, uri
from indexer.catalogue import StoredRecord
from mappings.boxes import hull
from mappings.record import BoundingBox, LocalisedText, Period, Record, ResponsibleParty
from search_ui.extents import overall_period
from search_ui.feeds.addresses import Addresses
from search_ui.feeds.names import ATOM, DC, GEORSS, XML_LANGUAGE, link, put
from search_ui.languages import HTML_CODES, current_language
from search_ui.parameters import number_text
from search_ui.presentation import code_label, safe_url, wording, words

MAX_SUMMARY = 2000
"""Characters of an abstract."""
MAX_CATEGORIES = 40
MAX_AUTHORS = 5
TOPICS = "http://www.isotc211.org/2005/resources/Codelist/gmxCodelists.xml#MD_TopicCategoryCode"
STANDARD_NAMES = "http://vocab.nerc.ac.uk/standard_name/"
_SPEAKING_FOR_IT = ("pointOfContact", "author", "principalInvestigator", "originator", "owner", "publisher")
"""Roles of those who are given as the authors; the first of them that anybody has."""
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")

Category = tuple[str, str | None, str | None]
"""Term, scheme, label."""


def add_entry(feed: Any, stored: StoredRecord, entry_id: str, addresses: Addresses) -> None:
    """Append the entry of ``stored``, in the reader's language where the record has it."""
    record = stored.record
    entry = etree.SubElement(feed, ATOM + "entry")
    put(entry, ATOM + "id", entry_id)
    _worded(entry, "title", record.title, record)
    put(entry, ATOM + "updated", stored.updated)
    put(entry, ATOM + "published", stored.created)
    for party in _authors(record):
        _add_author(entry, party)
    page = addresses.of("html.record", id=stored.id)
    link(entry, "alternate", "text/html", page)
    link(entry, "alternate", "application/xml", f"{page}?format=xml")
    link(entry, "alternate", "application/json", f"{page}?format=json")
    if record.abstract is not None:
        _worded(entry, "summary", record.abstract, record)
    _add_categories(entry, record)
    put(entry, DC + "identifier", stored.id)
    _add_extent(entry, record)


def _worded(entry: Any, name: str, text: LocalisedText, record: Record) -> None:
    """A text on one line, and its language where that is not the feed's."""
    chosen = wording(text, record)
    line = " ".join(chosen.text.split())
    element = put(entry, ATOM + name, line if len(line) <= MAX_SUMMARY else line[:MAX_SUMMARY] + "…")
    if chosen.language is not None and chosen.language != HTML_CODES[current_language()]:
        element.set(XML_LANGUAGE, chosen.language)


def _authors(record: Record) -> list[ResponsibleParty]:
    """Whom to ask about the data; nobody where the record does not say."""
    parties = [party for party in record.contacts if party.scope == "resource"]
    for role in _SPEAKING_FOR_IT:
        if found := [party for party in parties if party.role == role]:
            return found[:MAX_AUTHORS]
    return parties[:1]


def _add_author(entry: Any, party: ResponsibleParty) -> None:
    person, organisation = party.individual or party.position, party.organisation
    name = f"{person} ({organisation})" if person and organisation else person or organisation or ""
    author = etree.SubElement(entry, ATOM + "author")
    put(author, ATOM + "name", name)
    if address := safe_url(party.url):
        put(author, ATOM + "uri", uri(address))
    if party.email is not None and _EMAIL.fullmatch(party.email):
        put(author, ATOM + "email", party.email)


def _add_categories(entry: Any, record: Record) -> None:
    known: dict[tuple[str, str | None], str | None] = {}
    for term, scheme, label in _categories(record):
        if term and len(known) < MAX_CATEGORIES:
            known.setdefault((term, scheme), label)
    for (term, scheme), label in known.items():
        element = etree.SubElement(entry, ATOM + "category")
        element.set("term", term)
        if scheme is not None:
            element.set("scheme", uri(scheme))
        if label is not None and label != term:
            element.set("label", label)


def _categories(record: Record) -> Iterator[Category]:
    for topic in record.topic_categories:
        yield clean(topic), TOPICS, clean(code_label("topic", topic))
    for variable in record.variables:
        if variable.standard_name is not None:
            name = variable.standard_name
            yield clean(name), STANDARD_NAMES, clean(code_label("variable", name))
    for group in record.keyword_groups:
        scheme = None if group.thesaurus is None else safe_url(group.thesaurus.uri)
        for keyword in group.keywords:
            yield clean(keyword.label.text), scheme, clean(words(keyword.label, record))


def _add_extent(entry: Any, record: Record) -> None:
    box, period = hull(record.extent.boxes), overall_period(record.extent.periods)
    if box is not None:
        _add_box(entry, box)
    if period is not None:
        put(entry, DC + "date", _interval(period))


def _add_box(entry: Any, box: BoundingBox) -> None:
    """Latitude before longitude. West greater than east means across the antimeridian, as everywhere here."""
    low, high = (
        f"{number_text(y)} {number_text(x)}" for x, y in ((box.west, box.south), (box.east, box.north))
    )
    if low == high:
        put(entry, GEORSS + "point", low)
    else:
        put(entry, GEORSS + "box", f"{low} {high}")


def _interval(period: Period) -> str:
    """ISO 8601, an open end as its part 2 writes it: ``2003-05/..``."""
    if period.start == period.end and period.start is not None:
        return period.start
    return f"{period.start or '..'}/{period.end or '..'}"
