"""The data categories: what puts a record in one, and mistakes in their file."""

from __future__ import annotations

import shutil
from fnmatch import filter
from pathlib import Path

import pytest

from mappings.errors import ConfigurationError
from mappings.vocabularies.categories import load_categories
from mappings.vocabularies.loading import CATEGORIES, FOLDER, load_vocabularies
from mappings.vocabularies.reading import read_categories, read_standard_names


@pytest.mark.parametrize(
    ("concepts", "topics", "names", "categories"),
    [
        (["dissolved_oxygen"], [], [], {"chemical"}),
        (["chlorophyll_a", "chlorophyll", "ocean_colour"], [], [], {"biological"}),
        (["bathymetry"], [], [], {"bathymetry", "geological"}),
        (["satellite"], [], [], {"satellite"}),
        ([], ["climatologyMeteorologyAtmosphere"], [], {"meteorological"}),
        ([], ["oceans"], [], set()),
        ([], [], ["sea_water_temperature"], {"temperature_salinity", "physical"}),
        ([], [], ["sea_surface_skin_temperature"], {"temperature_salinity", "physical"}),
        ([], [], ["air_temperature"], {"meteorological"}),
        ([], [], ["eastward_wind"], {"meteorological"}),
        ([], [], ["mole_concentration_of_nitrate_in_sea_water"], {"chemical"}),
        ([], [], ["sea_ice_area_fraction"], {"sea_ice"}),
        ([], [], ["sea_surface_wave_significant_height"], {"waves", "physical"}),
        ([], [], ["eastward_sea_water_velocity"], {"currents", "physical"}),
        ([], [], ["time", "platform_id"], set()),
        (["reanalysis", "model"], ["oceans"], ["sea_water_salinity"], {"model", "temperature_salinity", "physical"}),
    ],
)  # fmt: skip
def test_a_record_is_in_the_categories_it_has_a_reason_for(
    concepts: list[str], topics: list[str], names: list[str], categories: set[str]
) -> None:
    assert set(load_categories().of(concepts, topics, names)) == categories


def test_every_pattern_matches_a_standard_name_of_the_table() -> None:
    names = [row.name for row in read_standard_names(FOLDER / "cf_standard_names.tsv")]
    for entry in read_categories(FOLDER / f"{CATEGORIES}.yaml"):
        for pattern in entry.standard_names:
            assert filter(names, pattern), (entry.id, pattern)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("concepts: [{id: a, zh: 甲, en: A, concepts: [taste]}]", "a: there is no taste"),
        ("concepts: [{id: a, zh: 甲, en: A, topics: [ocean]}]", "a: there is no ocean"),
        ("concepts: [{id: a, zh: 甲, en: A, broader: [b]}]", "a: there is no b"),
        ("concepts: [{id: a, zh: 甲, en: A, broader: [a]}]", "a: is broader than itself"),
        ("concepts: [{id: a, zh: 甲, en: A}, {id: a, zh: 乙, en: B}]", "a: the id is given twice"),
        ("concepts: [{id: a, zh: 甲}]", "en"),
        ("concepts: [{id: a, zh: 甲, en: A, words: [b]}]", "words"),
        ("categories: []", "concepts"),
        ("[]", "categories.yaml"),
    ],
)
def test_a_mistake_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    folder = tmp_path / "vocabularies"
    shutil.copytree(FOLDER, folder)
    (folder / f"{CATEGORIES}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"categories\.yaml: ") as refused:
        load_vocabularies(folder)
    assert said in str(refused.value)
