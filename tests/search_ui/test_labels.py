"""Labels come from the vocabularies and, for what is none, from ``labels.yaml``."""

from __future__ import annotations

import pytest

from mappings.fields import load_fields
from search_ui.labels import VOCABULARY_OF, label


@pytest.mark.parametrize(
    ("group", "value", "zh", "en"),
    [
        ("variable", "sea_surface_temperature", "海表温度", "Sea surface temperature"),
        ("variable", "air_pressure_at_sea_level", "海平面气压", "Air pressure at sea level"),
        (
            "variable",
            "net_primary_productivity_of_biomass_expressed_as_carbon",
            "净初级生产力",
            "Net primary productivity of biomass expressed as carbon",
        ),
        (
            "variable",
            "tendency_of_air_temperature",
            "Tendency of air temperature",
            "Tendency of air temperature",
        ),
        ("platform_kind", "moored buoy", "锚系浮标", "Moored buoy"),
        ("instrument_kind", "CTD", "温盐深仪", "CTD"),
        ("topic", "oceans", "海洋", "Oceans"),
        ("type", "dataset", "数据集", "Dataset"),
        ("language", "zho", "中文", "Chinese"),
        ("CI_RoleCode", "author", "作者", "Author"),
        ("access", "open", "开放", "Open"),
        ("variable", "unheard_of", "unheard_of", "unheard_of"),
        ("instrument", "MODIS", "MODIS", "MODIS"),
    ],
)
def test_labels(group: str, value: str, zh: str, en: str) -> None:
    assert (label(group, value, "zh"), label(group, value, "en")) == (zh, en)


def test_groups_are_facets_or_kinds() -> None:
    assert VOCABULARY_OF.keys() - load_fields().keys() == {"instrument_kind"}
