"""Finding concepts in texts: the same one under all its names, the longest wording, and no more than is there."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.concepts import Found, concepts_in
from mappings.vocabularies.loading import load_vocabularies

PIECES = st.sampled_from(
    [
        *"SST DO do pH 海表温度 海 东海 山东海域 sea surface temperature _ - . ,".split(),
        *"（ ） ( 's chl-a 叶绿素 a ① ﬁ ＳＳＴ e\u0301 \n".split(" "),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=25).map("".join) | st.lists(PIECES).map(
    " ".join
)


def ids(text: str) -> list[str]:
    return [id for found in concepts_in(text) for id in found.concept_ids]


def parts(text: str) -> list[str]:
    return [text[found.start : found.end] for found in concepts_in(text)]


@pytest.mark.parametrize(
    ("id", "texts"),
    [
        (
            "sea_surface_temperature",
            "SST|sst|ＳＳＴ|海表温度|海面温度|sea surface temperature|Sea-Surface Temperatures"
            "|sea_surface_temperature|sea surface\ntemperature",
        ),
        ("sea_surface_salinity", "SSS|海表盐度|sea surface salinity"),
        ("dissolved_oxygen", "DO|DOXY|溶解氧|dissolved oxygen|oxygen"),
        ("ph", "pH|PH|ph|酸碱度|海水 pH"),
        (
            "surface_partial_pressure_of_carbon_dioxide_in_sea_water",
            "pCO2|pCO₂|二氧化碳分压|partial pressure of CO2",
        ),
        ("chlorophyll", "叶绿素|chlorophyll|CHL"),
        ("chlorophyll_a", "叶绿素 a|叶绿素a|叶绿素-a|chl-a|chlor_a|Chlorophyll-a"),
        ("ctd", "CTD|温盐深|CTDs|conductivity-temperature-depth profilers"),
        ("xbt", "XBT|抛弃式温深仪|expendable bathythermographs"),
        ("adcp", "ADCP|声学多普勒流速剖面仪|acoustic Doppler current profiler"),
        ("research_vessel", "R/V|RV|科考船|research vessels"),
        ("hf_radar", "高频地波雷达|HF radar|high-frequency radars"),
        ("bohai_sea", "渤海|Bohai|Bohai Sea"),
        ("east_china_sea", "东海|East China Sea|ECS"),
    ],
)
def test_a_concept_has_one_id_under_all_its_names(id: str, texts: str) -> None:
    for text in texts.split("|"):
        assert concepts_in(text) == (Found(0, len(text), (id,)),), text


def test_every_wording_finds_its_concept() -> None:
    closing = "）)"
    for concept in load_vocabularies():
        for wording in concept.wordings:
            (found,) = concepts_in(wording.text)
            assert concept.id in found.concept_ids, wording
            assert (found.start, found.end) == (0, len(wording.text.rstrip(closing))), wording


def test_stems_make_few_wordings_mean_several_concepts() -> None:
    """CF tells dry from dried aerosol particles; no wording that a librarian wrote is taken for another by its stem."""
    several = Counter(
        found.concept_ids
        for concept in load_vocabularies()
        for wording in concept.wordings
        for found in concepts_in(wording.text)
        if len(found.concept_ids) > 1 and "aerosol" not in found.concept_ids[0]
    )
    assert set(several) == {
        ("surface_downward_mole_flux_of_carbon_dioxide", "surface_upward_mole_flux_of_carbon_dioxide")
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sea surface temperature and temperature", ["sea_surface_temperature", "temperature"]),
        ("渤海海峡与渤海", ["bohai_strait", "bohai_sea"]),
        ("海表温度异常", ["sea_surface_temperature_anomaly"]),
        ("东海SST数据", ["east_china_sea", "sea_surface_temperature"]),
        ("What do we do with DO?", ["dissolved_oxygen"]),
        ("floating objects seen from floats", ["float"]),
        ("in the sea. Surface temperature", ["surface_temperature"]),
        ("sea, surface temperature", ["surface_temperature"]),
        ("山东海域、广东海岸和海南海域", ["hainan_waters"]),
        ("上海与北海道", []),
        ("海南岛", ["hainan_waters"]),
        ("the depth and time of a source", []),
        ("", []),
    ],
)
def test_the_longest_wording_is_found_and_nothing_else(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


def test_places_are_those_of_the_text() -> None:
    assert parts("黄海的 ＳＳＴ (海表温度), chl-a") == ["黄海", "ＳＳＴ", "海表温度", "chl-a"]


@given(TEXTS)
def test_what_is_found_is_in_order_and_does_not_overlap(text: str) -> None:
    end = 0
    vocabularies = load_vocabularies()
    known = {concept.id for concept in vocabularies if concept.wordings}
    for found in concepts_in(text):
        assert end <= found.start < found.end <= len(text)
        assert found.concept_ids
        assert set(found.concept_ids) <= known
        end = found.end


@given(TEXTS)
def test_a_found_part_means_the_same_alone(text: str) -> None:
    for found in concepts_in(text):
        alone = concepts_in(text[found.start : found.end])
        assert set(found.concept_ids) <= {id for part in alone for id in part.concept_ids}
