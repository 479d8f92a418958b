"""DQ_DataQuality: reports and lineage (ISO 19115:2003 §B.2.4)."""

from __future__ import annotations

from typing import Any

from crosswalks.writers.citation import short_citation
from crosswalks.writers.content import unit_definition
from crosswalks.writers.dates import date_time
from crosswalks.writers.elements import GCO, GMD, add, nil, required_code, required_text, set_text, text
from crosswalks.writers.extent import NextId
from mappings.record import Lineage, QualityReport, Record

ELEMENTS = frozenset(
    """
    CompletenessCommission CompletenessOmission ConceptualConsistency DomainConsistency FormatConsistency
    TopologicalConsistency AbsoluteExternalPositionalAccuracy GriddedDataPositionalAccuracy
    RelativeInternalPositionalAccuracy ThematicClassificationCorrectness NonQuantitativeAttributeAccuracy
    QuantitativeAttributeAccuracy AccuracyOfATimeMeasurement TemporalConsistency TemporalValidity
    """.split()
)
OTHER_ELEMENT = "DomainConsistency"
"""What a report of a class that ISO 19115 does not have is written as."""


def quality_info(parent: Any, record: Record, next_id: NextId) -> None:
    """The gmd:dataQualityInfo of a record with quality reports or a lineage."""
    if not record.quality and record.lineage == Lineage():
        return
    element = add(add(parent, GMD + "dataQualityInfo"), GMD + "DQ_DataQuality")
    scope = add(add(element, GMD + "scope"), GMD + "DQ_Scope")
    required_code(scope, GMD + "level", "MD_ScopeCode", record.type)
    for report in record.quality:
        _report(element, report, next_id)
    if record.lineage != Lineage():
        _lineage(element, record.lineage)


def _report(parent: Any, report: QualityReport, next_id: NextId) -> None:
    name = report.element if report.element in ELEMENTS else OTHER_ELEMENT
    element = add(add(parent, GMD + "report"), f"{GMD}DQ_{name}")
    text(element, GMD + "nameOfMeasure", report.measure)
    text(element, GMD + "measureDescription", report.description)
    date_time(element, GMD + "dateTime", report.date)
    conforms = report.passed is not None or report.specification is not None
    measured = report.value is not None or report.units is not None
    if conforms:
        _conformance(element, report)
    if measured:
        _measurement(element, report, next_id)
    if not conforms and not measured:
        nil(element, GMD + "result", "missing")


def _conformance(parent: Any, report: QualityReport) -> None:
    result = add(add(parent, GMD + "result"), GMD + "DQ_ConformanceResult")
    short_citation(result, GMD + "specification", report.specification)
    nil(result, GMD + "explanation")
    if report.passed is None:
        nil(result, GMD + "pass")
    else:
        add(add(result, GMD + "pass"), GCO + "Boolean").text = "true" if report.passed else "false"


def _measurement(parent: Any, report: QualityReport, next_id: NextId) -> None:
    result = add(add(parent, GMD + "result"), GMD + "DQ_QuantitativeResult")
    if report.units is None:
        nil(result, GMD + "valueUnit")
    else:
        unit_definition(result, GMD + "valueUnit", report.units, next_id)
    if report.value is None:
        nil(result, GMD + "value")
    else:
        set_text(add(add(result, GMD + "value"), GCO + "Record"), report.value)


def _lineage(parent: Any, lineage: Lineage) -> None:
    element = add(add(parent, GMD + "lineage"), GMD + "LI_Lineage")
    text(element, GMD + "statement", lineage.statement)
    for step in lineage.steps:
        process = add(add(element, GMD + "processStep"), GMD + "LI_ProcessStep")
        required_text(process, GMD + "description", step.description)
        date_time(process, GMD + "dateTime", step.date)
    for source in lineage.sources:
        text(add(add(element, GMD + "source"), GMD + "LI_Source"), GMD + "description", source)
