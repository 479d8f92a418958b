"""Saved searches: what the server says of them, and the list in a real browser."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests.search_ui.test_journeys import browser, page

__all__ = ["browser", "page"]


def test_a_search_is_counted_since_an_instant(client: FlaskClient) -> None:
    everything = client.get("/search/count.json?platform_kind=ship").get_json()
    assert everything["total"] == client.get("/search.json?platform_kind=ship").get_json()["total"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", everything["as_of"])
    assert client.get("/search/count.json?updated_since=2999").get_json()["total"] == 0
    bad = client.get("/search/count.json?updated_since=soon")
    assert (bad.status_code, bad.get_json(force=True)["parameter"]) == (400, "updated_since")


def test_the_same_search_in_another_order_or_language_is_saved_as_one(client: FlaskClient) -> None:
    queries = (
        "q=ctd&start=2003",
        "start=2003&q=ctd&sort=title&page=1&size=50&lang=zh&more=platform&priors=off",
        "q=ctd&start=2003&updated_since=2020&sort=-updated",
    )
    keys = {re.findall(r'data-save="([^"]*)"', client.get(f"/search?{query}").text)[0] for query in queries}
    assert keys == {"?q=ctd&amp;start=2003"}


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_search_is_saved_named_counted_and_removed(page: Page) -> None:
    page.goto("/search?platform_kind=ship&lang=en")
    page.click("[data-save]")
    assert page.get_attribute("[data-save]", "aria-pressed") == "true"
    page.evaluate(
        "localStorage.setItem('halocline.saved-searches', localStorage.getItem('halocline.saved-searches')"
        '.replace(/"since":"[^"]*"/, \'"since":"2020-01-01T00:00:00Z"\'))'
    )
    page.click("[data-saved-list]")
    page.wait_for_selector("[data-count-link]:visible")
    new = int(page.inner_text("[data-count-link]").removesuffix(" new"))
    page.click("[data-rename]")
    page.fill("[data-rename-form] input", "Our ships")
    page.press("[data-rename-form] input", "Enter")
    assert page.inner_text("[data-open]") == "Our ships"
    page.click("[data-count-link]")
    page.wait_for_url("**/search?**updated_since=**")
    assert page.inner_text("#hits").startswith(f"{new} record")
    page.goto("/saved")  # having been looked at, it is no longer new from 2020 on
    kept = page.evaluate("JSON.parse(localStorage.getItem('halocline.saved-searches'))[0]")
    assert (kept["name"], kept["since"] > "2021") == ("Our ships", True)
    page.click("[data-remove]")
    assert page.is_visible("[data-none]")
    page.reload()
    assert page.locator("[data-open]").count() == 0
