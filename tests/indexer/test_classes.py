"""How records are classed when their documents are made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.document import document_of
from mappings.record import (
    BoundingBox,
    Extent,
    Keyword,
    KeywordGroup,
    LocalisedText,
    Platform,
    Record,
    Thesaurus,
    Translation,
    Variable,
    VerticalRange,
)

SST = Record(
    "sst",
    LocalisedText("Daily product"),
    variables=(Variable("sst", "sea_surface_temperature"), Variable("x", "no_such_name")),
    platforms=(Platform("HY-1C", kind="Satellite"), Platform("Argo 1", kind="BGC-Argo"), Platform("?", kind="raft")),
    extent=Extent(boxes=(BoundingBox(119.4, 37.4, 119.5, 37.5),), vertical=VerticalRange(0, 9)),
)  # fmt: skip
WORLD = BoundingBox(-180, -90, 180, 90)


def keywords(record: Record, field: str) -> tuple[str, ...]:
    return document_of(record.file_identifier, 1, record).keywords.get(field, ())


def test_values_of_a_tree_are_ids_and_all_wider_ones() -> None:
    assert keywords(SST, "variable") == ("sea_surface_temperature", "no_such_name")
    assert keywords(SST, "parameter") == (
        "sea_surface_temperature",
        "sea_water_temperature",
        "water_temperature",
        "temperature",
        "no_such_name",
    )
    assert keywords(SST, "platform_kind") == ("satellite", "bgc_float", "profiling_float", "float", "raft")


def test_categories_come_from_variables_platforms_topics_and_words() -> None:
    assert set(keywords(SST, "category")) == {"temperature_salinity", "physical", "satellite"}
    about = replace(SST, title=LocalisedText("南海溶解氧观测"), topic_categories=("biota",))
    assert set(keywords(about, "category")) - set(keywords(SST, "category")) == {"chemical", "biological"}
    assert keywords(Record("x", LocalisedText("A list of staff")), "category") == ()


def test_regions_are_named_or_where_the_data_lie() -> None:
    assert keywords(SST, "region") == (
        "laizhou_bay",
        "bohai_sea",
        "china_seas",
        "western_pacific",
        "pacific_ocean",
    )
    named = replace(SST, extent=Extent(places=("Kuroshio",)))
    assert keywords(named, "region")[0] == "kuroshio"
    around = replace(SST, extent=Extent((WORLD,)))
    assert keywords(around, "region") == ("global_ocean",)
    assert keywords(replace(SST, extent=Extent()), "region") == ()


def test_a_term_stands_behind_its_thesaurus() -> None:
    words = (Keyword(LocalisedText("海洋", (Translation("eng", "Oceans"),))), Keyword(LocalisedText("A::B")))
    groups = (KeywordGroup(words, thesaurus=Thesaurus("GCMD")), KeywordGroup(words))
    record = replace(SST, keyword_groups=groups)
    assert keywords(record, "thesaurus") == ("GCMD",)
    assert keywords(record, "thesaurus_term") == ("GCMD::海洋", "GCMD::Oceans", "GCMD::A::B")
    assert keywords(record, "keyword") == ("海洋", "Oceans", "A::B")


@pytest.mark.parametrize(
    ("extent", "zones", "tile"),
    [
        (SST.extent, (0,), 37 * 256 + 212),
        (Extent(), (), None),
        (Extent((WORLD,), vertical=VerticalRange(300, 5000)), (200, 1000, 2000, 4000), None),
    ],
)  # fmt: skip
def test_depths_and_places_are_counted(extent: Extent, zones: tuple[int, ...], tile: int | None) -> None:
    integers = document_of("x", 1, replace(SST, extent=extent)).integers
    assert integers.get("depth_zone", ()) == zones
    assert integers.get("tile") == (None if tile is None else (tile,))
