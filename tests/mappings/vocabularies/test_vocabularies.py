"""What the vocabularies that are shipped say: that nothing dangles, and some of what people will ask for."""

from __future__ import annotations

import re
import tracemalloc

import pytest
import yaml

from mappings.vocabularies.loading import (
    CATEGORIES,
    CODES,
    FOLDER,
    STANDARD_NAMES,
    VOCABULARIES,
    load_vocabularies,
)
from mappings.vocabularies.reading import read_entries, read_standard_names

HAN = re.compile("[\u4e00-\u9fff]")


def test_every_broader_concept_exists() -> None:
    vocabularies = load_vocabularies()
    for concept in vocabularies:
        assert set(concept.broader) <= vocabularies.of(concept.vocabulary).keys(), concept.id


def test_every_entry_has_a_chinese_label_in_chinese_and_an_english_one_in_english() -> None:
    for name in VOCABULARIES:
        for entry in read_entries(FOLDER / f"{name}.yaml").entries:
            assert HAN.search(entry.zh), entry.id
            assert not HAN.search(entry.en), entry.id
            assert entry.en[0] == entry.en[0].upper() or entry.en == "pH value" or entry.en.startswith("p"), (
                entry.id
            )


def test_no_wording_has_blanks_at_its_ends_or_is_empty() -> None:
    for concept in load_vocabularies():
        for wording in concept.wordings:
            assert wording.text.strip() == wording.text != "", concept.id


def test_the_table_has_each_name_and_alias_once() -> None:
    rows = tuple(read_standard_names(FOLDER / STANDARD_NAMES))
    names = [row.name for row in rows]
    assert len(rows) > 5000
    assert names == sorted(set(names))
    assert not set(names) & {alias for row in rows for alias in row.aliases}


def test_every_standard_name_is_a_concept_with_a_readable_label() -> None:
    variables = load_vocabularies().of("variables")
    for row in read_standard_names(FOLDER / STANDARD_NAMES):
        assert "_" not in variables[row.name].label("en")
        assert variables[row.name].units == row.units


def test_regions_have_boxes_and_lie_near_what_is_wider() -> None:
    regions = load_vocabularies().of("sea_regions")
    assert len(regions) > 100
    for region in regions.values():
        assert region.box is not None, region.id
        for wider in region.broader:
            box = regions[wider].box
            assert box is not None
            assert box.south <= region.box.north, (region.id, wider)
            assert region.box.south <= box.north, (region.id, wider)
            assert spans_meet((box.west, box.east), (region.box.west, region.box.east)), (region.id, wider)


def spans_meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    def parts(west: float, east: float) -> list[tuple[float, float]]:
        return [(west, east)] if west <= east else [(west, 180), (-180, east)]

    return any(a[0] <= b[1] and b[0] <= a[1] for a in parts(*one) for b in parts(*other))


def test_only_sea_regions_have_boxes() -> None:
    assert {concept.vocabulary for concept in load_vocabularies() if concept.box is not None} == {
        "sea_regions"
    }


@pytest.mark.parametrize(
    ("vocabulary", "name", "id"),
    [
        ("variables", "sea_surface_temperature", "sea_surface_temperature"),
        ("variables", "SST", "sea_surface_temperature"),
        ("variables", "air_pressure_at_sea_level", "air_pressure_at_mean_sea_level"),
        ("variables", "溶解氧", "dissolved_oxygen"),
        ("platforms", "Moored Buoy", "moored_buoy"),
        ("platforms", "tide_gauge", "tide_gauge"),
        ("instruments", "温盐深", "ctd"),
        ("instruments", "ＡＤＣＰ", "adcp"),
        ("sea_regions", "yellow sea", "yellow_sea"),
        ("MD_ScopeCode", "DATASET", "dataset"),
        ("CI_RoleCode", "pointOfContact", "pointOfContact"),
    ],
)
def test_a_concept_is_found_by_its_names(vocabulary: str, name: str, id: str) -> None:
    concept = load_vocabularies().named(vocabulary, name)
    assert concept is not None
    assert concept.id == id


def test_what_has_no_name_here_is_not_found() -> None:
    assert load_vocabularies().named("variables", "taste") is None
    assert load_vocabularies().named("colours", "red") is None


def test_wider_concepts_are_reached_over_all_steps() -> None:
    vocabularies = load_vocabularies()
    assert vocabularies.with_broader("variables", "sea_surface_skin_temperature") == (
        "sea_surface_skin_temperature",
        "sea_surface_temperature",
        "sea_water_temperature",
        "water_temperature",
        "temperature",
    )
    assert "china_seas" in vocabularies.with_broader("sea_regions", "laizhou_bay")


def test_code_lists_are_the_ones_of_the_file() -> None:
    raw = yaml.safe_load((FOLDER / CODES).read_text(encoding="utf-8"))
    assert set(raw) == set(load_vocabularies().vocabularies) - {*VOCABULARIES, CATEGORIES}


def test_loading_takes_little_memory() -> None:
    load_vocabularies()
    load_vocabularies.cache_clear()
    tracemalloc.start()
    load_vocabularies()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 15e6
