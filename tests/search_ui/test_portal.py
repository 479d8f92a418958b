"""The portal's pages, by the addresses that people and programs use."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from werkzeug.datastructures import MultiDict

from indexer.engines.centres import distance_keys
from indexer.query import check
from indexer.workspace import Workspace
from mappings.boxes import middle_of
from mappings.errors import IndexUnavailable, InvalidQuery
from mappings.record import BoundingBox
from search_ui import parameters
from tests.search_ui.conftest import HOSTILE, ODD_IDS


def found(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(f"/search.json{address}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def ids(client: FlaskClient, address: str) -> set[str]:
    return {record["id"] for record in found(client, f"{address}&size=100")["records"]}


def test_the_landing_page_says_what_there_is(client: FlaskClient, workspace: Workspace) -> None:
    page = client.get("/?lang=en").text
    assert str(workspace.catalogue.count()) in page
    assert 'action="/search"' in page


@pytest.mark.parametrize("words", ["temperature", "海水温度", '"sea surface"'])
def test_words_are_found_in_both_languages(client: FlaskClient, words: str) -> None:
    total = found(client, f"?q={quote(words)}")["total"]
    assert total > 0
    page = client.get(f"/search?q={quote(words)}&lang=en")
    assert page.status_code == 200
    assert str(total) in page.text


def test_the_answer_for_programs_keeps_its_promise(client: FlaskClient) -> None:
    body = found(client, "?q=temperature&size=3")
    assert body.keys() >= {"total", "records", "facets"}
    assert len(body["records"]) == 3
    assert body["records"][0].keys() >= {"id", "title", "bbox", "start", "end"}
    value = body["facets"]["variable"][0]
    assert value.keys() >= {"value", "label", "count"}


def test_a_box_across_the_antimeridian_finds_what_lies_there(
    client: FlaskClient, workspace: Workspace
) -> None:
    across = ids(client, "?bbox=170,-60,-160,66")
    crossing = {
        line.id
        for line in workspace.catalogue.listing()
        if any(box.crosses_antimeridian for box in workspace.catalogue.get(line.id).record.extent.boxes)
    }
    assert crossing
    assert crossing <= across
    assert not crossing & ids(client, "?bbox=0,-10,20,10&relation=within")


def test_facets_are_alternatives_within_and_narrow_between(client: FlaskClient) -> None:
    counts = {value["value"]: value["count"] for value in found(client, "?size=1")["facets"]["platform_kind"]}
    (one, many), (other, more) = list(counts.items())[:2]
    assert found(client, f"?platform_kind={quote(one)}")["total"] == many
    both = found(client, f"?platform_kind={quote(one)}&platform_kind={quote(other)}")["total"]
    assert max(many, more) < both <= many + more
    narrowed = found(client, f"?platform_kind={quote(one)}&access=restricted")["total"]
    assert narrowed <= found(client, "?access=restricted")["total"]


def test_time_and_depth_narrow(client: FlaskClient) -> None:
    everything = found(client, "?")["total"]
    assert 0 < found(client, "?start=2019&end=2019-06")["total"] < everything
    assert 0 < found(client, "?depth_min=4000")["total"] < everything


def test_titles_can_be_sorted_and_paged_through(client: FlaskClient) -> None:
    first = found(client, "?sort=title&size=10")["records"]
    second = found(client, "?sort=title&size=10&page=2")["records"]
    whole = found(client, "?sort=title&size=20")["records"]
    assert [record["id"] for record in first + second] == [record["id"] for record in whole]
    backwards = found(client, "?sort=-title&size=100")["records"]
    forwards = found(client, "?sort=title&size=100")["records"]
    assert {record["id"] for record in backwards} == {record["id"] for record in forwards}


def test_seasons_and_relations_of_time_narrow(client: FlaskClient, workspace: Workspace) -> None:
    everything = found(client, "?")["total"]
    winter = ids(client, "?season=12-02")
    assert winter == ids(client, "?season_from=12&season_to=2")
    assert 0 < len(winter) < everything
    assert ids(client, "?season=1-12") == {
        line.id
        for line in workspace.catalogue.listing()
        if workspace.catalogue.get(line.id).record.extent.periods
    }
    within = ids(client, "?start=2019&end=2020&time_relation=within")
    assert within < ids(client, "?start=2019&end=2020")
    assert ids(client, "?start=2019&end=2020&time_relation=within&season=12-02") <= within & winter
    page = client.get("/search?season=11-02&start=2019&time_relation=within&lang=en").text
    assert "November – February" in page
    assert (
        "November – February" not in client.get("/search?season_from=6&lang=en", follow_redirects=True).text
    )


def test_depths_limit_from_either_side(client: FlaskClient, workspace: Workspace) -> None:
    records = [workspace.catalogue.get(line.id).record for line in workspace.catalogue.listing()]
    verticals = {one.file_identifier: one.extent.vertical for one in records if one.extent.vertical}

    def overlapping(top: float, bottom: float) -> set[str]:
        return {key for key, one in verticals.items() if one.top <= bottom and one.bottom >= top}

    assert ids(client, "?depth_min=100") == overlapping(100, 1e9)
    assert ids(client, "?depth_max=5") == overlapping(-1e9, 5)
    assert ids(client, "?depth_min=10&depth_max=100") == overlapping(10, 100)


def test_a_polygon_finds_what_lies_in_it(client: FlaskClient) -> None:
    box = ids(client, "?bbox=117,30,127,41")
    ring = "((117 30, 127 30, 127 41, 117 41, 117 30))"
    assert box == ids(client, f"?polygon={quote('POLYGON ' + ring)}")
    geojson = '{"type": "Polygon", "coordinates": [[[117, 30], [127, 30], [127, 41], [117, 41], [117, 30]]]}'
    assert box == ids(client, f"?polygon={quote(geojson)}")
    half = quote("POLYGON ((117 30, 127 30, 117 41, 117 30))")
    assert ids(client, f"?polygon={half}") < box
    assert ids(client, f"?polygon={half}&relation=within") < ids(client, f"?polygon={half}")
    assert ids(client, f"?polygon={half}&bbox=117,30,118,31") < ids(client, f"?polygon={half}")
    across = quote("POLYGON ((170 -60, 200 -60, 200 66, 170 66, 170 -60))")
    assert ids(client, f"?polygon={across}") == ids(client, "?bbox=170,-60,-160,66")
    page = client.get(f"/search?polygon={half}&lang=en").text
    assert "117°E – 127°E, 30°N – 41°N" in page
    assert "POLYGON ((117 30, 127 30, 117 41, 117 30))</textarea>" in page


def test_hits_are_sorted_by_distance(client: FlaskClient) -> None:
    def middle(record: dict[str, Any]) -> tuple[float, float]:
        return middle_of(BoundingBox(*record["bbox"]))

    records = found(client, "?sort=distance&near=121.5,36&size=100")["records"]
    placed = [record for record in records if record["bbox"]]
    assert records[: len(placed)] == placed
    keys = distance_keys((121.5, 36), np.array(list(map(middle, placed)))).tolist()
    assert keys == sorted(keys)
    box = found(client, "?sort=distance&bbox=120,35,123,37&size=100")["records"]
    near = found(client, "?sort=distance&near=121.5,36&bbox=120,35,123,37&size=100")["records"]
    assert [one["id"] for one in box] == [one["id"] for one in near]
    assert "Distance" in client.get("/search?near=121.5,36&lang=en").text
    without = client.get("/search?sort=distance&bbox=120,35,123,37&lang=en").text
    assert 'href="/search?lang=en"' in without  # the chip of the box takes the order along
    cleared = client.get("/search?sort=distance&west=&south=&east=&north=")
    assert (cleared.status_code, cleared.location) == (302, "/search")


WRONG = [
    ("sort=distance", "sort"),
    ("near=200,0", "near"),
    ("near=here", "near"),
    ("polygon=POLYGON((0 0,1 1", "polygon"),
    ("polygon=POINT(0 0)", "polygon"),
    ("polygon=POLYGON((0 0,0 91,1 1,0 0))", "polygon"),
    ("season=13", "season"),
    ("season=11-02-03", "season"),
    ("season_from=0", "season_from"),
    ("time_relation=during", "time_relation"),
    ("bbox=1,2,3", "bbox"),
    ("bbox=200,0,210,10", "bbox"),
    ("relation=touches", "relation"),
    ("start=yesterday", "start"),
    ("depth_min=deep", "depth_min"),
    ("sort=colour", "sort"),
    ("page=0", "page"),
    ("size=100000", "size"),
]


@pytest.mark.parametrize(("query", "parameter"), WRONG)
def test_a_bad_parameter_is_named(client: FlaskClient, query: str, parameter: str) -> None:
    page = client.get(f"/search?{query}&lang=en")
    assert page.status_code == 400
    assert parameter in page.text
    problem = client.get(f"/search.json?{query}")
    assert problem.status_code == 400
    assert problem.mimetype == "application/problem+json"
    assert parameter in problem.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    q=st.text() | st.text(alphabet='ab *-()"“:：ORyear2.\\?温%\0', max_size=80) | st.text("x ", min_size=900)
)
def test_no_text_is_an_error(client: FlaskClient, q: str) -> None:
    for address in ("/search", "/search.json"):
        answer = client.get(address, query_string={"q": q, "size": "1"})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("nosuchfield:x", "there is no field of this name"),
        ("year:soon", "this field takes no such value"),
        ('"sea', "without its other half"),
        ("sea " * 300, "The text is too long"),
    ],
)
def test_a_slip_is_said(client: FlaskClient, q: str, said: str) -> None:
    assert said in client.get("/search", query_string={"q": q, "lang": "en"}).text


@given(
    q=st.sampled_from(["", "temperature", '"sea ice" 海冰', "a&b=c#d"]),
    box=st.sampled_from(["", "170,-20,-160,20", "0,0,0,0"]),
    start=st.sampled_from(["", "2003", "2003-05-17"]),
    values=st.lists(st.sampled_from(["ship", "mooring", "锚系"]), unique=True),
    sort=st.sampled_from(["", "title", "-modified"]),
    season=st.sampled_from(["", "11-02", "6", "06-06"]),
    page=st.integers(1, 40),
)
def test_the_address_is_the_whole_state(
    q: str, box: str, start: str, values: list[str], sort: str, season: str, page: int
) -> None:
    pairs = [
        ("q", q),
        ("bbox", box),
        ("start", start),
        ("sort", sort),
        ("season", season),
        ("page", str(page)),
    ]
    state = parameters.decode(MultiDict([*pairs, *(("platform_kind", value) for value in values)]))
    assert parameters.decode(MultiDict(parameters.encode(state))) == state


@given(
    st.dictionaries(
        st.sampled_from(
            ["q", "bbox", "start", "page", "size", "sort", "season", "time_relation", "polygon", "variable"]
        ),
        st.text(),
    )
)
def test_no_parameters_break_the_decoder(args: dict[str, str]) -> None:
    with contextlib.suppress(InvalidQuery):
        check(parameters.decode(MultiDict(args)).query())


@pytest.mark.parametrize("odd", [odd for odd in ODD_IDS if odd != ".."])
def test_an_id_keeps_its_characters(client: FlaskClient, odd: str) -> None:
    address = f"/records/{quote(odd, safe='')}"
    assert f"Odd id {odd}".split("#")[0][:10] in client.get(address).text
    xml = client.get(f"{address}.xml")
    assert xml.mimetype == "application/xml"
    root = etree.fromstring(xml.data)
    assert root.findtext(".//{*}fileIdentifier/{*}CharacterString") == odd
    assert client.get(f"{address}.json").get_json()["file_identifier"] == odd


def test_the_accept_header_chooses_the_form(client: FlaskClient) -> None:
    address = f"/records/{quote(ODD_IDS[0], safe='')}"
    assert client.get(address, headers={"Accept": "application/xml"}).mimetype == "application/xml"
    assert client.get(address, headers={"Accept": "application/json"}).mimetype == "application/json"
    assert client.get(address, headers={"Accept": "text/html,*/*;q=0.8"}).mimetype == "text/html"


def test_every_record_has_a_page(client: FlaskClient, workspace: Workspace) -> None:
    for line in workspace.catalogue.listing():
        for language in ("zh", "en"):
            answer = client.get(f"/records/{quote(line.id, safe='')}?lang={language}")
            assert answer.status_code == 200, line.id


def test_an_unknown_record_is_not_found(client: FlaskClient) -> None:
    assert client.get("/records/nobody").status_code == 404
    assert client.get("/records/nobody.xml").status_code == 404
    assert client.get("/records/nobody/request").status_code == 404


def test_texts_from_outside_never_run(client: FlaskClient) -> None:
    for address in ("/search?q=quokka", "/records/attacker"):
        page = client.get(address).text
        assert HOSTILE not in page
        assert 'href="javascript:' not in page
    assert 'href="https://example.org/fine"' in client.get("/records/attacker").text


def test_pages_forbid_what_they_do_not_need(client: FlaskClient) -> None:
    headers = client.get("/search").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_language_is_chosen_and_remembered(client: FlaskClient) -> None:
    assert '<html lang="zh' in client.get("/?lang=zh").text
    assert '<html lang="zh' in client.get("/").text
    assert '<html lang="en' in client.get("/?lang=en").text
    other = client.application.test_client()
    assert '<html lang="zh' in other.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text


def test_the_quarantine_is_shown_but_never_rendered(client: FlaskClient, workspace: Workspace) -> None:
    page = client.get("/quarantine?lang=en").text
    items = workspace.stewardship.quarantined()
    assert len(items) == 6
    for item in items:
        assert item.source in page
        assert client.get(f"/quarantine/{item.id}").status_code == 200
    assert client.get("/quarantine/999999").status_code == 404


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_an_index_that_is_away_is_said(
    client: FlaskClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise IndexUnavailable("the cluster does not answer")

    monkeypatch.setattr(workspace.catalogue._engine, "search", away)
    page = client.get("/search?lang=en")
    assert page.status_code == 503
    assert "index is away" in page.text
    assert page.headers["Retry-After"]
    assert client.get("/search.json").status_code == 503
    assert client.get("/records/attacker").status_code == 200  # from SQL
