"""MI_AcquisitionInformation: platforms and instruments (ISO 19115-2:2009 §B.2.3)."""

from __future__ import annotations

from typing import Any

from crosswalks.writers.citation import identifier, short_citation
from crosswalks.writers.elements import GMI, add, nil, required_text
from mappings.record import Instrument, Platform, Record


def acquisition(parent: Any, record: Record) -> None:
    """The gmi:acquisitionInformation of a record with platforms or instruments."""
    if not record.platforms and not record.instruments:
        return
    element = add(add(parent, GMI + "acquisitionInformation"), GMI + "MI_AcquisitionInformation")
    for instrument in record.instruments:
        _instrument(element, instrument)
    for platform in record.platforms:
        _platform(element, platform)


def _instrument(parent: Any, instrument: Instrument) -> None:
    element = add(add(parent, GMI + "instrument"), GMI + "MI_Instrument")
    _name_and_identifier(element, instrument)
    required_text(element, GMI + "type", instrument.kind)


def _platform(parent: Any, platform: Platform) -> None:
    element = add(add(parent, GMI + "platform"), GMI + "MI_Platform")
    _name_and_identifier(element, platform)
    required_text(element, GMI + "description", platform.kind)
    for instrument in platform.instruments:
        _instrument(element, instrument)
    if not platform.instruments:
        nil(element, GMI + "instrument")


def _name_and_identifier(parent: Any, thing: Instrument | Platform) -> None:
    """The only required property is the identifier: it holds the name where there is no identifier of its own."""
    if thing.identifier is not None:
        short_citation(parent, GMI + "citation", thing.name)
    identifier(parent, GMI + "identifier", thing.identifier or thing.name)
