"""Most of the words, where no record, or few, have all of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import units
from indexer.query import And, Not, Phrase, Query, Text, check
from search_ui.most_words import relaxed, words_in
from search_ui.query_language import read


def found(client: FlaskClient, q: str, rest: str = "") -> dict[str, Any]:
    answer = client.get(f"/search.json?q={quote(q)}{rest}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def test_words_are_what_has_to_occur_as_one() -> None:
    asked = read('deep 海水温度盐度 CTD-2019/07 "sea ice" -model title:x (one two) (a OR b) SST deep')
    names = [word.text for word in words_in(asked.conditions)]
    assert sorted(names) == sorted(["deep", "2019/07", "one", "two", "海水温度", "盐度", "CTD", "SST"])
    left = relaxed(asked.conditions, 2)[1:]
    assert Phrase("sea ice") in left
    assert Text("x", "title") in left
    assert any(isinstance(condition, Not) for condition in left)


def test_a_word_that_is_written_twice_asks_for_both() -> None:
    (word, other) = words_in(read("ship building ship").conditions)
    assert (word.text, other.text) == ("ship", "building")
    assert isinstance(word.condition, And)
    assert Text("ship") in word.condition.parts
    assert [each.text for each in words_in(read("deep sea deep").conditions)] == ["deep", "sea"]
    assert words_in(read("deep sea deep").conditions)[0].condition == Text("deep")


@given(st.text(alphabet="ab 温度-_./cé", max_size=60))
def test_all_words_are_the_units(text: str) -> None:
    conditions = (Text(text),)
    words = words_in(conditions)
    assert {unit for word in words for unit in units(word.text)} == set(units(text))
    assert all(len(units(word.text)) == 1 for word in words)
    if words:
        check(Query(And(relaxed(conditions, 1))))


def test_a_word_that_no_record_has_is_left_out_and_said(client: FlaskClient) -> None:
    whole = found(client, "temperature")
    assert whole["most_words"] is None
    body = found(client, "temperature qqqxyz")
    assert body["most_words"] == {"least": 1, "asked": 2, "left_out": ["qqqxyz"], "complete": 0}
    assert body["total"] == whole["total"]
    assert body["facets"] == whole["facets"]
    page = client.get("/search?q=temperature+qqqxyz&lang=en").text
    assert "No record has both words; these have one of them." in page
    assert "In none of them: qqqxyz." in page
    assert "没有记录同时包含这两个词" in client.get("/search?q=temperature+qqqxyz&lang=zh").text


def test_pages_and_facets_are_of_the_same_hits(client: FlaskClient) -> None:
    q = "temperature sea qqqxyz"
    body = found(client, q, "&size=100")
    assert body["most_words"]["least"] == 2
    ids = [record["id"] for record in body["records"]]
    assert len(ids) == body["total"]
    paged = [
        record["id"] for page in (1, 2) for record in found(client, q, f"&size=5&page={page}")["records"]
    ]
    assert paged == ids[:10]
    value = body["facets"]["platform_kind"][0]
    narrowed = found(client, q, f"&platform_kind={quote(value['value'])}")
    assert narrowed["total"] == value["count"]
    assert body["facets"]["platform_kind"] == narrowed["facets"]["platform_kind"]


@pytest.mark.parametrize(
    "q", ["qqqxyz", "qqqxyz wwwxyz", '"sea qqqxyz"', "temperature -temperature", "temperature title:qqqxyz"]
)
def test_what_is_asked_exactly_stays_so(client: FlaskClient, q: str) -> None:
    body = found(client, q)
    assert (body["total"], body["most_words"]) == (0, None)


def test_the_largest_number_that_any_record_has(client: FlaskClient) -> None:
    body = found(client, "temperature salinity sea qqqxyz wwwxyz")
    assert body["most_words"]["least"] == 3
    assert body["most_words"]["asked"] == 5
    assert set(body["most_words"]["left_out"]) == {"qqqxyz", "wwwxyz"}
    assert body["total"] == found(client, "temperature salinity sea")["total"]


def test_few_records_with_all_words_are_followed_by_those_with_most(client: FlaskClient) -> None:
    q = "渤海 叶绿素"
    body = found(client, q, "&size=100")
    most = body["most_words"]
    assert most == {"least": 1, "asked": 2, "left_out": [], "complete": 1}
    assert body["records"][0]["id"] == "satellite/chl_bohai_250m.nc"
    assert body["total"] == found(client, "渤海 OR 叶绿素")["total"] >= 5
    page = client.get(f"/search?q={quote(q)}&lang=en").text
    assert "1 record has both words and comes first; the others have one of them." in page
    assert "1 条记录同时包含这两个词，排在前面" in client.get(f"/search?q={quote(q)}&lang=zh").text


def test_a_facet_shows_as_many_as_it_promised(client: FlaskClient) -> None:
    q = "渤海 叶绿素"
    for value in found(client, q)["facets"]["platform_kind"]:
        narrowed = found(client, q, f"&platform_kind={quote(value['value'])}")
        assert narrowed["total"] == value["count"]


def test_few_hits_stay_few_in_another_order_and_where_there_is_nothing_more(client: FlaskClient) -> None:
    body = found(client, "渤海 叶绿素", "&sort=-modified")
    assert (body["total"], body["most_words"]) == (1, None)
    body = found(client, '"渤海" "叶绿素"')
    assert (body["total"], body["most_words"]) == (1, None)
