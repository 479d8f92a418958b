"""Writes a Record as an ISO 19115-2 document: gmi:MI_Metadata in the encoding of ISO/TS 19139-2, UTF-8.

One function per ISO class, called in the order of the schema, spread over the modules of this folder by package.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from lxml import etree

from crosswalks.writers.acquisition import acquisition
from crosswalks.writers.characters import code_value
from crosswalks.writers.citation import responsible_party
from crosswalks.writers.content import content_info
from crosswalks.writers.dates import date_or_nil
from crosswalks.writers.distribution import distribution_info
from crosswalks.writers.elements import (
    CODE_LISTS,
    GCO,
    GMD,
    GMI,
    NAMESPACES,
    add,
    digits,
    language_code,
    locale_id,
    nil,
    required_code,
    set_text,
    text,
)
from crosswalks.writers.extent import NextId
from crosswalks.writers.identification import identification_info
from crosswalks.writers.quality import quality_info
from mappings.record import LocalisedText, Record

STANDARD = "ISO 19115-2 Geographic information - Metadata - Part 2: Extensions for imagery and gridded data"
STANDARD_VERSION = "ISO 19115-2:2009(E)"


def write(record: Record) -> bytes:
    """The document: valid against ISO/TS 19139-2's schemas whatever the record holds.

    What the standard has no element for is written as docs/crosswalks.md says; provenance is left out.
    """
    return etree.tostring(element(record), encoding="UTF-8", xml_declaration=True)


def element(record: Record) -> Any:
    """The gmi:MI_Metadata element of a record."""
    root = etree.Element(GMI + "MI_Metadata", nsmap=NAMESPACES)
    next_id = _ids()
    text(root, GMD + "fileIdentifier", record.file_identifier)
    language_code(root, GMD + "language", record.language)
    required_code(root, GMD + "characterSet", "MD_CharacterSetCode", "utf8")
    text(root, GMD + "parentIdentifier", record.parent_identifier)
    required_code(root, GMD + "hierarchyLevel", "MD_ScopeCode", record.type)
    _contacts(root, record)
    date_or_nil(root, GMD + "dateStamp", record.dates.metadata)
    text(root, GMD + "metadataStandardName", STANDARD)
    text(root, GMD + "metadataStandardVersion", STANDARD_VERSION)
    _locales(root, record)
    _grid(root, record)
    for system in record.reference_systems:
        _reference_system(root, system)
    identification_info(root, record, next_id)
    content_info(root, record, next_id)
    distribution_info(root, record)
    quality_info(root, record, next_id)
    acquisition(root, record)
    return root


def _ids() -> NextId:
    used: Counter[str] = Counter()

    def next_id(word: str) -> str:
        used[word] += 1
        return f"{word}-{used[word]}"

    return next_id


def _contacts(root: Any, record: Record) -> None:
    parties = [party for party in record.contacts if party.scope == "metadata"]
    for party in parties:
        responsible_party(root, GMD + "contact", party)
    if not parties:
        nil(root, GMD + "contact")


def _locales(root: Any, record: Record) -> None:
    """PT_Locale for each language of a translation (ISO 19139 §7.4)."""
    keywords = (keyword.label for group in record.keyword_groups for keyword in group.keywords)
    texts: tuple[LocalisedText | None, ...] = (record.title, record.abstract, record.purpose, *keywords)
    languages = (t.language for said in (*texts, *record.alternate_titles) if said for t in said.translations)
    by_id = {locale_id(language): language for language in languages}
    for identifier, language in by_id.items():
        locale = add(add(root, GMD + "locale"), GMD + "PT_Locale")
        locale.set("id", identifier)
        code = add(add(locale, GMD + "languageCode"), GMD + "LanguageCode")
        code.set("codeList", CODE_LISTS + "LanguageCode")
        code.set("codeListValue", code_value(language))
        set_text(code, language)
        required_code(locale, GMD + "characterEncoding", "MD_CharacterSetCode", "utf8")


def _grid(root: Any, record: Record) -> None:
    """The vertical spacing of a grid, for which ISO 19115 has no other place than the grid's own description."""
    spacing = record.resolution.vertical_metres
    if spacing is None:
        return
    grid = add(add(root, GMD + "spatialRepresentationInfo"), GMD + "MD_GridSpatialRepresentation")
    nil(grid, GMD + "numberOfDimensions")
    axis = add(add(grid, GMD + "axisDimensionProperties"), GMD + "MD_Dimension")
    required_code(axis, GMD + "dimensionName", "MD_DimensionNameTypeCode", "vertical")
    nil(axis, GMD + "dimensionSize")
    measure = add(add(axis, GMD + "resolution"), GCO + "Measure")
    measure.set("uom", "m")
    measure.text = digits(spacing)
    nil(grid, GMD + "cellGeometry")
    nil(grid, GMD + "transformationParameterAvailability")


def _reference_system(root: Any, code: str) -> None:
    system = add(add(root, GMD + "referenceSystemInfo"), GMD + "MD_ReferenceSystem")
    identifier = add(add(system, GMD + "referenceSystemIdentifier"), GMD + "RS_Identifier")
    text(identifier, GMD + "code", code)
