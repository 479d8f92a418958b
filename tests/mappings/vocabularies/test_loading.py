"""Every kind of mistake in a vocabulary file is refused, and said where it is."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from mappings.errors import ConfigurationError
from mappings.vocabularies.concept import Vocabularies
from mappings.vocabularies.loading import (
    CATEGORIES,
    CODES,
    FOLDER,
    STANDARD_NAMES,
    VOCABULARIES,
    load_vocabularies,
)

SST: dict[str, Any] = {"id": "sea_surface_temperature", "zh": "海表温度", "en": "Sea surface temperature"}
PH: dict[str, Any] = {"id": "ph", "own": True, "zh": "酸碱度", "en": "Acidity", "units": "1", "exact": ["pH"]}
BAY: dict[str, Any] = {"id": "bay", "zh": "海湾", "en": "Bay", "box": [170, -10, -170, 10]}
TABLE = """\
# CF standard name table, some of it
sea_surface_temperature\tK\tsurface_sea_temperature
sea_water_temperature\tK
region
"""


def load(folder: Path, variables: list[Any], regions: list[Any] | None = None, **head: Any) -> Vocabularies:
    for name in (*VOCABULARIES, CATEGORIES):
        write(folder / f"{name}.yaml", {"concepts": []})
    write(folder / "variables.yaml", {"concepts": variables, **head})
    write(folder / "sea_regions.yaml", {"concepts": regions or []})
    (folder / STANDARD_NAMES).write_text(TABLE, encoding="utf-8")
    write(folder / CODES, {"MD_ScopeCode": {"dataset": ["数据集", "Dataset"]}})
    return load_vocabularies(folder)


def write(file: Path, content: Any) -> None:
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_a_concept_has_what_its_entry_and_the_table_say(tmp_path: Path) -> None:
    entry = {**SST, "also": ["海温"], "short": ["SST"], "broader": ["sea_water_temperature"]}
    vocabularies = load(tmp_path, [entry, PH], [BAY])
    concept = vocabularies.of("variables")["sea_surface_temperature"]
    assert (concept.units, concept.broader, concept.label("zh")) == (
        "K",
        ("sea_water_temperature",),
        "海表温度",
    )
    assert [(wording.text, wording.comparison) for wording in concept.wordings] == [
        ("海表温度", "stems"),
        ("Sea surface temperature", "stems"),
        ("海温", "stems"),
        ("SST", "word"),
        ("surface sea temperature", "stems"),
    ]
    box = vocabularies.of("sea_regions")["bay"].box
    assert box is not None
    assert box.crosses_antimeridian


def test_a_cf_name_without_an_entry_is_a_concept_too(tmp_path: Path) -> None:
    concept = load(tmp_path, []).of("variables")["sea_water_temperature"]
    assert (concept.label("en"), concept.label("zh")) == ("Sea water temperature", "Sea water temperature")
    assert [wording.text for wording in concept.wordings] == ["Sea water temperature"]


def test_a_wording_of_the_file_is_taken_from_the_table(tmp_path: Path) -> None:
    own = {"id": "warmth", "own": True, "zh": "冷暖", "en": "Warmth", "also": ["sea water temperature"]}
    vocabularies = load(tmp_path, [own])
    assert vocabularies.of("variables")["sea_water_temperature"].wordings == ()
    assert [wording.text for wording in vocabularies.of("variables")["warmth"].wordings][
        -1
    ] == "sea water temperature"


def test_a_shared_wording_means_several_concepts(tmp_path: Path) -> None:
    vocabularies = load(tmp_path, [{**SST, "also": ["skin"]}, {**PH, "also": ["Skin"]}], shared=["skin"])
    assert vocabularies.named("variables", "skin") is None
    assert [concept.id for concept in vocabularies if "skin" in str(concept.wordings).lower()] == [
        "ph",
        "sea_surface_temperature",
    ]


def test_words_of_yaml_are_words_here(tmp_path: Path) -> None:
    (folder := tmp_path / "v").mkdir()
    load(folder, [])
    text = "concepts: [{id: nitric_oxide, own: true, zh: 一氧化氮, en: Nitric oxide, short: [NO, 10]}]"
    (folder / "variables.yaml").write_text(text, encoding="utf-8")
    load_vocabularies.cache_clear()
    named = load_vocabularies(folder).named("variables", "NO")
    assert named is not None
    assert named.id == "nitric_oxide"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"en": None}, "en"),
        ({"colour": "red"}, "colour"),
        ({"also": "SST"}, "also"),
        ({"id": "sea surface"}, "letters, digits and underscores"),
        ({"id": "sea_surface_temprature"}, "CF has no such standard name"),
        ({"own": True}, "CF has this name"),
        ({"units": "K"}, "the units are those of"),
        ({"broader": ["heat"]}, "there is no concept heat"),
        ({"broader": ["sea_surface_temperature"]}, "broader than itself"),
        ({"also": ["海表温度"]}, "海表温度 already means sea_surface_temperature"),
        ({"also": ["酸碱度"]}, "酸碱度 already means sea_surface_temperature"),
        ({"short": ["ph"]}, "already means sea_surface_temperature"),
    ],
)
def test_a_mistake_is_refused_by_name(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    entry = {key: value for key, value in {**SST, **change}.items() if value is not None}
    with pytest.raises(ConfigurationError, match=r"variables\.yaml: ") as refused:
        load(tmp_path, [entry, PH])
    assert said in str(refused.value)
    assert entry["id"] in str(refused.value) or "ph" in str(refused.value)


@pytest.mark.parametrize("box", [[0, 10, 10, 0], [0, 0, 181, 1], [0, 0, 1], ["W", 0, 1, 1]])
def test_a_box_that_is_none_is_refused(tmp_path: Path, box: list[Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"sea_regions\.yaml: bay: "):
        load(tmp_path, [], [{**BAY, "box": box}])


def test_an_id_is_given_once_in_all_vocabularies(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ph: the id is given twice"):
        load(tmp_path, [PH, PH])
    with pytest.raises(ConfigurationError, match=r"sea_regions\.yaml: region: the id is given twice"):
        load(tmp_path, [], [{**BAY, "id": "region"}])


def test_a_file_that_is_no_vocabulary_is_refused(tmp_path: Path) -> None:
    for text in (
        "concepts: {",
        "words: []",
        "concepts: [SST]",
        "concepts: []\nguards: 山东",
        "concepts: []\nhints: []",
    ):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        shutil.copytree(FOLDER, folder)
        (folder / "platforms.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError, match=r"platforms\.yaml: "):
            load_vocabularies(folder)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (STANDARD_NAMES, "sea surface\tK\n", "line 1 is not"),
        (STANDARD_NAMES, "a\tK\tc\nb\tK\tc\n", "b: c already means a"),
        (CODES, "MD_ScopeCode: {dataset: 数据集}", "MD_ScopeCode: dataset has not"),
        (CODES, "MD_ScopeCode: [dataset]", "MD_ScopeCode is no list"),
    ],
)
def test_a_mistake_in_a_table_is_refused(tmp_path: Path, file: str, text: str, said: str) -> None:
    load(tmp_path, [])
    load_vocabularies.cache_clear()
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=file) as refused:
        load_vocabularies(tmp_path)
    assert said in str(refused.value)
