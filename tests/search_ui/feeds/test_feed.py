"""Feeds of searches, read as feed readers do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from crosswalks.writers import iso19115_2
from indexer.query import Query
from indexer.stored import Ingest, SearchPage
from indexer.workspace import Workspace
from mappings.errors import IndexUnavailable
from mappings.record import (
    BoundingBox,
    Extent,
    Keyword,
    KeywordGroup,
    LocalisedText,
    Period,
    RawRecord,
    Record,
    ResponsibleParty,
    Thesaurus,
    Translation,
    Variable,
)
from mappings.times import from_seconds
from search_ui.application import create_app
from search_ui.services import Services
from tests.search_ui.feeds.reading import NAMES, feed, links, read, texts
from tests.strategies import records

BASE = "https://data.example.org/ocean"
NOW = 1_800_000_000
MOORING = Record(
    "urn:x:mooring/1",
    LocalisedText("黄海锚系", (Translation("eng", "Yellow Sea mooring"),)),
    language="zho",
    abstract=LocalisedText("水温\n与盐度 " + "长" * 3000),
    topic_categories=("oceans",),
    variables=(Variable("t", "sea_water_temperature"),),
    keyword_groups=(
        KeywordGroup(
            (Keyword(LocalisedText("CTD")),), thesaurus=Thesaurus("GCMD", "https://gcmd.example.org/")
        ),
    ),
    extent=Extent(
        boxes=(BoundingBox(170, -5, 180, 5), BoundingBox(-180, -5, -170, 10)),
        periods=(Period("2003-05", "2004"), Period("2006", None)),
    ),
    contacts=(
        ResponsibleParty("publisher", organisation="Publisher", scope="distribution"),
        ResponsibleParty("owner", organisation="Owner"),
        ResponsibleParty(
            "pointOfContact",
            individual="Li Si",
            organisation="IOCAS",
            email="li@example.org",
            url="javascript:x",
        ),
    ),
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Workspace]:
    """An empty catalogue."""
    opened = Workspace(tmp_path, search_url="memory:")
    yield opened
    opened.close()


@pytest.fixture
def client(catalogue: Workspace) -> FlaskClient:
    return client_of(catalogue)


def client_of(catalogue: Workspace, base: str = BASE) -> FlaskClient:
    services = Services(catalogue.catalogue, catalogue.stewardship, base, "not a secret", "Ocean & Co")
    return create_app(services).test_client()


def put(catalogue: Workspace, *items: Record, second: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Store records so many seconds after ``NOW``. Gives the instant."""
    monkeypatch.setattr("time.time", lambda: float(NOW + second))
    raw = [RawRecord(one.file_identifier, "iso19115-2", str(hash(one)).encode()) for one in items]
    catalogue.catalogue.ingest(
        [Ingest.of("tests", raw, one, iso19115_2.write(one)) for raw, one in zip(raw, items, strict=True)]
    )
    catalogue.catalogue.drain()
    return from_seconds(NOW + second)


def numbered(number: int, title: str = "Series") -> Record:
    return Record(f"r{number}", LocalisedText(f"{title} {number}"), access_level="open")


