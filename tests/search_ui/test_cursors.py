"""Walks through all hits by URL: opaque cursors, each good for one search alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from search_ui.cursors import Cursors
from search_ui.parameters import SearchState


def walk(client: FlaskClient, question: str, size: int) -> Iterator[dict[str, Any]]:
    after = "*"
    while after is not None:
        answer = client.get(f"/search.json?{question}&size={size}&cursor={quote(after)}")
        assert answer.status_code == 200, answer.text
        yield answer.get_json()
        after = answer.get_json()["next"]


@pytest.mark.parametrize("question", ["", "q=temperature", "sort=title", "q=water&sort=-modified", "lang=zh"])
def test_walks_give_every_record_once(client: FlaskClient, question: str) -> None:
    expected = client.get(f"/search.json?{question}&size=1000").get_json()
    pages = list(walk(client, question, 7))
    assert [record["id"] for page in pages for record in page["records"]] == [
        record["id"] for record in expected["records"]
    ]
    assert {page["total"] for page in pages} == {expected["total"]}
    assert pages[0]["facets"] == expected["facets"]
    assert len(pages) > 1
    assert "next" not in expected


def test_a_walk_of_most_words_stays_one(client: FlaskClient) -> None:
    question = "q=temperature+salinity+qqqunheardof"
    expected = client.get(f"/search.json?{question}&size=1000").get_json()
    assert expected["most_words"]["left_out"] == ["qqqunheardof"]
    walked = [record["id"] for page in walk(client, question, 3) for record in page["records"]]
    assert sorted(walked) == sorted(record["id"] for record in expected["records"])


def test_a_walk_of_words_that_were_respelt_stays_one(client: FlaskClient) -> None:
    question = "q=temprature"
    expected = client.get(f"/search.json?{question}&size=1000").get_json()
    assert expected["total"] == client.get("/search.json?q=temperature").get_json()["total"]
    walked = [record["id"] for page in walk(client, question, 3) for record in page["records"]]
    assert sorted(walked) == sorted(record["id"] for record in expected["records"])


@pytest.mark.parametrize(
    "other", ["q=salinity", "sort=title", "q=temperature&year=2003", "q=temperature&sort=title"]
)
def test_a_cursor_is_good_for_its_own_search_alone(client: FlaskClient, other: str) -> None:
    given = next(walk(client, "q=temperature", 3))["next"]
    refused = client.get(f"/search.json?{other}&cursor={given}")
    assert refused.status_code == 400
    assert refused.get_json()["parameter"] == "cursor"
    assert "begin again with cursor=*" in refused.get_json()["detail"]


def test_changed_cursors_are_refused(client: FlaskClient) -> None:
    given = next(walk(client, "", 3))["next"]
    middle = len(given) // 2
    changed = given[:middle] + ("A" if given[middle] != "A" else "B") + given[middle + 1 :]
    for text in (changed, given[:-3], "x", "%E6%B5%B7", "=", "x" * 10_000, "AAAA" * 20):
        refused = client.get(f"/search.json?cursor={text}")
        assert refused.status_code == 400, text[:50]
        assert refused.get_json()["parameter"] == "cursor"


def test_another_secret_has_other_cursors() -> None:
    state = SearchState(q="sea")
    texts = {
        Cursors(secret).write(Cursors(secret).read("*", state)[0], state, state) for secret in ("one", "two")
    }
    assert len(texts) == 2


@pytest.mark.parametrize("more", ["page=2", "size=0"])
def test_a_cursor_takes_the_place_of_a_page(client: FlaskClient, more: str) -> None:
    refused = client.get(f"/search.json?cursor=*&{more}")
    assert refused.status_code == 400
    assert refused.get_json()["parameter"] == "cursor"
