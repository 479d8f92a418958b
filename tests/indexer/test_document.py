from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given

from indexer.analysis import analyse
from indexer.document import ANYTEXT, document_of
from mappings.fields import load_fields
from mappings.record import (
    BoundingBox,
    Dates,
    Extent,
    Identifier,
    LocalisedText,
    Period,
    Platform,
    Provenance,
    Record,
    Translation,
    Variable,
    VerticalRange,
)
from mappings.times import first_second, last_second
from tests.strategies import records

RECORD = Record(
    "urn:x:1",
    LocalisedText("黄海水温", (Translation("eng", "Yellow Sea temperature"),)),
    language="zho",
    identifiers=(Identifier("10.1/x", "doi"),),
    variables=(Variable("temp", "sea_water_temperature"), Variable("sal")),
    platforms=(Platform("RV Dong Fang Hong", kind="ship"),),
    dates=Dates(metadata="2024-03", published="2020"),
    extent=Extent(
        boxes=(BoundingBox(119, 32, 126, 39),),
        periods=(Period("2019-05", None), Period("1999", "2001")),
        vertical=VerticalRange(0, 50),
    ),
    provenance=Provenance("erddap-1", "native", "erddap-info"),
)


def test_a_document_has_the_values_of_its_record() -> None:
    document = document_of("urn:x:1@erddap-1", 7, RECORD)
    assert (document.id, document.version) == ("urn:x:1@erddap-1", 7)
    assert document.texts["title"] == analyse(("黄海水温", "Yellow Sea temperature"))
    assert document.whole == {"title": ("黄海水温", "Yellow Sea temperature")}
    assert document.keywords["identifier"] == ("urn:x:1@erddap-1", "urn:x:1", "10.1/x")
    assert document.keywords["variable"] == ("sea_water_temperature",)
    assert document.keywords["platform_kind"] == ("ship",)
    assert document.keywords["source"] == ("erddap-1",)
    assert document.instants["modified"] == ((first_second("2024-03"), last_second("2024-03")),)
    assert document.boxes == RECORD.extent.boxes
    assert document.periods == (
        (first_second("2019-05"), None),
        (first_second("1999"), last_second("2001")),
    )
    assert document.depth == (0, 50)


def test_when_the_catalogue_changed_a_record_is_an_instant_beside_its_own_dates() -> None:
    second = "2026-11-26T08:15:30Z"
    document = document_of("x", 1, RECORD, second)
    assert document.instants["updated"] == ((first_second(second), first_second(second)),)
    assert document.instants["modified"] == document_of("x", 1, RECORD).instants["modified"]
    assert "updated" not in document_of("x", 1, RECORD).instants


def test_years_of_an_open_end_reach_to_the_date_of_the_metadata() -> None:
    assert document_of("x", 1, RECORD).integers["year"] == (
        2019,
        2020,
        2021,
        2022,
        2023,
        2024,
        1999,
        2000,
        2001,
    )


def test_concepts_of_titles_and_the_seas_of_abstracts() -> None:
    about = replace(RECORD, abstract=LocalisedText("Profiles of salinity from the Bering Sea, by CTD."))
    keywords = document_of("urn:x:1", 1, about).keywords
    assert {"yellow_sea", "sea_water_temperature", "bering_sea", "north_pacific"} <= set(keywords["concept"])
    assert not {"ctd", "sea_water_practical_salinity"} & set(keywords["concept"])
    assert "yellow_sea" in keywords["title_concept"]
    assert not {"bering_sea", "ship", "sea_water_temperature"} & set(keywords["title_concept"])


def test_fields_without_a_value_are_left_out() -> None:
    document = document_of("x", 1, Record("x", LocalisedText("t")))
    assert document.texts == {"title": analyse("t"), ANYTEXT: analyse("x")}
    assert document.keywords == {"identifier": ("x",), "type": ("dataset",)}
    assert (document.integers, document.instants, document.boxes) == ({}, {}, ())
    assert (document.geometry, document.periods, document.depth) == (None, (), None)


def test_a_depth_that_is_no_number_is_none() -> None:
    for bottom in (math.inf, math.nan):
        extent = Extent(vertical=VerticalRange(0, bottom))
        assert document_of("x", 1, replace(RECORD, extent=extent)).depth is None


@given(records())
def test_any_text_has_every_text(record: Record) -> None:
    fields = load_fields()
    everything = set(fields.values_of(ANYTEXT, record))
    for field in fields.of_type("text"):
        assert set(fields.values_of(field.name, record)) <= everything, field.name


@given(records())
def test_each_text_is_analysed_once(record: Record) -> None:
    fields = load_fields()
    elsewhere = {
        value
        for field in fields.of_type("text")
        if field.name != ANYTEXT
        for value in fields.values_of(field.name, record)
    }
    rest = [value for value in fields.values_of(ANYTEXT, record) if value not in elsewhere]
    assert document_of("x", 1, record).texts[ANYTEXT] == analyse(rest)
