"""ERDDAP: listings of every kind of server, and what goes wrong with single datasets."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from harvester.source import Expected, Failure, SourceConfig
from harvester.sources.erddap import PAGE, bases
from mappings.errors import ConfigurationError, EndpointError
from mappings.record import RawRecord
from tests.contracts.source import HttpSourceContract, open_quickly
from tests.harvester.erddap_server import LOGIN, Erddap, info
from tests.harvester.servers import Asked, Loopback, Send, answer, serving

IDS = ["buoy_1", "gone", "grid_sst", "secret", "ctd 2", "东海站"]


def harvested(server: Callable[[Asked, Send], None], **options: str) -> tuple[list[object], Loopback]:
    with serving(server) as site:
        config = SourceConfig("test", "erddap", site.root + "/erddap", options=options)
        return list(open_quickly(config).records()), site


def ids(items: list[object]) -> list[str]:
    return [item.native_id for item in items if isinstance(item, RawRecord)]


class TestContract(HttpSourceContract):
    type = "erddap"
    path = "/erddap"
    good = frozenset({"buoy_1", "grid_sst", "ctd 2", "东海站"})
    broken = frozenset({"gone", "secret"})

    def endpoint(self, tmp_path: Path) -> AbstractContextManager[Loopback]:
        return serving(Erddap(IDS))


def test_a_record_is_the_info_table_located_at_the_dataset_s_page() -> None:
    items, site = harvested(Erddap(["grid_sst", "ctd 2"]))
    assert items[0] == Expected(2)
    assert items[1] == RawRecord(
        "grid_sst", "erddap-info", info("grid_sst"), site.root + "/erddap/griddap/grid_sst.html"
    )
    assert isinstance(items[2], RawRecord)
    assert items[2].location == site.root + "/erddap/tabledap/ctd%202.html"


def test_a_login_page_is_told_from_a_dataset_that_is_gone() -> None:
    items, _ = harvested(Erddap(IDS))
    gone, secret = (item for item in items if isinstance(item, Failure))
    assert gone.reason.endswith("check the address.")
    assert "Unknown" in gone.reason or "no matching results" in gone.reason
    assert secret.content == LOGIN
    assert "it may want a log-in" in secret.reason


def test_the_other_listings_serve_where_all_datasets_is_switched_off() -> None:
    off = "tabledap/allDatasets.json"
    expected = ["buoy_1", "grid_sst", "ctd 2", "东海站"]
    assert ids(harvested(Erddap(IDS, without=(off,)))[0]) == expected
    both = ids(harvested(Erddap(IDS, without=(off, "info/index.json")))[0])
    assert sorted(both) == sorted(expected)
    only = ids(harvested(Erddap(IDS, without=(off, "info/index.json", "griddap/index.json")))[0])
    assert sorted(only) == sorted(set(expected) - {"grid_sst"})


def test_listings_are_read_page_by_page() -> None:
    many = [f"d{number}" for number in range(PAGE + 5)]

    class OnlyListings(Erddap):
        def info(self, name: str) -> bytes:
            return answer(b"{}")

    items, site = harvested(OnlyListings(many, without=("tabledap/allDatasets.json",)))
    assert ids(items) == many
    assert sum(asked.path == "/erddap/info/index.json" for asked in site.asked) == 2


def test_a_server_that_ignores_the_page_is_left_after_its_first_repetition() -> None:
    many = [f"d{number}" for number in range(PAGE)]

    class OnlyListings(Erddap):
        def info(self, name: str) -> bytes:
            return answer(b"{}")

    server = OnlyListings(many, without=("tabledap/allDatasets.json",), ignores_page=True)
    items, site = harvested(server)
    assert len(ids(items)) == PAGE - 1  # the page holds allDatasets too
    assert sum(asked.path == "/erddap/info/index.json" for asked in site.asked) == 2


def test_a_search_limits_what_is_harvested() -> None:
    items, site = harvested(Erddap(IDS), search="grid")
    assert ids(items) == ["grid_sst"]
    assert "/erddap/tabledap/allDatasets.json" not in site.paths()


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error"])
def test_a_search_without_a_match_is_an_empty_listing(status: str) -> None:
    """Servers before 2.0 answer with 500."""
    page = b"<html><title>HTTP Status 500</title>Your query produced no matching results. (nRows = 0)</html>"
    items, site = harvested(lambda asked, send: send(answer(page, "text/html", status)), search="nothing")
    assert items == [Expected(0)]
    assert len(site.asked) == 1


def test_html_where_a_listing_was_due_is_named() -> None:
    with pytest.raises(
        EndpointError, match=r"does not answer as an ERDDAP.*HTML page \(“Log in: Please log in”\)"
    ):
        harvested(lambda asked, send: send(answer(LOGIN, "text/html")))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h/erddap", ("https://h/erddap",)),
        ("https://h/erddap/", ("https://h/erddap",)),
        ("https://h/erddap/index.html", ("https://h/erddap",)),
        ("https://h/erddap/tabledap/index.html?page=1&itemsPerPage=1000", ("https://h/erddap",)),
        ("https://h/data/erddap/info/x/index.html", ("https://h/data/erddap",)),
        ("https://h", ("https://h/erddap", "https://h")),
        ("https://h:8443/ocean/", ("https://h:8443/ocean/erddap", "https://h:8443/ocean")),
    ],
)
def test_the_base_is_found_in_any_address_of_the_server(url: str, expected: tuple[str, ...]) -> None:
    assert bases(url) == expected


@pytest.mark.parametrize("url", ["", "erddap", "ftp://h/erddap", "/srv/erddap"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="https://host/erddap"):
        bases(url)


def test_an_address_without_erddap_is_tried_both_ways() -> None:
    with serving(Erddap(["buoy_1"])) as site:
        config = SourceConfig("test", "erddap", site.root)
        assert ids(list(open_quickly(config).records())) == ["buoy_1"]


def test_a_recorded_listing_and_info_table(corpus: Path) -> None:
    """erddap.marine.ie as recorded in 2018: its tabledap listing, and the info table of one dataset."""
    folder = corpus / "erddap"
    prefix = "ropensci__rerddap__vcr__erddap.marine.ie~erddap~"
    listing = (folder / f"{prefix}tabledap~index.json~page~1~itemsPerPage~10000.json").read_bytes()
    table_of = (folder / f"{prefix}info~IMI_CONN_2D~index.json").read_bytes()

    def server(asked: Asked, send: Send) -> None:
        found = {"/erddap/tabledap/index.json": listing, "/erddap/info/IMI_CONN_2D/index.json": table_of}
        content = found.get(asked.path)
        send(answer(content) if content else answer(b"<html>404</html>", "text/html", "404 Not Found"))

    items, _ = harvested(server)
    listed = [row[-1] for row in json.loads(listing)["table"]["rows"]]
    assert items[-1] == Expected(len(listed) - 1)
    failed = [item.native_id for item in items if isinstance(item, Failure)]
    assert [name for name in listed if name not in ("allDatasets", "IMI_CONN_2D")] == failed or (
        set(listed) - {"allDatasets", "IMI_CONN_2D"} == set(failed)
    )
