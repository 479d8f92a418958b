"""MD_CoverageDescription: the variables, and the processing level (ISO 19115:2003 §B.2.8).

ISO 19115 has no place for a CF standard name, so the descriptor of a band refers to it: an Anchor with the address
of the name in the CF vocabulary, whose text is the long name.
"""

from __future__ import annotations

from typing import Any

from crosswalks.writers.citation import identifier
from crosswalks.writers.elements import GCO, GMD, GML, add, anchor, nil, required_code, set_text, text
from crosswalks.writers.extent import NextId
from mappings.record import Record, Variable

CF_STANDARD_NAMES = "http://mmisw.org/ont/cf/parameter/"


def content_info(parent: Any, record: Record, next_id: NextId) -> None:
    """The gmd:contentInfo of a record with variables or a processing level."""
    if not record.variables and record.processing_level is None:
        return
    kind = "MD_CoverageDescription" if record.processing_level is None else "MD_ImageDescription"
    element = add(add(parent, GMD + "contentInfo"), GMD + kind)
    nil(element, GMD + "attributeDescription")
    required_code(element, GMD + "contentType", "MD_CoverageContentTypeCode", "physicalMeasurement")
    for variable in record.variables:
        _band(element, variable, next_id)
    if record.processing_level is not None:
        identifier(element, GMD + "processingLevelCode", record.processing_level)


def _band(parent: Any, variable: Variable, next_id: NextId) -> None:
    band = add(add(parent, GMD + "dimension"), GMD + "MD_Band")
    member = add(add(band, GMD + "sequenceIdentifier"), GCO + "MemberName")
    text(member, GCO + "aName", variable.name)
    type_name = add(add(member, GCO + "attributeType"), GCO + "TypeName")
    text(type_name, GCO + "aName", variable.data_type or "unknown")
    if variable.standard_name is not None:
        label = variable.long_name or variable.standard_name
        anchor(band, GMD + "descriptor", label, CF_STANDARD_NAMES + variable.standard_name)
    else:
        text(band, GMD + "descriptor", variable.long_name)
    if variable.units is not None:
        unit_definition(band, GMD + "units", variable.units, next_id)


def unit_definition(parent: Any, name: str, units: str, next_id: NextId) -> None:
    """A property that holds a gml:UnitDefinition, identified by its UDUNITS text."""
    definition = add(add(parent, name), GML + "UnitDefinition")
    definition.set(GML + "id", next_id("units"))
    identifier_ = add(definition, GML + "identifier")
    identifier_.set("codeSpace", "UDUNITS")
    set_text(identifier_, units)
