"""The ISO 19115-2 writer: valid whatever a Record holds, and readable again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from crosswalks.validate import problems
from crosswalks.writers import csw_record, iso19139
from crosswalks.writers.elements import NAMESPACES, digits
from crosswalks.writers.iso19115_2 import write
from mappings.record import BoundingBox, Extent, LocalisedText, Period, Record, Translation, Variable
from tests.strategies import records

Verdict = Callable[[bytes, str], tuple[str, ...]]
MANY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
GMI_SCHEMA, GMD_SCHEMA, CSW_SCHEMA = "iso19115-2_ngdc.xsd", "iso19139-20070417_gml321.xsd", "csw202.xsd"


@pytest.fixture
def verdict(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Verdict:
    """Problems of a document according to one of the corpus's schemas."""
    monkeypatch.setitem(os.environ, "XML_CATALOG_FILES", str(corpus / "xsd" / "catalog.xml"))
    return lambda document, schema: problems(document, corpus / "xsd" / "drivers" / schema)


@MANY
@given(record=records(hostility=True))
def test_every_record_gives_a_valid_document(verdict: Verdict, record: Record) -> None:
    assert verdict(write(record), GMI_SCHEMA) == ()


@MANY
@given(record=records(hostility=True))
def test_every_projection_to_iso19139_is_valid(verdict: Verdict, record: Record) -> None:
    assert verdict(etree.tostring(iso19139.project(write(record))), GMD_SCHEMA) == ()


@MANY
@given(record=records(hostility=True))
@pytest.mark.parametrize("size", [csw_record.brief, csw_record.summary, csw_record.full])
def test_every_csw_record_is_valid(verdict: Verdict, size: Callable[[Record], Any], record: Record) -> None:
    assert verdict(etree.tostring(size(record)), CSW_SCHEMA) == ()


def test_the_least_record_is_valid(verdict: Verdict) -> None:
    assert verdict(write(Record("x", LocalisedText("t"))), GMI_SCHEMA) == ()


def _found(record: Record, path: str) -> list[str]:
    found: Any = etree.fromstring(write(record)).xpath(path, namespaces=NAMESPACES)
    return [str(value) for value in found]


def test_titles_are_written_in_both_languages() -> None:
    record = Record("x", LocalisedText("Yellow Sea", (Translation("zho", "黄海"),)), language="eng")
    assert _found(record, "//gmd:title/gco:CharacterString/text()") == ["Yellow Sea"]
    assert _found(record, "//gmd:title//gmd:LocalisedCharacterString/text()") == ["黄海"]
    assert _found(record, "//gmd:title//gmd:LocalisedCharacterString/@locale") == ["#locale-zho"]
    assert _found(record, "//gmd:locale/gmd:PT_Locale/@id") == ["locale-zho"]


def test_a_box_across_the_antimeridian_keeps_its_west_and_east() -> None:
    record = Record("x", LocalisedText("t"), extent=Extent(boxes=(BoundingBox(170, -10, -160, 10),)))
    assert _found(record, "//gmd:westBoundLongitude/*/text() | //gmd:eastBoundLongitude/*/text()") == [
        "170.0",
        "-160.0",
    ]


def test_an_open_period_says_now() -> None:
    record = Record("x", LocalisedText("t"), extent=Extent(periods=(Period("2003-05", None),)))
    assert _found(record, "//gml:beginPosition/text()") == ["2003-05"]
    assert _found(record, "//gml:endPosition/@indeterminatePosition") == ["now"]


def test_a_variable_refers_to_its_cf_standard_name() -> None:
    variable = Variable("TEMP", "sea_water_temperature", "Temperature", "degree_C", "float")
    record = Record("x", LocalisedText("t"), variables=(variable,))
    assert _found(record, "//gmd:MD_Band/gmd:descriptor/gmx:Anchor/text()") == ["Temperature"]
    assert _found(record, "//gmd:MD_Band/gmd:descriptor/gmx:Anchor/@xlink:href")[0].endswith(
        "/sea_water_temperature"
    )
    assert _found(record, "//gmd:MD_Band/gmd:units//gml:identifier/text()") == ["degree_C"]


def test_iso19139_has_no_acquisition_information() -> None:
    root = iso19139.project(write(Record("x", LocalisedText("t"))))
    assert root.tag == "{http://www.isotc211.org/2005/gmd}MD_Metadata"
    assert b"isotc211.org/2005/gmi" not in etree.tostring(root)


@pytest.mark.parametrize(
    ("number", "written"),
    [(1e-7, "0.0000001"), (1e22, "1" + "0" * 22), (-0.5, "-0.5"), (3, "3.0"), (float("inf"), "INF")],
)
def test_numbers_are_plain_digits(number: float, written: str) -> None:
    assert digits(number) == written
