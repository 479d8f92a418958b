"""What helps to find the right thing: similar datasets, respelt words, suggestions, reasons."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from crosswalks.writers import iso19115_2
from indexer.stored import Ingest, StoredRecord
from indexer.workspace import Workspace
from mappings.record import LocalisedText, RawRecord, Record
from search_ui.html.suggesting import FRESH, Names, Suggester


def test_similar_datasets_share_something_and_are_not_the_record_itself(
    client: FlaskClient, workspace: Workspace
) -> None:
    seen = 0
    for line in list(workspace.catalogue.listing())[:20]:
        address = f"/records/{quote(line.id, safe='')}"
        records = client.get(f"{address}/similar.json").get_json()["records"]
        assert len(records) <= 5
        assert line.id not in {record["id"] for record in records}
        page = client.get(f"{address}?lang=en").text
        assert ("Similar datasets" in page) == bool(records)
        seen += bool(records)
    assert seen >= 10


def test_similar_datasets_of_no_record(client: FlaskClient) -> None:
    assert client.get("/records/none%20such/similar.json").status_code == 404


def test_a_word_that_no_record_has_is_respelt_and_told(client: FlaskClient) -> None:
    answer = client.get("/search.json?q=temprature").get_json()
    assert answer["total"] == client.get("/search.json?q=temperature").get_json()["total"] > 0
    assert answer["respelt"]["words"] == [{"written": "temprature", "instead": ["temperature"]}]
    page = client.get("/search?q=temprature&lang=en").text
    assert "No record has “temprature”; searched for “temperature”." in page
    assert "<mark>" in page
    assert "没有记录包含“temprature”" in client.get("/search?q=temprature&lang=zh").text
    exactly = client.get("/search.json", query_string={"q": answer["respelt"]["exactly"]}).get_json()
    assert (exactly["total"], exactly["respelt"]) == (0, None)


def test_a_wrong_character_is_respelt(client: FlaskClient) -> None:
    answer = client.get("/search.json?q=海水温渡").get_json()
    assert answer["respelt"]["q"] == "海水温度"
    assert answer["total"] > 0


def test_another_spelling_is_offered_where_little_is_found(client: FlaskClient) -> None:
    few = client.get("/search.json?q=temperature").get_json()
    assert few["did_you_mean"] is None


def test_why_nothing_is_found(client: FlaskClient) -> None:
    address = "?q=temperature&access=open&depth_min=20000"
    answer = client.get(f"/search.json{address}").get_json()
    assert answer["total"] == 0
    (without,) = answer["without"]
    assert without["total"] == client.get("/search.json?q=temperature&access=open").get_json()["total"]
    assert without["value"] == "20000 – …"
    assert (
        client.get(without["url"].replace("/search?", "/search.json?")).get_json()["total"]
        == without["total"]
    )
    page = client.get(f"/search{address}&lang=en").text
    assert "Without one of the conditions there are:" in page
    assert without["url"].split("?")[1].split("&")[0] in page


def test_each_kind_of_filter_can_be_left_out(client: FlaskClient) -> None:
    filters = {
        "q": "temperature",
        "bbox": "0,80,1,81",
        "polygon": "POLYGON ((0 80, 1 80, 1 81, 0 80))",
        "start": "2001",
        "season": "6-8",
        "depth_min": "20000",
        "updated_since": "2999-01-01T00:00:00Z",
        "access": "restricted",
    }
    alone = {"depth_min", "updated_since"}
    for name, value in filters.items():
        for never in alone - {name}:
            query = {name: value, "relation": "within", never: filters[never], "lang": "en"}
            answer = client.get("/search.json", query_string=query).get_json()
            assert answer["total"] == 0
            if name not in alone:
                assert all(each["name"] and each["value"] for each in answer["without"])
            assert client.get("/search", query_string=query).status_code == 200


def suggested(client: FlaskClient, text: str, lang: str = "en") -> list[dict[str, object]]:
    answer = client.get("/suggest.json", query_string={"q": text, "lang": lang})
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["q"] == text
    found: list[dict[str, object]] = body["suggestions"]
    return found


def test_suggestions_exist_in_the_catalogue(client: FlaskClient) -> None:
    kinds = set()
    for text in (
        "s",
        "se",
        "sal",
        "surface t",
        "黄",
        "海表温",
        "盐",
        "Yellow",
        "sst",
        "sea surface temp",
        "浮标",
    ):
        found = suggested(client, text)
        assert found, text
        assert len(found) <= 10
        for each in found:
            kinds.add(each["kind"])
            assert each.keys() == {"kind", "kind_label", "label", "count", "url"}
            url = str(each["url"])
            if each["kind"] == "title":
                assert client.get(url).status_code == 200
            else:
                total = client.get(url.replace("/search?", "/search.json?")).get_json()["total"]
                assert total == each["count"], url
    assert {"title", "variable", "keyword", "region"} <= kinds


def test_suggestions_know_both_languages(client: FlaskClient) -> None:
    for text in ("sea surface temp", "海表温", "SST"):
        assert suggested(client, text)[0]["label"] == "Sea surface temperature"
        assert suggested(client, text, "zh")[0]["label"] == "海表温度"


def test_suggested_titles_have_the_words_begun(client: FlaskClient) -> None:
    titles = [each["label"] for each in suggested(client, "mooring temp") if each["kind"] == "title"]
    assert all("emp" in str(title) for title in titles)
    assert suggested(client, "quok")[-1]["kind"] == "title"


def test_names_are_read_again_only_where_something_has_changed(workspace: Workspace, tmp_path: Path) -> None:
    now = 0.0
    own = Workspace(tmp_path)
    taken = [workspace.catalogue.get(line.id) for line in islice(workspace.catalogue.listing(), 2)]
    suggester = Suggester(own.catalogue, lambda: now)
    assert suggester.names().things == ()
    own.catalogue.ingest([ingested(one) for one in taken[:1]])
    own.catalogue.drain()
    assert suggester.names().things == ()  # it is not time yet
    now += FRESH + 1
    names = wait_for_names(suggester)
    now += FRESH + 1
    assert suggester.names() is names
    own.catalogue.ingest([ingested(one) for one in taken[1:]])
    own.catalogue.drain()
    now += FRESH + 1
    suggester.names()
    assert wait_for_names(suggester, names) is not names
    own.close()


def ingested(stored: StoredRecord) -> Ingest:
    record = stored.record
    raw = RawRecord(record.file_identifier, "iso19115-2", b"x")
    return Ingest.of("tests", raw, record, iso19115_2.write(record))


def wait_for_names(suggester: Suggester, other: Names | None = None) -> Names:
    """The names, once they are there and not ``other``."""
    for _ in range(500):
        names = suggester.names()
        if names.things and names is not other:
            return names
        time.sleep(0.01)
    raise AssertionError("the names are not read")


def test_titles_are_remembered_until_something_changes(tmp_path: Path) -> None:
    own = Workspace(tmp_path)
    suggester = Suggester(own.catalogue)

    def ingest(name: str) -> None:
        one = Record(name, LocalisedText(f"Salinity of {name}"))
        raw = RawRecord(name, "iso19115-2", b"x")
        own.catalogue.ingest([Ingest.of("tests", raw, one, iso19115_2.write(one))])
        own.catalogue.drain()

    assert suggester.titles("salin") == ()
    ingest("a")
    assert [one.id for one in suggester.titles("salin")] == ["a"]
    assert suggester.titles("SALIN") is suggester.titles(" salin")
    ingest("b")
    assert {one.id for one in suggester.titles("salin")} == {"a", "b"}
    own.close()


def test_nothing_is_suggested_for_nothing(client: FlaskClient) -> None:
    for text in ("", " ", "...", "qqqqqq", "*", '"', "x" * 300):
        answer = client.get("/suggest.json", query_string={"q": text})
        assert (answer.status_code, answer.get_json()["suggestions"]) == (200, [])


def test_the_search_boxes_offer_suggestions(client: FlaskClient) -> None:
    for address in ("/", "/search"):
        assert 'data-suggest="/suggest.json"' in client.get(address).text


def test_why_a_record_is_found(client: FlaskClient) -> None:
    answer = client.get("/search.json?q=mooring+temperature&explain=1&lang=en").get_json()
    ids = [record["id"] for record in answer["records"]]
    assert list(answer["explanations"]) == ids[:20]
    relevance = [answer["explanations"][id]["relevance"] for id in ids]
    assert relevance == pytest.approx(
        sorted(relevance, reverse=True), abs=0.1
    )  # it is what they are ordered by
    first = answer["explanations"][ids[0]]
    texts = [reason["text"] for reason in first["reasons"]]
    assert "mooring: in Title (counts 4 times)" in texts
    assert any(text.startswith("is about: ") for text in texts)
    assert first["relevance"] == pytest.approx(sum(reason["worth"] for reason in first["reasons"]), abs=0.01)
    page = client.get("/search?q=mooring+temperature&explain=1&lang=zh").text
    assert "为什么找到这条记录？" in page
    assert "内容涉及：" in page
    assert "explanations" not in client.get("/search.json?q=temperature").get_json()
    assert "explain=1#hit-1" in client.get("/search?q=temperature").text
    assert client.get("/search?explain=yes").status_code == 400


def test_every_hit_shows_why_or_could_be_asked(client: FlaskClient) -> None:
    page = client.get("/search?q=海表温度&size=100&lang=en").text
    articles = page.split("<article")[1:]
    marked = [one for one in articles if "<mark>" in one]
    assert len(marked) >= 0.9 * len(articles) > 0
    assert "Among its subject words:" in page
