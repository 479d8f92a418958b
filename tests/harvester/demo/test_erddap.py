"""The ERDDAP-like endpoint answers as ERDDAP does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from harvester.demo.erddap import Erddap
from harvester.demo.holdings import holdings
from harvester.demo.server import Endpoint
from tests.harvester.demo.fetching import fetch


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with Endpoint(Erddap(holdings("erddap.yaml"))) as endpoint:
        yield endpoint.root + "/erddap"


def rows(url: str) -> list[dict[str, Any]]:
    status, content = fetch(url)
    assert status == 200, content
    table = json.loads(content)["table"]
    return [dict(zip(table["columnNames"], row, strict=True)) for row in table["rows"]]


def attributes(base: str, identifier: str, variable: str = "NC_GLOBAL") -> dict[str, str]:
    found = rows(f"{base}/info/{identifier}/index.json")
    return {row["Attribute Name"]: row["Value"] for row in found if row["Variable Name"] == variable}


def test_pages_of_the_listing_give_every_dataset_once(base: str) -> None:
    pages = [rows(f"{base}/info/index.json?page={page}&itemsPerPage=10") for page in (1, 2, 3)]
    found = [row["Dataset ID"] for page in pages for row in page]
    assert sorted(found) == sorted(holding.id for holding in holdings("erddap.yaml"))
    assert [len(page) for page in pages] == [10, 10, len(found) - 20]


def test_a_page_past_the_end_and_an_unknown_dataset_are_errors_in_erddaps_form(base: str) -> None:
    for path in ("/info/index.json?page=9&itemsPerPage=10", "/info/nothing/index.json"):
        status, content = fetch(base + path)
        assert status == 404
        assert content.startswith(b"Error {\n    code=404;")


@pytest.mark.parametrize("query", ["page=x", "page=0", "itemsPerPage=0"])
def test_a_bad_page_is_refused(base: str, query: str) -> None:
    assert fetch(f"{base}/info/index.json?{query}")[0] == 400


def test_grids_and_tables_are_listed_apart(base: str) -> None:
    grids = {row["Dataset ID"] for row in rows(f"{base}/griddap/index.json")}
    tables = {row["Dataset ID"] for row in rows(f"{base}/tabledap/index.json")}
    assert "ts_pacific_gridded" in grids
    assert not grids & tables
    assert len(grids | tables) == len(holdings("erddap.yaml"))


def test_all_datasets_lists_itself_and_gives_the_columns_that_were_asked_for(base: str) -> None:
    found = rows(f"{base}/tabledap/allDatasets.json?datasetID%2Ctitle")
    assert found[0]["datasetID"] == "allDatasets"
    assert list(found[1]) == ["datasetID", "title"]
    assert len(found) == len(holdings("erddap.yaml")) + 1
    assert fetch(f"{base}/tabledap/allDatasets.json?colour")[0] == 400


def test_search_finds_words_in_chinese_and_english(base: str) -> None:
    assert {row["Dataset ID"] for row in rows(f"{base}/search/index.json?searchFor=eddy")} == {
        "glider_sea01_2020"
    }
    assert "ecs_ctd_2021" in {
        row["Dataset ID"] for row in rows(f"{base}/search/index.json?searchFor=%E9%BB%91%E6%BD%AE")
    }
    assert fetch(f"{base}/search/index.json?searchFor=unicorn")[0] == 404


def test_longitudes_run_past_180_across_the_antimeridian(base: str) -> None:
    found = attributes(base, "floats_npac_bgc")
    assert (found["geospatial_lon_min"], found["geospatial_lon_max"]) == ("139.0", "225.0")
    assert "time_coverage_end" not in found


def test_the_dimensions_of_a_grid_and_the_attributes_of_its_variables(base: str) -> None:
    info = rows(f"{base}/info/ts_pacific_gridded/index.json")
    assert [row["Variable Name"] for row in info if row["Row Type"] == "dimension"] == [
        "time",
        "depth",
        "latitude",
        "longitude",
    ]
    assert attributes(base, "ts_pacific_gridded", "temperature")["standard_name"] == "sea_water_temperature"


def test_the_broken_ones_are_broken_as_they_say(base: str) -> None:
    assert fetch(f"{base}/info/broken_info_gone/index.json")[0] == 404
    assert b"<h1>Log in" in fetch(f"{base}/info/broken_login_page/index.json")[1]
    status, content = fetch(f"{base}/info/broken_info_cut/index.json")
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(content)
