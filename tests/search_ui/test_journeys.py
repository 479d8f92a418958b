"""Journeys of a person with a browser: real Chromium on the portal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import unavailable

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        unavailable("there is no chromium here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that fails the test when it complains, or asks any other host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site, locale="en-GB")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request",
        lambda asked: None if asked.url.startswith((site, "data:")) else complaints.append(asked.url),
    )
    yield opened
    assert complaints == []
    context.close()


def test_a_chinese_search_leads_to_a_record(page: Page) -> None:
    page.goto("/?lang=zh")
    page.fill("input[name=q]", "海水温度")
    page.press("input[name=q]", "Enter")
    page.wait_for_url("**/search?**")
    assert "海水温度" in page.input_value("input[name=q]")
    page.locator("main h2 a, main h3 a").first.click()
    page.wait_for_url("**/records/**")
    page.wait_for_selector("canvas")  # the map drew its extent
    assert page.locator("h1").inner_text()


def test_suggestions_are_chosen_by_keyboard(page: Page) -> None:
    page.goto("/search?lang=en")
    box = page.locator("#q")
    box.press_sequentially("sea surface temp")
    page.wait_for_selector("[role=listbox] [role=option]")
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    active = page.locator("[role=option][aria-selected=true]")
    assert active.get_attribute("id") == box.get_attribute("aria-activedescendant")
    assert active.inner_text().startswith("Sea surface temperature")
    box.press("Escape")
    assert not page.locator("[role=listbox]").is_visible()
    box.press("ArrowDown")
    page.wait_for_selector("[role=listbox] [role=option]")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/search?variable=sea_surface_temperature")
    assert page.locator("#hits").inner_text() != "0 records"


def test_a_typed_box_across_the_antimeridian(page: Page) -> None:
    page.goto("/search?lang=en")
    for name, value in (("west", "170"), ("south", "-60"), ("east", "-160"), ("north", "66")):
        page.fill(f"input[name={name}]", value)
    page.press("input[name=north]", "Enter")
    page.wait_for_url("**/search?*")
    assert page.locator("main h2 a, main h3 a").count() > 0
    assert page.input_value("input[name=west]") == "170"


def test_a_polygon_is_drawn_and_removed(page: Page) -> None:
    page.goto("/search?lang=en")
    page.wait_for_selector("[data-map][data-ready=true]")
    page.click(".map-tool-polygon")
    area = page.locator("[data-map]").bounding_box()
    assert area
    corners = [(0.4, 0.35), (0.7, 0.35), (0.55, 0.7)]
    for x, y in (*corners, corners[0]):  # the first corner again closes the ring
        page.mouse.click(area["x"] + area["width"] * x, area["y"] + area["height"] * y)
        page.wait_for_timeout(350)  # faster would be a double click
    assert page.input_value("#polygon").startswith("POLYGON ((")
    page.click(".filter-apply")
    page.wait_for_url("**polygon=POLYGON**")
    assert page.locator("main h2 a, main h3 a").count() > 0
    page.locator(".chips a", has_text="Polygon").click()
    page.wait_for_url("**/search?lang=en")


def test_a_polygon_is_pasted_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?lang=en")
    page.click("details.polygon summary")
    page.fill("#polygon", "POLYGON ((117 30, 127 30, 117 41, 117 30))")
    page.click(".filter-apply")
    page.wait_for_url("**polygon=POLYGON**")
    assert page.locator(".chips", has_text="117°E – 127°E").count() == 1
    context.close()


def test_a_facet_narrows_and_the_back_button_widens(page: Page) -> None:
    hits = page.locator("main h2 a, main h3 a")
    page.goto("/search?lang=en&size=100")
    before = hits.count()
    page.locator("a[href*='access=restricted']").first.click()
    page.wait_for_url("**access=restricted**")
    assert 0 < hits.count() < before
    page.go_back()
    assert hits.count() == before
    page.go_forward()
    assert 0 < hits.count() < before


def test_a_facet_is_loaded_when_it_is_opened_and_searched_while_typing(page: Page) -> None:
    page.goto("/search?lang=en")
    body = page.locator("[data-facet=parameter]")
    page.locator("details.facet", has=body).locator("> summary").click()
    body.locator(".facet-values a", has_text="Salinity").first.wait_for()
    body.locator(".facet-find").fill("盐度")
    body.locator(".facet-values a", has_text="practical salinity").wait_for()
    body.locator(".facet-values a", has_text="oxygen").first.wait_for(state="hidden")
    body.locator(".facet-find").press("Enter")  # looks again, and stays on the page
    body.locator(".facet-values a", has_text="practical salinity").click()
    page.wait_for_url("**parameter=sea_water_practical_salinity**")
    assert page.locator("[data-facet=parameter] a.is-chosen").count() == 1
    assert page.locator("main h2 a, main h3 a").count() > 0


def test_the_map_shows_where_all_hits_are(page: Page) -> None:
    page.goto("/search?lang=en&size=10")
    chart = page.locator("[data-map][data-heatmap-tiles]")
    chart.wait_for()
    zoom = int(str(chart.get_attribute("data-heatmap-zoom")))
    assert int(str(chart.get_attribute("data-heatmap-tiles"))) > 1
    for _ in range(3):
        page.locator(".ol-zoom-in").click()
    page.locator(f"[data-heatmap-zoom]:not([data-heatmap-zoom='{zoom}'])").wait_for()
    assert int(str(chart.get_attribute("data-heatmap-zoom"))) > zoom
    page.get_by_role("button", name="Density").click()
    page.reload()
    page.locator("[data-map][data-ready]").wait_for()
    assert page.get_by_role("button", name="Density").get_attribute("aria-pressed") == "false"


def test_restricted_data_are_asked_for(page: Page, restricted: str) -> None:
    page.goto(f"/records/{quote(restricted, safe='')}?lang=en")
    page.locator("a[href*='/request']").first.click()
    page.fill("#name", "Li Wei")
    page.fill("#institution", "Institute of Oceanology")
    page.fill("#email", "journey@example.org")
    page.fill("#purpose", "Comparison with a model of the Kuroshio")
    page.locator("#request button.btn-primary, #request button[type=submit]").first.click()
    page.wait_for_url("**/requests/**")
    assert page.locator("main").inner_text()


def test_everything_works_without_scripts(browser: Browser, site: str, restricted: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/?lang=en")
    page.fill("input[name=q]", "temperature")
    page.press("input[name=q]", "Enter")
    assert page.locator("main h2 a, main h3 a").count() > 0
    page.locator("details.facet", has=page.locator("[data-facet=region]")).locator("> summary").click()
    page.locator("a[href*='more=region']").click()
    page.locator("[data-facet=region] a", has_text="China seas").wait_for(state="attached")
    page.fill("[name=find_region]", "黄海")
    page.press("[name=find_region]", "Enter")
    page.locator("[data-facet=region] a", has_text="Yellow Sea").first.click()
    page.wait_for_url("**region=*")
    page.locator("main h2 a, main h3 a").first.click()
    assert "/records/" in page.url
    page.goto(f"/records/{quote(restricted, safe='')}/request?lang=en")
    assert page.locator("#purpose").count() == 1
    context.close()


def test_a_phone_needs_no_sideways_scrolling(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=site)
    page = context.new_page()
    for address in ("/", "/search?q=temperature", "/quarantine"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
