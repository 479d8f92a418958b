"""Facets of the portal: what is counted, chosen, looked for and drawn."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from indexer.query import FacetValue
from indexer.workspace import Workspace
from mappings.fields import load_fields
from mappings.vocabularies.loading import load_vocabularies
from search_ui.html.facet_trees import Node, tree_of
from search_ui.html.facets import open_facets, requests_for
from search_ui.labels import label, values_called
from search_ui.parameters import SearchState, decode

FACETS = tuple(field.name for field in load_fields().facets)


def asked(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(f"/search.json?{address}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def counted(client: FlaskClient, facet: str, address: str = "") -> dict[str, int]:
    body = asked(client, f"size=0&facets={facet}&{address}")
    assert list(body["facets"]) == [facet]
    return {value["value"]: value["count"] for value in body["facets"][facet]}


def state(address: str) -> SearchState:
    pairs = [pair.split("=", 1) for pair in address.split("&") if pair]
    return decode(MultiDict([(name, value) for name, value in pairs]))


def test_labels_are_in_the_language_of_the_request(client: FlaskClient) -> None:
    for language, name in (("zh", "开放"), ("en", "Open")):
        values = asked(client, f"size=0&facets=access&lang={language}")["facets"]["access"]
        assert {value["value"]: value["label"] for value in values}["open"] == name


@pytest.mark.parametrize("facet", FACETS)
def test_choosing_a_value_finds_as_many_as_were_counted(client: FlaskClient, facet: str) -> None:
    values = counted(client, facet)
    assert values
    for value, count in list(values.items())[:8]:
        chosen = asked(client, f"size=0&facets={facet}&{facet}={quote(value)}")
        assert chosen["total"] == count, value
        kept = {each["value"]: each["count"] for each in chosen["facets"][facet]}
        if load_fields()[facet].under is None:
            assert kept == values  # its other values stay as they were


def test_the_other_facets_follow_what_is_chosen(client: FlaskClient) -> None:
    address = "access=restricted&region=china_seas&facets=access,region,category&size=0"
    body = asked(client, address)
    for facet, others in (("access", "region=china_seas"), ("region", "access=restricted")):
        values = {value["value"]: value["count"] for value in body["facets"][facet]}
        assert values == counted(client, facet, others)
    assert body["facets"]["category"][0]["count"] <= body["total"]


def test_facets_are_chosen_by_name_and_refused_by_name(client: FlaskClient) -> None:
    assert list(asked(client, "size=0")["facets"]) == list(FACETS)
    assert asked(client, "size=0&facets=none")["facets"] == {}
    assert list(asked(client, "size=0&facets=access&facets=region,category")["facets"]) == [
        "category",
        "region",
        "access",
    ]
    refused = client.get("/search.json?facets=colour")
    assert (refused.status_code, refused.get_json()["parameter"]) == (400, "facets")


def test_a_tree_has_narrower_values_below_wider_ones(client: FlaskClient) -> None:
    counts = counted(client, "region")
    regions = load_vocabularies().of("sea_regions")
    for value, count in counts.items():
        for wider in regions[value].broader:
            assert counts.get(wider, count) >= count
    page = client.get("/search/facets/region?lang=en&more=region").text
    assert page.index("Pacific Ocean") < page.index("China seas") < page.index("Yellow Sea")
    assert page.count("<details") >= 3


@pytest.mark.parametrize("name", ["yellow_sea", "黄海", "Yellow Sea"])
def test_values_of_a_tree_are_understood_by_any_of_their_names(client: FlaskClient, name: str) -> None:
    there = counted(client, "region")["yellow_sea"]
    assert asked(client, f"region={quote(name)}&size=0")["total"] == there
    assert asked(client, f"q={quote(f'region:{chr(34)}{name}{chr(34)}')}&size=0")["total"] == there


def test_a_value_that_just_missed_the_list_is_put_in() -> None:
    values = [FacetValue("salinity", 3), FacetValue("sea_water_temperature", 2), FacetValue("unheard_of", 1)]
    water = Node("water_temperature", 2, (Node("sea_water_temperature", 2),))
    assert tree_of("variables", values) == (
        Node("salinity", 3),
        Node("temperature", 2, (water,)),
        Node("unheard_of", 1),
    )


def test_only_open_facets_are_counted_for_the_page(client: FlaskClient) -> None:
    names = [field.name for field in open_facets(SearchState())]
    assert names == ["category", "variable", "platform_kind", "access", "year", "depth_zone"]
    opened = {field.name for field in open_facets(state("region=yellow_sea&more=format&find_source=x"))}
    assert opened - set(names) == {"region", "format", "source"}
    page = client.get("/search?lang=en").text
    closed = page[page.index('data-facet="region"') :]
    assert closed[: closed.index("</div>")].count("Show values") == 1
    shown = client.get("/search?lang=en&more=region").text
    assert "China seas" in shown[shown.index('data-facet="region"') :]


def test_one_facet_is_a_part_of_the_page(client: FlaskClient) -> None:
    part = client.get("/search/facets/region?lang=en&access=restricted")
    assert part.status_code == 200
    assert "<html" not in part.text
    assert re.search(r'href="/search\?region=\w+&amp;access=restricted&amp;lang=en"', part.text)
    assert client.get("/search/facets/colour").status_code == 404
    assert client.get("/search/facets/title").status_code == 404
    assert client.get("/search/facets/region?bbox=1").status_code == 400
    nothing = client.get("/search/facets/region?lang=en&q=nosuchword").text
    assert "No values" in nothing


@pytest.mark.parametrize(
    ("facet", "text", "value"),
    [
        ("variable", "盐度", "sea_water_practical_salinity"),
        ("variable", "PRACTICAL sal", "sea_water_practical_salinity"),
        ("variable", "practical_sal", "sea_water_practical_salinity"),
        ("region", "黄海", "yellow_sea"),
        ("region", "yellow", "yellow_sea"),
        ("access", "需申请", "restricted"),
        ("category", "chem", "chemical"),
    ],
)
def test_values_are_found_by_either_name(client: FlaskClient, facet: str, text: str, value: str) -> None:
    every = counted(client, facet, f"more={facet}")
    found = counted(client, facet, f"find_{facet}={quote(text)}")
    assert found[value] == every[value]
    assert found.items() < every.items()
    for each in found:
        names = " ".join((each.replace("_", " "), label(facet, each, "zh"), label(facet, each, "en"))).lower()
        assert text.lower().replace("_", " ") in names


def test_what_is_looked_for_stands_in_the_page_and_ends_with_a_choice(client: FlaskClient) -> None:
    page = client.get("/search?lang=en&find_variable=salinity&q=sea").text
    assert 'name="find_variable" form="search" value="salinity"' in page
    values = page[page.index('data-facet="variable"') :]
    links = re.findall(r'href="([^"]*variable=[^"]*)"', values[: values.index("</ul>")])
    assert links
    assert all("salinity" in unescape(link) and "find_" not in link for link in links)
    nothing = client.get("/search?lang=en&find_variable=nosuchvalue").text
    assert "No values" in nothing[nothing.index('data-facet="variable"') :]


def test_values_called() -> None:
    assert values_called("access", "需申请") == ("restricted",)
    assert values_called("region", "渤海海峡") == ("bohai_strait",)
    assert values_called("organisation", "x") == ()


def test_terms_are_those_of_the_chosen_thesaurus(client: FlaskClient) -> None:
    assert 'data-facet="thesaurus_term"' not in client.get("/search").text
    thesaurus, count = next(iter(counted(client, "thesaurus").items()))
    body = asked(client, f"thesaurus={quote(thesaurus)}&facets=thesaurus_term&size=0&more=thesaurus_term")
    terms = body["facets"]["thesaurus_term"]
    assert body["total"] == count
    assert terms
    assert all(term["value"].startswith(f"{thesaurus}::") for term in terms)
    assert terms[0]["label"] == terms[0]["value"].replace("::", ": ", 1)
    page = client.get(f"/search?thesaurus={quote(thesaurus)}").text
    part = page[page.index('data-facet="thesaurus_term"') :]
    assert terms[0]["value"].partition("::")[2] in unescape(part)


def test_a_depth_zone_asks_for_its_depths(client: FlaskClient) -> None:
    zones = counted(client, "depth_zone")
    page = client.get("/search?lang=en").text
    bars = page[page.index('data-facet="depth_zone"') :]
    links = {
        zone: unescape(address)
        for address, zone in re.findall(r'<a href="/search\?([^"]*)"[^>]*aria-label="(?:&gt; )?(\d+)', bars)
    }
    for zone, count in zones.items():
        assert f"depth_min={zone}" in links[zone]
        body = asked(client, f"{links[zone]}&size=0&facets=depth_zone")
        assert body["total"] == count, zone
        assert {value["value"]: value["count"] for value in body["facets"]["depth_zone"]} == zones
    chosen = client.get(f"/search?{links['200']}").text
    assert "is-chosen" in chosen[chosen.index('data-facet="depth_zone"') :]


def test_hits_are_counted_by_map_tile(client: FlaskClient, workspace: Workspace) -> None:
    for zoom in (0, 3, 7):
        body = asked(client, f"heatmap={zoom}&size=0&facets=none")
        heat = body["heatmap"]
        assert heat["zoom"] == zoom
        assert sum(tile["count"] for tile in heat["tiles"]) + heat["elsewhere"] == body["total"]
        for tile in heat["tiles"]:
            west, south, east, north = tile["bbox"]
            assert east - west == north - south == 180 / 2**zoom
            assert tile["tile"].startswith(f"{zoom}/")
    assert "heatmap" not in asked(client, "size=0")
    narrowed = asked(client, "region=yellow_sea&heatmap=7&size=0")
    assert 0 < sum(tile["count"] for tile in narrowed["heatmap"]["tiles"]) <= narrowed["total"]


@pytest.mark.parametrize("zoom", ["8", "-1", "x", "1.5", "٣", "1&heatmap=2"])
def test_a_zoom_that_is_none_is_refused(client: FlaskClient, zoom: str) -> None:
    refused = client.get(f"/search.json?heatmap={zoom}")
    assert (refused.status_code, refused.get_json()["parameter"]) == (400, "heatmap")


def test_the_page_says_where_its_tiles_are(client: FlaskClient) -> None:
    page = client.get("/search?q=sea&page=2&size=5").text
    address = unescape(page.partition('data-heatmap="')[2].partition('"')[0])
    body = asked(client, address.partition("?")[2] + "2")
    assert body["total"] == asked(client, "q=sea&size=0")["total"]
    assert (body["records"], body["facets"]) == ([], {})
    assert body["heatmap"]["tiles"]


def test_every_request_of_the_page_is_one_per_facet() -> None:
    asked_state = state("variable=sea_water_temperature&access=open&year=2015&depth_min=10")
    requests = requests_for(asked_state, open_facets(asked_state))
    own = {request.field: request.where for request in requests}
    assert own["category"] is None
    assert own["variable"] == asked_state.where(without="variable")
    assert own["year"] == asked_state.where(without="year")
    assert own["depth_zone"] is not None