def test_an_entry_says_what_the_record_says(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = put(catalogue, MOORING, second=0, monkeypatch=monkeypatch)
    root = feed(client, "?lang=en")
    [entry] = root.findall("a:entry", NAMES)
    assert texts(root, "a:updated") == texts(entry, "a:updated") == texts(entry, "a:published") == [then]
    assert texts(entry, "a:title") == ["Yellow Sea mooring"]
    [summary] = texts(entry, "a:summary")
    assert summary.startswith("水温 与盐度 长长")
    assert len(summary) == 2001
    assert entry.find("a:summary", NAMES).get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
    assert texts(entry, "a:author/*") == ["Li Si (IOCAS)", "li@example.org"]
    assert [
        (category.get("term"), category.get("label"), urlsplit(category.get("scheme") or "").hostname)
        for category in entry.findall("a:category", NAMES)
    ] == [
        ("oceans", "Oceans", "www.isotc211.org"),
        ("sea_water_temperature", "Sea water temperature", "vocab.nerc.ac.uk"),
        ("CTD", None, "gcmd.example.org"),
    ]
    assert texts(entry, "georss:box") == ["-5 170 10 -170"]
    assert texts(entry, "dc:date") == ["2003-05/.."]
    assert texts(entry, "dc:identifier") == ["urn:x:mooring/1"]
    page = f"{BASE}/records/urn:x:mooring%2F1"
    assert links(entry) == {
        "text/html": page,
        "application/xml": f"{page}?format=xml",
        "application/json": f"{page}?format=json",
    }


def test_its_links_lead_to_the_record(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, MOORING, second=0, monkeypatch=monkeypatch)
    for media_type, address in links(feed(client).find("a:entry", NAMES)).items():
        answer = client.get(address.removeprefix(BASE))
        assert (answer.status_code, answer.mimetype) == (200, media_type)


def test_the_language_is_the_readers(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, MOORING, second=0, monkeypatch=monkeypatch)
    chinese, english = feed(client, "?lang=zh"), feed(client, **{"Accept-Language": "en"})
    assert texts(chinese, "a:entry/a:title") == ["黄海锚系"]
    assert texts(chinese, "a:title") == ["Ocean & Co: 全部记录"]
    assert texts(english, "a:title") == ["Ocean & Co: All records"]
    assert texts(chinese, ".//a:id") == texts(english, ".//a:id")


def test_what_changed_last_comes_first_whatever_order_is_asked_for(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for second in range(3):
        put(catalogue, numbered(second), second=second, monkeypatch=monkeypatch)
    last = put(catalogue, numbered(0, "Changed"), second=9, monkeypatch=monkeypatch)
    root = feed(client, "?sort=title&more=platform&lang=en")
    assert texts(root, "a:entry/a:title") == ["Changed 0", "Series 2", "Series 1"]
    assert texts(root, "a:updated") == [last]
    assert links(root)["self"] == f"{BASE}/feed.atom?lang=en"
    assert links(root)["text/html"] == f"{BASE}/search?sort=-updated&lang=en"


def test_only_what_the_search_finds(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, MOORING, *map(numbered, range(3)), second=0, monkeypatch=monkeypatch)
    assert texts(feed(client, "?q=yellow+sea"), "a:entry/dc:identifier") == [MOORING.file_identifier]
    assert len(texts(feed(client, "?access=open"), "a:entry/a:id")) == 3
    assert texts(feed(client, "?bbox=0,40,1,41"), "a:entry/a:id") == []
    root = feed(client, "?bbox=170.0,-5,-170,5&q=mooring&&lang=en&junk=1")
    assert texts(root, "a:title") == ["Ocean & Co: mooring · 170°E – 170°W, 5°S – 5°N"]
    assert links(root)["self"] == f"{BASE}/feed.atom?q=mooring&bbox=170,-5,-170,5&lang=en"


def test_pages_put_together_are_all_entries_once(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, *map(numbered, range(23)), second=0, monkeypatch=monkeypatch)
    put(catalogue, *map(numbered, range(23, 25)), second=5, monkeypatch=monkeypatch)
    address, found, pages = "/feed.atom?size=10&access=open", [], []
    while address:
        root = read(client.get(address).data)
        pages.append(links(root))
        found += texts(root, "a:entry/dc:identifier")
        address = links(root).get("next", "").removeprefix(BASE)
    assert set(found) == {f"r{number}" for number in range(25)}
    assert len(found) == 25
    assert set(found[:2]) == {"r23", "r24"}
    assert [("previous" in page, page["first"], page["last"]) for page in pages] == [
        (back, f"{BASE}/feed.atom?access=open&size=10", f"{BASE}/feed.atom?access=open&page=3&size=10")
        for back in (False, True, True)
    ]
    assert texts(root, "os:*") == ["25", "21", "10"]
    beyond = feed(client, "?size=10&access=open&page=99")
    assert links(beyond)["previous"] == pages[0]["last"]
    assert "next" not in links(beyond)


def test_ids_stay_when_the_address_changes_and_differ_between_catalogues(
    catalogue: Workspace, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, MOORING, second=0, monkeypatch=monkeypatch)
    here = texts(feed(client), ".//a:id")
    moved = texts(feed(client_of(catalogue, "http://new.example.org")), ".//a:id")
    other = Workspace(tmp_path / "other", search_url="memory:")
    put(other, MOORING, second=0, monkeypatch=monkeypatch)
    assert here == moved
    assert not set(here) & set(texts(feed(client_of(other)), ".//a:id"))
    assert texts(feed(client, "?q=mooring"), "a:entry/a:id") == here[1:]
    assert texts(feed(client, "?q=mooring"), "a:id") != here[:1]
    assert texts(feed(client, "?page=2&size=1"), "a:id") == here[:1]
    other.close()


def test_an_empty_feed_is_a_feed(client: FlaskClient, catalogue: Workspace) -> None:
    root = feed(client)
    assert texts(root, "a:entry/a:id") == []
    assert texts(root, "a:updated") == [catalogue.catalogue.identity().made]
    assert texts(root, "os:totalResults") == ["0"]
    assert {"next", "previous"}.isdisjoint(links(root))


def test_the_feed_of_everything_tells_what_was_deleted(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, *map(numbered, range(4)), second=0, monkeypatch=monkeypatch)
    ids = dict(
        zip(*(texts(feed(client), f"a:entry/{name}") for name in ("dc:identifier", "a:id")), strict=True)
    )
    monkeypatch.setattr("time.time", lambda: float(NOW + 60))
    catalogue.catalogue.delete("tests", ["r1"])
    catalogue.catalogue.drain()
    root = feed(client)
    [gone] = root.findall("at:deleted-entry", NAMES)
    assert (gone.get("ref"), gone.get("when")) == (ids["r1"], from_seconds(NOW + 60))
    assert texts(root, "a:updated") == [from_seconds(NOW + 60)]
    assert ids["r1"] not in texts(root, "a:entry/a:id")
    assert feed(client, "?q=series").findall("at:deleted-entry", NAMES) == []
    assert feed(client, "?page=2&size=2").findall("at:deleted-entry", NAMES) == []
    put(catalogue, *map(numbered, range(10, 13)), second=90, monkeypatch=monkeypatch)
    assert (
        feed(client, "?size=2").findall("at:deleted-entry", NAMES) == []
    )  # older than the page reaches back
    assert len(feed(client, "?size=5").findall("at:deleted-entry", NAMES)) == 1


def test_a_feed_that_has_not_changed_is_not_sent_again(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, MOORING, second=0, monkeypatch=monkeypatch)
    first = client.get("/feed.atom")
    assert first.cache_control.max_age == 300
    assert first.headers["Last-Modified"] == "Fri, 15 Jan 2027 08:00:00 GMT"
    known = {"If-None-Match": first.headers["ETag"]}
    for headers in (known, {"If-Modified-Since": first.headers["Last-Modified"]}):
        again = client.get("/feed.atom", headers=headers)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get("/feed.atom?lang=zh", headers=known).status_code == 200
    put(catalogue, numbered(1), second=60, monkeypatch=monkeypatch)
    assert client.get("/feed.atom", headers=known).status_code == 200
    late = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/feed.atom", headers=late).status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("size=201", "size"),
        ("size=0", "size"),
        ("bbox=1,2,3", "bbox"),
        ("updated_since=soon", "updated_since"),
        ("lang=fr", "lang"),
    ],
)
def test_a_bad_parameter_is_named_to_programs(client: FlaskClient, query: str, parameter: str) -> None:
    for accept in ("text/html", "application/atom+xml", "*/*"):
        answer = client.get(f"/feed.atom?{query}", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
        problem = answer.get_json(force=True)
        assert problem["parameter"] == parameter


def test_without_the_index_readers_are_told_to_come_again(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(query: Query) -> SearchPage:
        raise IndexUnavailable("the index is away")

    monkeypatch.setattr(catalogue.catalogue, "search", away)
    answer = client.get("/feed.atom")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_asked_since_an_instant_it_has_what_changed_from_then_on(
    catalogue: Workspace, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, numbered(1), second=0, monkeypatch=monkeypatch)
    then = put(catalogue, numbered(2), second=60, monkeypatch=monkeypatch)
    assert texts(feed(client, f"?updated_since={quote(then)}"), "a:entry/dc:identifier") == ["r2"]
    assert texts(feed(client, "?updated_since=2027-01-16"), "a:entry/dc:identifier") == []
    assert len(texts(feed(client, "?updated_since=2027-01-15"), "a:entry/dc:identifier")) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(record=records())
def test_whatever_a_record_says_its_feed_is_valid(
    catalogue: Workspace, client: FlaskClient, record: Record
) -> None:
    one = replace(record, file_identifier="always-the-same")
    raw = RawRecord("same", "iso19115-2", repr(record).encode())
    catalogue.catalogue.ingest([Ingest.of("tests", raw, one, b"<x/>")])
    catalogue.catalogue.drain()
    for language in ("zh", "en"):
        assert len(feed(client, f"?lang={language}").findall("a:entry", NAMES)) == 1
