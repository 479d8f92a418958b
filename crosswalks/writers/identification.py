"""MD_DataIdentification: what the resource is (ISO 19115:2003 §B.2.2)."""

from __future__ import annotations

from typing import Any

from crosswalks.writers.characters import uri
from crosswalks.writers.citation import identifier as md_identifier
from crosswalks.writers.citation import resource_citation, responsible_party, short_citation
from crosswalks.writers.elements import (
    GCO,
    GMD,
    add,
    anchor,
    code,
    digits,
    language_code,
    localised,
    nil,
    required_code,
    text,
)
from crosswalks.writers.extent import NextId, extent
from mappings.record import (
    AccessLevel,
    Association,
    Constraints,
    Keyword,
    KeywordGroup,
    LocalisedText,
    Record,
    Thesaurus,
)

FEATURE_TYPES = "CF discrete sampling geometries"
OTHER_TOPICS = "Topic categories"
CLASSIFICATIONS: dict[AccessLevel, str] = {
    "open": "unclassified",
    "restricted": "restricted",
    "closed": "confidential",
}
TOPIC_CATEGORIES = frozenset(
    """
    farming biota boundaries climatologyMeteorologyAtmosphere economy elevation environment geoscientificInformation
    health imageryBaseMapsEarthCover intelligenceMilitary inlandWaters location oceans planningCadastre society
    structure transportation utilitiesCommunication
    """.split()
)
"""MD_TopicCategoryCode is an enumeration: the schema takes no other."""


def identification_info(parent: Any, record: Record, next_id: NextId) -> None:
    """The gmd:identificationInfo of a record."""
    element = add(add(parent, GMD + "identificationInfo"), GMD + "MD_DataIdentification")
    resource_citation(element, record)
    if record.abstract is None:
        nil(element, GMD + "abstract")
    localised(element, GMD + "abstract", record.abstract)
    localised(element, GMD + "purpose", record.purpose)
    for credit in record.credits:
        text(element, GMD + "credit", credit)
    code(element, GMD + "status", "MD_ProgressCode", record.status)
    for party in record.contacts:
        if party.scope == "resource":
            responsible_party(element, GMD + "pointOfContact", party)
    _maintenance_and_graphics(element, record)
    _keywords(element, record)
    _constraints(element, record.constraints, record.access_level)
    for association in record.associations:
        _association(element, association)
    for representation in record.representations:
        code(element, GMD + "spatialRepresentationType", "MD_SpatialRepresentationTypeCode", representation)
    _resolution(element, record)
    _languages_and_topics(element, record)
    extent(element, record.extent, next_id)
    text(element, GMD + "supplementalInformation", record.supplemental)


def _maintenance_and_graphics(parent: Any, record: Record) -> None:
    if record.maintenance is not None:
        maintenance = add(add(parent, GMD + "resourceMaintenance"), GMD + "MD_MaintenanceInformation")
        frequency = GMD + "maintenanceAndUpdateFrequency"
        required_code(maintenance, frequency, "MD_MaintenanceFrequencyCode", record.maintenance)
    for graphic in record.graphics:
        element = add(add(parent, GMD + "graphicOverview"), GMD + "MD_BrowseGraphic")
        text(element, GMD + "fileName", graphic.url)
        text(element, GMD + "fileDescription", graphic.description)
        text(element, GMD + "fileType", graphic.type)


def _keywords(parent: Any, record: Record) -> None:
    for group in record.keyword_groups:
        _keyword_group(parent, group)
    if record.projects:
        _keyword_group(parent, KeywordGroup(_plain(record.projects), "project"))
    if record.feature_type is not None:
        _keyword_group(
            parent, KeywordGroup(_plain((record.feature_type,)), "theme", Thesaurus(FEATURE_TYPES))
        )
    others = tuple(topic for topic in record.topic_categories if topic not in TOPIC_CATEGORIES)
    if others:
        _keyword_group(parent, KeywordGroup(_plain(others), "theme", Thesaurus(OTHER_TOPICS)))


def _plain(labels: tuple[str, ...]) -> tuple[Keyword, ...]:
    return tuple(Keyword(LocalisedText(label)) for label in labels)


def _keyword_group(parent: Any, group: KeywordGroup) -> None:
    element = add(add(parent, GMD + "descriptiveKeywords"), GMD + "MD_Keywords")
    for keyword in group.keywords:
        localised(element, GMD + "keyword", keyword.label, keyword.uri)
    code(element, GMD + "type", "MD_KeywordTypeCode", group.type)
    thesaurus = group.thesaurus
    if thesaurus is not None:
        short_citation(element, GMD + "thesaurusName", thesaurus.title, thesaurus.uri, thesaurus.date)


def _constraints(parent: Any, constraints: Constraints, access_level: AccessLevel | None) -> None:
    if constraints != Constraints():
        legal = add(add(parent, GMD + "resourceConstraints"), GMD + "MD_LegalConstraints")
        for limitation in constraints.limitations:
            text(legal, GMD + "useLimitation", limitation)
        for access in constraints.access:
            code(legal, GMD + "accessConstraints", "MD_RestrictionCode", access)
        for use in constraints.use:
            code(legal, GMD + "useConstraints", "MD_RestrictionCode", use)
        for other in constraints.others:
            text(legal, GMD + "otherConstraints", other)
        if constraints.licence is not None:
            _licence(legal, constraints.licence)
    if access_level is not None:
        security = add(add(parent, GMD + "resourceConstraints"), GMD + "MD_SecurityConstraints")
        classification = CLASSIFICATIONS[access_level]
        required_code(security, GMD + "classification", "MD_ClassificationCode", classification)


def _licence(parent: Any, licence: str) -> None:
    """An Anchor that is its own address, or that has none: so it is told from texts about use."""
    address = uri(licence) if "://" in licence else None
    anchor(parent, GMD + "otherConstraints", address or licence, address)


def _association(parent: Any, association: Association) -> None:
    element = add(add(parent, GMD + "aggregationInfo"), GMD + "MD_AggregateInformation")
    if association.title is not None:
        short_citation(element, GMD + "aggregateDataSetName", association.title)
    if association.identifier is not None:
        md_identifier(element, GMD + "aggregateDataSetIdentifier", association.identifier)
    required_code(element, GMD + "associationType", "DS_AssociationTypeCode", association.type)


def _resolution(parent: Any, record: Record) -> None:
    resolution = record.resolution
    if resolution.scale_denominator is not None:
        scale = add(add(_md_resolution(parent), GMD + "equivalentScale"), GMD + "MD_RepresentativeFraction")
        add(add(scale, GMD + "denominator"), GCO + "Integer").text = str(resolution.scale_denominator)
    for value, unit in ((resolution.degrees, "deg"), (resolution.metres, "m")):
        if value is not None:
            distance = add(add(_md_resolution(parent), GMD + "distance"), GCO + "Distance")
            distance.set("uom", unit)
            distance.text = digits(value)


def _md_resolution(parent: Any) -> Any:
    return add(add(parent, GMD + "spatialResolution"), GMD + "MD_Resolution")


def _languages_and_topics(parent: Any, record: Record) -> None:
    for language in record.resource_languages:
        language_code(parent, GMD + "language", language)
    if not record.resource_languages:
        nil(parent, GMD + "language")
    for topic in record.topic_categories:
        if topic in TOPIC_CATEGORIES:
            add(add(parent, GMD + "topicCategory"), GMD + "MD_TopicCategoryCode").text = topic
