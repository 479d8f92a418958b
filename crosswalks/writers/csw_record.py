"""A Record as csw:Record: Dublin Core in three sizes (OGC 07-006r1 §10.2.5, tables 6 to 8).

Boxes are in EPSG:4326, latitude first, as its URN demands. A box across the antimeridian keeps its lower corner in the
west and its upper corner in the east, so that the first longitude is the greater one (OGC 06-121r3 §10.2.2 allows it
where a reference system is periodic); clients that know of the antimeridian read it as it is meant, and none sees a
box around the other side of the world.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from crosswalks.writers.characters import uri
from crosswalks.writers.elements import add, digits, set_text
from mappings.record import AccessLevel, BoundingBox, Record

CSW_NS, OWS_NS = "http://www.opengis.net/cat/csw/2.0.2", "http://www.opengis.net/ows"
DC_NS, DCT_NS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
NAMESPACES = {"csw": CSW_NS, "dc": DC_NS, "dct": DCT_NS, "ows": OWS_NS}
CSW, OWS, DC, DCT = (f"{{{name}}}" for name in (CSW_NS, OWS_NS, DC_NS, DCT_NS))
WGS84 = "urn:ogc:def:crs:EPSG::4326"
RIGHTS: dict[AccessLevel, str] = {
    "open": "open access",
    "restricted": "restricted access",
    "closed": "closed access",
}
ROLES = {
    "creator": ("author", "originator", "principalInvestigator"),
    "publisher": ("publisher", "distributor"),
}
"""CI_RoleCode values that Dublin Core has an element for; the others are contributors."""


def brief(record: Record) -> Any:
    """csw:BriefRecord: identifier, title, type, boxes."""
    root = etree.Element(CSW + "BriefRecord", nsmap=NAMESPACES)
    _identity(root, record)
    _boxes(root, record.extent.boxes)
    return root


def summary(record: Record) -> Any:
    """csw:SummaryRecord: what a list of hits shows."""
    root = etree.Element(CSW + "SummaryRecord", nsmap=NAMESPACES)
    _identity(root, record)
    _subjects_and_formats(root, record)
    _relations(root, record)
    _all(root, DCT + "modified", _modified(record))
    _all(root, DCT + "abstract", record.abstract.all() if record.abstract else ())
    _all(root, DCT + "spatial", record.extent.places)
    _boxes(root, record.extent.boxes)
    return root


def full(record: Record) -> Any:
    """csw:Record: everything that Dublin Core has a word for."""
    root = etree.Element(CSW + "Record", nsmap=NAMESPACES)
    _identity(root, record)
    _all(root, DC + "identifier", (identifier.code for identifier in record.identifiers))
    _all(root, DCT + "alternative", _alternatives(record))
    _subjects_and_formats(root, record)
    _relations(root, record)
    _dates(root, record)
    _all(root, DCT + "abstract", record.abstract.all() if record.abstract else ())
    _all(root, DCT + "spatial", record.extent.places)
    _all(root, DCT + "temporal", (f"{p.start or '..'}/{p.end or '..'}" for p in record.extent.periods))
    _parties(root, record)
    _all(root, DC + "language", record.resource_languages or ((record.language,) if record.language else ()))
    _rights(root, record)
    for link in record.links:
        reference = _one(root, DCT + "references", link.url)
        if link.protocol:
            reference.set("scheme", uri(link.protocol))
    _boxes(root, record.extent.boxes)
    return root


def _identity(root: Any, record: Record) -> None:
    _one(root, DC + "identifier", record.file_identifier)
    _one(root, DC + "title", record.title.text)
    _one(root, DC + "type", record.type)


def _alternatives(record: Record) -> Iterable[str]:
    yield from (translation.text for translation in record.title.translations)
    for title in record.alternate_titles:
        yield from title.all()


def _subjects_and_formats(root: Any, record: Record) -> None:
    labels = (label for group in record.keyword_groups for k in group.keywords for label in k.label.all())
    variables = (variable.standard_name for variable in record.variables if variable.standard_name)
    _all(root, DC + "subject", dict.fromkeys((*labels, *variables, *record.topic_categories)))
    _all(root, DC + "format", (format_.name for format_ in record.formats))


def _relations(root: Any, record: Record) -> None:
    related = (association.identifier or association.title for association in record.associations)
    _all(root, DC + "relation", (code for code in (record.parent_identifier, *related) if code))


def _modified(record: Record) -> tuple[str, ...]:
    dates = record.dates
    return tuple(
        date for date in (dates.metadata or dates.revised or dates.published or dates.created,) if date
    )


def _dates(root: Any, record: Record) -> None:
    dates = record.dates
    _all(root, DCT + "modified", _modified(record))
    _all(root, DCT + "created", (dates.created,) if dates.created else ())
    _all(root, DCT + "issued", (dates.published,) if dates.published else ())


def _parties(root: Any, record: Record) -> None:
    seen = set()
    for party in record.contacts:
        element = next((name for name, roles in ROLES.items() if party.role in roles), "contributor")
        name = party.organisation or party.individual or party.position
        if name and party.scope != "metadata" and (element, name) not in seen:
            seen.add((element, name))
            _one(root, DC + element, name)


def _rights(root: Any, record: Record) -> None:
    constraints = record.constraints
    if record.access_level is not None:
        _one(root, DCT + "accessRights", RIGHTS[record.access_level])
    _all(root, DC + "rights", (*constraints.limitations, *constraints.others))
    _all(root, DCT + "license", (constraints.licence,) if constraints.licence else ())


def _boxes(root: Any, boxes: Iterable[BoundingBox]) -> None:
    for box in boxes:
        element = add(root, OWS + "BoundingBox")
        element.set("crs", WGS84)
        element.set("dimensions", "2")
        add(element, OWS + "LowerCorner").text = f"{digits(box.south)} {digits(box.west)}"
        add(element, OWS + "UpperCorner").text = f"{digits(box.north)} {digits(box.east)}"


def _all(root: Any, tag: str, values: Iterable[str]) -> None:
    for value in values:
        _one(root, tag, value)


def _one(root: Any, tag: str, value: str) -> Any:
    element = add(root, tag)
    set_text(element, value)
    return element
