"""CI_Citation, CI_ResponsibleParty and CI_OnlineResource (ISO 19115:2003 §B.3)."""

from __future__ import annotations

from typing import Any

from crosswalks.writers.characters import uri
from crosswalks.writers.dates import citation_date
from crosswalks.writers.elements import (
    GMD,
    add,
    anchor,
    code,
    localised,
    nil,
    required_code,
    required_text,
    text,
)
from mappings.record import Identifier, Link, Record, ResponsibleParty


def resource_citation(parent: Any, record: Record) -> None:
    """The citation of the resource that a record describes."""
    citation = add(add(parent, GMD + "citation"), GMD + "CI_Citation")
    localised(citation, GMD + "title", record.title)
    for title in record.alternate_titles:
        localised(citation, GMD + "alternateTitle", title)
    _dates(citation, record)
    text(citation, GMD + "edition", record.edition)
    for identifier in record.identifiers:
        _identifier(citation, identifier)
    if record.series is not None:
        text(add(add(citation, GMD + "series"), GMD + "CI_Series"), GMD + "name", record.series)
    text(citation, GMD + "otherCitationDetails", record.other_citation)


def _dates(citation: Any, record: Record) -> None:
    dates = record.dates
    kinds = {"creation": dates.created, "publication": dates.published, "revision": dates.revised}
    given = {kind: date for kind, date in kinds.items() if date is not None}
    for kind, date in given.items():
        citation_date(citation, date, kind)
    if not given:
        nil(citation, GMD + "date")


def _identifier(citation: Any, identifier: Identifier) -> None:
    element = add(add(citation, GMD + "identifier"), GMD + "RS_Identifier")
    text(element, GMD + "code", identifier.code)
    text(element, GMD + "codeSpace", identifier.authority)


def short_citation(
    parent: Any, name: str, title: str | None, uri: str | None = None, date: str | None = None
) -> None:
    """A property of type CI_Citation of which only title, reference and date are known."""
    citation = add(add(parent, name), GMD + "CI_Citation")
    if title is not None and uri is not None:
        anchor(citation, GMD + "title", title, uri)
    else:
        required_text(citation, GMD + "title", title)
    if date is None:
        nil(citation, GMD + "date")
    else:
        citation_date(citation, date, "publication")


def identifier(parent: Any, name: str, value: str) -> None:
    """A property of type MD_Identifier with a code alone."""
    text(add(add(parent, name), GMD + "MD_Identifier"), GMD + "code", value)


def responsible_party(parent: Any, name: str, party: ResponsibleParty) -> None:
    """A property of type CI_ResponsibleParty."""
    element = add(add(parent, name), GMD + "CI_ResponsibleParty")
    text(element, GMD + "individualName", party.individual)
    text(element, GMD + "organisationName", party.organisation)
    text(element, GMD + "positionName", party.position)
    _contact_info(element, party)
    required_code(element, GMD + "role", "CI_RoleCode", party.role)


def _contact_info(parent: Any, party: ResponsibleParty) -> None:
    addressed = party.address or party.country or party.email
    if not (party.phone or addressed or party.url):
        return
    contact = add(add(parent, GMD + "contactInfo"), GMD + "CI_Contact")
    if party.phone is not None:
        text(add(add(contact, GMD + "phone"), GMD + "CI_Telephone"), GMD + "voice", party.phone)
    if addressed:
        address = add(add(contact, GMD + "address"), GMD + "CI_Address")
        text(address, GMD + "deliveryPoint", party.address)
        text(address, GMD + "country", party.country)
        text(address, GMD + "electronicMailAddress", party.email)
    if party.url is not None:
        online_resource(contact, GMD + "onlineResource", Link(party.url))


def online_resource(parent: Any, name: str, link: Link) -> None:
    """A property of type CI_OnlineResource."""
    element = add(add(parent, name), GMD + "CI_OnlineResource")
    add(add(element, GMD + "linkage"), GMD + "URL").text = uri(link.url)
    text(element, GMD + "protocol", link.protocol)
    text(element, GMD + "name", link.name)
    text(element, GMD + "description", link.description)
    code(element, GMD + "function", "CI_OnLineFunctionCode", link.function)
