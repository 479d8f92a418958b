"""What a Record loses on its way through ISO 19115-2, and nothing else: ``read(write(record)) == kept(record)``."""

from __future__ import annotations

from dataclasses import replace

from mappings.record import Dates, Lineage, ProcessStep, QualityReport, Record, ResponsibleParty
from mappings.times import first_second, from_seconds

SCOPES = ("metadata", "resource", "distribution")
"""The order in which a document names its contacts."""


def kept(record: Record) -> Record:
    """The record as ISO 19115-2 can hold it."""
    return replace(
        record,
        variables=tuple(  # no place for dimensions; variables that differ by them alone become one
            dict.fromkeys(replace(variable, dimensions=()) for variable in record.variables)
        ),
        resolution=replace(record.resolution, duration=None),  # no place for it
        contacts=_by_scope(record.contacts),  # contacts stand where their scope puts them
        dates=_dates(record.dates),
        lineage=_to_the_second(record.lineage),
        quality=tuple(map(_report, record.quality)),
        provenance=None,  # Halocline's own, not the resource's
    )


def _by_scope(contacts: tuple[ResponsibleParty, ...]) -> tuple[ResponsibleParty, ...]:
    return tuple(party for scope in SCOPES for party in contacts if party.scope == scope)


def _dates(dates: Dates) -> Dates:
    return Dates(*map(_in_xml_schema, (dates.created, dates.published, dates.revised, dates.metadata)))


def _in_xml_schema(instant: str | None) -> str | None:
    """XML Schema 1.0 has no year 0."""
    return None if instant is not None and instant.startswith("0000") else instant


def _to_the_second(lineage: Lineage) -> Lineage:
    """A process step has a DateTime: the first second of a reduced date."""
    steps = (ProcessStep(step.description, _second(step.date)) for step in lineage.steps)
    return replace(lineage, steps=tuple(steps))


def _report(report: QualityReport) -> QualityReport:
    """A report has a DateTime too, and a class that ISO 19115 knows."""
    known = report.element if report.element != "SomethingElse" else "DomainConsistency"
    return replace(report, element=known, date=_second(report.date))


def _second(instant: str | None) -> str | None:
    if instant is None or instant.startswith("0000"):
        return None
    return instant if "T" in instant else from_seconds(first_second(instant))
