"""The sample data: what they promise to show, and that nobody real is in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harvester.demo.holdings import (
    FOLDER,
    Holding,
    global_attributes,
    holdings,
    read_yaml,
    variable_attributes,
)
from harvester.demo.records import iso_records
from mappings.times import parse_instant

FILES = sorted([*FOLDER.glob("*.yaml"), *(FOLDER / "records").glob("*.xml")])
HOLDINGS = [*holdings("erddap.yaml"), *holdings("thredds.yaml")]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_addresses_are_examples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for domain in re.findall(r"[\w.-]+@([\w.-]+)", text):
        assert domain == "example.org"
    allowed = r"https?://(?:[\w.-]+\.)?(?:example\.org|opengis\.net|isotc211\.org|w3\.org|loc\.gov|noaa\.gov|nerc\.ac\.uk"
    known = re.compile(allowed + r"|earthdata\.nasa\.gov|creativecommons\.org|doi\.org/10\.5555)\b")
    for url in re.findall(r"https?://[^\s\"'<>{}|]+", text):
        assert known.match(url), url


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.id)
def test_every_holding_is_whole(holding: Holding) -> None:
    attributes = global_attributes(holding)
    assert all(value != "" for value in attributes.values())
    for end in holding.time:
        assert end is None or parse_instant(end)
    for name in holding.variables:
        assert variable_attributes(holding, name)["units"]
    assert bool(CHINESE.search(holding.title)) == (holding.language == "zh")


def test_the_data_show_what_they_should() -> None:
    boxes = [(holding.box[0], holding.box[2]) for holding in HOLDINGS]
    boxes += [(box.west, box.east) for record in iso_records() for box in record.extent.boxes]
    assert sum(west > east for west, east in boxes) >= 8
    assert sum(holding.depth is not None for holding in HOLDINGS) >= 20
    assert sum(holding.time[1] is None for holding in HOLDINGS) >= 6
    assert sum(holding.licence.startswith("restricted") for holding in HOLDINGS) >= 5
    assert sum(holding.language == "zh" for holding in HOLDINGS) >= 15
    assert any(
        period.start and period.start.startswith("-")
        for record in iso_records()
        for period in record.extent.periods
    )
    assert {record.access_level for record in iso_records()} == {"open", "restricted", "closed"}


def test_identifiers_are_unique() -> None:
    identifiers = [holding.id for holding in HOLDINGS] + [record.file_identifier for record in iso_records()]
    identifiers += [entry["identifier"] for entry in read_yaml("library.yaml")]
    assert len(identifiers) == len(set(identifiers)) >= 60
